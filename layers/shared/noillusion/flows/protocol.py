"""The sans-I/O protocol of platform operations: a flow is a generator that yields steps and receives replies.

A flow does no I/O, keeps no clock, retries nothing and logs nothing; ``runner.py`` does all of that for every flow.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Final, Literal, TypeAlias, TypeVar

from noillusion.catalog.accounts import AccountKind, AccountReason
from noillusion.core.errors import Params
from noillusion.core.records import record
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import CommentState, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.issues import IssueCode

T = TypeVar("T")
LATE: Final = "not_ready_in_time"
"""The code of a wait that can neither be suspended nor go on."""
HELD: Final = "held_id"
"""The handle of a post that the platform holds until its time: the id by which it is looked at, changed and withdrawn."""


@record(eq=True)
class Reply:
    """A platform's answer: status, lower-case headers, and the parsed JSON body (``None`` if it was not JSON)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    data: Any = field(default=None, repr=False)

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path (``"data.publish_id"``, ``"data.0.id"``, ``"header:x-restli-id"``), or ``default``."""
        if path.startswith("header:"):
            return self.headers.get(path[7:], default)
        value: Any = self.data
        for part in path.split("."):
            if isinstance(value, Mapping):
                value = value.get(part)
            elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                return default
        return default if value is None else value

    def __getitem__(self, path: str) -> Any:
        """The value at a dotted path; :class:`UnexpectedShape` where there is none."""
        value = self.get(path)
        if value is None or value == "":
            raise UnexpectedShape(path)
        return value


@record(eq=True)
class Call:
    """One HTTP request. ``url`` names the platform's real host; the runner knows where that host is reached.

    ``auth`` says how the runner presents the account's token (the flow never holds it). ``keep`` maps a handle's name to the
    dotted path in the reply where it stands; the runner makes it durable before the flow goes on. A handle in ``known`` has its
    value already: what stands at its path confirms it, and with an empty path the success itself does.
    """

    method: str
    url: str = field(repr=False)
    effect: Effect = Effect.READ
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str | Secret | Content] = field(default_factory=dict, repr=False)
    form: Mapping[str, Any] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    multipart: Mapping[str, Any] | None = field(default=None, repr=False)
    batch: tuple[Call, ...] = field(default=(), repr=False)
    """Reads of the same host that travel in this call. The reply's data is the list of their answers, in order."""
    body: MediaItem | None = field(default=None, repr=False)
    span: tuple[int, int] | None = None
    """The part of ``body`` to send: its first byte and the number of bytes. ``None``: all of it."""
    following: int = 0
    """Bytes of ``body`` behind the part that later calls will send, in order. Its source is then read on, not asked again."""
    auth: Literal["bearer", "oauth", "none"] = "bearer"
    keep: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    success: tuple[int, ...] = ()
    """The statuses of a success where the platform answers without a body; empty: the platform's code for all answers decides."""
    timeout: float = 10.0
    refusal: Callable[[Reply], Fault | None] = lambda _: None
    """The fault of a reply that means something of its own at this endpoint; ``None``: it means what it does elsewhere."""

    def other(self, reply: Reply) -> Fault | None:
        """The fault of a reply with a status that is none of :attr:`success`."""
        if not self.success or reply.status in self.success:
            return None
        return Fault(ErrorClass.UNKNOWN, f"http_{reply.status}")


@record(eq=True)
class OtherVersion:
    """The API version that a call asked for, and the one that answered it."""

    asked: str
    served: str


@record(eq=True)
class Until:
    """Ask again and again until ``done`` or ``failed`` says so, or ``asks`` answers came; the runner paces it and may suspend it.

    ``done(reply)`` is true when the wait is over; ``failed(reply)`` gives a fault when it can never be. Anything else, also a
    state nobody knows, means "not yet". The reply that ended the wait is what the flow receives.
    """

    call: Call
    done: Callable[[Reply], bool]
    failed: Callable[[Reply], Fault | None]
    every: float = 2.0
    at_most: float = 300.0
    tolerate: frozenset[ErrorClass] = frozenset({ErrorClass.NOT_READY})
    """Classes of refusal that also mean "not yet"."""
    resumable: bool = True
    """False where what follows needs the draft, which is not stored: the wait may take all the time of the run but what the rest
    needs, and its end is a :class:`PlatformError` with the code :data:`LATE`."""
    odd: Callable[[Reply], str | None] = lambda _: None
    """A code for the log where a reply is none that the platform documents for such a wait. The wait goes on all the same."""
    asks: int | None = None
    """Answers after which the wait is over, whatever the last one says; ``None`` for no such bound."""

    def over(self, reply: Reply, answers: int) -> bool:
        """Return whether the wait ends with this reply, the last of ``answers`` replies. :class:`PlatformError` if it failed."""
        if fault := self.failed(reply):
            raise PlatformError(fault, self.call.effect)
        return self.done(reply) or answers == self.asks


@record(eq=True)
class SizeOf:
    """Find out the number of bytes of a media file before it is uploaded: an ``int``, from its source."""

    item: MediaItem = field(repr=False)


Step: TypeAlias = "Call | Until | SizeOf | list[Call]"
Flow: TypeAlias = "Generator[Step, Any, T]"
"""Yields steps. A :class:`Call` or :class:`Until` receives a :class:`Reply`, a list receives a list of replies in order.
A refusal is thrown into the generator as :class:`PlatformError`."""


