"""Facebook's refusals besides those of the whole Graph API (platforms.md 0.3 and 1.5)."""

from __future__ import annotations

from typing import Final

from noillusion.flows.faults import ErrorClass
from noillusion.platforms.meta.errors import ERRORS as META_ERRORS
from noillusion.platforms.meta.errors import ErrorTable, codes, either

ERRORS: Final[ErrorTable] = {
    **META_ERRORS,
    **either(ErrorClass.INVALID_CONTENT, 1366046, 2069019, 1609008, 2061006, 1349125, 1504028),
    **either(ErrorClass.DUPLICATE, 1366051),
    **either(ErrorClass.RATE_LIMIT, 1390008),
    **either(ErrorClass.BLOCKED_BY_POLICY, 1346003, 1404006, 1404102, 1404112, 4854002),
    **either(ErrorClass.PERMISSION, 1404078, 1363042),
    **either(ErrorClass.TRANSIENT, 1363047, 1609010, 1363030, 1363033, 1363037, 1363041),
    **codes(ErrorClass.TRANSIENT, 6000),
    **codes(ErrorClass.INVALID_CONTENT, 3001),
    **either(ErrorClass.INVALID_CONTENT, 1363005, *range(1363019, 1363027), 1363031, 1363032, 1363045),
    **either(ErrorClass.INVALID_CONTENT, 1363040, 1363127, 1363128, 1363129, 1363140),
}
"""platforms.md 0.3 and 1.5."""
