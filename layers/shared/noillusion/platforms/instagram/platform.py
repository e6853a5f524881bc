"""Instagram professional accounts through Instagram Login (platforms.md 2, path B): image posts, read-back, insights.

A post is prepared as a container, waited for, and published from it. A container is published once; what became of it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from noillusion.core.sensitive import Content, Secret
from noillusion.flows.names import Kind, PlatformName
from noillusion.flows.protocol import (
    Absent,
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
    PlatformError,
    PostMetrics,
    PostRef,
    Published,
    Reading,
    Reply,
    Tokens,
    UnexpectedShape,
    Until,
)
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms.contract import ApiVersion, Capabilities, Platform, ReadBack, Refresh
from noillusion.platforms.meta import graph as meta
from noillusion.platforms.meta.graph import Metric, codes, subcodes

VERSION: Final = meta.VERSION
ROOT: Final = "https://graph.instagram.com"
GRAPH: Final = f"{ROOT}/{VERSION.name}"
AUTHORIZE: Final = "https://www.instagram.com/oauth/authorize"
CODE_TO_TOKEN: Final = "https://api.instagram.com/oauth/access_token"  # noqa: S105 - an address

PUBLISH_SCOPE: Final = "instagram_business_content_publish"
INSIGHTS_SCOPE: Final = "instagram_business_manage_insights"
FEATURES: Final[Mapping[str, str]] = {
    "instagram_business_basic": "everything: the account itself cannot be read",
    PUBLISH_SCOPE: "publishing",
    INSIGHTS_SCOPE: "views, reach, saves and shares",
}
"""platforms.md 2.2."""

DAY_S: Final = 86_400
ASSUMED_LIFE_S: Final = 30 * DAY_S
"""Life of a long-lived token whose reply names none: half of the documented 60 days (failure-classes.md C1)."""
KINDS: Final[tuple[Kind, ...]] = ("image",)
NEEDS: Final[Mapping[Kind, str]] = {"image": "media"}
CAPTION_LIMIT: Final = 2200
HASHTAGS_REFUSED_ABOVE: Final = 30
HASHTAGS_DOUBTFUL_ABOVE: Final = 5
"""What the product allows since 2025-12-19; what the API does with more is not known (platforms.md 2.3)."""
MENTION_LIMIT: Final = 20
COLLABORATOR_LIMIT: Final = 3
IMAGE: Final = meta.ImageRules(
    formats=("image/jpeg",), schemes=("https",), largest=8_000_000, inline=False, ascii_url=True, alt_limit=1000
)
"""platforms.md 2.3, "Limits" and "URL"."""
CAPABILITIES: Final = Capabilities(
    kinds=KINDS,
    text_limit=CAPTION_LIMIT,
    text_unit="characters",
    refresh=Refresh("extend", margin_s=10 * DAY_S, minimum_age_s=DAY_S),
    metrics_batch=100,
    deletes=False,
    revokes=False,
    read_back=ReadBack(created_within_s=600, settles_after_s=300, gives_up_after_s=6 * 3600, longest_gap_s=1800),
    media_by="url",
    hashtag_limit=HASHTAGS_REFUSED_ABOVE,
    hashtag_warning=HASHTAGS_DOUBTFUL_ABOVE,
)
FORMS: Final = Forms(
    account=NUMBER,
    accepted=NUMBER,
    post=NUMBER,
    username=Form("[A-Za-z0-9_.]+", 30),
    link_hosts=("instagram.com",),
    handles={"container_id": NUMBER},
)
FETCH_TIMEOUT_S: Final = 20.0
POLL_EVERY_S: Final = 2.0
POLL_AT_MOST_S: Final = 300.0
PAGES_OF_POSTS: Final = 4

MEDIA_TYPES: Final[Mapping[str, frozenset[Kind]]] = {
    "IMAGE": frozenset({"image"}),
    "VIDEO": frozenset({"video", "reel"}),
    "CAROUSEL_ALBUM": frozenset({"images"}),
}
"""``media_type`` → the kinds of post that it can be."""

MEDIA_METRICS: Final = (
    Metric("views", "views", date(2025, 4, 21)),
    Metric("reach", "reach"),
    Metric("saved", "saves"),
    Metric("shares", "shares"),
    Metric("total_interactions"),
    Metric("reposts"),
)
"""Those that fit feed posts and reels alike: one that does not fit an item fails the whole call (platforms.md 2.4)."""
ACCOUNT_METRICS: Final = (
    Metric("reach", "reach"),
    Metric("views", "views", date(2025, 4, 21)),
    Metric("total_interactions", "engagements"),
    Metric("accounts_engaged"),
    Metric("profile_links_taps"),
)
RETIRED_METRICS: Final[Mapping[str, date]] = {
    "impressions": date(2025, 4, 21),
    "plays": date(2025, 4, 21),
    "clips_replays_count": date(2025, 4, 21),
    "ig_reels_aggregated_all_plays_count": date(2025, 4, 21),
    "video_views": date(2025, 4, 21),
    "profile_views": date(2025, 4, 21),
    "website_clicks": date(2025, 4, 21),
}
"""Names that fail the whole request, since the given day at the latest (platforms.md 2.4)."""
MEDIA_FIELDS: Final = ("id", "permalink", "like_count", "comments_count")

ERRORS: Final[meta.ErrorTable] = {
    **meta.ERRORS,
    **subcodes(ErrorClass.RATE_LIMIT, 2207042),
    **subcodes(ErrorClass.BLOCKED_BY_POLICY, 2207051, 2207050),
    **codes(ErrorClass.NOT_READY, 9007),
    **subcodes(ErrorClass.NOT_READY, 2207027, 2207008),
    **subcodes(ErrorClass.NOT_FOUND, 2207006),
    **subcodes(ErrorClass.MEDIA_PROCESSING, 2207020, 2207077, 2207082, 2207085),
    **subcodes(ErrorClass.TRANSIENT, 2207001, 2207032, 2207053, 2207003),
    **codes(ErrorClass.MEDIA_FETCH, 9004),
    **subcodes(ErrorClass.MEDIA_FETCH, 2207052),
    **codes(ErrorClass.INVALID_CONTENT, 352, 36000, 36001, 36003, 36004),
    **subcodes(ErrorClass.INVALID_CONTENT, 2207026, 2207004, 2207005, 2207009, 2207010),
    **subcodes(ErrorClass.INVALID_CONTENT, 2207023, 2207028, 2207035, 2207036, 2207037, 2207040, 2207057),
    **subcodes(ErrorClass.PERMISSION, 2207081),
}
"""platforms.md 0.3 and 2.5."""
FINAL_CLASSES: Final[Mapping[int, ErrorClass]] = {
    **{number: error_class for (_, number), error_class in ERRORS.items() if number and number >= 2_200_000},
    **dict.fromkeys((2207001, 2207008, 2207027, 2207032, 2207053), ErrorClass.MEDIA_PROCESSING),
    2207003: ErrorClass.MEDIA_FETCH,
}
"""The same numbers in the status of a container that has failed: there, waiting no longer helps (platforms.md 2.7)."""


class Options(BaseModel):
    """Publishing options of Instagram images (platforms.md 2.3, "Optional")."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    is_ai_generated: bool = False
    collaborators: tuple[Content, ...] = Field(default=(), description="User names of at most 3 accounts invited as co-authors")
    location_id: Content | None = Field(default=None, description="Id of a Facebook Page that stands for the place")


