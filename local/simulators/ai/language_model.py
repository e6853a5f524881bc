"""Shared parts of the three simulated AI providers: accounts by key, rate limits, prompt caching and the sample completion.

Envelopes, validation and headers are each provider's own. State holds counters and digests, never a prompt or a key.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.ai.sample_text import conforming, digest, post, tokens
from local.simulators.world import Json, World

WINDOW_S = 60.0
CACHE_LIFE_S = 300.0
CACHE_LEAST_TOKENS = 1024
IMAGE_TOKENS = 765
HTML_200 = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to the network</h1></body></html>"


class Refused(Exception):
    """A request that the provider answers with an error: status, body, headers."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, dict(headers or {})


Handler = Callable[[Request], Awaitable[Response]]
Action = Callable[[Json], Awaitable[Any] | Any]


def answering(handler: Handler, headers: Callable[[], Mapping[str, str]] = dict) -> Handler:
    """``handler`` with its ``Refused`` turned into the provider's error response, which carries ``headers()`` too."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status, {**headers(), **refused.headers})

    return answered


@dataclass(frozen=True, slots=True)
class Model:
    """A model on offer. ``shutdown`` is an ISO date; from then on ``successor`` answers, or nobody."""

    id: str
    context: int = 1_000_000
    max_output: int = 128_000
    shutdown: str | None = None
    successor: str | None = None
    alias_of: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """The content of a request: instructions, the rest, and how many images are in it."""

    system: str
    user: str
    images: int = 0

    @property
    def text(self) -> str:
        """Instructions and messages."""
        return f"{self.system}\n{self.user}" if self.system else self.user

    @property
    def tokens(self) -> int:
        """The estimated input tokens."""
        return max(tokens(self.text) + IMAGE_TOKENS * self.images, 1)


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. ``stopped``: ``end``, ``limit`` (of output tokens) or ``sequence``. ``output_tokens`` excludes thinking."""

    text: str
    stopped: str
    input_tokens: int
    output_tokens: int
    thinking_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    stop_sequence: str | None = None


@dataclass(slots=True)
class Settings:
    """The settings that the action ``settings`` can change. ``rpm``/``tpm``: requests and tokens per minute and key.

    ``usage``: how answers that are not streamed tell their tokens, one of :data:`TELLINGS`; gateways and new versions do what
    they like here. ``served``: the model that they name, by default the one that answered.
    """

    reply: str | None = None
    usage: str = "counted"
    served: str | None = None
    rpm: int = 10_000
    tpm: int = 10_000_000
    thinking_tokens: int = 0
    context_tokens: int | None = None
    models: list[str] | None = None


