"""Compare the ends of what we use of other services with the date: ``python -m tools.sunsets [--today 2027-06-20]``.

It warns 90 days before the end of an API version, a metric or an AI model that the code asks for, and fails 30 days before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime

from noillusion.catalog.lifetimes import LIFETIMES, Lifetime

WARN_DAYS = 90
FAIL_DAYS = 30


def ending(today: date, rows: Iterable[Lifetime] = LIFETIMES) -> dict[str, int]:
    """Return a line about everything in use that ends within 90 days, and the days that are left."""
    known = tuple(rows)
    found = [(row, row.ends, (row.ends - today).days) for row in known if row.used and row.ends is not None]
    return {_line(row, ends, days, known): days for row, ends, days in found if days <= WARN_DAYS}


def _line(row: Lifetime, ends: date, days: int, known: Iterable[Lifetime]) -> str:
    when = f"ends on {ends}, in {days} days" if days > 0 else f"ended on {ends}"
    line = f"{row.service} {row.sort} {row.name} {when} ({row.source})"
    later = [other.name for other in known if _outlives(other, row, ends)]
    return f"{line}; known to last longer: {', '.join(later)}" if later else line


def _outlives(other: Lifetime, row: Lifetime, ends: date) -> bool:
    same = (other.service, other.sort, other.group) == (row.service, row.sort, row.group) and other.name != row.name
    return same and (other.ends is None or other.ends > ends)


def main(arguments: list[str] | None = None) -> int:
    """Print a line about everything that ends soon. Return 1 if something ends within 30 days or has ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date(), help="another date than today's")
    lines = ending(parser.parse_args(arguments).today)
    for line, days in sorted(lines.items(), key=lambda item: item[1]):
        sys.stdout.write(f"{'error' if days <= FAIL_DAYS else 'warning'}: {line}\n")
    if lines:
        sys.stdout.write('How to move: docs/operating.md, "Move to a new version".\n')
    return int(any(days <= FAIL_DAYS for days in lines.values()))


if __name__ == "__main__":
    sys.exit(main())