@record(eq=True)
class App:
    """The operator's registration at one platform."""

    client_id: str
    client_secret: Secret
    config_id: str = ""
    """The configuration of Facebook Login for Business, where the app uses that."""
    registration: str = ""
    """Its name among the platform's registrations (catalog/registrations.py)."""
    signs: bool = False
    """Whether its calls carry a proof of its secret, where the platform knows such proofs."""
    scopes: tuple[str, ...] = ()
    """The scopes that are asked for at authorization: one fixed string for each registration."""


@record(eq=True)
class Tokens:
    """Tokens from a token endpoint. Lifetimes in seconds from now; ``None`` where the platform names none."""

    access: Secret
    refresh: Secret | None = None
    access_expires_in: int | None = None
    refresh_expires_in: int | None = None
    scopes: tuple[str, ...] = ()
    subject: str = ""
    """The platform's id of the person who consented (app-scoped where the platform does so)."""
    data_access_expires_at: int | None = None
    """Where the platform limits the access to the person's data apart from the tokens: its end in seconds since 1970, 0 for none.
    ``None`` where it was not told."""


@record(eq=True)
class MissingScope:
    """A scope the person did not grant, and the feature that is lost with it."""

    scope: str
    feature: str


@record(eq=True)
class Candidate:
    """An account that a grant can use, as offered to the person for choosing."""

    id: str
    kind: AccountKind
    name: str
    username: str = ""
    image_url: str | None = field(default=None, repr=False)
    """Where the platform shows the account's image, to look at and never to store: such URLs expire."""
    token: Secret | None = None
    """The account's own token where it has one (Facebook Pages)."""
    can_publish: bool = True
    reason: AccountReason = ""
    """Why it cannot be published to, if so."""
    details: Mapping[str, Any] = field(default_factory=dict)


class AccountList(list[Candidate]):
    """The accounts that a grant can use, and whether the platform's list of them was read to its end."""

    def __init__(self, candidates: Iterable[Candidate] = (), *, complete: bool = True) -> None:
        super().__init__(candidates)
        self.complete = complete


@record(eq=True)
class Account:
    """A connected account as flows see it. The token stays with the runner."""

    id: str
    kind: AccountKind
    username: str = ""
    scopes: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    verified_urls: tuple[str, ...] = ()
    """What URLs begin with that the platform fetches for the operator's app, where it fetches from verified URLs only."""
    registration: str = ""
    """The name of the registration by which it was connected."""
    asked: tuple[str, ...] = ()
    """The scopes that the registration asks for; empty: not known. Nobody can grant another one."""
    public_posts: bool = True
    """Whether the operator's app may publish for everybody to see."""


@record(eq=True)
class Issue:
    """One problem found before anything is sent. ``field`` is a part of the draft, such as ``text`` or ``media.0.url``.

    ``params``: the limit, the actual figure, the allowed values and the unit, as far as the problem has them.
    """

    field: str
    code: IssueCode
    message: str
    severity: Literal["error", "warning"] = "error"
    params: Params = dataclasses.field(default_factory=dict)


@record(eq=True)
class Published:
    """The platform has it. ``accepted_id`` is the id given at the commit, ``post_id`` the public one once it is known."""

    accepted_id: str
    post_id: str | None = None
    permalink: str | None = None
    state: Literal["published", "delivered_to_inbox", "held"] = "published"
    """``held``: it is not public yet. The platform makes it so at its time."""
    first_comment: CommentState | None = None
    """The state of the first comment, where the flow sent one."""
    publish_at: int | None = None
    """Of a post that is held: when it becomes public, in seconds since the epoch. ``None``: the platform does not tell."""


@record(eq=True)
class Lookup:
    """A post whose outcome is unknown: what ``find`` gets to read it back."""

    handles: Mapping[str, str]
    since: float
    """Seconds since the epoch by the platform's clock. Posts created earlier are of no interest, all later ones are."""
    kind: Kind = "text"
    publish_at: int | None = None
    """The time until which the platform was to hold the post, in seconds since the epoch."""


@record(eq=True)
class Absent:
    """The platform says by handle that the post was not published. ``final`` is false while it may still appear."""

    final: bool = True


@record(eq=True)
class ListedPost:
    """A post as the platform lists it. It says nothing about whose it is; ``publishing/evidence.py`` judges that."""

    post_id: str
    text: str = field(default="", repr=False)
    """The text as a reader sees it; empty where there is none or where it cannot be read."""
    created_at: float | None = None
    """Seconds since the epoch by the platform's clock; ``None`` where the list does not tell."""
    permalink: str | None = field(default=None, repr=False)
    kinds: frozenset[Kind] = frozenset()
    """The kinds of post that it can be, as far as the list tells; empty where it does not."""
    handles: frozenset[str] = frozenset()
    """Ids of prepared objects that the list names with the post, such as those of its photos."""
    publish_at: int | None = None
    """Of a post that the platform holds: when it becomes public."""


@record(eq=True)
class Listing:
    """The posts of an account since a time, in no particular order."""

    posts: tuple[ListedPost, ...]
    complete: bool
    """True if the list was read to its real end for that time and would show the post. Otherwise nothing is absent."""
    published: Published | None = None
    """The publication that a handle already proves, where only the public id or the link is missing."""


@record(eq=True)
class Unreadable:
    """Nothing can ever be read back for this account, and why: a code."""

    reason: str


Reading: TypeAlias = "Published | Absent | Listing | Unreadable"
"""The result of ``find``: an answer that a handle settles, or a list that still has to be judged."""
