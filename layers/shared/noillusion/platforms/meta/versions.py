"""The version of the Graph API that answers: one that has ended is served as the oldest one alive (platforms.md 0.1)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from noillusion.flows.faults import UNRECOGNIZED
from noillusion.flows.protocol import Call, OtherVersion, Reply
from noillusion.platforms.meta.facts import VERSION

HEADER: Final = "facebook-api-version"


def other_version(call: Call, reply: Reply) -> OtherVersion | None:
    """Return the version in the header of a reply, if the URL of the call names another one."""
    served = reply.headers.get(HEADER)
    # A few URLs name no version, and are served by the one that is set in the app's dashboard.
    if not served or served == VERSION or VERSION not in urlsplit(call.url).path.split("/"):
        return None
    return OtherVersion(VERSION, served if re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,2}", served) else UNRECOGNIZED)