class Instagram:
    """Business and creator accounts. The token lives 60 days and is extended in place before it expires."""

    name: PlatformName = "instagram"
    title: str = "Instagram"
    hosts: tuple[str, ...] = ("graph.instagram.com", "api.instagram.com", "www.instagram.com")
    upload_hosts: tuple[str, ...] = ()
    version: ApiVersion = VERSION
    capabilities: Capabilities = CAPABILITIES
    forms: Forms = FORMS
    scopes: tuple[str, ...] = tuple(FEATURES)
    features: Mapping[str, str] = FEATURES
    options: type[BaseModel] = Options

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """The dialog's URL (platforms.md 2.2). ``app`` is the Instagram app, which is not the Facebook app."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": ",".join(self.scopes),
            "state": state,
        }
        return f"{AUTHORIZE}?{urlencode(query)}"

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Code → token of one hour → token of 60 days (platforms.md 2.2). The subject is the id that callbacks name."""
        form = {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
            "code": Secret(code.removesuffix("#_")),
        }
        reply = yield Call("POST", CODE_TO_TOKEN, Effect.PREPARE, multipart=form, auth="none")
        short = Reply(200, data=reply.get("data.0", reply.data))
        query = {
            "grant_type": "ig_exchange_token",
            "client_secret": app.client_secret,
            "access_token": Secret(short["access_token"]),
        }
        long = yield Call("GET", f"{ROOT}/access_token", Effect.PREPARE, query=query, auth="none")
        granted = short.get("permissions", ())
        scopes = granted.split(",") if isinstance(granted, str) else granted
        return _tokens(long, tuple(str(scope).strip() for scope in scopes), str(short["user_id"]))

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Extend the token, which must be a day old and not expired (platforms.md 2.2)."""
        query = {"grant_type": "ig_refresh_token", "access_token": tokens.access}
        reply = yield Call("GET", f"{ROOT}/refresh_access_token", Effect.PREPARE, query=query, auth="none")
        return _tokens(reply, tokens.scopes, tokens.subject)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Nothing to call: the person removes the app in Instagram's settings (platforms.md 2.2)."""
        yield from ()

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """The one account that consented. ``user_id`` is the id to work with, ``id`` is app-scoped (platforms.md 2.2)."""
        reply = yield Call("GET", f"{GRAPH}/me", query={"fields": "user_id,username,name,account_type"})
        profile = Reply(200, data=reply.get("data.0", reply.data))
        account_type = str(profile.get("account_type", "")).lower()
        personal = account_type == "personal"
        username = str(profile.get("username", ""))
        return [
            Candidate(
                id=str(profile["user_id"]),
                kind="professional",
                name=str(profile.get("name", username)),
                username=username,
                can_publish=not personal,
                reason="personal_account" if personal else "",
                details={"account_type": account_type},
            )
        ]

    def probe(self, account: Account) -> Flow[None]:
        """Read the account's id (platforms.md 2.2)."""
        yield Call("GET", f"{GRAPH}/me", query={"fields": "user_id"})

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """All problems that are visible without sending anything (platforms.md 2.3, "Limits")."""
        text = draft.text.reveal()
        issues = [
            *meta.scope_issues(account, (PUBLISH_SCOPE,)),
            *meta.shape_issues(draft, KINDS, NEEDS, self.title),
            *meta.length_issues(text, CAPTION_LIMIT, self.title),
            *meta.media_issues(draft, IMAGE, self.title),
        ]
        hashtags = len(re.findall(r"(?<!\w)#\w*[^\W\d_]\w*", text))
        if hashtags > HASHTAGS_REFUSED_ABOVE:
            issues.append(Issue("text", "too_many_hashtags", f"Instagram accepts at most {HASHTAGS_REFUSED_ABOVE} hashtags."))
        elif hashtags > HASHTAGS_DOUBTFUL_ABOVE:
            message = f"Instagram advises at most {HASHTAGS_DOUBTFUL_ABOVE} hashtags and may ignore or refuse more."
            issues.append(Issue("text", "many_hashtags", message, "warning"))
        if len(re.findall(r"(?<![\w.])@\w", text)) > MENTION_LIMIT:
            issues.append(Issue("text", "too_many_mentions", f"Instagram accepts at most {MENTION_LIMIT} mentions."))
        if len(_options(draft).collaborators) > COLLABORATOR_LIMIT:
            message = f"Instagram accepts at most {COLLABORATOR_LIMIT} collaborators."
            issues.append(Issue("options.instagram.collaborators", "wrong_count", message))
        return issues

    def stored_text(self, draft: Draft) -> str:
        """The caption without blanks at its ends."""
        return draft.text.reveal().strip()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Quota → container → wait until it is finished → publish it (platforms.md 2.3)."""
        yield from _quota(account)
        container = yield _create(draft, account)
        return (yield from self._finish(str(container["id"]), account, waited=False))

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Go on from the published media or from the container."""
        if "accepted_id" in handles:
            return (yield from self._published(handles["accepted_id"], account))
        if "container_id" not in handles:
            raise UnexpectedShape("handles")
        return (yield from self._finish(handles["container_id"], account, waited=True))

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """Ask the container whether it was published, then the media list for the id (platforms.md 2.3, "Reconcile").

        A finished container was not published; one in progress after a publish call may still be.
        """
        if accepted := lookup.handles.get("accepted_id"):
            return (yield from self._published(accepted, account))
        container = lookup.handles.get("container_id")
        state = yield from _state(container) if container else _nothing()
        if state in ("FINISHED", "ERROR", "EXPIRED"):
            return Absent()
        if state == "IN_PROGRESS":
            return Absent(final=False)
        published = Published(container) if container and state == "PUBLISHED" else None
        try:
            posts, complete = yield from _listed(lookup, account)
        except (PlatformError, UnexpectedShape):
            if published is None:
                raise
            return published
        # A container that cannot be seen may be published at any time.
        return Listing(posts, complete and container is None, published)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Always refused: this login path cannot delete (platforms.md 2.3)."""
        yield from ()
        raise PlatformError(Fault(ErrorClass.PERMISSION, "delete_not_supported"), Effect.COMMIT)

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Lifetime figures by expansion on the account's media (platforms.md 2.4)."""
        figures = meta.Figures(
            edge=f"{GRAPH}/{account.id}/media",
            node=f"{GRAPH}/{{id}}",
            fields=MEDIA_FIELDS,
            metrics=tuple(metric.name for metric in MEDIA_METRICS) if meta.granted(account, INSIGHTS_SCOPE) else (),
        )
        measured = yield from figures.measure([post.post_id for post in posts if post.post_id], _measured)
        nameless = (post.handles.get("accepted_id", "") for post in posts if not post.post_id)
        return {**measured, **dict.fromkeys(nameless, PostMetrics(unavailable="not_found"))}

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Totals, and the figures of the last 24 hours where the scope and the platform give them (platforms.md 2.4)."""
        totals = yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "followers_count,follows_count,media_count"})
        insights: list[Any] = []

        def read(names: tuple[str, ...]) -> Flow[None]:
            if names:
                query = {"metric": ",".join(names), "period": "day", "metric_type": "total_value"}
                reply = yield Call("GET", f"{GRAPH}/{account.id}/insights", query=query)
                insights.extend(meta.rows(reply))

        if meta.granted(account, INSIGHTS_SCOPE):
            try:
                yield from meta.isolating(tuple(metric.name for metric in ACCOUNT_METRICS), read)
            except PlatformError as error:
                if error.fault.error_class in meta.GIVES_UP:
                    raise
            except UnexpectedShape:
                insights.clear()
        return AccountMetrics(
            followers=meta.number(totals.get("followers_count")),
            following=meta.number(totals.get("follows_count")),
            posts=meta.number(totals.get("media_count")),
            **meta.figures(ACCOUNT_METRICS, insights),
        )

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply (platforms.md 0.3, 2.5)."""
        return meta.classify(reply, ERRORS)

    def _finish(self, container: str, account: Account, *, waited: bool) -> Flow[Published]:
        """Wait for the container and publish it.

        A container that reads as missing may be young, or one of an outage of exactly these reads: it is waited for, and once
        that was done (``waited``) published unseen, which is refused without harm if it is too early (platforms.md 2.7).
        """
        try:
            reply = yield _until_finished(container, ErrorClass.NOT_READY, *(() if waited else (ErrorClass.NOT_FOUND,)))
            if reply.get("status_code") == "PUBLISHED":
                return Published(container)
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.NOT_FOUND:
                raise
        reply = yield Call(
            "POST",
            f"{GRAPH}/{account.id}/media_publish",
            Effect.COMMIT,
            form={"creation_id": container},
            keep={"accepted_id": "id"},
            timeout=FETCH_TIMEOUT_S,
        )
        return (yield from self._published(str(reply["id"]), account))

    def _published(self, media_id: str, account: Account) -> Flow[Published]:
        """The published media with its link, which is decoration: from the media, else from the list (platforms.md 2.7)."""
        permalink = None
        try:
            reply = yield Call("GET", f"{GRAPH}/{media_id}", query={"fields": "permalink"})
            permalink = reply.get("permalink")
        except PlatformError:
            try:
                call = Call("GET", f"{GRAPH}/{account.id}/media", query={"fields": "id,permalink", "limit": meta.PAGE_SIZE})
                listed = meta.rows((yield call))
                permalink = next((row.get("permalink") for row in listed if str(row.get("id")) == media_id), None)
            except (PlatformError, UnexpectedShape):
                permalink = None
        return Published(media_id, media_id, permalink)


