"""Content types by the first bytes of a file. What is not listed is told by :data:`noillusion.media.facts.UNRECOGNIZED`."""

from __future__ import annotations

from typing import Final

from noillusion.media.facts import UNRECOGNIZED

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OLE: Final = "application/x-ole-storage"
"""Older Office files, whose first bytes do not tell one from another."""
BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
)
RIFF: Final = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"mif1", b"msf1"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio/mp4"),
    b"qt  ": "video/quicktime",
    b"jp2 ": "image/jp2",
}
"""Major brands of ISO base media files. Any other, ``3gp`` aside, is an MP4 file."""
MOVIES: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""Boxes with which a QuickTime file begins that has no ``ftyp``."""
PAGES: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<title", b"<!--", b"<div", b"<meta")


def content_type(head: bytes) -> str:
    """Return the content type of a file that begins with these bytes, some hundred of them."""
    for beginning, found in BEGINNINGS:
        if head.startswith(beginning) and _plausible(found, head):
            return found
    if head[:4] == b"RIFF" and head[8:12] in RIFF:
        return RIFF[head[8:12]]
    if head[4:8] == b"ftyp" and len(head) >= 12:
        return _branded(head)
    if head[4:8] in MOVIES:
        return "video/quicktime"
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head[:4] == b"PK\x03\x04":
        return _zipped(head)
    return _written(head)


def _plausible(found: str, head: bytes) -> bool:
    """Two letters are little evidence: a bitmap also has two zero fields, and a header of a known length."""
    return found != "image/bmp" or (head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS)


_BITMAP_HEADERS: Final = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _branded(head: bytes) -> str:
    brand = head[8:12]
    if brand in (b"mif1", b"msf1"):
        # A general brand: the compatible ones say what it is.
        others = [head[at : at + 4] for at in range(16, min(len(head), int.from_bytes(head[:4], "big"), 256), 4)]
        return next((BRANDS[other] for other in others if other in BRANDS and other not in (b"mif1", b"msf1")), BRANDS[brand])
    if brand.startswith(b"3g"):
        return "video/3gpp"
    return BRANDS.get(brand, "video/mp4")


def _zipped(head: bytes) -> str:
    if b"word/" in head:
        return DOCX
    return PPTX if b"ppt/" in head else "application/zip"


def _written(head: bytes) -> str:
    """Text of some sort, if it is any."""
    text = head[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    lower = text.lower()
    if lower.startswith(PAGES):
        return "text/html"
    if lower.startswith(b"<svg") or (lower.startswith(b"<?xml") and b"<svg" in lower):
        return "image/svg+xml"
    if lower.startswith(b"<?xml"):
        return "text/html" if b"<html" in lower else "application/xml"
    if head[:1] == b"\x47" and head[188:189] == b"\x47":
        return "video/mp2t"
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0:
        return "audio/mpeg"
    if not text or any(byte < 9 or 13 < byte < 32 or byte == 127 for byte in text):
        return UNRECOGNIZED
    return "application/json" if text[:1] in (b"{", b"[") else "text/plain"
