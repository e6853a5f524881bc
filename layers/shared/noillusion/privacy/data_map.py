"""The data map as data: every table, what it holds about a user, why, and how long. Tests compare it with the schema, and execute
each of its sentences against the clock."""

from __future__ import annotations

from noillusion.privacy.models import DataMapEntry, Retention

NEVER_STORED = [
    "text, captions and alternative texts of posts",
    "URLs and bytes of links, images and videos",
    "prompts as they are sent to AI providers",
    "what AI providers answer",
    "AI keys that are passed in request headers",
    "Idempotency-Keys as you send them",
    "passwords and e-mail addresses (Auth0 is the only user directory)",
]

DAY = 86_400
_RECORD = "DELETE /v1/posts/{id}/record"
_KEY = "DELETE /v1/profile/ai-keys/{provider}"
_DISCONNECT = "DELETE /v1/connections/{id}"
_TEMPLATE = "DELETE /v1/templates/{id}"


def _deleted(what: str, *by: str) -> Retention:
    return Retention(what=what, until="deleted", by=list(by))


def _time(what: str, seconds: int, since: str) -> Retention:
    return Retention(what=what, until="time", seconds=seconds, since=since)


def _entry(table: str, holds: str, purpose: str, *retention: Retention) -> DataMapEntry:
    kept = "; ".join(rule.sentence for rule in retention)
    return DataMapEntry(table=table, holds=holds, purpose=purpose, kept=kept, retention=list(retention))


_UNUSED = Retention(what="the rows", until="unused")

# Children before their parents: the order in which rows are deleted.
TABLES: tuple[DataMapEntry, ...] = (
    _entry("post_analytics", "counts per published post over time", "to show how posts do", _deleted("the rows", _RECORD)),
    _entry(
        "account_analytics",
        "counts per connected account over time",
        "to show how accounts do",
        Retention(what="the rows", until="disconnected", by=[_DISCONNECT]),
    ),
    _entry(
        "post_targets",
        "states, times, ids and URLs that platforms gave, error codes",
        "so that nothing goes out twice and nothing gets lost",
        _deleted("the rows", _RECORD),
        Retention(what="a keyed fingerprint of the text", until="settled"),
    ),
    _entry("schedules", "nothing yet; later planned posts", "to publish at the time you choose", _UNUSED),
    _entry(
        "posts",
        "times, a keyed hash of each request's Idempotency-Key; for a day a keyed fingerprint and the answer (ids and states)",
        "so that a repeated request is recognized",
        _deleted("the rows", _RECORD),
        _time("fingerprint and answer", DAY, "the request"),
        _time("after a deletion within that day, the keyed hash alone", DAY, "the request"),
    ),
    _entry(
        "connection_attempts",
        "the state of connecting an account, its grant sealed, a keyed hash of the account that gave it",
        "to connect accounts",
        _time("an attempt", 600, "you began"),
        _time("a grant that waits for your choice", 1_800, "you came back from the platform; it is withdrawn there then"),
    ),
    _entry(
        "former_accounts",
        "platform and id of Facebook and Instagram accounts that you disconnected, a keyed hash of who gave the permission",
        "to find what is left of an account when Facebook or Instagram ask us to delete it",
        Retention(what="the rows, unless that is asked before", until="left", by=["DELETE /v1/profile"]),
    ),
    _entry(
        "platform_connections",
        "account ids and names, granted permissions, sealed tokens",
        "to act on your accounts on your behalf",
        Retention(what="the rows", until="disconnected", by=[_DISCONNECT]),
    ),
    _entry(
        "ai_provider_keys",
        "your AI keys, sealed, and their last four characters",
        "to call the providers with your keys",
        _deleted("the rows", _KEY),
    ),
    _entry(
        "ai_provider_state",
        "cooldowns and remaining quota per provider",
        "to choose a provider that can answer",
        _deleted("the rows", _KEY),
    ),
    _entry(
        "ai_usage_tracking",
        "tokens, cost, duration and outcome per AI attempt; a keyed hash of the request's Idempotency-Key",
        "to show usage and keep budgets",
        _deleted("the rows, those of a month when it is over", "DELETE /v1/ai/usage"),
    ),
    _entry(
        "ai_spending",
        "what your AI attempts cost in each month, and what is reserved for those whose cost nobody told",
        "to keep your budget",
        Retention(what="the rows", until="left", by=["DELETE /v1/profile"]),
    ),
    _entry(
        "prompt_template_ratings",
        "your stars for shared templates",
        "to sort shared templates",
        _deleted("the rows", "DELETE /v1/templates/{id}/rating"),
    ),
    _entry(
        "prompt_template_versions",
        "the texts of your templates",
        "templates are yours to keep and reuse",
        _deleted("the rows", _TEMPLATE),
    ),
    _entry(
        "prompt_templates",
        "names, tags and sharing of your templates; a keyed hash of the request's Idempotency-Key",
        "templates are yours to keep and reuse",
        _deleted("the rows", _TEMPLATE),
    ),
    _entry(
        "notifications",
        "kinds, ids and codes of notices",
        "to tell you what happened",
        _deleted("the rows", "DELETE /v1/notifications"),
    ),
    _entry("webhooks", "nothing yet; later your webhook's URL and its secret, sealed", "to deliver notices to you", _UNUSED),
    _entry(
        "profiles",
        "display name, bio, skills, mission, preferences",
        "to fill templates and remember your choices",
        Retention(what="the row", until="left", by=["DELETE /v1/profile"]),
    ),
)
DEPARTURES = _entry(
    "departures",
    "your id and how far the deletion of your rows is, while it goes on; a keyed hash of the receipt's code",
    "so that a deletion always ends, and nothing that was under way writes after it",
    Retention(what="the row", until="finished"),
)
OPERATOR_SPENDING = _entry(
    "ai_operator_spending",
    "a keyed hash instead of your id, another one each month, and what you spent in it on the operator's AI keys",
    "so that leaving and coming back does not fill up what the operator pays for",
    Retention(what="the rows", until="month"),
)


def receipts(backup_days: int) -> DataMapEntry:
    """The entry of the receipts: how long one can be told to be yours depends on how long backups are kept."""
    return _entry(
        "deletion_receipts",
        "a keyed hash instead of your id, counts, which grants were withdrawn, a keyed hash of the receipt's code",
        "to prove that a deletion took place, and to repeat it where a backup is restored",
        _time("the keyed hash of your id", backup_days * DAY, "the deletion"),
        Retention(what="the rest, which is found by the receipt's code only", until="for_good"),
    )
