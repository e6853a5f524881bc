"""The examples of the document: requests, recorded answers, and an export whose checksums a test verifies.

``make examples`` records the answers of a running instance in ``responses.json``.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.openapi import requests

_EXPORT_ID = "3f0d3c0e-6f2c-4c59-9d0f-3a1b6f1f2a77"
_FIRST_PART = "Nq3yC0l5bJYkz0x0mXb2ZVsiM2YwZDNjMGUtNmYyYy00YzU5Iiwx"
_PROFILE = {
    "id": "8f4f5b1e-2a52-4b8e-8f0c-0f6d4f6f8a10",
    "user_id": "auth0|64f0c2a7b1d9e8",
    "display_name": "Robin Sample",
    "bio": "I repair bicycles.",
    "skills": ["bicycle repair"],
    "mission_statement": "",
    "content_mode": "personal",
    "time_zone": "Europe/Berlin",
    "locale": "en",
    "ai_preferences": {},
    "created_at": "2026-11-22T16:41:45.786531Z",
    "updated_at": "2026-11-22T16:41:45.786531Z",
}
_KEY = {
    "id": "c2a7e0c4-5a55-4d3c-8f55-0e3d8b7a9d21",
    "user_id": "auth0|64f0c2a7b1d9e8",
    "provider": "openai",
    "hint": "1234",
    "created_at": "2026-11-22T16:45:02.118204Z",
    "updated_at": "2026-11-22T16:45:02.118204Z",
    "state": "working",
    "state_at": "2026-11-22T16:45:02.118204Z",
    "last_used_at": "2026-11-26T09:12:44.018227Z",
    "last_error": None,
}


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _export_part() -> str:
    lines = _line({"table": "profiles", "row": _PROFILE}) + _line({"table": "ai_provider_keys", "row": _KEY})
    digest = sha256(lines.encode()).hexdigest()
    counts = {"profiles": 1, "ai_provider_keys": 1}
    return lines + _line(
        {
            "part": {
                "export_id": _EXPORT_ID,
                "number": 1,
                "rows": counts,
                "sha256": digest,
                "chain_sha256": sha256(f"{sha256(_EXPORT_ID.encode()).hexdigest()}{digest}".encode()).hexdigest(),
                "total_rows": counts,
                "next_part": None,
            }
        }
    )


MANIFEST: dict[str, Any] = {
    "export_id": _EXPORT_ID,
    "user_id": "auth0|64f0c2a7b1d9e8",
    "started_at": "2026-11-26T09:12:44.018233Z",
    "format": "application/x-ndjson",
    "tables": [
        {"table": "profiles", "rows": 1, "exact": True, "withheld": []},
        {"table": "ai_provider_keys", "rows": 1, "exact": True, "withheld": ["sealed_key", "sealing_key_id"]},
    ],
    "first_part": _FIRST_PART,
}
EXPORT_PART = _export_part()
_IMAGE = {
    "kind": "image",
    "text_limit": 2200,
    "required": ["media"],
    "optional": ["text", "media.alt_text"],
    "ignored": [],
    "media": {
        "minimum": 1,
        "maximum": 1,
        "alt_text_limit": 1000,
    },
    "files": [
        {
            "sort": "image",
            "content_types": ["image/jpeg"],
            "figures": [{"figure": "size", "minimum": None, "maximum": 8_000_000, "unit": "bytes"}],
            "video_codecs": [],
            "audio_codecs": [],
            "color_spaces": ["rgb"],
            "sources": ["url"],
            "handed_over": False,
            "index_first": False,
            "redirects": False,
            "advised": [],
        }
    ],
    "held": None,
}
OFFERS = {
    "items": [
        {
            "platform": "instagram",
            "title": "Instagram",
            "configured": True,
            "registrations": [
                {
                    "registration": "instagram",
                    "title": "Instagram Login",
                    "access": ["professional"],
                    "scopes": [
                        {"scope": "instagram_business_basic", "feature": "everything: the account itself cannot be read"},
                        {"scope": "instagram_business_content_publish", "feature": "publishing"},
                    ],
                    "left_out": [{"scope": "instagram_business_manage_comments", "feature": "first comments"}],
                    "can_delete": False,
                    "can_revoke": False,
                    "kinds": [],
                }
            ],
            "access": [
                {"access": "professional", "available": True, "registrations": ["instagram"], "message": None},
                {
                    "access": "deletion",
                    "available": False,
                    "registrations": [],
                    "message": "This deployment has no access to the deletion of Instagram posts.",
                },
            ],
            "text_unit": "characters",
            "hashtags": {"warning": 5, "limit": 30},
            "kinds": [_IMAGE],
            "options": {},
            "daily_posts": 15,
            "can_delete": False,
            "can_revoke": False,
        }
    ]
}
ACCOUNT_OPTIONS = {
    "connection_id": "5a0f6c0e-3f1f-4c1c-9a55-7f1a1b8f2c11",
    "platform": "tiktok",
    "registration": "login",
    "can_publish": True,
    "problems": [],
    "username": "robin.repairs",
    "name": "Robin repairs bicycles",
    "avatar_url": "https://p16-sign.tiktokcdn.example/avatar.jpeg",
    "privacy_levels": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    "disabled": ["duet"],
    "longest_video_s": 600,
    "quota": None,
    "can_delete": False,
    "kinds": [_IMAGE],
    "roles": [],
}
RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("responses.json").read_text())


FEED = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//No iLLusion Social//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        "UID:0d5f2c8e-7a41-5b3e-9c6d-1f2e3a4b5c6d@noillusion",
        "DTSTAMP:20261126T091244Z",
        "LAST-MODIFIED:20261126T091244Z",
        "SEQUENCE:0",
        "DTSTART:20261207T080000Z",
        "DTEND:20261207T081500Z",
        "SUMMARY:Facebook · image · pending",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
)


def responses() -> dict[str, Any]:
    """Return the example of each response by operation and status."""
    receipt = RECORDED["deleteAccount 200"]
    return {
        **RECORDED,
        "completeAuthorization 303": RECORDED["completeAuthorization 200"],
        "deleteAccount 202": {**receipt, "state": "deleting", "deleted_at": None, "revocations": []},
        "getOpenApiDocument 200": {"openapi": "3.1.0", "info": {"title": "No iLLusion Social", "version": "0.1.0"}, "paths": {}},
        "listPlatforms 200": OFFERS,
        "retryPost 202": RECORDED["publishPost 202"],
        "getPublishingOptions 200": ACCOUNT_OPTIONS,
        **dict.fromkeys(("getMedia 200", "getMedia 206"), "The bytes of the file"),
        "getCalendarFeed 200": FEED,
        "getRobots 200": "User-agent: *\nAllow: /v1/media/\nDisallow: /\n",
        "startExport 200": MANIFEST,
        "getExportPart 200": EXPORT_PART,
    }


def add(name: str, operation: dict[str, Any]) -> None:
    """Add the examples of its request and responses to an operation."""
    example = requests.EXAMPLES.get(name)
    if example is None:
        raise SystemExit(f"{name} has no example in tools/openapi/requests.py")
    given = {**example.path, **example.query, **{key.lower(): value for key, value in example.headers.items()}}
    for parameter in operation.get("parameters", ()):
        if parameter["name"].lower() in given:
            parameter["example"] = given[parameter["name"].lower()]
    if example.body is not None:
        bodies = {example.named: example.body, **example.others}
        operation["requestBody"]["content"]["application/json"] |= _shown(bodies)
    found = responses()
    for status, response in operation["responses"].items():
        if f"{name} {status}" in found and "content" in response:
            answers = {example.named: found[f"{name} {status}"]}
            answers |= {other: found[f"{name} {status} {other}"] for other in example.others}
            response["content"][next(iter(response["content"]))] |= _shown(answers)


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """Return the member of a media type that shows one example, or several by name."""
    if len(values) == 1:
        return {"example": next(iter(values.values()))}
    return {"examples": {name: {"value": value} for name, value in values.items()}}
