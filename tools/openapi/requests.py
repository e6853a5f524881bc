"""Example requests of the document, by operation. A test sends each of them to a running instance, in this order.

Ids that the API chose are constants here, which the test replaces by those of its run; everything else is sent as it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PENDING, REFUSED = "mUq4Yp0c2oQv9d1RkT7xZw", "c0Wd8sJt5rLb3nHy6uXeKg"
STATE, CODE = "Zt1wq8Rk5vUoYp3mNc7xLg", "AQD2f6LrT9"
PAGE = "104857600002931"
FACEBOOK, INSTAGRAM = "6b0c1d52-0d0e-4f5c-9d3a-5f8a3b1c7e21", "a4c7f2d9-93d1-4c42-8b7e-1d5f6e0a9b32"
LINKEDIN, TIKTOK = "e8d3b6a1-2f74-4d0b-bb1c-7c9e5a4f8d43", "0f9a8c7b-6d5e-4f3a-9b2c-1d0e2f3a4b54"
TEMPLATE, COPY, SHARED = (
    "5d2c7f10-8e4b-4a6d-9c3f-2b1a0d9e8f65",
    "9e8d7c6b-5a4f-4e3d-8c2b-1a0f9e8d7c76",
    "3c4d5e6f-7a8b-4c9d-8e0f-1a2b3c4d5e87",
)
POST, SECOND, SLOW = (
    "f1e2d3c4-b5a6-4978-8a9b-0c1d2e3f4a98",
    "2a3b4c5d-6e7f-4a8b-9c0d-1e2f3a4b5ca9",
    "7b8c9d0e-1f2a-4b3c-8d4e-5f6a7b8c9dba",
)
SCHEDULE = "1f2a3b4c-5d6e-4f70-8b9c-0d1e2f3a4bfa"
LINK = "Hyo7TF1uT3CLnA0eLzpL-g.k1.5c9e1f0a7b3d42c8a6e4f2d1b0c9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1"
FAILED_TARGET = "d4e5f6a7-b8c9-4d0e-8f1a-2b3c4d5e6fcb"
WEBHOOK, DELIVERY = "9d0e1f2a-3b4c-4d5e-8f6a-7b8c9d0e1fde", "0e1f2a3b-4c5d-4e6f-8a7b-8c9d0e1f2aef"
HOOK = "https://hooks.example/noillusion"
NOTICE = "8c9d0e1f-2a3b-4c4d-9e5f-6a7b8c9d0ecd"
RECEIPT, CONFIRMATION = "kT3vQ9zR1mWx6Yb8Nc5dLh", "pV7sA2fJ4gXk0Lq9Zr6tWu"
TICKET = "v2.k1.GJwVb3mN0aTq5XyL.8s0kQfWn2zU7pRdEo4hVxC1bYt6jKmIg9lAaZcSvPwHuNqBr5XeTi3y"
FEED_TOKEN = "hT5cW8rN2kYpQ7vXbE4mZsJ1aG6uL9dF3oR0iKxVtBq"
DOCUMENT_URL = "https://objects.example.com/posts/repair-cafe.json?X-Amz-Expires=86400&X-Amz-Signature=5c9e1f0a7b3d42c8a6e4f2d1"
PHOTO = "https://media.example/photo.jpg"
ARTICLE = "https://example.com/repair-cafe"


@dataclass(frozen=True, slots=True)
class Example:
    """The parts of an example request that the operation takes, and the status of its answer.

    ``others``: further bodies by name, each of which is accepted like the first, whose name is ``named``.
    """

    status: int = 200
    path: Mapping[str, str | int] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    named: str = ""
    others: Mapping[str, Any] = field(default_factory=dict)


_TEMPLATE: dict[str, Any] = {
    "name": "Invitation",
    "description": "Invites people to an event",
    "content_mode": "business",
    "platforms": ["facebook", "linkedin"],
    "tags": ["event", "invitation"],
    "system_text": "You write for {name}. Bio: {bio} Mission: {mission_statement}",
    "user_text": "Invite people to {event} on {platforms}. Topic: {topic}",
    "variables": [{"name": "event", "description": "What people are invited to"}],
}
_BRIEF: dict[str, Any] = {
    "task": "generate",
    "platforms": ["facebook", "linkedin"],
    "template_id": TEMPLATE,
    "variables": {"event": "our repair café on Saturday"},
    "topic": "Bring your broken bicycle, leave with a working one",
    "tone": "warm",
    "audience": "people who cycle to work",
    "call_to_action": "Come on Saturday",
    "length": "short",
    "variants": 2,
    "keep": ["repair café"],
    "avoid": ["sustainable"],
}
_LINK = {"url": ARTICLE, "title": "Repair café on Saturday", "description": "Bring it broken, take it home working"}
_TEXT = {"text": "Bring your broken bicycle on Saturday, leave with a working one.", "link": _LINK}
_IMAGE = {"text": "Saturday is repair day!", "media": [{"url": PHOTO, "alt_text": "A bicycle on a repair stand"}]}
_POST = {
    "content": _TEXT,
    "targets": [{"connection_id": FACEBOOK}, {"connection_id": LINKEDIN}],
    "client_reference": "repair-cafe:2026-11",
}
_SCHEDULE = {
    "due_at": "2099-12-24T09:00:00+01:00",
    "time_zone": "Europe/Berlin",
    "recurrence": {"rrule": "FREQ=WEEKLY;BYDAY=TH", "exdates": ["2099-12-31T09:00:00"]},
    "client_reference": "repair-cafe:weekly",
    "targets": [{"connection_id": LINKEDIN, "way": "notify"}],
}
DOCUMENT = {"version": 1, "content": {"text": "Bring your broken bicycle on Saturday, leave with a working one."}}
"""What is at :data:`DOCUMENT_URL`."""
_CANONICAL = json.dumps(DOCUMENT, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
_PULL = {"url": DOCUMENT_URL, "sha256": hashlib.sha256(_CANONICAL).hexdigest()}
_GENERATE = {
    "template_id": TEMPLATE,
    "variables": {"event": "our repair café on Saturday"},
    "topic": "Bring your broken bicycle, leave with a working one",
    "accept_unattended": True,
}


def _once(**source: Any) -> dict[str, Any]:
    """A schedule of one post, whose content comes in the way that its target says."""
    target = {"connection_id": LINKEDIN, **source}
    return {"due_at": "2099-12-24T09:00:00+01:00", "time_zone": "Europe/Berlin", "targets": [target]}


_RANGE = {"from": "2026-11-01T00:00:00+01:00", "to": "2026-12-01T00:00:00+01:00"}

EXAMPLES: Mapping[str, Example] = {
    "getHealth": Example(),
    "checkHealth": Example(),
    "getOpenApiDocument": Example(),
    "checkOpenApiDocument": Example(),
    "getProfile": Example(),
    "updateProfile": Example(
        body={
            "display_name": "Robin Sample",
            "bio": "I repair bicycles and teach others how to do it.",
            "skills": ["bicycle repair", "teaching"],
            "mission_statement": "Nothing that can be repaired should be thrown away.",
            "content_mode": "business",
            "time_zone": "Europe/Berlin",
            "locale": "en",
            "ai_preferences": {"fallback": True, "monthly_budget_usd": "5.00"},
        }
    ),
    "storeAiKey": Example(path={"provider": "openai"}, body={"key": "sk-proj-1234567890abcdef", "verify": True}),
    "deleteAiKey": Example(204, path={"provider": "google"}),
    "authorizePlatform": Example(path={"platform": "facebook"}, body={}),
    "completeAuthorization": Example(path={"platform": "facebook"}, query={"code": CODE, "state": STATE}),
    "getPendingConnection": Example(path={"handle": PENDING}),
    "confirmPendingConnection": Example(path={"handle": PENDING}, body={"account_ids": [PAGE]}),
    "declinePendingConnection": Example(path={"handle": REFUSED}),
    "listConnections": Example(query={"limit": 25}),
    "getConnection": Example(path={"connection_id": FACEBOOK}),
    "testConnection": Example(path={"connection_id": FACEBOOK}),
    "updateConnection": Example(path={"connection_id": FACEBOOK}, body={"label": "Workshop"}),
    "createTemplate": Example(201, headers={"Idempotency-Key": "template-2026-11-26"}, body=_TEMPLATE),
    "getTemplate": Example(path={"id": TEMPLATE}),
    "updateTemplate": Example(
        path={"id": TEMPLATE}, body={**_TEMPLATE, "description": "Invites people to an evening", "version": 1}
    ),
    "previewTemplate": Example(
        body={
            "template_id": TEMPLATE,
            "variables": {"event": "an open evening"},
            "topic": "Repair instead of replace",
            "platforms": ["facebook"],
        }
    ),
    "checkTemplate": Example(body={"template": {name: _TEMPLATE[name] for name in ("system_text", "user_text", "variables")}}),
    "copyTemplate": Example(
        201, path={"id": TEMPLATE}, headers={"Idempotency-Key": "copy-2026-11-26"}, body={"name": "Invitation, short"}
    ),
    "exportTemplate": Example(path={"id": COPY}),
    "exportTemplates": Example(query={"limit": 25}),
    "importTemplate": Example(
        201,
        headers={"Idempotency-Key": "import-2026-11-26"},
        body={
            "format": "noillusion-template",
            "format_version": 1,
            "template": _TEMPLATE,
            "lineage": [{"template_id": SHARED, "version": 2}],
        },
    ),
    "listTemplates": Example(query={"scope": "mine", "sort": "new", "mode": "business", "limit": 25}),
    "shareTemplate": Example(path={"id": TEMPLATE}),
    "rateTemplate": Example(path={"id": SHARED}, body={"stars": 5}),
    "deleteRating": Example(204, path={"id": SHARED}),
    "listTemplateVersions": Example(path={"id": TEMPLATE}, query={"limit": 25}),
    "restoreTemplateVersion": Example(path={"id": TEMPLATE, "version": 1}),
    "pinTemplate": Example(path={"id": SHARED}, body={"version": 1}),
    "unpinTemplate": Example(204, path={"id": SHARED}),
    "reportTemplate": Example(204, path={"id": SHARED}, body={"reason": "misleading"}),
    "withdrawReport": Example(204, path={"id": SHARED}),
    "unshareTemplate": Example(204, path={"id": TEMPLATE}),
    "deleteTemplate": Example(204, path={"id": COPY}),
    "listProviders": Example(),
    "previewGeneration": Example(body=_BRIEF),
    "generatePosts": Example(headers={"Idempotency-Key": "generation-2026-11-26"}, body=_BRIEF),
    "getUsage": Example(query={"from": "2026-11-01", "to": "2026-11-30"}),
    "getUsageCsv": Example(query={"from": "2026-11-01", "to": "2026-11-30", "group_by": "provider,task"}),
    "listModels": Example(query={"provider": "anthropic"}),
    "deleteUsage": Example(query={"before": "2026-10-01"}),
    "listPlatforms": Example(),
    "getPublishingOptions": Example(path={"connection_id": TIKTOK}),
    "checkPost": Example(body={"content": _IMAGE, "targets": [{"connection_id": FACEBOOK}, {"connection_id": INSTAGRAM}]}),
    "previewSchedule": Example(
        body={
            "due_at": "2099-12-07T09:00:00+01:00",
            "time_zone": "Europe/Berlin",
            "recurrence": {"rrule": "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4", "exdates": ["2099-12-10T09:00:00"]},
        }
    ),
    "updateSlots": Example(
        path={"connection_id": FACEBOOK},
        body={
            "time_zone": "Europe/Berlin",
            "slots": [{"weekday": "monday", "time": "09:00"}, {"weekday": "thursday", "time": "18:30"}],
        },
    ),
    "getSlots": Example(path={"connection_id": FACEBOOK}),
    "publishPost": Example(201, headers={"Idempotency-Key": "post-2026-11-26"}, body=_POST),
    "getPost": Example(path={"post_id": POST}),
    "listPosts": Example(query={"limit": 25}),
    "retryPost": Example(path={"post_id": SECOND}, body={"targets": [{"target_id": FAILED_TARGET, "content": _IMAGE}]}),
    "cancelPost": Example(path={"post_id": SLOW}),
    "getScheduleOptions": Example(body={"connection_ids": [FACEBOOK, LINKEDIN]}),
    "createSchedule": Example(
        201,
        headers={"Idempotency-Key": "schedule-2026-11-26"},
        body=_SCHEDULE,
        named="notify",
        others={"pull": _once(way="pull", pull=_PULL), "generate": _once(way="generate", generate=_GENERATE)},
    ),
    "getSchedule": Example(path={"id": SCHEDULE}),
    "listSchedules": Example(query={"status": "active", "limit": 25}),
    "updateSchedule": Example(path={"id": SCHEDULE}, body={"grace_minutes": 120}),
    "pauseSchedule": Example(path={"id": SCHEDULE}),
    "resumeSchedule": Example(path={"id": SCHEDULE}),
    "publishScheduleNow": Example(202, path={"id": SCHEDULE}),
    "publishByLink": Example(201, path={"token": LINK}, body={"content": _TEXT}),
    "deleteSchedule": Example(204, path={"id": SCHEDULE}),
    "getCalendar": Example(query={"from": "2026-11-23T00:00:00Z", "to": "2026-12-07T00:00:00Z", "time_zone": "Europe/Berlin"}),
    "createCalendarToken": Example(201),
    "getCalendarFeed": Example(query={"token": FEED_TOKEN}),
    "deleteCalendarToken": Example(204),
    "getAnalyticsSummary": Example(query={**_RANGE, "platform": "facebook"}),
    "getAnalyticsSummaryCsv": Example(query={**_RANGE, "platform": "facebook"}),
    "getAnalyticsSeries": Example(query={**_RANGE, "metric": "likes", "interval": "week", "time_zone": "Europe/Berlin"}),
    "getAnalyticsSeriesCsv": Example(query={**_RANGE, "metric": "likes", "interval": "week", "time_zone": "Europe/Berlin"}),
    "getComparisons": Example(query={**_RANGE, "by": "kind"}),
    "getComparisonsCsv": Example(query={**_RANGE, "by": "kind"}),
    "listTopPosts": Example(query={**_RANGE, "sort": "likes", "limit": 10}),
    "listTopPostsCsv": Example(query={**_RANGE, "sort": "likes", "limit": 10}),
    "getPostAnalytics": Example(path={"post_id": POST}),
    "listAccountAnalytics": Example(query={**_RANGE, "platform": "facebook"}),
    "listAccountAnalyticsCsv": Example(query={**_RANGE, "platform": "facebook"}),
    "getBestTimes": Example(query=_RANGE),
    "getBestTimesCsv": Example(query=_RANGE),
    "editPost": Example(path={"post_id": POST}, body={"text": "Our repair café opens on Saturday at ten. Bring your bicycle!"}),
    "refreshPost": Example(path={"post_id": POST}),
    "deletePost": Example(path={"post_id": POST}),
    "deletePostRecord": Example(204, path={"post_id": SLOW}),
    "listNotices": Example(query={"unread": True, "limit": 25}),
    "countUnreadNotices": Example(),
    "checkUnreadNotices": Example(),
    "markNotice": Example(path={"id": NOTICE}, body={"unread": False}),
    "markNotices": Example(body={"unread": False, "until": "2026-11-26T18:00:00+01:00"}),
    "deleteNotice": Example(204, path={"id": NOTICE}),
    "deleteNotices": Example(query={"before": "2026-11-26T00:00:00+01:00"}),
    "createWebhook": Example(201, body={"url": HOOK, "events": ["publish_failed", "connection_dead"]}),
    "listWebhooks": Example(),
    "getWebhook": Example(path={"id": WEBHOOK}),
    "testWebhook": Example(path={"id": WEBHOOK}),
    "rotateWebhookSecret": Example(path={"id": WEBHOOK}),
    "listDeliveries": Example(path={"id": WEBHOOK}, query={"limit": 25}),
    "replayDelivery": Example(202, path={"id": WEBHOOK, "delivery_id": DELIVERY}),
    "updateWebhook": Example(path={"id": WEBHOOK}, body={"events": None}),
    "deleteWebhook": Example(204, path={"id": WEBHOOK}),
    "getDataMap": Example(),
    "startExport": Example(),
    "getExportPart": Example(path={"part": "Nq3yC0l5bJYkz0x0mXb2ZVsiM2YwZDNjMGUtNmYyYy00YzU5Iiwx"}),
    "disconnectAccount": Example(path={"connection_id": LINKEDIN}),
    "receiveMetaDeauthorization": Example(),
    "receiveMetaDataDeletion": Example(),
    "getMetaDataDeletion": Example(path={"code": CONFIRMATION}),
    "receiveTikTokWebhook": Example(),
    "getMedia": Example(path={"ticket": TICKET}),
    "checkMedia": Example(path={"ticket": TICKET}),
    "getRobots": Example(),
    "deleteAccount": Example(),
    "getDeletionReceipt": Example(path={"code": RECEIPT}),
}
"""In the order of one person's way through the API. The bodies of callbacks are signed, so they have no example."""
