"""LinkedIn's uploads of images, documents and videos."""

from __future__ import annotations

import hashlib
import io
import math
import re
import secrets
import zlib
from urllib.parse import urlencode

from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from local.simulators.linkedin.errors import Refused, forbidden, invalid
from local.simulators.linkedin.fields import as_record, only, required_text
from local.simulators.linkedin.gate import Gate
from local.simulators.linkedin.restli import Call, respond
from local.simulators.linkedin.state import DAY, Asset, File, State, ms
from local.simulators.media import measure
from local.simulators.world import Json

UPLOAD_URL_LIFE_S = DAY
PART_BYTES = 4 * 1024 * 1024
READS_MEDIA = frozenset({"w_organization_social", "r_organization_social", "rw_organization_admin", "r_member_social"})
MAX_PIXELS = 36_152_320
MAX_BYTES = {"image": 200_000_000, "document": 100_000_000, "video": 500_000_000}
MIN_VIDEO_BYTES = 75_000
SUBTITLE = re.compile(rb"^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", re.MULTILINE)


def image_problem(data: bytes) -> str | None:
    """Return the reason that LinkedIn cannot process an image, or None (3.3, limits)."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in ("JPEG", "PNG", "GIF"):
                return f"unsupported image format {image.format}"
            if image.width * image.height >= MAX_PIXELS:
                return "too many pixels"
            return "too many frames" if getattr(image, "n_frames", 1) > 250 else None
    except (OSError, ValueError, Image.DecompressionBombError):
        return "not an image"


def document_problem(data: bytes) -> str | None:
    """Return the reason that LinkedIn cannot process a document, or None (3.3, limits)."""
    if not data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"PK\x03\x04")):
        return "not a PDF, Word or PowerPoint document"
    return "more than 300 pages" if len(re.findall(rb"/Type\s*/Page\b", data)) > 300 else None


def video_problem(data: bytes) -> str | None:
    """Return the reason that LinkedIn cannot process a video, or None (3.3, limits)."""
    if data[4:8] != b"ftyp":
        return "not an MP4"
    if len(data) < MIN_VIDEO_BYTES:
        return "smaller than 75 KB"
    seconds = measure(data, "video/mp4").duration_s
    if seconds is None:
        return "no movie header"
    return None if 3 <= seconds <= 1_800 else f"{seconds:g} s is outside 3 s to 30 min"


def captions_problem(data: bytes) -> str | None:
    """Return the reason that subtitles cannot be shown, or None: SubRip has numbered times with an arrow between them."""
    return (
        None if re.search(rb"^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", data, re.MULTILINE) else "captions are not SubRip"
    )


BESIDE = {"thumbnail": image_problem, "captions": captions_problem}
PROBLEM = {"image": image_problem, "document": document_problem, "video": video_problem}


def measured(content_type: str, data: bytes) -> File:
    """Return the measures of a file."""
    return File(content_type, len(data), hashlib.sha256(data).hexdigest())


class Media:
    """The upload endpoints."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def media_action(self, call: Call) -> Response:
        """``initializeUpload`` of images, documents and videos; ``finalizeUpload`` of videos."""
        call.allow("action")
        kind = call.request.url.path.rsplit("/", 1)[-1].removesuffix("s")
        action = call.param("action", str)
        if action == "initializeUpload":
            return self._initialize(call, kind, await call.json())
        if action == "finalizeUpload" and kind == "video":
            return self._finalize(call, await call.json())
        raise Refused(400, f"Unknown action {action}", "PARAM_INVALID", serviceErrorCode=0)

    def _initialize(self, call: Call, kind: str, body: Json) -> Response:
        asked = as_record(body.get("initializeUploadRequest"), "/initializeUploadRequest")
        more = ("fileSizeBytes", "uploadCaptions", "uploadThumbnail") if kind == "video" else ("mediaLibraryMetadata",)
        only(asked, ("owner", *more), "/initializeUploadRequest")
        owner = required_text(asked, "owner", "/initializeUploadRequest")
        self.gate.may_write(call, owner, f"{kind}s.ACTION-initializeUpload")
        size = asked.get("fileSizeBytes", 0)
        if kind == "video" and (not isinstance(size, int) or not 0 < size <= MAX_BYTES["video"]):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/initializeUploadRequest/fileSizeBytes", "between 1 and 500000000 bytes")
        now = self.state.now()
        prefix = {"image": "C4E10AQ", "document": "D4D10AQ", "video": "D4D05AQ"}[kind]
        beside = tuple(name for name in BESIDE if self._flag(asked, f"upload{name.title()}"))
        asset = Asset(f"urn:li:{kind}:{prefix}{secrets.token_hex(8)}", kind, owner, now, size, beside=beside)
        self.state.assets[asset.urn] = asset
        value: Json
        if kind == "video":
            ranges = [(first, min(first + PART_BYTES, size) - 1) for first in range(0, size, PART_BYTES)]
            parts = [{"uploadUrl": self._upload_url(asset, n), "firstByte": a, "lastByte": b} for n, (a, b) in enumerate(ranges)]
            value = {"video": asset.urn, "uploadToken": "", "uploadInstructions": parts}
            value |= {f"{name}UploadUrl": self._upload_url(asset, name) for name in beside}
        else:
            value = {kind: asset.urn, "uploadUrl": self._upload_url(asset, 0)}
        value["uploadUrlExpiresAt" if kind != "video" else "uploadUrlsExpireAt"] = ms(now + UPLOAD_URL_LIFE_S)
        return respond(200, {"value": value})

    def _flag(self, asked: Json, name: str) -> bool:
        value = asked.get(name, False)
        if not isinstance(value, bool):
            raise invalid("INVALID_VALUE_FOR_FIELD", f"/initializeUploadRequest/{name}", "must be true or false")
        return value

    def _upload_url(self, asset: Asset, part: int | str) -> str:
        name = asset.urn.rsplit(":", 1)[1]
        query = urlencode({"ca": "vector_feedshare", "cn": "uploads", "v": "beta", "ut": asset.key})
        return self.state.world.url("www.linkedin.com", f"/dms-uploads/{asset.kind}/{name}/{part}?{query}")

    async def upload(self, request: Request) -> Response:
        """Bytes of one upload URL. Images and documents need the Bearer token; a video's URLs tolerate one (3.3)."""
        try:
            return self._store(request, await request.body())
        except Refused as refused:
            return respond(refused.status, refused.body)

    def _store(self, request: Request, data: bytes) -> Response:
        kind, name, part = (request.path_params[key] for key in ("kind", "asset", "part"))
        asset = self.state.assets.get(f"urn:li:{kind}:{name}")
        if asset is None or request.query_params.get("ut") != asset.key:
            raise Refused(404, "No such upload")
        if kind != "video":
            self.gate.token(request)
        if self.state.now() >= asset.created + UPLOAD_URL_LIFE_S:
            raise Refused(400, "The upload URL has expired", "EXPIRED_UPLOAD_URL")
        if len(data) > MAX_BYTES[kind]:
            raise Refused(413, "Request entity too large")
        if request.headers.get("content-type", "").startswith(("application/json", "multipart/", "application/x-www-form")):
            raise Refused(415, "Unsupported media type")
        content_type = request.headers.get("content-type", "")
        if kind == "video":
            return self._store_beside(asset, part, content_type, data) if part in BESIDE else self._store_part(asset, part, data)
        asset.files["file"] = measured(content_type, data)
        asset.uploaded = self.state.now()
        asset.failure = PROBLEM[kind](data) if self.state.settings["check_media"] else None
        return respond(201)

    def _store_beside(self, asset: Asset, name: str, content_type: str, data: bytes) -> Response:
        if name not in asset.beside:
            raise Refused(404, "No such upload")
        asset.files[name] = measured(content_type, data)
        if self.state.settings["check_media"] and (problem := BESIDE[name](data)):
            asset.failure = problem
        return respond(201)

    def _store_part(self, asset: Asset, named: str, data: bytes) -> Response:
        part = int(named) if named.isdecimal() else -1
        expected = min(PART_BYTES, asset.size - part * PART_BYTES)
        if part < 0 or expected <= 0 or len(data) != expected:
            raise Refused(400, f"{max(expected, 0)} bytes were expected in part {part}")
        asset.parts[part] = data
        asset.etags[part] = f"/ambry-video/signedId/{zlib.crc32(data):08x}{part:04d}{asset.key}"
        return respond(200, headers={"etag": asset.etags[part]})

    def _finalize(self, call: Call, body: Json) -> Response:
        path = "/finalizeUploadRequest"
        asked = as_record(body.get("finalizeUploadRequest"), path)
        only(asked, ("video", "uploadToken", "uploadedPartIds"), path)
        asset = self.state.assets.get(required_text(asked, "video", path))
        if asset is None or asset.kind != "video":
            raise invalid("INVALID_VIDEO_ID", f"{path}/video", "no such video")
        self.gate.may_write(call, asset.owner, "videos.ACTION-finalizeUpload")
        if asked.get("uploadToken") != "":
            raise invalid("INVALID_VALUE_FOR_FIELD", f"{path}/uploadToken", "must be the token that was returned")
        wanted = [asset.etags.get(n) for n in range(math.ceil(asset.size / PART_BYTES))]
        if asked.get("uploadedPartIds") != wanted:
            raise invalid("INVALID_VALUE_FOR_FIELD", f"{path}/uploadedPartIds", "must name every part, in order")
        if asset.uploaded is None:
            data = b"".join(asset.parts[n] for n in sorted(asset.parts))
            problem = video_problem(data) if self.state.settings["check_media"] else None
            asset.failure = problem or asset.failure
            asset.files["file"] = measured("video/mp4", data)
            asset.uploaded = self.state.now()
            asset.parts.clear()
        return respond(200)

    async def get_media(self, call: Call) -> Response:
        """The status of an upload. Tokens that can only write as a member may read the member's videos and nothing else (3.3)."""
        asset = self.state.assets.get(call.key())
        own_video = asset is not None and asset.kind == "video" and asset.owner == call.member_urn
        if not call.token.scopes & (READS_MEDIA | {"w_member_social"} if own_video else READS_MEDIA):
            raise forbidden("media.GET")
        if asset is None:
            raise Refused(404, f"Could not find entity {call.key()}", "NOT_FOUND", serviceErrorCode=0)
        answer: Json = {"id": asset.urn, "owner": asset.owner, "status": self.state.asset_status(asset)}
        if answer["status"] == "PROCESSING_FAILED":
            answer["processingFailureReason"] = asset.failure
        if answer["status"] == "AVAILABLE":
            answer["downloadUrl"] = f"https://media.licdn.com/dms/{asset.kind}/{asset.key}"
        return respond(200, answer)
