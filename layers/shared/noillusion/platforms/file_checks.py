"""The one comparison of a file's facts with a platform's rules, and the words of what is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from noillusion.core.errors import Params
from noillusion.core.models import Unit
from noillusion.core.records import record
from noillusion.flows.issues import IssueCode
from noillusion.flows.protocol import Issue
from noillusion.media.facts import MediaFacts
from noillusion.platforms.files import Bounds, Figure, MediaRules, Rule


@record(eq=True)
class Measure:
    """The way a figure is told and compared."""

    unit: Unit
    """As in the ``params`` of an error."""
    bounds: str
    """The words around the bounds."""
    advice: str
    """What helps where it is more than the most."""
    one: str = "this one has {actual}"
    scale: tuple[tuple[float, str], ...] = ((1, ""),)
    """Divisors with the words after the number, the largest first."""
    digits: int = 0
    """Digits after the point to which a figure is rounded before it is compared."""
    advice_below: str = ""
    """What helps where it is less than the least, if it is something else."""


PIXELS: Final = ((1, " pixels"),)
MEASURES: Final[Mapping[Figure, Measure]] = {
    "size": Measure("bytes", "of {0}", "Compress it, or use another file.",
                    scale=((1e9, " GB"), (1e6, " MB"), (1e3, " KB"), (1, " bytes")), advice_below="Use a larger file."),
    "width": Measure("pixels", "with a width of {0}", "Resize it.", "this one is {actual} wide", PIXELS),
    "height": Measure("pixels", "with a height of {0}", "Resize it.", "this one is {actual} high", PIXELS),
    "shorter_side": Measure("pixels", "with a shorter side of {0}", "Resize it.", scale=PIXELS),
    "longer_side": Measure("pixels", "with a longer side of {0}", "Resize it.", scale=PIXELS),
    "pixels": Measure("pixels", "of {0} in all", "Resize it.", scale=PIXELS),
    "ratio": Measure("ratio", "with an aspect ratio (width divided by height) of {0}", "Crop it.", digits=2),
    "duration": Measure("seconds", "of {0}", "Cut it.", scale=((1, " seconds"),), digits=1, advice_below="Use a longer one."),
    "frame_rate": Measure("frames_per_second", "with {0}", "Convert it.", scale=((1, " frames per second"),)),
    "bit_rate": Measure("bits_per_second", "with {0}", "Convert it.", scale=((1e6, " Mbit/s"),)),
    "sample_rate": Measure("hertz", "with sound of {0}", "Convert its sound.", scale=((1, " Hz"),)),
    "frames": Measure("frames", "with {0}", "Shorten the animation.", scale=((1, " frames"),)),
    "pages": Measure("pages", "with {0}", "Split it.", scale=((1, " pages"),)),
}  # fmt: skip
CODES: Final[Mapping[Figure, tuple[IssueCode, IssueCode]]] = {
    "size": ("too_small", "too_large"),
    "width": ("width_out_of_range", "width_out_of_range"),
    "height": ("height_out_of_range", "height_out_of_range"),
    "shorter_side": ("side_out_of_range", "side_out_of_range"),
    "longer_side": ("side_out_of_range", "side_out_of_range"),
    "pixels": ("too_many_pixels", "too_many_pixels"),
    "ratio": ("ratio_out_of_range", "ratio_out_of_range"),
    "duration": ("duration_out_of_range", "duration_out_of_range"),
    "frame_rate": ("frame_rate_out_of_range", "frame_rate_out_of_range"),
    "bit_rate": ("bit_rate_out_of_range", "bit_rate_out_of_range"),
    "sample_rate": ("sample_rate_out_of_range", "sample_rate_out_of_range"),
    "frames": ("too_many_frames", "too_many_frames"),
    "pages": ("too_many_pages", "too_many_pages"),
}
"""Figure → the codes of less than the least and of more than the most."""
FORMATS: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP", "image/bmp": "BMP", "image/tiff": "TIFF",
    "image/avif": "AVIF", "image/heic": "HEIC", "image/heif": "HEIF", "video/mp4": "MP4", "video/quicktime": "MOV",
    "video/webm": "WebM", "application/pdf": "PDF", "text/html": "HTML (a web page)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/x-ole-storage": "older Office", "application/octet-stream": "unknown",
    "h264": "H.264", "hevc": "H.265", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "prores": "ProRes", "aac": "AAC",
    "rgb": "RGB", "cmyk": "CMYK",
    "other": "another kind",
}  # fmt: skip
TEXTS: Final[Mapping[IssueCode, str]] = {
    "empty": "The file is empty.",
    "wrong_type": "{platform} {verb} {sort}s as {allowed}; the format of this file is {actual}. Convert it, or use another file.",
    "video_codec": "{platform} {verb} videos encoded as {allowed}; this one is {actual}. Encode it again.",
    "audio_codec": "{platform} {verb} videos with sound encoded as {allowed}; this one has {actual}. Encode it again.",
    "color_space": "{platform} {verb} {sort}s in {allowed}; this one is {actual}. Save it as sRGB.",
    "moov_last": "{platform} {verb} videos with the index (moov) at the start; in this one it is at the end. "
    'Save the video for the web ("fast start").',
}
"""Code → message, with names in braces for what is known of the file."""
FIGURE: Final = "{platform} {verb} {sort}s {bounds}; {one}. {advice}"
"""The message of a figure that is less or more than a platform accepts."""
ADVISED: Final = "{platform} may change or refuse it."


def texts_by_code() -> dict[IssueCode, str]:
    """Return the message of each code about a file, with names in braces for what depends on the platform and the file."""
    texts = dict(TEXTS)
    for figure, codes in CODES.items():
        measure = MEASURES[figure]
        text = FIGURE.replace("{bounds}", measure.bounds.format("{allowed}")).replace("{one}", measure.one)
        texts[codes[0]] = text.replace("{advice}", measure.advice_below or measure.advice)
        texts[codes[1]] = text.replace("{advice}", measure.advice)
    return texts


def figures_of(facts: MediaFacts) -> dict[Figure, float]:
    """Return the figures of a file that are known."""
    width, height, size, seconds = facts.width, facts.height, facts.size, facts.duration_s
    known: dict[Figure, float | None] = {
        "size": size,
        "width": width,
        "height": height,
        "duration": seconds,
        "frame_rate": facts.frame_rate,
        "sample_rate": facts.audio_hz,
        "frames": facts.frames,
        "pages": facts.pages,
    }
    if width and height:
        known |= {"shorter_side": min(width, height), "longer_side": max(width, height)}
        known |= {"pixels": width * height, "ratio": width / height}
    if size and seconds:
        known["bit_rate"] = size * 8 / seconds
    return {name: value for name, value in known.items() if value is not None}


def file_issues(facts: MediaFacts, rules: MediaRules, field: str, sort: str, platform: str) -> Iterator[Issue]:
    """Compare the facts of a file with a platform's rules. ``field``: the file in the draft; ``sort``: what it should be.

    What is not known of a file is no problem. A file of a type that is not accepted has that one problem.
    """
    if facts.size == 0:
        yield Issue(field, "empty", TEXTS["empty"])
        return
    comparison = _Comparison(field, sort, platform, rules)
    if facts.content_type is not None and facts.content_type not in rules.types:
        # One video format can be advised rather than another, but not a video rather than something else.
        strict = facts.sort not in {name.partition("/")[0] for name in rules.types}
        yield comparison.other("types", "wrong_type", rules.types, facts.content_type, strict=strict)
        if strict or "types" not in rules.advised:
            return
    if rules.video_codecs and facts.video_codec not in (None, *rules.video_codecs):
        yield comparison.other("video_codecs", "video_codec", rules.video_codecs, str(facts.video_codec))
    if rules.audio_codecs and facts.audio_codec not in (None, *rules.audio_codecs):
        yield comparison.other("audio_codecs", "audio_codec", rules.audio_codecs, str(facts.audio_codec))
    if rules.colors and facts.color_space not in (None, *rules.colors):
        yield comparison.other("colors", "color_space", rules.colors, str(facts.color_space))
    if rules.moov_first and facts.moov_first is False:
        yield comparison.issue("moov_first", "moov_last", TEXTS["moov_last"], {}, {})
    for figure, value in figures_of(facts).items():
        if figure in rules.figures:
            yield from comparison.figure(figure, value, rules.figures[figure])


@record(eq=True)
class _Comparison:
    field: str
    sort: str
    platform: str
    rules: MediaRules

    def issue(
        self, rule: Rule, code: IssueCode, text: str, params: Params, words: Mapping[str, str], *, strict: bool = False
    ) -> Issue:
        """Return the problem with a rule: a warning where the platform only advises it, unless ``strict``."""
        advised = rule in self.rules.advised and not strict
        known = {"platform": self.platform, "sort": self.sort, "verb": "advises" if advised else "accepts", **words}
        said = f"{text} {ADVISED}" if advised else text
        return Issue(self.field, code, said.format(**known), "warning" if advised else "error", params)

    def other(self, rule: Rule, code: IssueCode, allowed: tuple[str, ...], actual: str, *, strict: bool = False) -> Issue:
        """Something else than what is allowed."""
        words = {"allowed": ", ".join(map(_name, allowed)), "actual": _name(actual)}
        return self.issue(rule, code, TEXTS[code], {"allowed": allowed}, words, strict=strict)

    def figure(self, figure: Figure, value: float, bounds: Bounds) -> Iterator[Issue]:
        """A figure that is less than the least or more than the most."""
        measure, (least, most) = MEASURES[figure], bounds
        compared = round(value, measure.digits)
        if least is not None and compared < least:
            code, limit, advice = CODES[figure][0], least, measure.advice_below or measure.advice
        elif most is not None and compared > most:
            code, limit, advice = CODES[figure][1], most, measure.advice
        else:
            return
        params: Params = {"limit": limit, "actual": round(value, 2), "unit": measure.unit}
        one = measure.one.format(actual=_figure(value, measure, unlike=_figure(limit, measure)))
        words = {"bounds": measure.bounds.format(_bounds(bounds, measure)), "one": one, "advice": advice}
        yield self.issue(figure, code, FIGURE, params, words)


def _name(technical: str) -> str:
    return FORMATS.get(technical, technical)


def _bounds(bounds: Bounds, measure: Measure) -> str:
    least, most = bounds
    if least is None or most is None:
        return f"at most {_figure(most, measure)}" if most is not None else f"at least {_figure(least or 0, measure)}"
    return f"{_figure(least, measure)} to {_figure(most, measure)}"


def _figure(value: float, measure: Measure, unlike: str = "") -> str:
    """A figure in the largest unit that leaves no fraction of one, told exactly where it would look like another."""
    divisor, words = next((one for one in measure.scale if value >= one[0]), measure.scale[-1])
    number = f"{value / divisor:,.2f}".rstrip("0").rstrip(".")
    text = number + (words.removesuffix("s") if number == "1" else words)
    return text if text != unlike else f"{value:,.10g}{measure.scale[-1][1] if len(measure.scale) > 1 else words}"
