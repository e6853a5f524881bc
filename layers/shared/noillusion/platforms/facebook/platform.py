"""Facebook Pages through Facebook Login (platforms.md 0.4 and 1): text, link and image posts, read-back, insights.

The call that creates a Page post makes it public, so it must never be sent again without a look. Only an image can be prepared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from noillusion.core.sensitive import Secret
from noillusion.flows.names import Kind, PlatformName
from noillusion.flows.protocol import (
    Account,
    AccountMetrics,
    App,
    Call,
    Candidate,
    Draft,
    Effect,
    ErrorClass,
    Fault,
    Flow,
    Issue,
    ListedPost,
    Listing,
    Lookup,
    MediaItem,
    OutcomeUnknown,
    PlatformError,
    PostMetrics,
    PostRef,
    Published,
    Reading,
    Reply,
    Tokens,
    UnexpectedShape,
    Unreadable,
)
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.contract import ApiVersion, Capabilities, Platform, ReadBack, Refresh
from noillusion.platforms.meta import graph as meta
from noillusion.platforms.meta.graph import Metric, codes, either

VERSION: Final = meta.VERSION
WWW: Final = "https://www.facebook.com"
GRAPH: Final = f"https://graph.facebook.com/{VERSION.name}"

PUBLISH_SCOPE: Final = "pages_manage_posts"
READ_SCOPE: Final = "pages_read_engagement"
INSIGHTS_SCOPE: Final = "read_insights"
COUNTS_SCOPE: Final = "pages_read_user_content"
BUSINESS_SCOPE: Final = "business_management"
FEATURES: Final[Mapping[str, str]] = {
    "pages_show_list": "choosing a Page",
    BUSINESS_SCOPE: "Pages that belong to a Business Portfolio",
    PUBLISH_SCOPE: "publishing and deleting posts",
    READ_SCOPE: "links to posts, numbers of shares, settling unclear outcomes",
    INSIGHTS_SCOPE: "views, reach and clicks",
    COUNTS_SCOPE: "numbers of comments and reactions",
}
"""platforms.md 0.4, "Scopes"."""
PUBLISH_TASK: Final = "CREATE_CONTENT"

KINDS: Final[tuple[Kind, ...]] = ("text", "link", "image")
NEEDS: Final[Mapping[Kind, str]] = {"text": "text", "link": "link", "image": "media"}
TEXT_LIMIT: Final = 63_206
IMAGE: Final = meta.ImageRules(
    formats=("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"), schemes=("https", "http"), largest=10_000_000
)
"""platforms.md 1.3, "Limits"."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    text_limit=TEXT_LIMIT,
    text_unit="characters",
    refresh=Refresh("static"),
    metrics_batch=100,
    deletes=True,
    revokes=True,
    read_back=ReadBack(created_within_s=180, settles_after_s=300, gives_up_after_s=3600),
    media_by="url",
)
POST_ID: Final = Form("[0-9]{1,20}(_[0-9]{1,20})?", 41)
"""``{page}_{post}``, or the number of a photo (platforms.md 1.3)."""
FORMS: Final = Forms(
    account=NUMBER,
    accepted=POST_ID,
    post=POST_ID,
    username=Form(r"[\w.-]+", 100),
    link_hosts=("facebook.com",),
    handles={"photo_id": NUMBER},
)
FETCH_TIMEOUT_S: Final = 20.0
"""Meta scrapes a link and fetches an image within the call."""
PAGES_OF_ACCOUNTS: Final = 20
PAGES_OF_POSTS: Final = 8

LISTED_FIELDS: Final = "id,message,created_time,permalink_url,status_type,attachments{media_type,target{id}}"
UPLOADED: Final[Mapping[str, frozenset[Kind]]] = {
    "added_photos": frozenset({"image", "images"}),
    "added_video": frozenset({"video", "reel"}),
}
"""``status_type`` of posts with media of their own → the kinds that they can be."""