def _tokens(reply: Reply, scopes: tuple[str, ...], subject: str) -> Tokens:
    """Tokens from the reply of an exchange or an extension."""
    life = meta.seconds(reply.get("expires_in")) or ASSUMED_LIFE_S
    return Tokens(Secret(reply["access_token"]), None, life, None, scopes, subject)


def _options(draft: Draft) -> Options:
    return draft.options if isinstance(draft.options, Options) else Options()


def _quota(account: Account) -> Flow[None]:
    """Refuse while nothing has been sent if the account's publishing quota is used up. An unreadable quota stops nothing."""
    query = {"fields": "quota_usage,config{quota_total,quota_duration}"}
    try:
        reply = yield Call("GET", f"{GRAPH}/{account.id}/content_publishing_limit", query=query)
    except PlatformError:
        return
    used, total = meta.number(reply.get("data.0.quota_usage")), meta.number(reply.get("data.0.config.quota_total"))
    if used is not None and total is not None and used >= total:
        raise PlatformError(Fault(ErrorClass.RATE_LIMIT, "content_publishing_limit", meta.FALLBACK_WAIT_S))


def _create(draft: Draft, account: Account) -> Call:
    """The container of an image; it has no ``media_type`` (platforms.md 2.3)."""
    image, options = draft.media[0], _options(draft)
    names = [name.reveal() for name in options.collaborators]
    form = {
        "image_url": image.url,
        "caption": draft.text,
        "alt_text": image.alt_text,
        "collaborators": Content(json.dumps(names)) if names else None,
        "location_id": options.location_id,
        "is_ai_generated": "true" if options.is_ai_generated else None,
    }
    return Call(
        "POST",
        f"{GRAPH}/{account.id}/media",
        Effect.PREPARE,
        form=meta.compact(form),
        keep={"container_id": "id"},
        timeout=FETCH_TIMEOUT_S,
    )


