"""Facts of images, against what Pillow writes and says."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from noillusion.media.facts import UNRECOGNIZED
from noillusion.media.reading import facts_of
from noillusion.media.window import FIRST
from tests.support.movies import image, read_by_parts, turned

TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("size", [(1, 1), (640, 360), (1080, 1350)])
def test_every_format_is_known_by_its_bytes_with_its_dimensions(kind: str, size: tuple[int, int]) -> None:
    facts = facts_of(data := image(kind, size))
    assert (facts.content_type, facts.width, facts.height, facts.size) == (TYPES[kind], *size, len(data))
    assert read_by_parts(data) == (facts, [min(len(data), FIRST)])


@pytest.mark.parametrize(
    ("kind", "mode", "options", "color", "alpha"),
    [
        ("JPEG", "RGB", {"progressive": True}, "rgb", None),
        ("JPEG", "L", {}, "gray", None),
        ("JPEG", "CMYK", {}, "cmyk", None),
        ("PNG", "RGBA", {}, "rgb", True),
        ("PNG", "RGB", {}, "rgb", False),
        ("PNG", "P", {"transparency": 0}, "rgb", True),
        ("PNG", "LA", {}, "gray", True),
        ("WEBP", "RGBA", {"lossless": True}, "rgb", True),
        ("WEBP", "RGB", {"lossless": True}, "rgb", False),
        ("WEBP", "RGB", {"icc_profile": b"x" * 200}, "rgb", False),
        ("TIFF", "CMYK", {}, "cmyk", None),
        ("TIFF", "L", {}, "gray", None),
    ],
)
def test_color_space_and_transparency(kind: str, mode: str, options: dict[str, object], color: str, alpha: bool | None) -> None:
    facts = facts_of(image(kind, (30, 20), mode, **options))
    assert (facts.width, facts.height, facts.color_space, facts.has_alpha) == (30, 20, color, alpha)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_dimensions_are_those_of_the_image_as_it_is_shown(kind: str, orientation: int) -> None:
    facts = facts_of(turned(orientation, kind))
    assert facts.orientation == orientation
    assert (facts.width, facts.height) == ((40, 20) if orientation <= 4 else (20, 40))


def test_exif_of_the_other_byte_order_is_read_too() -> None:
    exif = b"Exif\x00\x00" + b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    data = image(size=(40, 20))
    facts = facts_of(data[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + data[2:])
    assert (facts.orientation, facts.width, facts.height) == (6, 20, 40)


def test_filling_and_bare_markers_before_the_frame_are_passed_over() -> None:
    data = image(size=(300, 200))
    facts = facts_of(data[:2] + b"\xff\xff\xff\x01\xff\xd0" + data[2:])
    assert (facts.width, facts.height) == (300, 200)


def test_a_frame_behind_large_segments_is_reached_without_reading_them() -> None:
    data = image(size=(300, 200))
    segment = b"\xff\xe2" + struct.pack(">H", 65_535) + bytes(65_533)
    facts, lengths = read_by_parts(data[:2] + segment * 5 + data[2:])
    assert (facts.width, facts.height) == (300, 200)
    assert len(lengths) <= 7 and sum(lengths) < 200_000


@pytest.mark.parametrize("frames", [1, 2, 7])
@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_animation(kind: str, frames: int) -> None:
    out = io.BytesIO()
    pictures = [Image.new("RGB", (20, 20), (i * 30, 0, 0)) for i in range(frames)]
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:])
    facts = facts_of(out.getvalue())
    assert facts.animated is (frames > 1)
    assert facts.frames == {"GIF": frames, "PNG": frames if frames > 1 else None, "WEBP": None}[kind]


def test_a_long_gif_is_animated_though_its_frames_are_not_counted() -> None:
    out = io.BytesIO()
    pictures = [Image.effect_noise((200, 200), i + 1) for i in range(12)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    facts, lengths = read_by_parts(out.getvalue())
    assert (facts.animated, facts.frames, lengths) == (True, None, [FIRST])
    assert facts_of(out.getvalue()).frames == 12


def test_an_old_bitmap_and_one_from_top_to_bottom() -> None:
    old = b"BM" + bytes(12) + struct.pack("<IHHHH", 12, 30, 20, 1, 24)
    upside = b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 30, -20, 1, 24) + bytes(24)
    for data in (old, upside):
        facts = facts_of(data)
        assert (facts.content_type, facts.width, facts.height) == ("image/bmp", 30, 20)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"\xef\xbb\xbf\n  <HTML><body>no image", "text/html"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b'{"error": "not found"}', "application/json"),
        (b"BMW is a company, and this is a text.", "text/plain"),
        (b"AccessDenied", "text/plain"),
        (b"%PDF-1.7\n", "application/pdf"),
        (
            b"PK\x03\x04" + bytes(26) + b"word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"PK\x03\x04" + bytes(26) + b"mimetype", "application/zip"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/x-msvideo"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"),
        (b"\x00\x00\x00\x18ftyp3gp5\x00\x00\x00\x003gp5isom", "video/3gpp"),
        (b"\x1f\x8b\x08\x00", "application/gzip"),
        (bytes(100), UNRECOGNIZED),
        (b"\x00\x01\x02", UNRECOGNIZED),
    ],
)
def test_what_is_no_image_is_named_for_what_it_is(data: bytes, found: str) -> None:
    facts = facts_of(data)
    assert (facts.content_type, facts.width) == (found, None)


def test_an_empty_file_has_a_size_and_nothing_else() -> None:
    facts, lengths = read_by_parts(b"")
    assert (facts.size, facts.content_type, lengths) == (0, None, [])


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (b"%PDF-1.4\n<< /Type /Pages /Kids [3 0 R] /Count 12 >>\n%%EOF", 12),
        (b"%PDF-1.7\n1 0 obj<</Linearized 1/L 900/H[1 2]/O 3/E 4/N 301/T 5>>\n", 301),
        (b"%PDF-1.4\n" + bytes(200_000) + b"<< /Count 7 /Type /Pages >>\n%%EOF", 7),
        (b"%PDF-1.7\n" + bytes(1000), None),
    ],
)
def test_pages_of_a_pdf(data: bytes, pages: int | None) -> None:
    facts, lengths = read_by_parts(data)
    assert facts.pages == pages and len(lengths) <= 2
