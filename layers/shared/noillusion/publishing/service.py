"""Publishing: one request, many targets, each its own failure domain. Nothing goes out twice and nothing gets lost.

What routes call; each verb has a module of its own.
"""

from noillusion.publishing.create import create
from noillusion.publishing.editing import edit
from noillusion.publishing.listing import get_post, listing, tag
from noillusion.publishing.planning import check
from noillusion.publishing.progress import retry_after
from noillusion.publishing.refresh import refresh
from noillusion.publishing.removal import cancel, delete
from noillusion.publishing.retry import retry

__all__ = ["cancel", "check", "create", "delete", "edit", "get_post", "listing", "refresh", "retry", "retry_after", "tag"]