POST_METRICS: Final = (
    Metric("post_media_view", "views", date(2025, 5, 29)),
    Metric("post_total_media_view_unique", "reach", date(2025, 5, 29)),
    Metric("post_clicks", "clicks"),
    Metric("post_reactions_by_type_total", "likes"),
)
PAGE_METRICS: Final = (
    Metric("page_follows", "followers"),
    Metric("page_media_view", "views", date(2025, 5, 29)),
    Metric("page_total_media_view_unique", "reach", date(2025, 5, 29)),
    Metric("page_post_engagements", "engagements"),
    Metric("page_views_total", "profile_views"),
)
RETIRED_METRICS: Final[Mapping[str, date]] = {
    "page_impressions*": date(2025, 11, 15),
    "post_impressions*": date(2025, 11, 15),
    "page_fans*": date(2025, 11, 15),
    "page_posts_impressions*": date(2026, 6, 15),
    "page_video_views_unique": date(2026, 6, 15),
    "post_video_views_*unique": date(2026, 6, 15),
    "total_video_impressions*": date(2026, 6, 15),
    "total_video_views_unique": date(2026, 6, 15),
    "page_story_impressions_by_story_id*": date(2026, 6, 15),
}
"""Name patterns that fail the whole request since the given day (platforms.md 1.4)."""
POST_FIELDS: Final = ("id", "permalink_url", "shares")
COUNT_FIELDS: Final = ("reactions.summary(total_count).limit(0)", "comments.summary(true).limit(0)")

ERRORS: Final[meta.ErrorTable] = {
    **meta.ERRORS,
    **either(ErrorClass.INVALID_CONTENT, 1366046, 2069019, 1609008, 2061006, 1349125, 1504028),
    **either(ErrorClass.DUPLICATE, 1366051),
    **either(ErrorClass.RATE_LIMIT, 1390008),
    **either(ErrorClass.BLOCKED_BY_POLICY, 1346003, 1404006, 1404102, 1404112, 4854002),
    **either(ErrorClass.PERMISSION, 1404078, 1363042),
    **either(ErrorClass.TRANSIENT, 1363047, 1609010, 1363030, 1363033, 1363037, 1363041),
    **codes(ErrorClass.TRANSIENT, 6000),
    **codes(ErrorClass.INVALID_CONTENT, 3001),
    **either(ErrorClass.INVALID_CONTENT, 1363005, *range(1363019, 1363027), 1363031, 1363032, 1363045),
    **either(ErrorClass.INVALID_CONTENT, 1363127, 1363128, 1363129, 1363140),
}
"""platforms.md 0.3 and 1.5."""


