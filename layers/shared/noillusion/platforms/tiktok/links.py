"""Reading the public id and the link of a published post on TikTok again (platforms.md 4.3)."""

from __future__ import annotations

from noillusion.flows.measures import PostRef
from noillusion.flows.protocol import Account, Flow, Published
from noillusion.platforms.tiktok import calls, status
from noillusion.platforms.tiktok.facts import FORMS


def locate(post: PostRef, account: Account) -> Flow[Published]:
    """Ask for the public id, which TikTok can tell hours later, and then for the link."""
    accepted = post.handles.get("accepted_id", post.post_id)
    post_id = FORMS.post_id(post.post_id)
    if post_id is None:
        outcome = status.outcome((yield calls.status(accepted)), accepted, account.username)
        post_id = outcome.post_id if isinstance(outcome, Published) else None
    if post_id is None:
        return Published(accepted)
    link = status.permalink(account.username, post_id, accepted)
    if "video.list" in account.scopes:
        # A private post is not in the answer.
        listed = yield calls.post("/video/query/?fields=id,share_url", {"filters": {"video_ids": [post_id]}})
        link = next((given for video in calls.videos(listed) if (given := status.share_link(video))), link)
    return Published(accepted, post_id, link)