def _status_call(container: str) -> Call:
    return Call("GET", f"{GRAPH}/{container}", query={"fields": "status_code,status"})


def _until_finished(container: str, *tolerate: ErrorClass) -> Until:
    return Until(
        _status_call(container),
        done=lambda reply: reply.get("status_code") in ("FINISHED", "PUBLISHED"),
        failed=_container_fault,
        every=POLL_EVERY_S,
        at_most=POLL_AT_MOST_S,
        tolerate=frozenset(tolerate),
    )


def _container_fault(reply: Reply) -> Fault | None:
    """Why a container can never be published. The number stands only in ``status``, at times without a ``status_code``."""
    state, text = reply.get("status_code"), reply.get("status")
    if state in ("FINISHED", "PUBLISHED"):
        return None
    if found := re.search(r"22\d{5}", text) if isinstance(text, str) else None:
        return Fault(FINAL_CLASSES.get(int(found[0]), ErrorClass.MEDIA_PROCESSING), found[0])
    return Fault(ErrorClass.MEDIA_PROCESSING, f"container_{state.lower()}") if state in ("ERROR", "EXPIRED") else None


def _state(container: str) -> Flow[str]:
    """The container's ``status_code``, empty when it cannot be seen (platforms.md 2.7)."""
    try:
        reply = yield _status_call(container)
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.NOT_READY):
            raise
        return ""
    return str(reply.get("status_code", ""))


