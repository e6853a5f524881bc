"""Drives every flow: time-outs, bounded retries of what is safe to repeat, pacing, checkpoints, classification.

It sends a COMMIT exactly once. Whatever comes back and is neither a success nor a refusal that is certain (``Fault.certain``)
means that its outcome is unknown, never that it failed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from noillusion.core import clock, logs
from noillusion.core.sensitive import Secret
from noillusion.flows import readings
from noillusion.flows.checkpoint import Checkpoint as Checkpoint
from noillusion.flows.checkpoint import NoCheckpoint as NoCheckpoint
from noillusion.flows.effects import Effect
from noillusion.flows.faults import TIMED_OUT, ErrorClass, Fault, OutcomeUnknown, PlatformError, ReadRefused, UnexpectedShape
from noillusion.flows.pauses import Pause
from noillusion.flows.protocol import LATE, App, Call, Flow, Reply, SizeOf, Step, Until
from noillusion.flows.service import Service
from noillusion.flows.shapes import handles_of, held_to
from noillusion.flows.signatures import signed

if TYPE_CHECKING:
    from noillusion.flows.sources import Sources

T = TypeVar("T")

ATTEMPTS = 3
BACKOFF_S = 0.3
LONGEST_WAIT_S = 5.0
"""A wait that the platform asks for is taken inside the run only up to this long."""
LEAST_S = 1.0
"""Seconds of the budget without which a flow that can be run again later begins no call."""
COMES_AGAIN_S = 6.0
"""Seconds that a call of a flow that can be run again later waits: others stand behind a platform that is silent."""
RESERVE_S = 5.0
"""Seconds of the budget that a wait leaves to what follows it in the same run."""


class Suspended(Exception):
    """The time budget ended inside a wait. The flow goes on later from its handles."""

    def __init__(self, after: float) -> None:
        super().__init__("suspended")
        self.after = after
        """Seconds until asking again is worthwhile."""


@dataclass(slots=True)
class Session:
    """The credential that calls are made with. ``refresh`` gets a new token after a refusal, or ``None`` if there is none."""

    token: Secret | None = None
    refresh: Callable[[Fault], Awaitable[Secret | None]] | None = None
    app: App | None = None
    """The app that the token was given to."""
    refreshed: bool = field(default=False, init=False)
    renewed: bool = field(default=False, init=False)
    """True if the refresh gave a new token."""
    pauses: list[Pause] = field(default_factory=list, init=False)
    """What the replies said about leaving the account alone."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def renew(self, refused: Secret | None, fault: Fault) -> bool:
        """Refresh once; whether there is another token now than the one that was ``refused``, with ``fault``."""
        async with self._turn:
            if self.token is not refused:
                # A call beside this one was refused as well and got a new token meanwhile.
                return True
            if self.refresh is None or self.refreshed:
                return False
            self.refreshed = True
            token = await self.refresh(fault)
            if token is None:
                return False
            self.token = token
            self.renewed = True
            return True


