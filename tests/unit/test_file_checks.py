"""Facts of files against the rules of each platform: every rule of the tables, on both sides of its bounds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from noillusion.core.models import Unit
from noillusion.flows.protocol import Issue
from noillusion.media.facts import MediaFacts
from noillusion.platforms import catalog
from noillusion.platforms.file_checks import CODES, MEASURES, file_issues, texts_by_code
from noillusion.platforms.files import Figure, rules_for
from noillusion.publishing.preflight import SAME

PHOTO = MediaFacts("image/jpeg", 200_000, 1080, 1080, color_space="rgb")
CLIP = MediaFacts(
    "video/mp4", 5_000_000, 1080, 1920, duration_s=20, video_codec="h264", audio_codec="aac", audio_hz=48_000, frame_rate=30,
    moov_first=True,
)  # fmt: skip
PAPER = MediaFacts("application/pdf", 200_000, pages=12)
GOOD = {"image": PHOTO, "cover": PHOTO, "video": CLIP, "document": PAPER}


def issues(platform: str, key: str, **changed: Any) -> list[Issue]:
    """What is found in a good file of a sort after a change of its facts."""
    kind, _, sort = key.rpartition(".")
    rules = rules_for(catalog.get(platform).capabilities.files, kind, sort)
    assert rules is not None
    return list(file_issues(replace(GOOD[sort], **changed), rules, "media.0.url", sort, catalog.get(platform).title))


@pytest.mark.parametrize(
    ("platform", "key"), [(name, key) for name in catalog.NAMES for key in catalog.get(name).capabilities.files]
)
def test_a_good_file_has_no_problem(platform: str, key: str) -> None:
    assert issues(platform, key) == []
    assert issues(platform, key, **dict.fromkeys(MediaFacts.__annotations__)) == []


BROKEN: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("instagram", "image", {"content_type": "image/png"}, [("wrong_type", "error")]),
    ("instagram", "image", {"content_type": "image/webp"}, [("wrong_type", "error")]),
    ("instagram", "image", {"size": 8_000_000}, []),
    ("instagram", "image", {"size": 9_000_000}, [("too_large", "error")]),
    ("instagram", "image", {"size": 0, "content_type": None}, [("empty", "error")]),
    ("instagram", "image", {"height": 1350}, []),
    ("instagram", "image", {"width": 1000, "height": 1375}, [("ratio_out_of_range", "error")]),
    ("instagram", "image", {"width": 1200, "height": 628}, []),
    ("instagram", "image", {"width": 1200, "height": 600}, [("ratio_out_of_range", "error")]),
    ("instagram", "image", {"width": 300, "height": 300}, [("width_out_of_range", "warning")]),
    ("instagram", "image", {"width": 4032, "height": 3024}, [("width_out_of_range", "warning")]),
    ("instagram", "image", {"color_space": "cmyk"}, [("color_space", "error")]),
    ("instagram", "image", {"color_space": "gray"}, []),
    ("instagram", "story.image", {"width": 1080, "height": 1920}, []),
    ("instagram", "story.image", {"color_space": "cmyk"}, [("color_space", "error")]),
    ("instagram", "video", {"moov_first": False}, [("moov_last", "warning")]),
    ("instagram", "video", {"video_codec": "vp9"}, [("video_codec", "error")]),
    ("instagram", "video", {"audio_codec": "opus"}, [("audio_codec", "error")]),
    ("instagram", "video", {"audio_hz": 96_000}, [("sample_rate_out_of_range", "error")]),
    ("instagram", "video", {"frame_rate": 59.94}, []),
    ("instagram", "video", {"frame_rate": 23.976}, []),
    ("instagram", "video", {"frame_rate": 120.0}, [("frame_rate_out_of_range", "error")]),
    ("instagram", "video", {"frame_rate": 15.0}, [("frame_rate_out_of_range", "error")]),
    ("instagram", "video", {"duration_s": 2.9}, [("duration_out_of_range", "error")]),
    ("instagram", "video", {"duration_s": 900.04}, []),
    ("instagram", "video", {"duration_s": 901}, [("duration_out_of_range", "error")]),
    ("instagram", "video", {"width": 3840, "height": 2160}, [("width_out_of_range", "error")]),
    ("instagram", "video", {"size": 200_000_000}, [("bit_rate_out_of_range", "warning")]),
    ("instagram", "video", {"size": 300_000_001, "duration_s": 300}, [("too_large", "error")]),
    ("instagram", "video", {"content_type": "video/webm"}, [("wrong_type", "error")]),
    ("instagram", "story.video", {"duration_s": 61}, [("duration_out_of_range", "error")]),
    ("instagram", "story.video", {"size": 100_000_001, "duration_s": 59}, [("too_large", "error")]),
    ("instagram", "cover", {"width": 100, "height": 900}, []),
    ("linkedin", "image", {"content_type": "image/webp"}, [("wrong_type", "error")]),
    ("linkedin", "image", {"content_type": "image/avif"}, [("wrong_type", "error")]),
    ("linkedin", "image", {"content_type": "image/bmp"}, [("wrong_type", "error")]),
    ("linkedin", "image", {"content_type": "image/gif", "frames": 250}, []),
    ("linkedin", "image", {"content_type": "image/gif", "frames": 251}, [("too_many_frames", "error")]),
    ("linkedin", "image", {"width": 6024, "height": 6001}, []),
    ("linkedin", "image", {"width": 5120, "height": 7061}, [("too_many_pixels", "error")]),
    ("linkedin", "image", {"width": 7000, "height": 6000}, [("too_many_pixels", "error")]),
    ("linkedin", "video", {"content_type": "video/quicktime"}, [("wrong_type", "error")]),
    ("linkedin", "video", {"size": 74_000}, [("too_small", "error")]),
    ("linkedin", "video", {"duration_s": 1801}, [("duration_out_of_range", "error")]),
    ("linkedin", "document", {"content_type": "text/plain"}, [("wrong_type", "error")]),
    ("linkedin", "document", {"pages": 301}, [("too_many_pages", "warning")]),
    ("tiktok", "image", {"content_type": "image/png"}, [("wrong_type", "error")]),
    ("tiktok", "image", {"content_type": "image/png", "width": 5000}, [("wrong_type", "error")]),
    ("tiktok", "image", {"content_type": "image/gif"}, [("wrong_type", "error")]),
    ("tiktok", "image", {"content_type": "image/webp", "width": 1080, "height": 1920}, []),
    ("tiktok", "image", {"width": 1920, "height": 1081}, [("side_out_of_range", "error")]),
    ("tiktok", "image", {"width": 1000, "height": 1921}, [("side_out_of_range", "error")]),
    ("tiktok", "video", {"video_codec": "hevc"}, []),
    ("tiktok", "video", {"video_codec": "prores"}, [("video_codec", "error")]),
    ("tiktok", "video", {"width": 320, "height": 4100}, [("width_out_of_range", "error"), ("height_out_of_range", "error")]),
    ("tiktok", "video", {"duration_s": 601}, [("duration_out_of_range", "error")]),
    ("facebook", "image", {"content_type": "image/webp"}, [("wrong_type", "error")]),
    ("facebook", "image", {"content_type": "text/html"}, [("wrong_type", "error")]),
    ("facebook", "image", {"size": 10_000_001}, [("too_large", "error")]),
    ("facebook", "video", {"content_type": "video/x-matroska"}, [("wrong_type", "warning")]),
    ("facebook", "video", {"content_type": "video/x-matroska", "duration_s": 15_000},
     [("wrong_type", "warning"), ("duration_out_of_range", "error")]),
    ("facebook", "video", {"content_type": "image/jpeg"}, [("wrong_type", "error")]),
    ("facebook", "reel.video", {"width": 720, "height": 720},
     [("height_out_of_range", "error"), ("ratio_out_of_range", "error")]),
    ("facebook", "reel.video", {"width": 450, "height": 800},
     [("width_out_of_range", "error"), ("height_out_of_range", "error")]),
    ("facebook", "reel.video", {"duration_s": 91}, [("duration_out_of_range", "error")]),
    ("facebook", "story.video", {"width": 1080, "height": 1080}, [("ratio_out_of_range", "warning")]),
    ("facebook", "story.video", {"duration_s": 61}, [("duration_out_of_range", "error")]),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "key", "changed", "found"), BROKEN)
def test_E7_each_rule_of_a_platform_is_compared(
    platform: str, key: str, changed: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    told = issues(platform, key, **changed)
    assert [(issue.code, issue.severity) for issue in told] == found
    for issue in told:
        assert issue.field == "media.0.url" and re.fullmatch(r"[A-Z].*\.", issue.message) and "{" not in issue.message
        assert issue.code == "empty" or catalog.get(platform).title in issue.message


@pytest.mark.parametrize(
    ("changed", "message", "params"),
    [
        (
            {"size": 9_000_000},
            "Instagram accepts images of at most 8 MB; this one has 9 MB. Compress it, or use another file.",
            {"limit": 8_000_000, "actual": 9_000_000, "unit": "bytes"},
        ),
        (
            {"size": 8_000_001},
            "Instagram accepts images of at most 8 MB; this one has 8,000,001 bytes. Compress it, or use another file.",
            {"limit": 8_000_000, "actual": 8_000_001, "unit": "bytes"},
        ),
        (
            {"height": 1440},
            "Instagram accepts images with an aspect ratio (width divided by height) of 0.8 to 1.91; this one has 0.75. Crop it.",
            {"limit": 0.8, "actual": 0.75, "unit": "ratio"},
        ),
        (
            {"width": 4032, "height": 3024},
            "Instagram advises images with a width of 320 pixels to 1,440 pixels; this one is 4,032 pixels wide. Resize it. "
            "Instagram may change or refuse it.",
            {"limit": 1440, "actual": 4032, "unit": "pixels"},
        ),
        (
            {"content_type": "image/png"},
            "Instagram accepts images as JPEG; the format of this file is PNG. Convert it, or use another file.",
            {"allowed": ("image/jpeg",)},
        ),
        (
            {"color_space": "cmyk"},
            "Instagram accepts images in RGB, gray; this one is CMYK. Save it as sRGB.",
            {"allowed": ("rgb", "gray")},
        ),
    ],
)
def test_a_problem_says_what_is_allowed_what_was_found_and_what_to_do(
    changed: dict[str, Any], message: str, params: dict[str, Any]
) -> None:
    (issue,) = issues("instagram", "image", **changed)
    assert (issue.message, dict(issue.params)) == (message, params)


def test_what_helps_against_too_little_is_not_what_helps_against_too_much() -> None:
    (small,), (short,) = issues("linkedin", "video", size=74_000), issues("linkedin", "video", duration_s=1)
    assert small.message == "LinkedIn accepts videos of 75 KB to 500 MB; this one has 74 KB. Use a larger file."
    assert short.message == "LinkedIn accepts videos of 3 seconds to 1,800 seconds; this one has 1 second. Use a longer one."


def test_every_figure_has_a_measure_codes_and_a_unit_of_the_api() -> None:
    assert set(MEASURES) == set(CODES) == set(get_args(Figure))
    assert {measure.unit for measure in MEASURES.values()} <= set(get_args(Unit))
    assert all("{bounds}" not in text and "{one}" not in text for text in texts_by_code().values())


def test_every_kind_of_post_with_media_has_rules_for_its_files() -> None:
    for name in catalog.NAMES:
        capabilities = catalog.get(name).capabilities
        for kind, parts in capabilities.kinds.items():
            for sort, types in parts.media.types.items() if parts.media is not None else ():
                rules = rules_for(capabilities.files, kind, sort)
                # Senders have other names for some types; the rules are about what the bytes tell.
                told = tuple(dict.fromkeys(SAME.get(one, one) for one in types))
                assert rules is not None and rules.types == told, (name, kind)
