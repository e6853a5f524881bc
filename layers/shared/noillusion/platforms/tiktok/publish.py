"""Publishing on TikTok and reading back (platforms.md 4.3). The init of a post is its commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.flows.draft import Draft, Kind
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Flow, ListedPost, Listing, Lookup, Published, Reading, Reply, Unreadable
from noillusion.platforms.calls import filled
from noillusion.platforms.reading import integer
from noillusion.platforms.tiktok import calls, connect, status
from noillusion.platforms.tiktok.facts import LIST_PAGES, LISTED_TEXT, PAGE
from noillusion.platforms.tiktok.options import TikTokOptions


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Creator's rules, init (the commit: from there TikTok fetches the media), status (platforms.md 4.3)."""
    options, username = TikTokOptions.of(draft), account.username
    if options.mode == "direct":
        creator = yield calls.post("/post/publish/creator_info/query/", {})
        _obey(creator, options, draft.kind)
        username = str(creator.get("data.creator_username", username))
    else:
        yield from connect.probe()
    path, body = _init(draft, options)
    reply = yield calls.post(path, body, Effect.COMMIT, keep={"accepted_id": "data.publish_id"}, timeout=20.0)
    return (yield from status.settle(str(reply["data.publish_id"]), username))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Ask for the status of what TikTok accepted. Nothing else exists that could be resumed."""
    if not handles.get("accepted_id"):
        yield from ()
        raise UnexpectedShape("handles")
    return (yield from status.settle(handles["accepted_id"], account.username))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Read back by publish id, else the public videos since the commit (platforms.md 4.3).

    Private posts are in no list, so only a failure that TikTok states is a final absence.
    """
    if publish_id := lookup.handles.get("accepted_id"):
        try:
            outcome = status.outcome((yield calls.status(publish_id)), publish_id, account.username)
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.NOT_FOUND:
                raise
        else:
            return outcome if isinstance(outcome, Published) else Absent(final=outcome is not None)
    if "video.list" not in account.scopes:
        return Unreadable("scope_missing")
    return Listing((yield from _listed(lookup, account)), complete=False)


def _obey(creator: Reply, options: TikTokOptions, kind: Kind) -> None:
    """Hold the options against what this creator may do right now; nothing was sent yet (platforms.md 4.3, 4.7)."""
    if options.privacy_level not in creator["data.privacy_level_options"]:
        raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, "privacy_level_option_mismatch"))
    for name in ("comment",) if kind != "video" else ("comment", "duet", "stitch"):
        if creator.get(f"data.{name}_disabled") and not getattr(options, f"disable_{name}"):
            raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, f"{name}_disabled"))
    longest = integer(creator.get("data.max_video_post_duration_sec"))
    if kind == "video" and options.duration_s and longest and options.duration_s > longest:
        raise PlatformError(Fault(ErrorClass.INVALID_CONTENT, "duration_check_failed"))


def _init(draft: Draft, options: TikTokOptions) -> tuple[str, dict[str, Any]]:
    """Path and body of the init. Empty values are left out (failure-classes.md E2)."""
    urls = [item.url for item in draft.media]
    if draft.kind == "video":
        source: dict[str, Any] = {"source": "PULL_FROM_URL", "video_url": urls[0]}
        if options.mode == "inbox":
            return "/post/publish/inbox/video/init/", {"source_info": source}
        return "/post/publish/video/init/", {"post_info": _video_info(draft, options), "source_info": source}
    body = {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if options.mode == "direct" else "MEDIA_UPLOAD",
        "post_info": _photo_info(draft, options),
        "source_info": {"source": "PULL_FROM_URL", "photo_images": urls, "photo_cover_index": options.cover_index or 0},
    }
    return "/post/publish/content/init/", body


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
