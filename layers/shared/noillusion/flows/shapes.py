"""The forms of ids, names, scopes and links that a platform gives. A value of another form is never stored.

A reply can be somebody else's: a proxy's page, a broken deployment, an attacker's text. What a flow takes from one is held to the
platform's :class:`Forms` in one place, the runner, so that no module can forget it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from noillusion.core.records import record
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, UnexpectedShape
from noillusion.flows.measures import PostMetrics
from noillusion.flows.protocol import AccountList, Call, Candidate, Flow, Listing, Published, Reply, Tokens

T = TypeVar("T")


@record(eq=True)
class Form:
    """The documented form of a value: a regular expression that all of it matches, and its greatest length."""

    pattern: str
    longest: int

    def fits(self, value: object) -> bool:
        """Return whether the value is a string of this form."""
        return isinstance(value, str) and len(value) <= self.longest and re.fullmatch(self.pattern, value) is not None


NUMBER: Final = Form("[0-9]+", 20)
"""An id that is a whole number of 64 bits."""
OPAQUE: Final = Form(r"[A-Za-z0-9_.:~=-]+", 200)
"""A handle without a documented form."""
WORD: Final = Form("[A-Za-z0-9_.:/-]+", 100)
"""A scope, a role, a task."""
LONGEST_NAME: Final = 200
LONGEST_LINK: Final = 500


@record(eq=True)
class Forms:
    """The forms of one platform's values, as data."""

    account: Form
    """An account's id, and the id of the person who consented."""
    accepted: Form
    """The id that a post is accepted under."""
    post: Form
    """A public post's id."""
    username: Form
    link_hosts: tuple[str, ...]
    """Hosts of permalinks, with everything below them."""
    handles: Mapping[str, Form] = field(default_factory=dict)
    """Forms of handles, by name. ``accepted_id`` has that of :attr:`accepted` unless it is named here."""

    def handle(self, name: str) -> Form:
        """The form of a handle."""
        return self.handles.get(name, self.accepted if name == "accepted_id" else OPAQUE)

    def permalink(self, value: object) -> str | None:
        """The link if it is https on one of the platform's hosts, without user name and port, else ``None``."""
        if not isinstance(value, str) or not re.fullmatch(rf"https://[!-\[\]-~]{{1,{LONGEST_LINK}}}", value):
            return None
        try:
            host = urlsplit(value).netloc.lower()
        except ValueError:
            return None
        # Neither a user name nor a port may stand beside the host.
        ours = any(host == known or re.fullmatch(rf"[a-z0-9.-]+\.{re.escape(known)}", host) for known in self.link_hosts)
        return value if ours else None

    def named(self, value: object) -> str:
        """The user name, empty if it has not the form of one."""
        return value if isinstance(value, str) and self.username.fits(value) else ""

    def post_id(self, value: object) -> str | None:
        """The public post's id, which may come as a number; ``None`` if it has not the form of one."""
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        return text if isinstance(text, str) and self.post.fits(text) else None


def handles_of(forms: Forms, call: Call, reply: Reply) -> dict[str, str]:
    """The handles that a call keeps. Raises :class:`UnexpectedShape`."""
    return {name: _handle(forms.handle(name), call, name, reply) for name in call.keep}


def _handle(form: Form, call: Call, name: str, reply: Reply) -> str:
    """The handle of a name. What has not the platform's form is no handle: it may be a proxy's or a person's words."""
    path = call.keep[name]
    value = True if name in call.known and not path else reply[path]
    if name in call.known:
        value = call.known[name] if value is not False else None
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not form.fits(text):
        raise UnexpectedShape(path)
    return str(text)


def held_to(forms: Forms, flow: Flow[T]) -> Flow[T]:
    """The flow, its result without anything that has not the platform's form.

    A post needs an id that can be one: without it the post may exist, but there is nothing to know it by, so its outcome is
    unknown. Whatever else has another form is left out.
    """
    return cast(T, _admitted(forms, (yield from flow)))


def _admitted(forms: Forms, held: Any) -> Any:
    match held:
        case Published():
            return _published(forms, held)
        case Listing():
            return _listing(forms, held)
        case PostMetrics():
            return replace(held, post_id=forms.post_id(held.post_id), permalink=forms.permalink(held.permalink))
        case Tokens():
            return replace(held, subject=held.subject if forms.account.fits(held.subject) else "", scopes=_words(held.scopes))
        case Candidate():
            return replace(
                held, name=held.name[:LONGEST_NAME], username=forms.named(held.username), details=_details(held.details)
            )
        case list():
            fitting = (one for one in held if not isinstance(one, Candidate) or forms.account.fits(one.id))
            admitted = [_admitted(forms, one) for one in fitting]
            return AccountList(admitted, complete=held.complete) if isinstance(held, AccountList) else admitted
        case dict():
            return {key: _admitted(forms, value) for key, value in held.items()}
    return held


def _published(forms: Forms, post: Published) -> Published:
    if not forms.accepted.fits(post.accepted_id):
        raise OutcomeUnknown(Fault(ErrorClass.UNKNOWN, "shape:accepted_id"), Effect.COMMIT)
    public = forms.post_id(post.post_id)
    return replace(post, post_id=public, permalink=forms.permalink(post.permalink) if public else None)


def _listing(forms: Forms, held: Listing) -> Listing:
    """The posts with ids that can be ones. A list in which another one stands is not the whole list."""
    posts = tuple(replace(post, permalink=forms.permalink(post.permalink)) for post in held.posts if forms.post_id(post.post_id))
    published = _published(forms, held.published) if held.published else None
    return replace(held, posts=posts, complete=held.complete and len(posts) == len(held.posts), published=published)


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    held = {name: list(_words(value)) if isinstance(value, list) else value for name, value in details.items()}
    return {name: value for name, value in held.items() if not isinstance(value, str) or not value or WORD.fits(value)}


def _words(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value for value in values if not isinstance(value, str) or WORD.fits(value))
