"""Attacks on the promise that nothing goes out twice and nothing gets lost.

The short form, which is part of ``make test``, takes a part of every table; ``make trust`` takes all of it, on both engines.
"""

import os

from tests.support import databases

LONG = os.environ.get("TRUST") == "long"
ENGINES = databases.ENGINES if LONG else databases.ENGINES[:1]
