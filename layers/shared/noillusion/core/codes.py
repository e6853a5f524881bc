"""The catalog of problem codes: the only place that defines the status and the text of each.

A code is part of the contract and never changes its meaning. Texts never contain what a caller sent.
``docs/errors.md`` and the codes in the OpenAPI document are generated from here.
"""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.core.records import record


@record()
class ProblemCode:
    """Status, title and text of one code. Names in braces are parameters that are passed when it is raised.

    ``retry_after`` is in seconds; it applies unless the problem is raised with a better estimate.
    """

    status: int
    title: str
    text: str
    retry_after: float | None = None


CATALOG: Mapping[str, ProblemCode] = {
    "idempotency_key_required": ProblemCode(400, "Idempotency key required", "Send an Idempotency-Key header with this request."),
    "invalid_signature": ProblemCode(400, "Invalid signature", "The request is not signed with the secret of a configured app."),
    "invalid_signed_request": ProblemCode(400, "Invalid signed_request", "The signed_request cannot be read."),
    "invalid_state": ProblemCode(
        400, "Invalid or expired state", "This authorization link is invalid, expired or already used. Start connecting again."
    ),
    "malformed_form": ProblemCode(400, "Malformed form", "The body is not a form that this route takes; see errors."),
    "malformed_json": ProblemCode(400, "Malformed JSON", "The body is not valid JSON, or not the JSON that this route expects."),
    "stale_signature": ProblemCode(400, "Signature too old", "The request was signed too long ago."),
    "unauthorized": ProblemCode(401, "Unauthorized", "A valid access token is required."),
    "ai_feature_disabled": ProblemCode(403, "AI feature disabled", "This AI feature is turned off in the profile's preferences."),
    "insufficient_scope": ProblemCode(
        403, "Insufficient scope", "The access token does not have the scope {scope}, which this request needs."
    ),
    "system_template": ProblemCode(403, "Built-in template", "Built-in templates cannot be changed. Copy the template instead."),
    "not_found": ProblemCode(404, "Not found", "The resource does not exist."),
    "unknown_route": ProblemCode(404, "Unknown route", "The API has no such route."),
    "method_not_allowed": ProblemCode(405, "Method not allowed", "This route accepts {methods}."),
    "not_acceptable": ProblemCode(
        406,
        "Not acceptable",
        "This route returns {media_type}, which the Accept header excludes. CSV has routes of its own (.csv).",
    ),
    "already_generated": ProblemCode(
        409,
        "Already generated",
        "This request was answered before, as request {request_id}. Results are not stored, so use a new Idempotency-Key.",
    ),
    "already_confirmed": ProblemCode(
        409, "Already confirmed", "This grant was confirmed for other accounts. Start connecting again to add more."
    ),
    "connected_elsewhere": ProblemCode(
        409, "Connected by another request", "Another request connected this account just now. List the connections to see it."
    ),
    "changed_at_once": ProblemCode(
        409, "Changed at the same time", "Other requests changed this resource at the same time. Send the request again.", 1
    ),
    "deletion_in_progress": ProblemCode(
        409, "Deletion in progress", "This account is being deleted. It can be used again once the deletion is complete.", 5
    ),
    "disconnected": ProblemCode(409, "Account disconnected", "The account of a target is no longer connected."),
    "grant_revoked": ProblemCode(
        409, "Grant revoked", "The platform no longer accepts this grant, so no account was connected. Start connecting again."
    ),
    "idempotency_in_progress": ProblemCode(
        409,
        "Request in progress",
        "A request with this Idempotency-Key is still running, or was interrupted and will release the key. Send it again later.",
        2,
    ),
    "idempotency_key_expired": ProblemCode(
        409, "Idempotency key expired", "This Idempotency-Key was used more than 24 hours ago. Use a new key."
    ),
    "held_not_pausable": ProblemCode(
        409, "Held by the platform", "A post that the platform holds cannot be paused. Change its time, or delete the schedule."
    ),
    "idempotency_key_reused": ProblemCode(
        409, "Idempotency key reused", "This Idempotency-Key was already used with a different request."
    ),
    "link_over": ProblemCode(409, "Link no longer valid", "This link was used already, or its time is over."),
    "not_held": ProblemCode(
        409, "Not held", "The platform does not hold this post: it is public, was removed, or its outcome is not known yet."
    ),
    "not_retryable": ProblemCode(409, "Not retryable", "Only failed targets can be retried."),
    "nothing_to_cancel": ProblemCode(
        409, "Nothing to cancel", "Every target of this post is finished or already being published."
    ),
    "nothing_to_retry": ProblemCode(409, "Nothing to retry", "This post has no failed target that can be retried."),
    "outcome_unknown": ProblemCode(
        409,
        "Outcome unknown",
        "It is not known whether a target was published, and without this record nobody can find out. Check the account, then "
        "send accept_unknown=true to delete the record anyway.",
    ),
    "own_template": ProblemCode(409, "Own template", "You cannot rate, report or pin your own template."),
    "nothing_waits": ProblemCode(409, "Nothing waits", "Nothing of this schedule waits to be published."),
    "other_account": ProblemCode(
        409,
        "Other account",
        "The grant is for another account than the connection. Sign in to the platform with the right account and start again.",
    ),
    "platform_not_configured": ProblemCode(409, "Platform not configured", "The operator has not configured this platform."),
    "post_forgotten": ProblemCode(
        409, "Post record deleted", "The record of the post with this Idempotency-Key was deleted. Use a new key."
    ),
    "post_busy": ProblemCode(409, "Post in use", "Another request or task is working on this post. Send the request again.", 5),
    "post_open": ProblemCode(
        409, "Post in progress", "The post is still being published. Cancel it, or wait until every target is finished.", 30
    ),
    "record_needed": ProblemCode(
        409,
        "Record still needed",
        "This record is needed to determine the outcome of another post on the same account. Try again later.",
        60,
    ),
    "retry_in_progress": ProblemCode(409, "Retry in progress", "One of the targets is already being retried.", 2),
    "schedule_over": ProblemCode(
        409, "Schedule over", "Nothing of this schedule is published any more, so it cannot be changed."
    ),
    "schedule_running": ProblemCode(
        409,
        "Publication in progress",
        "Something of this schedule is being published right now. Try again when it is finished.",
        30,
    ),
    "stale_version": ProblemCode(409, "Stale version", "The template has changed since the version you sent."),
    "too_many_schedules": ProblemCode(
        409, "Too many schedules", "An account can have at most {limit} schedules that are not over."
    ),
    "too_many_templates": ProblemCode(409, "Too many templates", "An account can have at most {limit} templates."),
    "too_many_webhooks": ProblemCode(409, "Too many webhooks", "An account can have at most {limit} webhooks."),
    "webhook_disabled": ProblemCode(409, "Webhook disabled", "The webhook is disabled. Enable it first."),
    "account_deleted": ProblemCode(
        410, "Account deleted", "The account was deleted while this request was running. Nothing was stored."
    ),
    "precondition_failed": ProblemCode(
        412,
        "Precondition failed",
        "The resource has changed since the state that If-Match names. Get it again, then repeat the change.",
    ),
    "body_too_large": ProblemCode(413, "Body too large", "The body can have at most {limit} bytes."),
    "unsupported_media_type": ProblemCode(
        415,
        "Unsupported media type",
        "The body must be JSON text with the content type application/json, or application/merge-patch+json in a PATCH.",
    ),
    "range_not_satisfiable": ProblemCode(416, "Range not satisfiable", "The file has no such part."),
    "validation_failed": ProblemCode(
        422, "Validation failed", "One or more fields are not valid; see errors. Nothing was stored or published."
    ),
    "too_many_requests": ProblemCode(
        429,
        "Too many requests",
        "This deployment allows {limit} requests of this kind a minute for each user. Nothing was stored or published.",
        60,
    ),
    "internal_error": ProblemCode(500, "Internal error", "An unexpected error. Give the correlation_id when you report it."),
    "app_refused": ProblemCode(
        502, "App refused", "The platform refused this service. Tell its operator, who alone can fix this."
    ),
    "accounts_unavailable": ProblemCode(502, "Accounts unavailable", "The platform did not list the accounts.", 10),
    "change_refused": ProblemCode(502, "Change refused", "The platform refused the change ({error_class})."),
    "change_unknown": ProblemCode(
        502, "Change unknown", "The platform's answer was lost. Sending the same change again does no harm.", 5
    ),
    "options_unavailable": ProblemCode(502, "Options unavailable", "The platform did not tell what the account can publish."),
    "database_unavailable": ProblemCode(503, "Database unavailable", "The database cannot be reached. Try again later.", 5),
    "media_unavailable": ProblemCode(503, "Media unavailable", "The file cannot be read right now. Try again later.", 5),
    "keys_unavailable": ProblemCode(503, "Keys unavailable", "The service cannot read its encryption keys. Try again later.", 30),
}
