"""The headers of successful responses, and the links from them to other operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COMPONENTS: dict[str, Any] = {
    "CorrelationId": {
        "description": "Id of the request, for reports of errors; `apigw-requestid` of the gateway is the same",
        "schema": {"type": "string"},
    },
    "RetryAfter": {"description": "Seconds after which a repeat makes sense", "schema": {"type": "integer", "minimum": 1}},
    "Authenticate": {"description": "The scheme of authentication, from the gateway", "schema": {"type": "string"}},
    "Location": {"description": "Path of the resource to follow", "schema": {"type": "string", "format": "uri-reference"}},
    "ReturnUrl": {
        "description": "The return URL with the parameter `pending`, or `error` where there is no grant",
        "schema": {"type": "string", "format": "uri"},
    },
    "ReferrerPolicy": {"description": "Keeps the parameters from other sites", "schema": {"const": "no-referrer"}},
    "IdempotencyReplayed": {
        "description": "`true` if an earlier request with the same key had the effect, and this is what it created",
        "schema": {"type": "string", "pattern": "^(true|false)$"},
    },
    "PreferenceApplied": {"description": "The preference that was honored (RFC 7240)", "schema": {"const": "respond-async"}},
    "RateLimit": {
        "description": 'What is left of the limit of requests a minute: `"posts";r=29;t=42` means 29 more requests in the next '
        "42 seconds. Absent where the deployment has no limit",
        "schema": {"type": "string"},
    },
    "RateLimitPolicy": {
        "description": 'The limit of requests a minute for each user: `"posts";q=30;w=60` means 30 requests in 60 seconds. '
        "Absent where the deployment has no limit",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "Entity tag of this state, for `If-Match` and `If-None-Match`", "schema": {"type": "string"}},
    "UnreadCount": {"description": "Number of unread notices, up to 1000", "schema": {"type": "integer"}},
    "NextCursor": {"description": "`cursor` of the next page; absent on the last one", "schema": {"type": "string"}},
    "ContentDisposition": {"description": "Suggests a name for the file", "schema": {"type": "string"}},
    "AcceptRanges": {"description": "Parts can be asked for by bytes", "schema": {"const": "bytes"}},
    "ContentRange": {"description": "The part that this is, and the size of the file", "schema": {"type": "string"}},
    "ContentTypeOptions": {"description": "The type is as it says", "schema": {"const": "nosniff"}},
    "ContentSecurityPolicy": {"description": "Nothing in the file can be run by a browser", "schema": {"type": "string"}},
    "CacheControl": {"description": "`no-store`, except for this document and the calendar feed", "schema": {"type": "string"}},
}
_EVERYWHERE = {"x-correlation-id": "CorrelationId", "cache-control": "CacheControl"}
_TABLE = {"content-disposition": "ContentDisposition"}
_PAGED = {**_TABLE, "x-next-cursor": "NextCursor"}
_FILE = {
    "accept-ranges": "AcceptRanges",
    "x-content-type-options": "ContentTypeOptions",
    "content-security-policy": "ContentSecurityPolicy",
}
_TAGGED = {"etag": "ETag"}
_FIGURES = (
    "getAnalyticsSummary", "getAnalyticsSeries", "getComparisons", "listTopPosts", "getPostAnalytics", "listAccountAnalytics",
    "getBestTimes",
)  # fmt: skip
_UNREAD = {**_TAGGED, "x-unread-count": "UnreadCount"}
_REPEATED = {"idempotency-replayed": "IdempotencyReplayed"}
LIMITED = {"ratelimit": "RateLimit", "ratelimit-policy": "RateLimitPolicy"}
_POST = {"location": "Location", **_REPEATED, **LIMITED}
OWN: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("publishPost", "201"): _POST,
    ("publishPost", "202"): {**_POST, "retry-after": "RetryAfter", "preference-applied": "PreferenceApplied"},
    ("checkPost", "200"): LIMITED,
    ("retryPost", "200"): {**_REPEATED, **LIMITED},
    ("retryPost", "202"): {**_REPEATED, **LIMITED, "retry-after": "RetryAfter", "preference-applied": "PreferenceApplied"},
    ("generatePosts", "200"): _REPEATED,
    ("createTemplate", "201"): {**_TAGGED, **_REPEATED},
    ("copyTemplate", "201"): {**_TAGGED, **_REPEATED},
    ("importTemplate", "201"): {**_TAGGED, **_REPEATED},
    ("createSchedule", "201"): {**_POST, **_TAGGED},
    ("publishScheduleNow", "202"): {**_TAGGED, **_REPEATED},
    ("publishByLink", "201"): LIMITED,
    ("publishByLink", "202"): LIMITED,
    ("createWebhook", "201"): {**_TAGGED, **_REPEATED, "location": "Location"},
    ("testWebhook", "200"): LIMITED,
    ("deleteAccount", "202"): {"location": "Location", "retry-after": "RetryAfter"},
    ("completeAuthorization", "303"): {"location": "ReturnUrl", "referrer-policy": "ReferrerPolicy"},
    **dict.fromkeys(
        (
            ("getProfile", "200"),
            ("getProfile", "304"),
            ("updateProfile", "200"),
            ("getConnection", "200"),
            ("getPost", "200"),
            ("getPost", "304"),
            ("getConnection", "304"),
            ("updateConnection", "200"),
            ("getTemplate", "200"),
            ("updateTemplate", "200"),
            ("restoreTemplateVersion", "200"),
            ("getSchedule", "200"),
            ("getSchedule", "304"),
            ("updateSchedule", "200"),
            ("pauseSchedule", "200"),
            ("resumeSchedule", "200"),
            ("getSlots", "200"),
            ("getSlots", "304"),
            ("updateSlots", "200"),
            ("getCalendar", "200"),
            ("getCalendar", "304"),
            ("getCalendarFeed", "200"),
            ("getCalendarFeed", "304"),
            ("getWebhook", "200"),
            ("getWebhook", "304"),
            ("updateWebhook", "200"),
            ("listModels", "200"),
            ("listModels", "304"),
            ("getUsage", "200"),
            ("getUsage", "304"),
            ("listPlatforms", "200"),
            ("listPlatforms", "304"),
            *((name, status) for name in _FIGURES for status in ("200", "304")),
            ("getOpenApiDocument", "200"),
            ("getOpenApiDocument", "304"),
            ("checkOpenApiDocument", "200"),
            ("checkOpenApiDocument", "304"),
        ),
        _TAGGED,
    ),
    ("countUnreadNotices", "200"): _UNREAD,
    ("countUnreadNotices", "304"): _UNREAD,
    ("checkUnreadNotices", "200"): _UNREAD,
    ("checkUnreadNotices", "304"): _UNREAD,
    ("getMedia", "200"): _FILE,
    ("getMedia", "206"): {**_FILE, "content-range": "ContentRange"},
    ("checkMedia", "200"): _FILE,
    ("getAnalyticsSummaryCsv", "200"): _TABLE,
    ("listTopPostsCsv", "200"): _PAGED,
    ("listAccountAnalyticsCsv", "200"): _PAGED,
    ("getBestTimesCsv", "200"): _TABLE,
    ("getUsageCsv", "200"): _TABLE,
    ("getAnalyticsSeriesCsv", "200"): _TABLE,
    ("getComparisonsCsv", "200"): _TABLE,
}
"""Operation and status → headers that only this response has."""


def of(name: str, status: str) -> dict[str, Any]:
    """Return the headers of a successful response."""
    found = {**_EVERYWHERE, **OWN.get((name, status), {})}
    return {header: {"$ref": f"#/components/headers/{component}"} for header, component in sorted(found.items())}


def _link(operation: str, description: str, **parameters: str) -> dict[str, Any]:
    return {"operationId": operation, "description": description, "parameters": parameters}


def _post(**parameters: str) -> dict[str, Any]:
    return {
        "get": _link("getPost", "Follow the post until every target is finished", **parameters),
        "retry": _link("retryPost", "Retry its failed targets", **parameters),
        "cancel": _link("cancelPost", "Cancel what has not been sent", **parameters),
        "edit": _link("editPost", "Change its text", **parameters),
        "refresh": _link("refreshPost", "Read its ids and links again", **parameters),
        "delete": _link("deletePost", "Delete it from its platforms", **parameters),
        "analytics": _link("getPostAnalytics", "Get its figures over time", **parameters),
    }


_PENDING = {
    "confirm": _link("confirmPendingConnection", "Connect the selected accounts", handle="$response.body#/pending_id"),
    "decline": _link("declinePendingConnection", "Revoke the grant", handle="$response.body#/pending_id"),
}
_TEMPLATE = {
    "get": _link("getTemplate", "Get the template", id="$response.body#/id"),
    "update": _link("updateTemplate", "Replace its texts with a new version", id="$response.body#/id"),
    "share": _link("shareTemplate", "Share it", id="$response.body#/id"),
    "delete": _link("deleteTemplate", "Delete it", id="$response.body#/id"),
}
_SCHEDULE = {
    "get": _link("getSchedule", "Get the schedule", id="$response.body#/id"),
    "update": _link("updateSchedule", "Change it", id="$response.body#/id"),
    "pause": _link("pauseSchedule", "Pause it", id="$response.body#/id"),
    "delete": _link("deleteSchedule", "Delete it", id="$response.body#/id"),
}
_WEBHOOK = {
    "test": _link("testWebhook", "Send a test event", id="$response.body#/id"),
    "deliveries": _link("listDeliveries", "See what was sent", id="$response.body#/id"),
    "rotate": _link("rotateWebhookSecret", "Replace its secret", id="$response.body#/id"),
    "delete": _link("deleteWebhook", "Delete it", id="$response.body#/id"),
}
LINKS: Mapping[tuple[str, str], dict[str, Any]] = {
    ("publishPost", "201"): _post(post_id="$response.body#/id"),
    ("publishPost", "202"): _post(post_id="$response.body#/id"),
    ("getPost", "200"): {key: link for key, link in _post(post_id="$request.path.post_id").items() if key != "get"},
    ("completeAuthorization", "200"): {
        "pending": _link("getPendingConnection", "List the accounts of the grant", handle="$response.body#/pending_id")
    },
    ("getPendingConnection", "200"): _PENDING,
    ("createSchedule", "201"): _SCHEDULE,
    ("createWebhook", "201"): _WEBHOOK,
    ("createTemplate", "201"): _TEMPLATE,
    ("copyTemplate", "201"): _TEMPLATE,
    ("startExport", "200"): {"part": _link("getExportPart", "Get the first part", part="$response.body#/first_part")},
    ("deleteAccount", "200"): {"receipt": _link("getDeletionReceipt", "Get the receipt", code="$response.body#/code")},
    ("deleteAccount", "202"): {"receipt": _link("getDeletionReceipt", "Follow the deletion", code="$response.body#/code")},
    ("receiveMetaDataDeletion", "200"): {
        "status": _link("getMetaDataDeletion", "Get its status", code="$response.body#/confirmation_code")
    },
}
"""Operation and status → links by name."""