@dataclass(slots=True)
class Account:
    """The use of one key."""

    label: str
    requests: int = 0
    completions: int = 0
    throttled: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    window: deque[tuple[float, int]] = field(default_factory=deque)
    cached: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """The rest of the minute's limits for one key; ``*_reset_s`` is when the limit is whole again."""

    requests_limit: int
    requests_left: int
    requests_reset_s: float
    tokens_limit: int
    tokens_left: int
    tokens_reset_s: float


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that a request would break: ``requests`` or ``tokens`` per minute, and the seconds to wait."""

    what: str
    limit: int
    used: int
    requested: int
    wait_s: float


class Backend:
    """Accounts, limits and completions of one provider."""

    def __init__(self, world: World, models: Sequence[Model], thinking_tokens: int) -> None:
        self.world = world
        self.offered = {model.id: model for model in models}
        self.thinking_tokens = thinking_tokens
        self.reset()

    def reset(self) -> None:
        """Forget all accounts and settings."""
        self.settings = Settings(thinking_tokens=self.thinking_tokens)
        self.accounts: dict[str, Account] = {}
        self.total_requests = 0

    def configure(self, given: Json) -> Json:
        """The action ``settings``: changes the named settings and returns all of them. HTTPException 400: an unknown name."""
        unknown = set(given) - set(Settings.__dataclass_fields__)
        if unknown:
            raise HTTPException(400, f"unknown settings: {', '.join(sorted(unknown))}")
        if given.get("usage", "counted") not in TELLINGS:
            raise HTTPException(400, f"usage is one of: {', '.join(TELLINGS)}")
        for name, value in given.items():
            setattr(self.settings, name, value)
        return {name: getattr(self.settings, name) for name in Settings.__dataclass_fields__}

    def state(self) -> Json:
        """Counters per key, the key as its last four characters."""
        names = ("requests", "completions", "throttled", "input_tokens", "output_tokens")
        return {
            "total_requests": self.total_requests,
            "keys": [{"key": a.label} | {n: getattr(a, n) for n in names} for a in self.accounts.values()],
        }

    def account(self, key: str) -> Account:
        """The account of a valid key, with its request counted."""
        name = hashlib.sha256(key.encode()).hexdigest()
        account = self.accounts.setdefault(name, Account(label=f"…{key[-4:]}"))
        account.requests += 1
        return account

    def models(self) -> list[Model]:
        """The models that can be called now, aliases included."""
        names = self.settings.models if self.settings.models is not None else list(self.offered)
        known = (self.offered.get(name) or Model(name) for name in names)
        return [model for model in known if not self._is_shut(model)]

    def find(self, name: str) -> Model | None:
        """The model that answers when ``name`` is asked for (aliases and successors resolved), or None."""
        if self.settings.models is not None:
            return (self.offered.get(name) or Model(name)) if name in self.settings.models else None
        model = self.offered.get(name)
        if model and self._is_shut(model):
            model = self.offered.get(model.successor or "")
        return self.offered[model.alias_of] if model and model.alias_of else model

    def _is_shut(self, model: Model) -> bool:
        return model.shutdown is not None and self.today() >= model.shutdown

    def today(self) -> str:
        """The simulated date, ISO."""
        return datetime.fromtimestamp(self.world.clock.now(), UTC).date().isoformat()

    def overflows(self, model: Model, prompt: Prompt) -> int | None:
        """The context window in tokens when ``prompt`` does not fit into it."""
        context = self.settings.context_tokens or model.context
        return context if prompt.tokens > context else None

    def room(self, account: Account) -> Room:
        """Return the rest of the minute's limits for ``account``."""
        now, limits = self.world.clock.now(), self.settings
        while account.window and account.window[0][0] <= now - WINDOW_S:
            account.window.popleft()
        used = sum(count for _, count in account.window)
        whole = account.window[-1][0] + WINDOW_S - now if account.window else 0.0
        return Room(limits.rpm, max(limits.rpm - len(account.window), 0), whole, limits.tpm, max(limits.tpm - used, 0), whole)

    def exceeded(self, account: Account, prompt: Prompt) -> Exceeded | None:
        """The limit that one more request would break; a refused request is counted as throttled."""
        room, now = self.room(account), self.world.clock.now()
        wait = account.window[0][0] + WINDOW_S - now if account.window else WINDOW_S
        if room.requests_left < 1:
            found = Exceeded("requests", room.requests_limit, len(account.window), 1, wait)
        elif room.tokens_left < prompt.tokens:
            found = Exceeded("tokens", room.tokens_limit, room.tokens_limit - room.tokens_left, prompt.tokens, wait)
        else:
            return None
        account.throttled += 1
        return found

    def complete(
        self,
        account: Account,
        prompt: Prompt,
        *,
        limit: int | None = None,
        thinking: int = 0,
        schema: Json | None = None,
        stops: Sequence[str] = (),
        cache: bool = True,
        variant: int = 0,
    ) -> Completion:
        """Answer ``prompt`` within ``limit`` output tokens (thinking included), and charge ``account``."""
        text, stopped, sequence = self._draft(prompt, schema, variant), "end", None
        cuts = [(text.find(s), s) for s in stops if s and s in text]
        if cuts:
            position, sequence = min(cuts)
            text, stopped = text[:position], "sequence"
        if limit is not None:
            thinking = min(thinking, limit)
            if tokens(text) > limit - thinking:
                text, stopped, sequence = text[: 4 * (limit - thinking)], "limit", None
        cached, written = self._cache(account, prompt.system) if cache else (0, 0)
        completion = Completion(text, stopped, prompt.tokens, tokens(text), thinking, cached, written, sequence)
        account.completions += 1
        account.input_tokens += completion.input_tokens
        account.output_tokens += completion.output_tokens + thinking
        account.window.append((self.world.clock.now(), completion.input_tokens + completion.output_tokens + thinking))
        return completion

    def _draft(self, prompt: Prompt, schema: Json | None, variant: int) -> str:
        if self.settings.reply is not None:
            return self.settings.reply
        if schema is None:
            return post(prompt.text, variant)
        return json.dumps(conforming(schema, prompt.text, variant), ensure_ascii=False)

    def told(self, answer: Json, usage: str, model: str) -> Json:
        """``answer`` with its members ``usage`` and ``model`` (by these names) as the settings want them told."""
        if self.settings.served is not None:
            answer = answer | {model: self.settings.served}
        if self.settings.usage == "missing":
            return {name: value for name, value in answer.items() if name != usage}
        return answer | {usage: TELLINGS[self.settings.usage](answer[usage])}

    def _cache(self, account: Account, system: str) -> tuple[int, int]:
        """Tokens read from and written to the cache: repeated long instructions of the same key."""
        if tokens(system) < CACHE_LEAST_TOKENS:
            return 0, 0
        now, name = self.world.clock.now(), digest(system)
        fresh = now - account.cached.get(name, float("-inf")) < CACHE_LIFE_S
        account.cached[name] = now
        return (tokens(system), 0) if fresh else (0, tokens(system))


def _each_count(change: Callable[[int], Any], value: Any) -> Any:
    """``value`` with every number in it changed."""
    if isinstance(value, dict):
        return {name: _each_count(change, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_each_count(change, inner) for inner in value]
    return change(value) if isinstance(value, int) and not isinstance(value, bool) else value


TELLINGS: Mapping[str, Callable[[Any], Any]] = {
    "counted": lambda usage: usage,
    "missing": lambda usage: usage,
    "null": lambda usage: None,
    "empty": lambda usage: {},
    "strings": lambda usage: _each_count(str, usage),
    "floats": lambda usage: _each_count(lambda count: count + 0.5, usage),
    "negative": lambda usage: _each_count(lambda count: -count - 1, usage),
}
"""Changes to the usage in an answer, by the setting ``usage``."""

JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def json_type(value: Any) -> str:
    """The JSON name of a value's type: ``string``, ``integer`` …, ``null``."""
    if isinstance(value, bool):
        return "boolean"
    return next((name for name, kind in JSON_TYPES.items() if isinstance(value, kind)), "null")


def accepts(expected: str, value: Any) -> bool:
    """Tell whether ``value`` is of one of the JSON types in ``expected`` (``a|b``, or ``any``)."""
    actual = json_type(value)
    names = expected.split("|")
    return "any" in names or actual in names or (actual == "integer" and "number" in names)


def event_stream(events: Sequence[str], headers: Mapping[str, str]) -> Response:
    """Server-sent events, each given as its lines without the empty line that ends it."""
    return Response("".join(f"{event}\n\n" for event in events), 200, dict(headers), media_type="text/event-stream")


def pieces(text: str, size: int = 24) -> list[str]:
    """``text`` in the pieces in which it is streamed."""
    return [text[i : i + size] for i in range(0, len(text), size)]
