"""The catalog of messages on the status page of a data deletion request."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.connections.models import Remainder

DELETION: Mapping[str, str] = {
    "deleting": "The data received from your account is being deleted from No iLLusion Social. Check this page again in a few "
    "minutes.",
    "completed": "All data received from your account has been deleted from No iLLusion Social: accounts, permissions, ids and "
    "links of posts, figures, and notices about them.",
}
REMAINS = (
    Remainder(
        what="The time of this request, the number of records deleted of each kind, and keyed hashes of its code and of your id.",
        why="To prove that the deletion took place. None of it came from your account, and it identifies nobody.",
    ),
    Remainder(
        what="Posts on the platform itself.",
        why="They belong to you. Delete them there if you no longer want them.",
    ),
)
