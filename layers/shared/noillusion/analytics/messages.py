"""The catalog of reasons why a current figure is missing."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "not_measured_yet": "The figures have not been read yet.",
    "not_published": "This target was not published.",
    "disconnected": "The account is no longer connected. These are the last figures that were read.",
    "reauth": "The connection no longer works. Connect the account again.",
    "scope_missing": "The permission to read figures was not granted. Connect the account again and grant it.",
    "no_access": "The app of this deployment by which the account is connected has no access to these figures.",
    "permission": "The platform does not let this connection read figures.",
    "rate_limit": "The platform's rate limit is reached. The figures will be read again later.",
    "transient": "The platform had a temporary problem. The figures will be read again soon.",
    "internal": "An internal error prevented the figures from being read. They will be read again soon.",
    "no_data": "The platform has no figures for this (yet).",
    "not_found": "The platform no longer knows this post or account.",
    "not_public": "The post is not public (yet), and the platform counts only public posts.",
    "processing": "The platform is still processing the post.",
    "in_inbox": "The post is waiting in the account's inbox to be finished there.",
    "failed": "The platform did not publish the post in the end.",
    "unsupported_id": "The platform has no figures for this kind of post.",
}
OTHER = "The platform refused to return figures."
