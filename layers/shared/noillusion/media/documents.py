"""Reader of PDF: the number of pages, where it stands in plain sight (ISO 32000-1, 7.7.3.2 and annex F)."""

from __future__ import annotations

import re

from noillusion.media.facts import Found
from noillusion.media.window import FIRST, Reading, Window

LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,200}?/N\s+(\d{1,7})")
TREE = re.compile(rb"/Type\s{0,8}/Pages\b[^>]{0,400}?/Count\s+(\d{1,7})|/Count\s+(\d{1,7})[^>]{0,400}?/Type\s{0,8}/Pages\b")


def pdf(window: Window, found: Found) -> Reading[None]:
    """Pages from the start or the end of the file. Where the page tree is compressed they stay unknown."""
    start = window.beginning(FIRST)
    if linearized := LINEARIZED.search(start[:2048]):
        found["pages"] = int(linearized[1])
        return
    end = b""
    if window.size is not None and window.size > len(start):
        length = min(FIRST, window.size - len(start))
        yield from window.ahead(window.size - length, length)
        end = window.known(window.size - length, length) or b""
    counts = [int(match[1] or match[2]) for part in (start, end) for match in TREE.finditer(part)]
    if counts:
        found["pages"] = max(counts)
