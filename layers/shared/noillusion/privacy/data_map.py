"""The data map: every table, what it stores about a user, why, and for how long. Tests compare it with the schema and check each
retention against the clock."""

from __future__ import annotations

from noillusion.privacy.models import DataMapEntry, Retention

_MEDIA = "URLs and bytes of links, images and videos"
NEVER_STORED = [
    "texts, captions and alternative texts of posts",
    _MEDIA,
    "prompts sent to AI providers, other than what you schedule to be generated, encrypted (schedule_targets)",
    "responses of AI providers",
    "AI keys passed in request headers",
    "Idempotency-Keys in plain text",
    "passwords and email addresses (Auth0 is the only user directory)",
]

DAY = 86_400
_RECORD = "DELETE /v1/posts/{id}/record"
_KEY = "DELETE /v1/profile/ai-keys/{provider}"
_DISCONNECT = "DELETE /v1/connections/{id}"
_WEBHOOK = "DELETE /v1/webhooks/{id}"
_TEMPLATE = "DELETE /v1/templates/{id}"
_SCHEDULE = "DELETE /v1/schedules/{id}"


def _deleted(what: str, *by: str) -> Retention:
    return Retention(what=what, until="deleted", by=list(by))


def _time(what: str, seconds: int, since: str) -> Retention:
    return Retention(what=what, until="time", seconds=seconds, since=since)


def _entry(table: str, holds: str, purpose: str, *retention: Retention) -> DataMapEntry:
    kept = "; ".join(rule.sentence for rule in retention)
    return DataMapEntry(table=table, holds=holds, purpose=purpose, kept=kept, retention=list(retention))


_YEAR_OF_LINKEDIN = _time("those of LinkedIn posts, at most", 365 * DAY, "the first reading")
_UNUSED = Retention(what="the records", until="unused")