class Options(BaseModel):
    """Publishing options of Facebook Pages: there are none for the kinds supported."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class Facebook:
    """Pages that the person may create content on. The account's token is the Page's own, which does not expire."""

    name: PlatformName = "facebook"
    title: str = "Facebook"
    hosts: tuple[str, ...] = ("graph.facebook.com", "www.facebook.com")
    upload_hosts: tuple[str, ...] = ()
    version: ApiVersion = VERSION
    capabilities: Capabilities = CAPABILITIES
    forms: Forms = FORMS
    scopes: tuple[str, ...] = tuple(FEATURES)
    features: Mapping[str, str] = FEATURES
    options: type[BaseModel] = Options

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """The dialog's URL. ``rerequest`` makes it ask again for what was declined before (platforms.md 0.4)."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "response_type": "code",
            "scope": ",".join(self.scopes),
            "auth_type": "rerequest",
        }
        return f"{WWW}/{VERSION.name}/dialog/oauth?{urlencode(query)}"

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Code → short user token → long-lived user token, with the granted scopes and the app-scoped id (platforms.md 0.4)."""
        secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
        url = f"{GRAPH}/oauth/access_token"
        given = {**secrets, "redirect_uri": redirect_uri, "code": Secret(code)}
        short = yield Call("POST", url, Effect.PREPARE, form=given, auth="none")
        asked = {"grant_type": "fb_exchange_token", **secrets, "fb_exchange_token": Secret(short["access_token"])}
        long = yield Call("POST", url, Effect.PREPARE, form=asked, auth="none")
        access = Secret(long["access_token"])
        person, permissions = yield [_user_call("me", access, fields="id"), _user_call("me/permissions", access)]
        granted = tuple(str(row.get("permission")) for row in meta.rows(permissions) if row.get("status") == "granted")
        return Tokens(access, None, meta.seconds(long.get("expires_in")), None, granted, str(person["id"]))

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """The tokens unchanged: nothing can be refreshed, a dead Page token needs a new login (platforms.md 1.2)."""
        yield from ()
        return tokens

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw all permissions. Only the person's own token can do that, which a Page's connection keeps as its ``refresh``.

        After a refusal the person can still remove the app in Facebook's settings (platforms.md 0.4).
        """
        yield _user_call("me/permissions", tokens.refresh or tokens.access, "DELETE", Effect.PREPARE)

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """The Pages the person ticked, and with ``business_management`` those of their businesses (platforms.md 0.4).

        An empty list means: no Page, none ticked in the dialog, or only business-owned ones without that scope.
        """
        listed, _ = yield from meta.paged(_page_list("me/accounts"), PAGES_OF_ACCOUNTS)
        if BUSINESS_SCOPE in tokens.scopes:
            listed += yield from _business_pages()
        pages: dict[str, Candidate] = {}
        for row in listed:
            candidate = _candidate(row)
            if candidate.id and not (candidate.id in pages and pages[candidate.id].can_publish):
                pages[candidate.id] = candidate
        return list(pages.values())

    def probe(self, account: Account) -> Flow[None]:
        """Read the Page's id (platforms.md 1.2)."""
        yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "id"})

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """All problems that are visible without sending anything (platforms.md 1.3, "Limits")."""
        issues = [
            *meta.scope_issues(account, (PUBLISH_SCOPE,)),
            *meta.shape_issues(draft, KINDS, NEEDS, self.title),
            *meta.length_issues(draft.text.reveal(), TEXT_LIMIT, self.title),
            *meta.media_issues(draft, IMAGE, self.title),
        ]
        tasks = account.details.get("tasks")
        if tasks is not None and PUBLISH_TASK not in tasks:
            issues.append(Issue("account", "task_missing", f"The person needs the task {PUBLISH_TASK} on this Page."))
        if draft.link is not None:
            issues += meta.url_issues(draft.link.url.reveal(), "link.url", ("https", "http"))
            ignored = [name for name in ("title", "description") if getattr(draft.link, name)]
            message = "Facebook reads the card from the page itself; this will not be sent."
            issues += [Issue(f"link.{name}", "not_supported", message, "warning") for name in ignored]
        return issues

    def stored_text(self, draft: Draft) -> str:
        """The message without blanks at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Prepare what there is to prepare, then one call makes the post public (platforms.md 1.3).

        An image is uploaded unpublished first: its id is the handle by which the post is recognized if the answer is lost. The
        upload, or else a read, turns an outage or a dead token into a clean failure.
        """
        photo = yield from (self._upload(draft.media[0], account) if draft.media else self._nothing(account))
        try:
            reply = yield _feed(draft, account, photo)
        except OutcomeUnknown:
            raise
        except PlatformError:
            yield from _discard(photo)
            raise
        return (yield from self._published(str(reply["id"])))

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Only an accepted post can be gone on with: a photo alone is no post, and its text is not kept."""
        if "accepted_id" not in handles:
            raise UnexpectedShape("handles")
        return (yield from self._published(handles["accepted_id"]))

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Ask the photo for its post, else list the Page's posts since the commit (platforms.md 1.3, "Reconcile")."""
        known = lookup.handles.get("accepted_id") or (yield from _post_of(lookup.handles.get("photo_id")))
        if known:
            return (yield from self._published(known))
        if not meta.granted(account, READ_SCOPE):
            return Unreadable("scope_missing")
        query = {"fields": LISTED_FIELDS, "since": int(lookup.since), "limit": meta.PAGE_SIZE}
        call = Call("GET", f"{GRAPH}/{account.id}/published_posts", query=query)
        listed, complete = yield from meta.paged(call, PAGES_OF_POSTS)
        return Listing(tuple(_listed(row) for row in listed if row.get("id")), complete)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Remove a post. One that is gone already counts as removed (platforms.md 1.3)."""
        try:
            yield Call("DELETE", f"{GRAPH}/{post_id}", Effect.COMMIT)
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.NOT_FOUND:
                raise

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Lifetime figures by expansion on the Page's posts (platforms.md 1.4). ``likes`` counts reactions of every kind."""
        if not meta.granted(account, READ_SCOPE):
            return {post.post_id: PostMetrics(unavailable="scope_missing") for post in posts}
        figures = meta.Figures(
            edge=f"{GRAPH}/{account.id}/posts",
            node=f"{GRAPH}/{{id}}",
            fields=POST_FIELDS + (COUNT_FIELDS if meta.granted(account, COUNTS_SCOPE) else ()),
            metrics=tuple(metric.name for metric in POST_METRICS) if meta.granted(account, INSIGHTS_SCOPE) else (),
        )
        return (yield from figures.measure([post.post_id for post in posts], _measured))

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """The Page's figures of the last complete day and its followers (platforms.md 1.4). Small Pages have none."""
        if not meta.granted(account, INSIGHTS_SCOPE):
            return AccountMetrics(unavailable="scope_missing")
        insights: list[Any] = []

        def read(names: tuple[str, ...]) -> Flow[None]:
            if names:
                query = {"metric": ",".join(names), "period": "day"}
                reply = yield Call("GET", f"{GRAPH}/{account.id}/insights", query=query)
                insights.extend(meta.rows(reply))

        yield from meta.isolating(tuple(metric.name for metric in PAGE_METRICS), read)
        given = meta.figures(PAGE_METRICS, insights)
        return AccountMetrics(**given) if len(given) > 1 else AccountMetrics(unavailable="no_data")

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply (platforms.md 0.3, 1.5)."""
        return meta.classify(reply, ERRORS)

    def _nothing(self, account: Account) -> Flow[None]:
        """Prepare nothing, and see that the connection works."""
        yield from self.probe(account)

    def _upload(self, image: MediaItem, account: Account) -> Flow[str]:
        """Upload an image that nobody sees yet; its id."""
        reply = yield _photo(image, account)
        return str(reply["id"])

    def _published(self, post_id: str) -> Flow[Published]:
        """The accepted post with its link, which is decoration: without an answer it is built (platforms.md 1.3)."""
        try:
            reply = yield Call("GET", f"{GRAPH}/{post_id}", query={"fields": "permalink_url"})
            given = reply.get("permalink_url")
        except PlatformError:
            given = None
        return Published(post_id, post_id, _link(given, post_id))


def _user_call(path: str, token: Secret, method: str = "GET", effect: Effect = Effect.READ, **query: Any) -> Call:
    """A call with the person's token, which the runner does not have (yet). It goes in a header: URLs end up in logs."""
    headers = {"authorization": Secret(f"Bearer {token.reveal()}")}
    return Call(method, f"{GRAPH}/{path}", effect, query=query, headers=headers, auth="none")


