"""The data map as data: every table, what it holds about a user, why, and how long. A test compares it with the schema."""

from __future__ import annotations

from noillusion.privacy.models import DataMapEntry

NEVER_STORED = [
    "text, captions and alternative texts of posts",
    "addresses and bytes of links, pictures and films",
    "prompts as they are sent to AI providers",
    "what AI providers answer",
    "AI keys that are passed in request headers",
    "passwords and e-mail addresses (Auth0 is the only user directory)",
]

_UNTIL_DELETED = "until you delete it or your profile"

# Children before their parents: the order in which rows are deleted.
TABLES: tuple[DataMapEntry, ...] = tuple(
    DataMapEntry(table=table, holds=holds, purpose=purpose, kept=kept)
    for table, holds, purpose, kept in (
        ("post_analytics", "counts per published post over time", "to show how posts do", _UNTIL_DELETED),
        (
            "account_analytics",
            "counts per connected account over time",
            "to show how accounts do",
            "as long as the account is connected",
        ),
        (
            "post_targets",
            "states, times, ids and addresses that platforms gave, error codes; a keyed fingerprint while an outcome is open",
            "so that nothing goes out twice and nothing gets lost",
            _UNTIL_DELETED,
        ),
        (
            "schedules",
            "due times, accounts and states of planned posts; a sealed source address where you named one",
            "to publish at the time you chose",
            _UNTIL_DELETED,
        ),
        (
            "posts",
            "the idempotency key of each request, a keyed fingerprint for one day, the answer (ids and states)",
            "so that a repeated request is recognised",
            _UNTIL_DELETED,
        ),
        (
            "connection_attempts",
            "state of a connecting in progress, its grant sealed, a keyed hash of the account that gave it",
            "to connect accounts",
            "10 to 30 minutes; a grant that was not confirmed is withdrawn then, with some minutes for tries that fail",
        ),
        (
            "former_accounts",
            "platform and account id of accounts that you disconnected, a keyed hash of the account that gave the permission",
            "to find what is left of an account when Facebook or Instagram ask us to delete it",
            "until that is asked or you delete your profile; for Facebook and Instagram only",
        ),
        (
            "platform_connections",
            "account ids and names, granted permissions, sealed tokens",
            "to act on your accounts on your behalf",
            "until you disconnect",
        ),
        (
            "ai_provider_keys",
            "your AI keys, sealed, and their last four characters",
            "to call the providers with your keys",
            _UNTIL_DELETED,
        ),
        (
            "ai_provider_state",
            "cooldowns and remaining quota per provider",
            "to choose a provider that can answer",
            _UNTIL_DELETED,
        ),
        (
            "ai_usage_tracking",
            "tokens, cost, duration and outcome per AI attempt",
            "to show usage, and so that a repeated request is recognised",
            _UNTIL_DELETED,
        ),
        (
            "ai_spending",
            "what your AI attempts cost in each month, and what is reserved for those whose cost nobody told",
            "to keep your budget",
            _UNTIL_DELETED,
        ),
        ("prompt_template_ratings", "your stars for shared templates", "to sort shared templates", _UNTIL_DELETED),
        ("prompt_template_versions", "the texts of your templates", "templates are yours to keep and reuse", _UNTIL_DELETED),
        (
            "prompt_templates",
            "names, tags and sharing of your templates",
            "templates are yours to keep and reuse",
            _UNTIL_DELETED,
        ),
        ("notifications", "kinds, ids and codes of notices", "to tell you what happened", _UNTIL_DELETED),
        ("webhooks", "your webhook address and its secret, sealed", "to deliver notices to you", _UNTIL_DELETED),
        (
            "profiles",
            "display name, bio, skills, mission, preferences",
            "to fill templates and remember your choices",
            _UNTIL_DELETED,
        ),
    )
)
DEPARTURES = DataMapEntry(
    table="departures",
    holds="your id and how far the deletion of your rows is, while it goes on; a keyed hash of the receipt's code",
    purpose="so that a deletion always ends, and nothing that was under way writes after it",
    kept="until the last row is deleted; mostly a moment",
)
OPERATOR_SPENDING = DataMapEntry(
    table="ai_operator_spending",
    holds="a keyed hash instead of your id, another one each month, and what you spent in it on the operator's AI keys",
    purpose="so that leaving and coming back does not fill up what the operator pays for",
    kept="until the month (UTC) is over, also after you leave",
)
RECEIPTS = DataMapEntry(
    table="deletion_receipts",
    holds="a keyed hash instead of your id, counts, which grants were withdrawn, a keyed hash of the receipt's code",
    purpose="to prove that a deletion took place",
    kept="for good; it cannot be traced to you without the code",
)
