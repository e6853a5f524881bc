"""The rules of a platform for one sort of media file. The comparison with a file's facts is in ``file_checks.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from noillusion.core.records import record

Figure = Literal[
    "size", "width", "height", "shorter_side", "longer_side", "pixels", "ratio", "duration", "frame_rate", "bit_rate",
    "sample_rate", "frames", "pages",
]  # fmt: skip
"""What is measured: bytes, pixels, width / height, seconds, frames a second, bits a second, hertz, and counts."""
Rule = Literal[Figure, "types", "video_codecs", "audio_codecs", "colors", "moov_first"]
Source = Literal["url", "data"]
"""The ways in which a file comes: behind a public URL, or as bytes in the request."""
RULES: tuple[Rule, ...] = get_args(Rule)
Bounds: TypeAlias = tuple[float | None, float | None]
"""The least and the most that is accepted; ``None`` where there is no such bound."""


@record(eq=True)
class MediaRules:
    """The files of one sort that a platform accepts."""

    types: tuple[str, ...]
    """Content types, by the bytes of the file."""
    figures: Mapping[Figure, Bounds]
    video_codecs: tuple[str, ...] = ()
    audio_codecs: tuple[str, ...] = ()
    """Empty: any."""
    colors: tuple[str, ...] = ()
    """Color spaces; empty: any."""
    moov_first: bool = False
    """An MP4 or MOV file must have its index before its data."""
    sources: tuple[Source, ...] = ("url", "data")
    """Without ``data`` the platform only fetches by URL; what ``Media.pulled`` names can be handed over all the same."""
    redirects: bool = True
    """Whoever fetches the file follows redirects."""
    advised: frozenset[Rule] = frozenset()
    """Rules that the platform advises, or that its sources state differently: breaking one is a warning."""


FilesOf: TypeAlias = Mapping[str, MediaRules]
"""Rules by ``image``, ``video``, ``document``, ``cover``; by ``story.video`` and the like where a kind of post has its own."""


def rules_for(files: FilesOf, kind: str, sort: str) -> MediaRules | None:
    """Return the rules for a sort of file in a kind of post, ``None`` where the platform has none."""
    return files.get(f"{kind}.{sort}") or files.get(sort)