def _nothing() -> Flow[str]:
    yield from ()
    return ""


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[tuple[ListedPost, ...], bool]]:
    """The account's media since the commit, and whether these are all. The list is newest first and has no other end."""
    query = {"fields": "id,caption,timestamp,permalink,media_type", "limit": meta.PAGE_SIZE}

    def enough(listed: list[meta.Row]) -> bool:
        return any((at := meta.moment(row.get("timestamp"))) is not None and at < lookup.since for row in listed)

    call = Call("GET", f"{GRAPH}/{account.id}/media", query=query)
    listed, complete = yield from meta.paged(call, PAGES_OF_POSTS, enough)
    return tuple(_post(row) for row in listed if row.get("id")), complete


def _post(row: meta.Row) -> ListedPost:
    return ListedPost(
        str(row["id"]),
        str(row.get("caption") or ""),
        meta.moment(row.get("timestamp")),
        row.get("permalink"),
        MEDIA_TYPES.get(str(row.get("media_type")), frozenset()),
    )


def _measured(row: meta.Row) -> PostMetrics:
    """A post's figures; a like count that the owner hides is absent."""
    return PostMetrics(
        likes=meta.number(row.get("like_count")),
        comments=meta.number(row.get("comments_count")),
        permalink=row.get("permalink"),
        **meta.figures(MEDIA_METRICS, row.get("insights")),
    )


PLATFORM: Final[Platform] = Instagram()
