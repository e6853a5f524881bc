"""The catalog of messages about targets: why one failed, and what is wrong with a draft or its media."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.catalog.platforms import PlatformName, reason_of
from noillusion.flows.faults import ErrorClass
from noillusion.flows.issues import IssueCode

FAILED: Mapping[ErrorClass, str] = {
    ErrorClass.REAUTH: "The connection no longer works. Connect the account again, then retry.",
    ErrorClass.PERMISSION: "A permission is missing. Connect the account again and grant it, then retry.",
    ErrorClass.RATE_LIMIT: "The platform's rate limit is reached. Retry later.",
    ErrorClass.BLOCKED_BY_POLICY: "The platform blocked this. Look for a message in the platform's own app.",
    ErrorClass.DUPLICATE: "The platform reports that an identical post already exists.",
    ErrorClass.INVALID_CONTENT: "The platform does not accept this content. Change it, then retry.",
    ErrorClass.MEDIA_FETCH: "The platform could not fetch your image or video from its URL. Make the URL public, then retry.",
    ErrorClass.MEDIA_PROCESSING: "The platform could not process your image or video. Retry, or use another file.",
    ErrorClass.NOT_READY: "The platform was not ready in time. Retry.",
    ErrorClass.NOT_FOUND: "The platform no longer knows the account or object.",
    ErrorClass.TRANSIENT: "The platform had a temporary problem. Nothing was published. Retry.",
    ErrorClass.OPERATOR: "The platform refused this service. Tell its operator, who alone can fix this.",
    ErrorClass.UNKNOWN: "The platform refused for an undocumented reason.",
}
UNKNOWN = "The platform's answer was lost. We are checking whether the post went out; do not publish it again in the meantime."
UNKNOWN_FINAL = "We could not determine whether the post went out. Check the account before you publish it again."
SEEN: Mapping[str, str] = {
    "several_posts": "The account shows several posts that could be this one.",
    "several_commits": "Another post with the same text was sent at about the same time, and the account shows only one of them.",
    "nothing_to_compare": "The account has a post that could be this one, but they cannot be compared because there is no text.",
    "time_does_not_fit": "The account shows a post with this text, but it was created at another time.",
    "held_by_another": "The platform returned a post that is already recorded for another target.",
}
"""Why an outcome stayed unknown → what the account showed. Other codes are the platform's and say nothing about the account."""

OTHER_PLATFORM = "Applies to another platform; this target is on {platform}."
WRONG_FILE = "The data is not a valid {content_type} file."
DECLARED = "The content of the file is of another type than content_type says. The content counts."
REDIRECTED = "{platform} does not follow redirects. Use the URL to which this one leads."
COMPRESSED = "The host serves the file only in a compressed encoding, so it could not be checked. Serve it as it is."
NOT_ANSWERED = "The platform did not tell what the account can publish at the moment."
HANDED_TOO_LARGE = (
    "{platform} fetches this file through this service, which serves files of at most {limit:,} bytes. Compress it, or use a "
    "smaller one."
)
HANDED_TOO_LONG = (
    "{platform} fetches this file through this service, which needs a URL of at most {limit:,} bytes. Use a shorter one."
)
RESTS = "{platform} accepts nothing from this account for another {seconds} seconds, because a limit is reached. Publish later."
NEARLY_USED = (
    "{platform} accepts about {limit} posts of an account within 24 hours, those of other apps included, and this service has "
    "sent {used}. More may be refused."
)
REAUTH_REQUIRED = "The account must be connected again."

FETCHED: Mapping[IssueCode, str] = {
    "http_status": "The URL returned a status other than 200.",
    "invalid_url": "Must be a plain absolute https URL.",
    "https_required": "Must be an https URL.",
    "port_not_allowed": "Must use port 443, the default port of https.",
    "address_not_public": "Must point to a public host.",
    "too_many_redirects": "Must lead to the file with at most three redirects.",
    "unresolvable": "We could not resolve the host; the platform may fail too.",
    "unreachable": "The host did not answer our request; the platform may fail too.",
    "not_looked_at": "Not checked: only a limited number of files is checked per request.",
}
"""By the code of what fetching a file has shown."""


def failed(platform: PlatformName, error_class: ErrorClass, code: str | None) -> str:
    """Return the message for a target that failed: what the platform's own number says, where it says more, and what to do."""
    reason = reason_of(platform, code)
    return f"{reason} {FAILED[error_class]}" if reason else FAILED[error_class]


def unknown(code: str | None, *, final: bool) -> str:
    """Return the message for an unknown outcome; ``final`` once nobody looks for the post any more."""
    if not final:
        return UNKNOWN
    seen = SEEN.get(code or "")
    return f"{seen} {UNKNOWN_FINAL}" if seen else UNKNOWN_FINAL
