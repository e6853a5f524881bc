"""LinkedIn: members, and the organizations they manage. Bytes only, escaped text, no way to list a member's posts.

Must never take a 2xx without an ``x-restli-id`` for a post, nor repeat a post whose outcome is unknown.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict

from noillusion.core.sensitive import Content, Secret
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
    Until,
)
from noillusion.flows.shapes import NUMBER, Form, Forms
from noillusion.platforms import grants
from noillusion.platforms.contract import ApiVersion, Capabilities, Platform, ReadBack, Refresh
from noillusion.platforms.linkedin import errors

VERSION = ApiVersion("202609", date(2027, 9, 15))
"""platforms.md 3.1."""
API = "https://api.linkedin.com/rest"
IDENTITY = "https://api.linkedin.com/v2"
OAUTH = "https://www.linkedin.com/oauth/v2"
HEADERS = {"LinkedIn-Version": VERSION.name, "X-Restli-Protocol-Version": "2.0.0"}
FINDER = {**HEADERS, "X-RestLi-Method": "FINDER"}

FEATURES: Mapping[str, str] = {
    "openid": "knowing which LinkedIn account was connected",
    "profile": "showing the account's name",
    "w_member_social": "publishing posts as the member",
}
"""One fixed set: asking for another one kills every earlier token of the member (platforms.md 3.2)."""

Row: TypeAlias = Mapping[str, Any]
AUTHORS = {"member": "urn:li:person:{}", "organization": "urn:li:organization:{}"}
POSTING_SCOPE = {"member": "w_member_social", "organization": "w_organization_social"}
POSTING_ROLES = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "DIRECT_SPONSORED_CONTENT_POSTER"})

POST_URN = Form("urn:li:(share|ugcPost):[0-9]+", 64)
"""platforms.md 3.3."""
FORMS = Forms(
    account=Form("[A-Za-z0-9_-]+", 64),
    accepted=POST_URN,
    post=POST_URN,
    username=Form(r"[\w.%-]+", 100),
    link_hosts=("linkedin.com",),
    handles={"image_urn": Form("urn:li:image:[A-Za-z0-9_-]+", 128)},
)

TEXT_LIMIT = 3000
ALT_TEXT_LIMIT = 4086
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
LIST_SIZE = 10
"""Rest.li's default page."""
PAGES_OF_POSTS, PAGES_OF_ORGANIZATIONS = 10, 50
"""Bounds of lists. What lies behind them is not read, and then a list of posts is not complete."""
IMAGE_ASKS, BLIND_ASKS = 8, 3
"""How often an image's state is asked for; the second number where the state may not be read."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One ``queryType`` of memberCreatorPostAnalytics and the count it fills (platforms.md 3.4)."""

    name: str
    fills: str
    introduced: date
    retired: date | None = None


METRICS = (
    Metric("IMPRESSION", "views", date(2025, 6, 1)),
    Metric("MEMBERS_REACHED", "reach", date(2025, 6, 1)),
    Metric("RESHARE", "shares", date(2025, 6, 1)),
    Metric("REACTION", "likes", date(2025, 6, 1)),
    Metric("COMMENT", "comments", date(2025, 6, 1)),
)
ORGANIZATION_METRICS: Mapping[str, str] = {
    "impressionCount": "views",
    "uniqueImpressionsCount": "reach",
    "clickCount": "clicks",
    "likeCount": "likes",
    "commentCount": "comments",
    "shareCount": "shares",
}