def _page_list(path: str, fields: str = "id,name,username,access_token,tasks") -> Call:
    return Call("GET", f"{GRAPH}/{path}", query={"fields": fields, "limit": 100})


def _business_pages() -> Flow[list[meta.Row]]:
    """Pages of the person's businesses. What cannot be read is left out: the plain list must not fail for it."""
    found: list[meta.Row] = []
    businesses, _ = yield from _tolerated(_page_list("me/businesses", "id,name"))
    for business in businesses:
        for edge in ("owned_pages", "client_pages"):
            listed, _ = yield from _tolerated(_page_list(f"{business.get('id')}/{edge}"))
            found += listed
    return found


def _tolerated(call: Call) -> Flow[tuple[list[meta.Row], bool]]:
    try:
        return (yield from meta.paged(call, PAGES_OF_ACCOUNTS))
    except (PlatformError, UnexpectedShape):
        return [], False


def _candidate(row: meta.Row) -> Candidate:
    """A Page of the list, also one that cannot be published to, with the reason."""
    token, tasks = row.get("access_token"), row.get("tasks")
    tasks = [str(task) for task in tasks] if isinstance(tasks, list) else []
    reason = "token_missing" if not token else "" if PUBLISH_TASK in tasks else "task_missing"
    page = str(row.get("id") or "")
    return Candidate(
        id=page,
        kind="page",
        name=str(row.get("name") or page),
        username=str(row.get("username") or ""),
        token=Secret(str(token)) if token else None,
        can_publish=not reason,
        reason=reason,
        details={"tasks": tasks},
    )


