"""Publishing on TikTok and reading back (platforms.md 4.3).

The init of a post is its commit where TikTok fetches the media. Where their bytes are sent, the last chunk is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Flow, ListedPost, Listing, Lookup, Published, Reading, Unreadable
from noillusion.platforms.calls import filled
from noillusion.platforms.reading import integer
from noillusion.platforms.tiktok import calls, connect, status, uploads
from noillusion.platforms.tiktok.account_options import account_options, option_issues, refused_by
from noillusion.platforms.tiktok.facts import LIST_PAGES, LISTED_TEXT, PAGE
from noillusion.platforms.tiktok.options import TikTokOptions


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Creator's rules, init, a video's bytes unless TikTok fetches them, status (platforms.md 4.3)."""
    options, username = TikTokOptions.of(draft), account.username
    if options.mode == "direct":
        creator = yield from account_options(account)
        if issue := next(option_issues(draft, creator), None):
            # Nothing was sent yet.
            raise PlatformError(refused_by(issue))
        username = creator.username
    else:
        yield from connect.probe()
    path, body = _init(draft, options)
    if is_uploaded(draft, account):
        publish_id = yield from _uploaded(path, body, draft.media[0])
    else:
        source = _source(draft, options)
        keep = {"accepted_id": "data.publish_id"}
        reply = yield calls.post(path, {**body, "source_info": source}, Effect.COMMIT, keep=keep, timeout=20.0)
        publish_id = str(reply["data.publish_id"])
    return (yield from status.settle(publish_id, username))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Ask for the status of what TikTok accepted. An upload that was not finished cannot be: its bytes are not kept."""
    if accepted := handles.get("accepted_id"):
        return (yield from status.settle(accepted, account.username))
    if not handles.get("publish_id"):
        yield from ()
        raise UnexpectedShape("handles")
    return (yield from uploads.abandoned(handles["publish_id"], account))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Read back by publish id, else the public videos since the commit (platforms.md 4.3).

    Private posts are in no list, so only a failure that TikTok states is a final absence.
    """
    try:
        if publish_id := lookup.handles.get("accepted_id"):
            outcome = status.outcome((yield calls.status(publish_id)), publish_id, account.username)
            return outcome if isinstance(outcome, Published) else Absent(final=outcome is not None)
        if lookup.handles.get("publish_id"):
            return (yield from uploads.look(lookup.handles, account))
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
    if "video.list" not in account.scopes:
        return Unreadable("scope_missing")
    return Listing((yield from _listed(lookup, account)), complete=False)


def is_uploaded(draft: Draft, account: Account) -> bool:
    """Return whether the bytes of a draft's media are sent: those of a video that TikTok does not fetch."""
    return draft.kind == "video" and not _pulled(draft.media[0], account)


def _pulled(item: MediaItem, account: Account) -> bool:
    """Return whether TikTok fetches a video itself: only from URLs that the operator has verified, and without redirects."""
    return item.url is not None and not item.redirected and item.url.reveal().startswith(account.verified_urls)


def _uploaded(path: str, body: Mapping[str, Any], item: MediaItem) -> Flow[str]:
    """Upload a video. Returns its publish id."""
    upload = yield from uploads.start(path, body, item)
    try:
        yield from uploads.send(upload)
    except OutcomeUnknown:
        raise
    except PlatformError:
        yield from uploads.discard(upload.publish_id)
        raise
    return upload.publish_id


def _init(draft: Draft, options: TikTokOptions) -> tuple[str, dict[str, Any]]:
    """Path and body of the init without the source. Empty values are left out (failure-classes.md E2)."""
    if draft.kind == "video":
        if options.mode == "inbox":
            return "/post/publish/inbox/video/init/", {}
        return "/post/publish/video/init/", {"post_info": _video_info(draft, options)}
    body = {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if options.mode == "direct" else "MEDIA_UPLOAD",
        "post_info": _photo_info(draft, options),
    }
    return "/post/publish/content/init/", body


def _source(draft: Draft, options: TikTokOptions) -> dict[str, Any]:
    """The media that TikTok fetches."""
    urls = [item.url for item in draft.media]
    if draft.kind == "video":
        return {"source": "PULL_FROM_URL", "video_url": urls[0]}
    return {"source": "PULL_FROM_URL", "photo_images": urls, "photo_cover_index": options.cover_index or 0}


def _video_info(draft: Draft, options: TikTokOptions) -> dict[str, Any]:
    info: dict[str, Any] = {
        "title": draft.text,
        "privacy_level": options.privacy_level,
        "disable_comment": options.disable_comment,
        "disable_duet": options.disable_duet,
        "disable_stitch": options.disable_stitch,
        "video_cover_timestamp_ms": options.cover_timestamp_ms,
        "brand_content_toggle": options.brand_content_toggle,
        "brand_organic_toggle": options.brand_organic_toggle,
        "is_aigc": options.is_aigc,
    }
    return filled(info)


def _photo_info(draft: Draft, options: TikTokOptions) -> dict[str, Any]:
    info: dict[str, Any] = {"title": options.title, "description": draft.text}
    if options.mode == "direct":
        info |= {
            "privacy_level": options.privacy_level,
            "disable_comment": options.disable_comment,
            "auto_add_music": options.auto_add_music,
            "brand_content_toggle": options.brand_content_toggle,
            "brand_organic_toggle": options.brand_organic_toggle,
        }
    return filled(info)


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[ListedPost, ...]]:
    """The public videos since the commit. Newest first, so an older one ends the search."""
    cursor: int | None = None
    found: list[ListedPost] = []
    for _ in range(LIST_PAGES):
        body = {"max_count": PAGE} if cursor is None else {"max_count": PAGE, "cursor": cursor}
        reply = yield calls.post("/video/list/?fields=id,create_time,title,video_description,share_url", body)
        listed = [_video(video, account) for video in calls.videos(reply) if video.get("id")]
        found += listed
        cursor = integer(reply.get("data.cursor"))
        older = any(post.created_at is not None and post.created_at < lookup.since for post in listed)
        if older or reply.get("data.has_more") is not True or cursor is None:
            break
    return tuple(found)


def _video(video: Mapping[str, Any], account: Account) -> ListedPost:
    post_id, created = str(video["id"]), integer(video.get("create_time"))
    text = str(video.get("video_description") or video.get("title") or "")
    link = status.share_link(video) or status.permalink(account.username, post_id, "")
    # A link to a photo tells the kind; photos were seen with links to videos.
    kinds: frozenset[Kind] = frozenset({"image", "images"}) if link and "/photo/" in link else frozenset()
    return ListedPost(post_id, text[:LISTED_TEXT], None if created is None else float(created), link, kinds)