class Options(BaseModel):
    """LinkedIn's own publishing options."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    visibility: Literal["PUBLIC", "CONNECTIONS"] = "PUBLIC"


class LinkedIn:
    """LinkedIn as flows (platforms.md 3). An account's id is the member's ``sub`` or the organization's number."""

    name: PlatformName = "linkedin"
    title = "LinkedIn"
    hosts: tuple[str, ...] = ("api.linkedin.com", "www.linkedin.com")
    upload_hosts: tuple[str, ...] = ()
    version = VERSION
    capabilities = Capabilities(
        kinds=("text", "link", "image"),
        text_limit=TEXT_LIMIT,
        text_unit="characters",
        # The refresh token's 365 days count from the consent, whatever is refreshed (platforms.md 3.2).
        refresh=Refresh("renewable", margin_s=7 * 86_400),
        metrics_batch=LIST_SIZE,
        deletes=True,
        revokes=True,
        read_back=ReadBack(created_within_s=300, settles_after_s=600, gives_up_after_s=3600),
        media_by="bytes",
    )
    forms: Forms = FORMS
    scopes: tuple[str, ...] = tuple(FEATURES)
    features: Mapping[str, str] = FEATURES
    options: type[BaseModel] = Options

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        """Where the browser goes for consent. All scopes are granted or none (platforms.md 3.2)."""
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(self.scopes),
        }
        return f"{OAUTH}/authorization?{urlencode(asked, quote_via=quote)}"

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        """Tokens for an authorization code: 60 days, with a refresh token only for apps that LinkedIn allowed it."""
        form = {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
        reply = yield from _token_call(app, form)
        return _tokens(reply, Tokens(Secret(""), scopes=self.scopes))

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """A new access token; the refresh token stays and its life goes on shrinking. Nothing to do without one."""
        if not tokens.refresh:
            yield from ()
            return tokens
        reply = yield from _token_call(app, {"grant_type": "refresh_token", "refresh_token": tokens.refresh})
        return _tokens(reply, tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw the grant. A token that is dead already is a grant withdrawn."""
        form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": tokens.access}
        call = Call("POST", f"{OAUTH}/revoke", Effect.PREPARE, form=form, auth="none")
        yield from grants.revoked(call, errors.DEAD_GRANT)

    def accounts(self, app: App, tokens: Tokens) -> Flow[list[Candidate]]:
        """The member, then the organizations where the grant reaches them (platforms.md 3.2)."""
        who = yield _identity(tokens.scopes)
        found = [_member(who, tokens.scopes)]
        if not {"rw_organization_admin", "r_organization_admin"}.isdisjoint(tokens.scopes):
            found += yield from _organizations(tokens.scopes)
        return found

    def probe(self, account: Account) -> Flow[None]:
        """Read who the token belongs to."""
        yield _identity(account.scopes)

    def check(self, draft: Draft, account: Account) -> list[Issue]:
        """Everything that LinkedIn would refuse or silently drop (limits: platforms.md 3.3)."""
        if draft.kind not in self.capabilities.kinds:
            return [Issue("kind", "not_supported", f"LinkedIn takes these kinds here: {', '.join(self.capabilities.kinds)}.")]
        return [*_check_account(draft, account), *_check_text(draft), *_check_link(draft), *_check_media(draft)]

    def stored_text(self, draft: Draft) -> str:
        """The commentary as readers see it; ``find`` undoes LinkedIn's escaping before it compares."""
        return draft.text.reveal()

    def publish(self, draft: Draft, account: Account) -> Flow[Published]:
        """Text and link: read, post. Image: register, upload bytes, post (platforms.md 3.3)."""
        if draft.kind != "image":
            yield from self.probe(account)
            return (yield from _post(draft, account, _article(draft)))
        item = draft.media[0]
        urn = yield from _upload(item, account)
        media: dict[str, Any] = {"id": urn}
        if item.alt_text:
            media["altText"] = item.alt_text
        content = {"media": media}
        try:
            return (yield from _post(draft, account, content))
        except OutcomeUnknown:
            raise
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.NOT_READY:
                raise
        # LinkedIn said that it made no post because the image is still being processed: the one case of a second attempt.
        yield from _await_image(urn, account)
        return (yield from _post(draft, account, content))

    def resume(self, handles: Mapping[str, str], account: Account) -> Flow[Published]:
        """Only a post that LinkedIn has accepted can be finished without its content: an image alone cannot be posted."""
        yield from ()
        if not handles.get("accepted_id"):
            raise UnexpectedShape("handles")
        return _published(handles["accepted_id"])

    def find(self, lookup: Lookup, account: Account) -> Flow[Reading]:
        """The posts of an organization since the commit; a member's posts cannot be listed (platforms.md 3.3)."""
        if accepted := lookup.handles.get("accepted_id"):
            yield from ()
            return _published(accepted)
        if account.kind != "organization" or "r_organization_social" not in account.scopes:
            return Unreadable("not_listable")

        def older(row: Row) -> bool:
            # The list is sorted by this time, which is never before a post's creation.
            modified = _number(row.get("lastModifiedAt"))
            return modified is not None and modified < lookup.since * 1000

        path = f"/posts?q=author&author={_encoded(_author(account))}&sortBy=LAST_MODIFIED"
        rows, complete = yield from _paged(path, FINDER, PAGES_OF_POSTS, older)
        # A repost is never ours: this product makes none.
        return Listing(tuple(_listed(row) for row in rows if row.get("id") and not row.get("reshareContext")), complete)

    def delete(self, post_id: str, account: Account) -> Flow[None]:
        """Remove a post. One that LinkedIn itself does not know is deleted."""
        try:
            yield Call("DELETE", f"{API}/posts/{_encoded(post_id)}", Effect.COMMIT, headers=HEADERS)
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.NOT_FOUND or not error.fault.certain:
                raise

    def metrics(self, posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
        """Counts by post id. Members: one metric × post per call, with ``r_member_postAnalytics`` only (platforms.md 3.4)."""
        scope = "rw_organization_admin" if account.kind == "organization" else "r_member_postAnalytics"
        if scope not in account.scopes:
            yield from ()
            return {post.post_id: PostMetrics(unavailable="scope_missing") for post in posts}
        if account.kind == "organization":
            return (yield from _organization_metrics(posts, account))
        measured = {}
        for post in posts:
            measured[post.post_id] = yield from _member_metrics(post.post_id)
        return measured

    def account_metrics(self, account: Account) -> Flow[AccountMetrics]:
        """Followers; for organizations also page views (platforms.md 3.4)."""
        scope = "rw_organization_admin" if account.kind == "organization" else "r_member_profileAnalytics"
        if scope not in account.scopes:
            yield from ()
            return AccountMetrics(unavailable="scope_missing")
        if account.kind == "member":
            reply = yield _get("/memberFollowersCount?q=me")
            followers = _number(reply.get("elements.0.memberFollowersCount"))
            return AccountMetrics(followers=followers, unavailable="no_data" if followers is None else None)
        urn = _encoded(_author(account))
        size, pages = yield [
            _get(f"/networkSizes/{urn}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"),
            _get(f"/organizationPageStatistics?q=organization&organization={urn}"),
        ]
        views = _number(pages.get("elements.0.totalPageStatistics.views.allPageViews.pageViews"))
        return AccountMetrics(followers=_number(size.get("firstDegreeSize")), profile_views=views)

    def classify(self, reply: Reply) -> Fault | None:
        """The fault in a reply by its codes, else by its status (platforms.md 3.5)."""
        return errors.classify(reply)


# ---- text ------------------------------------------------------------------------------------------------------------------

_RESERVED = re.compile(r"(?P<hashtag>(?<![\w/&#])#(?=\d*[^\W\d_]))|[\\|{}@\[\]()<>#*_~]")
_TEMPLATE = re.compile(r"(?<!\\)\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}")
_ESCAPED = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


def little_text(text: str) -> str:
    """``text`` for a commentary: reserved characters escaped, because one left raw cuts the post off silently (platforms.md 3.3).

    The ``#`` of a hashtag (a word with a letter in it, not glued to the text before) stays raw, or it would be no hashtag.
    """
    return _RESERVED.sub(lambda found: found[0] if found["hashtag"] else "\\" + found[0], text)


def plain_text(commentary: str) -> str:
    """What readers see of a commentary: :func:`little_text` undone, hashtag templates included."""
    return _ESCAPED.sub(r"\1", _TEMPLATE.sub(r"#\1", commentary))


# ---- checks ----------------------------------------------------------------------------------------------------------------


def _check_account(draft: Draft, account: Account) -> Iterator[Issue]:
    scope = POSTING_SCOPE[account.kind]
    # A token reply without scopes says nothing about them.
    if account.scopes and scope not in account.scopes:
        yield Issue("account", "scope_missing", f"The connection lacks the permission {scope}: reconnect and grant it.")
    if account.kind == "organization" and _options(draft).visibility != "PUBLIC":
        yield Issue("options.linkedin.visibility", "not_supported", "An organization's post can only be PUBLIC.")


def _check_text(draft: Draft) -> Iterator[Issue]:
    text = draft.text.reveal()
    if draft.kind == "text" and not draft.says_something:
        yield Issue("text", "required", "A text post needs text.")
    if len(text) > TEXT_LIMIT:
        yield Issue("text", "too_long", f"LinkedIn takes at most {TEXT_LIMIT} characters; this text has {len(text)}.")


def _check_link(draft: Draft) -> Iterator[Issue]:
    if draft.kind != "link":
        if draft.link:
            yield Issue("link", "not_allowed", "Only a post of kind link can carry a link card.")
        return
    if draft.link is None:
        yield Issue("link", "required", "A link post needs a link.")
        return
    if not draft.link.url.reveal().lower().startswith(("https://", "http://")):
        yield Issue("link.url", "invalid", "The link must be an http or https address.")
    if not (draft.link.title and draft.link.title.reveal().strip()):
        yield Issue("link.title", "required", "LinkedIn reads nothing from the page: the link card needs a title.")


def _check_media(draft: Draft) -> Iterator[Issue]:
    if draft.kind != "image":
        if draft.media:
            yield Issue("media", "not_allowed", f"A {draft.kind} post carries no media on LinkedIn.")
        return
    if len(draft.media) != 1:
        yield Issue("media", "wrong_count", f"An image post needs exactly 1 image; this one has {len(draft.media)}.")
    for number, item in enumerate(draft.media):
        if item.kind != "image":
            yield Issue(f"media.{number}.kind", "not_supported", "An image post takes images only.")
        elif item.content_type and item.content_type not in IMAGE_TYPES:
            yield Issue(f"media.{number}.content_type", "not_supported", "LinkedIn takes JPEG, PNG and GIF images.")
        if item.alt_text and len(item.alt_text.reveal()) > ALT_TEXT_LIMIT:
            yield Issue(f"media.{number}.alt_text", "too_long", f"LinkedIn takes at most {ALT_TEXT_LIMIT} characters.")


# ---- parts of flows --------------------------------------------------------------------------------------------------------


def _upload(item: MediaItem, account: Account) -> Flow[str]:
    """Register an image and send its bytes. Returns its URN; invisible until a post names it."""
    registered = yield Call(
        "POST",
        f"{API}/images?action=initializeUpload",
        Effect.PREPARE,
        headers=HEADERS,
        json={"initializeUploadRequest": {"owner": _author(account)}},
        keep={"image_urn": "value.image"},
    )
    yield Call("PUT", str(registered["value.uploadUrl"]), Effect.PREPARE, body=item, timeout=60.0)
    return str(registered["value.image"])


def _await_image(urn: str, account: Account) -> Flow[None]:
    """Wait for an image; some seconds blindly where the token may not read its state (platforms.md 3.3, uploads)."""
    asked = count(1)
    try:
        yield Until(
            _get(f"/images/{_encoded(urn)}"),
            done=lambda reply: reply.get("status") == "AVAILABLE" or next(asked) >= IMAGE_ASKS,
            failed=_image_failure,
        )
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.PERMISSION:
            raise
        blindly = count(1)
        yield Until(_identity(account.scopes), done=lambda _: next(blindly) >= BLIND_ASKS, failed=lambda _: None, every=4.0)


def _image_failure(reply: Reply) -> Fault | None:
    failed = reply.get("status") == "PROCESSING_FAILED"
    return Fault(ErrorClass.MEDIA_PROCESSING, "PROCESSING_FAILED") if failed else None


def _post(draft: Draft, account: Account, content: Mapping[str, Any] | None) -> Flow[Published]:
    body: dict[str, Any] = {
        "author": _author(account),
        "commentary": Content(little_text(draft.text.reveal())),
        "visibility": _options(draft).visibility,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if content:
        body["content"] = content
    keep = {"accepted_id": "header:x-restli-id"}
    reply = yield Call("POST", f"{API}/posts", Effect.COMMIT, headers=HEADERS, json=body, keep=keep, timeout=20.0)
    return _published(str(reply["header:x-restli-id"]))


def _article(draft: Draft) -> dict[str, Any] | None:
    if draft.kind != "link" or draft.link is None:
        return None
    article = {"source": draft.link.url, "title": draft.link.title, "description": draft.link.description}
    return {"article": {name: value for name, value in article.items() if value}}


def _organizations(scopes: Sequence[str]) -> Flow[list[Candidate]]:
    """Every organization of the member, with the roles that decide what can be done there."""
    roles: dict[str, set[str]] = {}
    rows, _ = yield from _paged("/organizationAcls?q=roleAssignee&state=APPROVED", HEADERS, PAGES_OF_ORGANIZATIONS)
    for row in rows:
        roles.setdefault(str(row.get("organization", "")), set()).add(str(row.get("role", "")))
    found = []
    for urn, held in roles.items():
        # There are URNs of other things, such as brands, and the number becomes part of a URL.
        prefix, _, number = urn.rpartition(":")
        if prefix == "urn:li:organization" and NUMBER.fits(number):
            name, username = yield from _organization_name(number)
            found.append(_organization(number, name, username, held, scopes))
    return found


def _organization_name(number: str) -> Flow[tuple[str, str]]:
    try:
        reply = yield _get(f"/organizations/{number}")
    except PlatformError:
        # Content administrators may not read this: the organization is theirs to choose all the same (failure-classes.md D4).
        return number, ""
    return str(reply.get("localizedName", number)), str(reply.get("vanityName", ""))


def _organization(number: str, name: str, username: str, held: set[str], scopes: Sequence[str]) -> Candidate:
    reason = "role_missing" if POSTING_ROLES.isdisjoint(held) else ""
    reason = reason or ("" if POSTING_SCOPE["organization"] in scopes else "scope_missing")
    return Candidate(
        number, "organization", name, username, can_publish=not reason, reason=reason, details={"roles": sorted(held)}
    )


def _member(who: Reply, scopes: Sequence[str]) -> Candidate:
    parts = [_part_of_name(who, part) for part in ("FirstName", "LastName")]
    allowed = POSTING_SCOPE["member"] in scopes
    return Candidate(
        str(who.get("sub") or who["id"]),
        "member",
        str(who.get("name") or " ".join(filter(None, parts)) or "LinkedIn"),
        str(who.get("vanityName", "")),
        can_publish=allowed,
        reason="" if allowed else "scope_missing",
    )


def _part_of_name(who: Reply, part: str) -> str:
    """A part of a member's name in the member's language, or in the first of several."""
    spoken = who.get(f"{part[0].lower()}{part[1:]}.localized")
    return str(who.get(f"localized{part}") or next(iter(spoken.values() if isinstance(spoken, Mapping) else ()), ""))


def _member_metrics(urn: str) -> Flow[PostMetrics]:
    """All metrics of one member post. One that LinkedIn no longer knows does not cost the others (failure-classes.md G1)."""
    prefix, _, _ = urn.rpartition(":")
    entity = {"urn:li:share": "share", "urn:li:ugcPost": "ugc"}.get(prefix)
    if entity is None:
        return PostMetrics(unavailable="unsupported_id")
    where = f"/memberCreatorPostAnalytics?q=entity&entity=({entity}:{_encoded(urn)})&aggregation=TOTAL&queryType="
    asked = [metric for metric in METRICS if metric.retired is None]
    try:
        replies = yield from _each([_get(where + metric.name) for metric in asked])
    except PlatformError as error:
        reason = {ErrorClass.NOT_FOUND: "not_found", ErrorClass.PERMISSION: "permission"}.get(error.fault.error_class)
        if reason is None:
            raise
        return PostMetrics(unavailable=reason)
    counts: dict[str, Any] = {}
    for metric, reply in zip(asked, replies, strict=True):
        counts[metric.fills] = _number(reply.get("elements.0.count")) if reply else None
    known = any(value is not None for value in counts.values())
    return PostMetrics(**counts, unavailable=None if known else "no_data")


def _each(calls: list[Call]) -> Flow[list[Reply | None]]:
    """All calls at once; if one is refused for what it asks, one by one, with ``None`` for the refused."""
    isolated = (ErrorClass.INVALID_CONTENT, ErrorClass.UNKNOWN)
    try:
        replies: list[Reply | None] = yield calls
    except PlatformError as error:
        if error.fault.error_class not in isolated:
            raise
    else:
        return replies
    single: list[Reply | None] = []
    for call in calls:
        try:
            single.append((yield call))
        except PlatformError as error:
            if error.fault.error_class not in isolated:
                raise
            single.append(None)
    return single


def _organization_metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime counts of an organization's posts. One that LinkedIn leaves out had no activity (platforms.md 3.4)."""
    lists = {"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"}
    wanted = {name: [post.post_id for post in posts if post.post_id.startswith(kind)] for name, kind in lists.items()}
    measured = {post.post_id: PostMetrics(unavailable="unsupported_id") for post in posts}
    asked = [urn for urns in wanted.values() for urn in urns]
    if not asked:
        return measured
    where = f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={_encoded(_author(account))}"
    for name, urns in wanted.items():
        where += f"&{name}=List({','.join(map(_encoded, urns))})" if urns else ""
    rows = _rows((yield _get(where)))
    idle: dict[str, Any] = dict.fromkeys(ORGANIZATION_METRICS.values(), 0)
    measured |= {urn: PostMetrics(**idle) for urn in asked}
    for row in rows:
        urn, totals = str(row.get("share") or row.get("ugcPost") or ""), row.get("totalShareStatistics")
        if urn in measured and isinstance(totals, Mapping):
            counts: dict[str, Any] = {fills: _number(totals.get(name)) for name, fills in ORGANIZATION_METRICS.items()}
            measured[urn] = PostMetrics(**counts)
    return measured


# ---- requests and replies --------------------------------------------------------------------------------------------------


def _get(path: str, headers: Mapping[str, str] = HEADERS) -> Call:
    # The query is part of the URL: an encoder would escape the syntax of List(…) and (k:v) as well (platforms.md 3.1).
    return Call("GET", API + path, headers=headers)


def _identity(scopes: Sequence[str]) -> Call:
    """Vetted apps have no OpenID and are told who they are by another endpoint (platforms.md 3.2)."""
    return Call("GET", f"{IDENTITY}/{'me' if 'r_basicprofile' in scopes else 'userinfo'}")


def _token_call(app: App, form: Mapping[str, Any]) -> Flow[Reply]:
    full = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
    call = Call("POST", f"{OAUTH}/accessToken", Effect.PREPARE, form=full, auth="none")
    return (yield from grants.token_answer(call, errors.DEAD_GRANT))


def _tokens(reply: Reply, before: Tokens) -> Tokens:
    """The tokens in a reply; what it leaves out or leaves empty stays as it was (failure-classes.md C1)."""
    refresh = reply.get("refresh_token")
    return Tokens(
        access=Secret(str(reply["access_token"])),
        refresh=Secret(str(refresh)) if refresh else before.refresh,
        access_expires_in=_number(reply.get("expires_in")),
        refresh_expires_in=_number(reply.get("refresh_token_expires_in")),
        scopes=tuple(re.findall(r"[^\s,]+", str(reply.get("scope", "")))) or before.scopes,
        subject=_subject(reply.get("id_token")) or before.subject,
    )


def _subject(id_token: object) -> str:
    """``sub`` of an ID token. It came straight from LinkedIn's token endpoint, so the connection vouches for it."""
    try:
        payload = str(id_token).split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""


def _rows(reply: Reply) -> list[Row]:
    rows = reply["elements"]
    if not isinstance(rows, list):
        raise UnexpectedShape("elements")
    return [row for row in rows if isinstance(row, Mapping)]


def _paged(
    path: str, headers: Mapping[str, str], at_most: int, enough: Callable[[Row], bool] = lambda _: False
) -> Flow[tuple[list[Row], bool]]:
    """The rows of up to ``at_most`` pages, and whether these are all, or all up to one that is ``enough``.

    A list ends where LinkedIn's paging has no next link, and nowhere else: a page can be shorter than what was asked for and have
    one.
    """
    found: list[Row] = []
    start = 0
    for _ in range(at_most):
        reply = yield _get(f"{path}&start={start}&count={LIST_SIZE}", headers)
        rows = _rows(reply)
        found += rows
        links = reply.get("paging.links")
        following = _next_start(links)
        if any(map(enough, rows)) or (following is None and isinstance(links, list)):
            return found, True
        if following is None or following <= start:
            break
        start = following
    return found, False


def _next_start(links: object) -> int | None:
    """Where the next page begins, ``None`` if there is no next link. One that cannot be read leads nowhere: 0."""
    named = [link for link in links if isinstance(link, Mapping)] if isinstance(links, list) else []
    following = next((str(link.get("href")) for link in named if link.get("rel") == "next"), None)
    if following is None:
        return None
    found = re.search(r"[?&]start=([0-9]{1,9})(?:&|$)", following)
    return int(found[1]) if found else 0


def _listed(row: Row) -> ListedPost:
    urn, created = str(row["id"]), _number(row.get("createdAt"))
    content = row.get("content")
    media = content.get("media") if isinstance(content, Mapping) else None
    asset = media.get("id") if isinstance(media, Mapping) else None
    return ListedPost(
        urn,
        plain_text(str(row.get("commentary") or "")),
        None if created is None else created / 1000,
        _published(urn).permalink,
        _kinds(content, asset),
        frozenset({asset}) if isinstance(asset, str) else frozenset(),
    )


def _kinds(content: object, asset: object) -> frozenset[Kind]:
    """The kind of a listed post, as far as its content tells."""
    if not content:
        return frozenset({"text"})
    if isinstance(content, Mapping) and "article" in content:
        return frozenset({"link"})
    return frozenset({"image"}) if isinstance(asset, str) and asset.startswith("urn:li:image:") else frozenset()


def _published(urn: str) -> Published:
    return Published(urn, urn, f"https://www.linkedin.com/feed/update/{urn}/")


def _options(draft: Draft) -> Options:
    return draft.options if isinstance(draft.options, Options) else Options()


def _author(account: Account) -> str:
    return AUTHORS[account.kind].format(account.id)


def _encoded(urn: str) -> str:
    return quote(urn, safe="")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


PLATFORM: Platform = LinkedIn()