def _feed(draft: Draft, account: Account, photo: str | None) -> Call:
    """The call that makes a text, a link or an uploaded image public (platforms.md 1.3)."""
    form = {
        "message": draft.text,
        "link": draft.link.url if draft.link else None,
        "attached_media": json.dumps([{"media_fbid": photo}]) if photo else None,
    }
    url, keep = f"{GRAPH}/{account.id}/feed", {"accepted_id": "id"}
    return Call("POST", url, Effect.COMMIT, form=meta.compact(form), keep=keep, timeout=FETCH_TIMEOUT_S)


def _photo(image: MediaItem, account: Account) -> Call:
    """One image, by URL or as bytes, that nobody sees yet (platforms.md 1.3)."""
    fields = {"alt_text_custom": image.alt_text, "published": "false"}
    body: dict[str, Any]
    if image.url is not None:
        body = {"form": meta.compact({"url": image.url, **fields})}
    else:
        body = {"multipart": meta.compact({"source": image, **fields})}
    url, keep = f"{GRAPH}/{account.id}/photos", {"photo_id": "id"}
    return Call("POST", url, Effect.PREPARE, keep=keep, timeout=FETCH_TIMEOUT_S, **body)


def _discard(photo: str | None) -> Flow[None]:
    """Remove a photo whose post was refused for certain. If that fails, it stays where nobody sees it."""
    if photo:
        with suppress(PlatformError):
            yield Call("DELETE", f"{GRAPH}/{photo}", Effect.PREPARE)


def _post_of(photo: str | None) -> Flow[str | None]:
    """The post that a photo is in, ``None`` if it is in none or does not tell."""
    if photo is None:
        return None
    try:
        reply = yield Call("GET", f"{GRAPH}/{photo}", query={"fields": "page_story_id"})
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.INVALID_CONTENT):
            raise
        return None
    story = reply.get("page_story_id")
    return story if isinstance(story, str) and story else None


def _link(given: Any, post_id: str) -> str:
    """An absolute permalink: the given one may be a path, and a post's id always makes one."""
    path = given if isinstance(given, str) and given.startswith("/") else f"/{post_id}"
    return FORMS.permalink(given) or FORMS.permalink(f"{WWW}{path}") or f"{WWW}/{post_id}"


def _listed(row: meta.Row) -> ListedPost:
    post_id, attached = str(row["id"]), Reply(200, data=row).get("attachments.data")
    attachments = [Reply(200, data=one) for one in attached] if isinstance(attached, list) else []
    photos = (one.get("target.id") for one in attachments if one.get("media_type") == "photo")
    return ListedPost(
        post_id,
        str(row.get("message") or ""),
        meta.moment(row.get("created_time")),
        _link(row.get("permalink_url"), post_id),
        _kinds(str(row.get("status_type")), {str(one.get("media_type")) for one in attachments}),
        frozenset(photo for photo in photos if isinstance(photo, str)),
    )


def _kinds(status_type: str, media_types: set[str]) -> frozenset[Kind]:
    """The kinds that a listed post can be. A text or a link can show a card with a picture or a film of the page it leads to."""
    if status_type in UPLOADED:
        return UPLOADED[status_type]
    return frozenset({"text", "link", "video", "reel"}) if media_types and not media_types & {"photo", "album"} else frozenset()


def _measured(row: meta.Row) -> PostMetrics:
    """A post's figures. Counts on the post are live and go before insights; an absent ``shares`` is zero (platforms.md 1.4)."""
    post = Reply(200, data=row)
    live = {
        "likes": meta.number(post.get("reactions.summary.total_count")),
        "comments": meta.number(post.get("comments.summary.total_count")),
        "shares": meta.number(post.get("shares.count", 0)),
        "permalink": _link(row.get("permalink_url"), str(row.get("id", ""))) if row.get("permalink_url") else None,
    }
    given = {name: value for name, value in live.items() if value is not None}
    return PostMetrics(**{**meta.figures(POST_METRICS, row.get("insights")), **given})


PLATFORM: Final[Platform] = Facebook()