# Children before their parents: the order in which rows are deleted.
TABLES: tuple[DataMapEntry, ...] = (
    _entry(
        "post_analytics",
        "figures of published posts over time: where they changed and once a day; after 48 hours the last of a day, after 30 "
        "days the last of a week",
        "to show how posts perform",
        _deleted("the records", _RECORD),
        _YEAR_OF_LINKEDIN,
    ),
    _entry(
        "post_figures",
        "the newest figures of each published post, and why the last reading brought none",
        "to show how posts perform",
        _deleted("the records", _RECORD),
        _YEAR_OF_LINKEDIN,
    ),
    _entry(
        "post_polls",
        "when the figures of each published post are read next",
        "to read figures when they are due",
        _deleted("the records, while the post is read and its account connected", _RECORD),
    ),
    _entry(
        "account_analytics",
        "figures of connected accounts over time",
        "to show how accounts perform",
        Retention(what="the records", until="disconnected", by=[_DISCONNECT]),
        _time("those of LinkedIn accounts, at most", 365 * DAY, "each reading"),
    ),
    _entry(
        "post_targets",
        "statuses, times (of the last edit too), ids and URLs returned by platforms, error codes; whether the text was short, "
        "medium, long or very long; keyed hashes of the Idempotency-Keys of retries",
        "to make sure that nothing is published twice and nothing gets lost, and to compare posts",
        _deleted("the records", _RECORD),
        Retention(what="a keyed fingerprint of the text", until="settled"),
        _time("a keyed fingerprint of a retry with an Idempotency-Key", DAY, "the request"),
    ),
    _entry(
        "request_counts",
        "the numbers of posts, checks and tests of webhooks that you requested in one minute",
        "to limit how many requests a minute one person can make",
        _time("the records", 60, "the first request of that minute"),
    ),
    _entry(
        "slot_plans",
        "the times of the week at which an account publishes, and their time zone",
        "to find the next free slot of an account",
        Retention(what="the records", until="disconnected", by=[_DISCONNECT]),
    ),
    _entry(
        "calendar_tokens",
        "the hash of the token of your calendar feed",
        "to show your calendar program what is due",
        _deleted("the record", "DELETE /v1/calendar/token"),
    ),
    _entry(
        "schedule_occurrences",
        "when what you scheduled is due, its state, codes, and the ids of its posts",
        "to publish at the time you choose, and once",
        _deleted("the records", _SCHEDULE),
    ),
    _entry(
        "schedule_targets",
        "accounts, ways and kinds of what you scheduled; encrypted until it is over: the URL of a content document, or topic, "
        "variables and choices of a generation; the hash of the document",
        "to get the content when it is due",
        _deleted("the records", _SCHEDULE),
    ),
    _entry(
        "schedule_requests",
        "when you asked to publish something scheduled at once, and a keyed hash of the Idempotency-Key",
        "to recognize repeated requests",
        _deleted("the records", _SCHEDULE),
        _time("a keyed fingerprint of a request with an Idempotency-Key", DAY, "the request"),
    ),
    _entry(
        "schedules",
        "times, recurrence, time zone and the `client_reference` of what you scheduled; keyed hashes of Idempotency-Keys",
        "to publish at the time you choose",
        _deleted("the records", _SCHEDULE),
        _time("a keyed fingerprint of a request with an Idempotency-Key", DAY, "the request"),
    ),
    _entry(
        "posts",
        "times, the `client_reference` and the `generation_id` that you sent, a keyed hash of each Idempotency-Key; for 24 hours "
        "a keyed fingerprint and the response (ids and statuses)",
        "to recognize repeated requests, to find posts again and to compare them",
        _deleted("the records", _RECORD),
        _time("fingerprint and response", DAY, "the request"),
        _time("if you delete the post within that day, only the keyed hash", DAY, "the request"),
    ),
    _entry(
        "connection_attempts",
        "the progress of connecting an account, which connection it renews, the app of this service that asks, the encrypted "
        "grant, a keyed hash of the account that granted it",
        "to connect accounts",
        _time("an attempt", 600, "you started"),
        _time("a grant that waits for your selection", 1_800, "you returned from the platform; it is then revoked"),
    ),
    _entry(
        "former_accounts",
        "platform and id of Facebook and Instagram accounts that you disconnected, a keyed hash of who granted access",
        "to find the remaining data of an account when Facebook or Instagram ask us to delete it",
        Retention(what="the records, unless such a request comes first", until="left", by=["DELETE /v1/profile"]),
    ),
    _entry(
        "platform_connections",
        "account ids and names, the app of this service that was granted access, granted permissions, encrypted tokens, when "
        "they and the access to data end, when the account was verified, until when it rests because of a platform's limit",
        "to act on your behalf",
        Retention(what="the records", until="disconnected", by=[_DISCONNECT]),
    ),
    _entry(
        "ai_provider_keys",
        "your AI keys, encrypted, their last four characters, whether they work, and when and how they were last used",
        "to call the providers with your keys, and to tell you when one needs your attention",
        _deleted("the records", _KEY),
    ),
    _entry(
        "ai_provider_state",
        "cooldowns and remaining quota of each provider, and a keyed hash of the key that met them if a request brought it",
        "to choose a provider that can respond",
        _deleted("the records", _KEY),
    ),
    _entry(
        "ai_usage_tracking",
        "tokens, cost, duration, outcome and template id of each AI attempt; keyed hashes of Idempotency-Keys",
        "to show usage and enforce budgets",
        _deleted("the records, those of a month once it is over", "DELETE /v1/ai/usage"),
        _time("a keyed fingerprint of a request with an Idempotency-Key", DAY, "the request"),
    ),
    _entry(
        "ai_spending",
        "the cost of your AI attempts by month, and what is reserved for those whose cost is unknown",
        "to enforce your budget",
        Retention(what="the records", until="left", by=["DELETE /v1/profile"]),
    ),
    _entry(
        "prompt_template_ratings",
        "your ratings of shared templates",
        "to sort shared templates",
        _deleted("the records", "DELETE /v1/templates/{id}/rating"),
    ),
    _entry(
        "prompt_template_choices",
        "the versions of others' templates that you use, whether you follow their authors, and which you reported and why",
        "to use the version that you chose, and to hide what you reported",
        _deleted("the records", "DELETE /v1/templates/{id}/pin", "DELETE /v1/templates/{id}/report"),
    ),
    _entry(
        "prompt_template_versions",
        "the texts of your templates",
        "to keep and reuse your templates",
        _deleted("the records", _TEMPLATE),
    ),
    _entry(
        "prompt_templates",
        "names, descriptions, tags and sharing of your templates, and their words for searches; of those that you share, a copy "
        "without your name in template_library; where imported ones come from (ids of templates, of no people); keyed hashes of "
        "Idempotency-Keys",
        "to keep, find and reuse your templates",
        _deleted("the records", _TEMPLATE),
        _time("a keyed fingerprint of a request with an Idempotency-Key", DAY, "the request"),
    ),
    _entry(
        "webhook_deliveries",
        "the kind and ids of each event that was sent to a webhook, times, and the status and duration of the last attempt",
        "to send events until they arrive, and to show you whether they did",
        _time("the records, unless you delete the webhook or the notice before", 30 * DAY, "the event"),
    ),
    _entry(
        "notifications",
        "kinds, ids and codes of notices, when you read them, whether they wait for a webhook",
        "to tell you what happened",
        _deleted("the records", "DELETE /v1/notifications/{id}"),
    ),
    _entry(
        "webhooks",
        "the encrypted URL of each of your webhooks, its encrypted secret, the kinds of notices that it gets, whether it "
        "works; a keyed hash of the Idempotency-Key",
        "to send notices to your own systems",
        _deleted("the records", _WEBHOOK),
        _time("a keyed fingerprint of a request with an Idempotency-Key", DAY, "the request"),
        _time("the previous secret, encrypted", DAY, "you replaced it"),
    ),
    _entry(
        "profiles",
        "display name, bio, skills, mission statement, preferences",
        "to fill in templates and remember your settings",
        Retention(what="the record", until="left", by=["DELETE /v1/profile"]),
    ),
)
DEPARTURES = _entry(
    "departures",
    "your id and the progress of your deletion, while it runs; a keyed hash of the receipt's code",
    "to make sure that a deletion completes and no running request writes after it",
    Retention(what="the record", until="finished"),
)
OPERATOR_SPENDING = _entry(
    "ai_operator_spending",
    "a keyed hash instead of your id, a new one each month, and what you spent in that month on the operator's AI keys",
    "to make sure that deleting a profile does not reset the operator's budget",
    Retention(what="the records", until="month"),
)

HANDED_OVER = _entry(
    "handover_bucket",
    "images that a platform can only fetch by URL, encrypted with a key that only the URL given to that platform has",
    "to publish images that you send to Instagram and TikTok",
    Retention(what="the encrypted image", until="settled"),
    _time("an image that could not be deleted then", 3_600, "it was stored"),
)
"""Not a table. It exists where files are handed over."""


def never_stored(*, hands_over: bool) -> list[str]:
    """Return what is never stored."""
    exception = (
        {_MEDIA: f"{_MEDIA}, other than encrypted images that wait for a platform (handover_bucket)"} if hands_over else {}
    )
    return [exception.get(what, what) for what in NEVER_STORED]


def receipts(backup_days: int) -> DataMapEntry:
    """Return the entry of the receipts. How long one can be linked to you depends on how long backups are kept."""
    return _entry(
        "deletion_receipts",
        "a keyed hash instead of your id, counts, which grants were revoked, a keyed hash of the receipt's code",
        "to prove that a deletion took place, and to repeat it if a backup is restored",
        _time("the keyed hash of your id", backup_days * DAY, "the deletion"),
        Retention(what="the rest, which can be found only with the receipt's code", until="for_good"),
    )