class Runner:
    """Runs flows of one platform with one credential until ``deadline``; waits end at ``patience`` (both ``clock.monotonic``)."""

    def __init__(
        self,
        platform: Service,
        session: Session,
        *,
        deadline: float,
        checkpoint: Checkpoint | None = None,
        patience: float | None = None,
        attempts: int = ATTEMPTS,
        comes_again: bool = False,
    ) -> None:
        """``attempts``: of a READ or PREPARE that fails for a passing reason.

        ``comes_again``: the whole flow is run again later anyway, as when figures are read. A call that got no answer in time is
        then not repeated, none waits longer than :data:`COMES_AGAIN_S`, and none begins when the budget is over:
        :class:`Suspended`.
        """
        self.platform = platform
        self.session = session
        self.deadline = deadline
        self.patience = deadline if patience is None else min(patience, deadline)
        self.checkpoint: Checkpoint = checkpoint or NoCheckpoint()
        self.attempts, self.comes_again = attempts, comes_again
        self.ahead: float | None = None
        """Seconds by which the platform's clock is ahead of ours, by the ``Date`` of its last answer."""
        self._sources: Sources | None = None

    async def run(self, flow: Flow[T]) -> T:
        """The flow's result. Raises :class:`PlatformError`, :class:`OutcomeUnknown` or :class:`Suspended`."""
        give: Any = None
        error: PlatformError | None = None
        committed, refused = False, False
        flow = held_to(self.platform.forms, self.platform.versioned(flow))
        try:
            while True:
                try:
                    step = flow.throw(error) if error else flow.send(give)
                except StopIteration as stop:
                    return cast(T, stop.value)
                except ReadRefused as refusal:
                    raise readings.blameless(self.platform.name, refusal) from None
                except UnexpectedShape as shape:
                    fault = Fault(ErrorClass.UNKNOWN, f"shape:{shape}")
                    raise (OutcomeUnknown(fault, Effect.COMMIT) if committed else PlatformError(fault)) from None
                if refused:
                    # Before anything else, or whatever ends the run from here would leave an outcome that looks unknown.
                    await self.checkpoint.not_committed()
                give, error, refused = None, None, False
                commits = isinstance(step, Call) and step.effect is Effect.COMMIT
                try:
                    give = await self._step(step)
                    committed = committed or commits
                except PlatformError as refusal:
                    error = refusal
                    refused = commits and not isinstance(refusal, OutcomeUnknown)
        finally:
            flow.close()
            if self._sources:
                await self._sources.close()

    async def _step(self, step: Step) -> Reply | list[Reply] | int:
        if isinstance(step, Call):
            return await self._call(step)
        if isinstance(step, Until):
            return await self._until(step)
        if isinstance(step, SizeOf):
            from noillusion.flows import transport

            return await transport.size(step.item, sources=self.sources, seconds=max(0.5, self.remaining))
        replies = await asyncio.gather(*(self._call(call) for call in step), return_exceptions=True)
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        return cast("list[Reply]", replies)

    @property
    def remaining(self) -> float:
        """Seconds left of the budget."""
        return self.deadline - clock.monotonic()

    @property
    def sources(self) -> Sources:
        """The files that the run sends from their URLs."""
        from noillusion.flows.sources import Sources

        self._sources = self._sources or Sources()
        return self._sources

    async def _until(self, wait: Until) -> Reply:
        gap, waited, answers, told = wait.every, 0.0, 0, False
        limit = self.patience if wait.resumable else self.deadline - RESERVE_S
        while True:
            reply: Reply | None = None
            try:
                reply = await self._call(wait.call)
            except PlatformError as refusal:
                if refusal.fault.error_class not in wait.tolerate | {ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT}:
                    # What is waited for was sent before, and may be what is refused.
                    raise PlatformError(refusal.fault, refusal.effect) from None
            if reply is not None:
                answers += 1
                if wait.over(reply, answers):
                    return reply
                told = self._tell_odd(wait, reply, told)
            if clock.monotonic() + gap >= limit or waited >= wait.at_most:
                if wait.resumable:
                    raise Suspended(gap)
                raise PlatformError(Fault(ErrorClass.MEDIA_PROCESSING, LATE), wait.call.effect)
            await asyncio.sleep(gap)
            waited += gap
            gap = min(gap * 1.3, 10.0)

    def _tell_odd(self, wait: Until, reply: Reply, told: bool) -> bool:
        """Log a reply that nobody documents, once in a wait: it may be a new state that ends a wait."""
        if told or (code := wait.odd(reply)) is None:
            return told
        logs.event("unrecognized_status", platform=self.platform.name, code=code)
        return True

    async def _call(self, call: Call) -> Reply:
        if call.effect is Effect.COMMIT:
            await self.checkpoint.committing(self.ahead)
            return await self._commit(call)
        last = 1 if call.effect is Effect.FOLLOW_UP else self.attempts
        for attempt in range(1, last + 1):
            try:
                reply = await self._once(call)
            except PlatformError as refusal:
                pause = self._pause(refusal.fault, attempt) if attempt < last else None
                if pause is None:
                    raise
                await asyncio.sleep(pause)
                continue
            await self._keep(call, reply)
            return reply
        raise AssertionError("unreachable")

    def _pause(self, fault: Fault, attempt: int) -> float | None:
        """Return the seconds to wait before repeating a READ or PREPARE; ``None`` if it must not be repeated."""
        if fault.error_class not in (ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT):
            return None
        if fault.error_class is ErrorClass.RATE_LIMIT and fault.retry_after is None:
            return None
        if self.comes_again and fault.code == TIMED_OUT:
            return None
        pause = fault.retry_after or BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        return pause if pause <= min(LONGEST_WAIT_S, self.remaining - 1) else None

    async def _commit(self, call: Call) -> Reply:
        used = self.session.token
        try:
            reply = await self._send(call)
        except PlatformError as refusal:
            lost = isinstance(refusal, OutcomeUnknown) or not refusal.fault.certain
            raise (OutcomeUnknown if lost else PlatformError)(refusal.fault, Effect.COMMIT) from None
        fault = self._classified(call, reply)
        if fault and not fault.certain:
            raise OutcomeUnknown(fault, Effect.COMMIT)
        if fault:
            if fault.error_class is ErrorClass.REAUTH and call.auth != "none" and await self._renewed(used, fault):
                # The connection works again, so only this call failed. It is not repeated here: a COMMIT is sent once.
                fault = replace(fault, error_class=ErrorClass.TRANSIENT)
            raise PlatformError(fault, Effect.COMMIT)
        try:
            await self._keep(call, reply)
        except PlatformError as shape:
            raise OutcomeUnknown(shape.fault, Effect.COMMIT) from None
        return reply

    async def _renewed(self, used: Secret | None, fault: Fault) -> bool:
        """Return whether the next request has another token. This refusal stands whatever happens to the renewal."""
        try:
            return await self.session.renew(used, fault)
        except Exception as error:  # noqa: BLE001 - recorded; an outage of the token endpoint must not hide the refusal
            logs.failure("renewal_failed", error)
            return False

    async def _keep(self, call: Call, reply: Reply) -> None:
        if not call.keep:
            return
        try:
            handles = handles_of(self.platform.forms, call, reply)
        except UnexpectedShape as missing:
            raise PlatformError(Fault(ErrorClass.UNKNOWN, f"missing:{missing}"), call.effect) from None
        await self.checkpoint.keep(handles)

    async def _once(self, call: Call) -> Reply:
        """Send a READ or PREPARE; once more with a new token if the old one was refused."""
        used = self.session.token
        reply = await self._send(call)
        fault = self._classified(call, reply)
        refused = fault and fault.error_class is ErrorClass.REAUTH and call.auth != "none"
        if fault and refused and await self.session.renew(used, fault):
            reply = await self._send(call)
            fault = self._classified(call, reply)
        if fault:
            raise (ReadRefused if call.effect is Effect.READ else PlatformError)(fault, call.effect)
        return reply

    def _classified(self, call: Call, reply: Reply) -> Fault | None:
        fault = call.refusal(reply) or self.platform.classify(reply) or call.other(reply)
        if pause := self.platform.pause(reply, fault):
            self.session.pauses.append(pause)
        if other := self.platform.other_version(call, reply):
            logs.event("other_version_served", platform=self.platform.name, asked=other.asked, served=other.served)
        if fault and fault.error_class is ErrorClass.OPERATOR:
            logs.event("app_refused", platform=self.platform.name, status=reply.status, code=fault.code)
        return fault

    async def _send(self, call: Call) -> Reply:
        if self.comes_again and self.remaining < LEAST_S:
            raise Suspended(0.0)
        # The HTTP client is a tenth of a cold start, and most requests of a function call no platform.
        from noillusion.flows import transport

        longest = min(call.timeout, COMES_AGAIN_S) if self.comes_again else call.timeout
        seconds = max(0.5, min(longest, self.remaining))
        token, app = self.session.token, self.session.app
        call = signed(call, token, app, self.platform.signed_hosts)
        reply = await transport.send(self.platform, token, call, sources=self.sources, seconds=seconds)
        self.ahead = transport.ahead(reply, self.ahead)
        return reply
