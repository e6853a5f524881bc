"""The order of attempts, who is passed over and why, and when the loop goes on, stops, or runs out of time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion.ai import fallback, prices, store
from noillusion.ai.answers import Unusable
from noillusion.ai.fallback import AttemptRecord, Run
from noillusion.ai.models import Result, SkipReason
from noillusion.ai.outcomes import Completion, Limits, ProviderError, Usage
from noillusion.ai.plan import Candidate, Conditions, Key, ProviderChoice, ProviderState, Spending, order, plan
from noillusion.ai.prompts import Prompt
from noillusion.catalog.models import Effort
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from noillusion.core.sensitive import Content, Secret
from tests.support.ai import KEYS, MARK, prompt

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES: tuple[Provider, ...] = ("openai", "anthropic", "google")
"""The providers of these examples. There may be more."""
CHOICES = [ProviderChoice(name, PROVIDERS[name].models[0]) for name in NAMES]
GOOD = Completion(Content("good"), "served", Usage(10, 5))
CRASHES = [
    RuntimeError(MARK),
    KeyError(MARK),
    RecursionError(),
    OverflowError(MARK),
    AssertionError(),
    UnicodeDecodeError("x", b"", 0, 1, MARK),
]
RESULT = [Result(platform="tiktok", text="good", length=4, length_unit="utf16", limit=2200, checks=[])]


def conditions(**changes: Any) -> Conditions:
    """All three keys stored, nothing spent, nothing cooling."""
    base = Conditions(
        keys={name: Key(KEYS[name], "stored") for name in NAMES},
        states={},
        spending=Spending(),
        now=NOW,
        highest_cost=dict.fromkeys(NAMES, 1000),
    )
    return replace(base, **changes)


def reasons(found: list[Candidate]) -> list[str | None]:
    return [candidate.skip for candidate in found]


def state(provider: Provider, **changes: Any) -> dict[tuple[Provider, str], ProviderState]:
    return {(provider, PROVIDERS[provider].models[0]): ProviderState(**changes)}


def test_the_users_order_is_the_order_of_attempts() -> None:
    choices = order([ProviderChoice("google", "g"), ProviderChoice("openai", "o")])
    known = [(w.provider, w.enabled) for w in choices if w.provider in NAMES]
    assert known == [
        ("google", True),
        ("openai", True),
        ("anthropic", False),
    ]


def test_a_provider_without_a_choice_stands_for_its_first_model() -> None:
    assert [(choice.provider, choice.model) for choice in order([])] == [(name, PROVIDERS[name].models[0]) for name in PROVIDERS]


def test_the_requests_order_wins_but_not_over_a_provider_that_is_switched_off() -> None:
    choices = order(
        [ProviderChoice("openai", "o"), ProviderChoice("google", "g", enabled=False)], ["google", "anthropic"], {"anthropic": "m"}
    )[:3]
    assert [(w.provider, w.model) for w in choices] == [("google", "g"), ("anthropic", "m"), ("openai", "o")]
    assert reasons(plan(choices, conditions())) == ["disabled", None, "not_requested"]


def test_every_provider_that_is_passed_over_has_its_reason() -> None:
    choices = [replace(CHOICES[0], enabled=False), CHOICES[1], CHOICES[2]]
    keys = {"anthropic": Key(None, "stored")}
    assert reasons(plan(choices, conditions(keys=keys))) == ["disabled", "key_unreadable", "no_key"]


def test_J4_a_cooling_provider_waits_until_the_instant_it_named() -> None:
    until = NOW + timedelta(seconds=7)
    found = plan(CHOICES, conditions(states=state("openai", outcome="rate_limited", cooldown_until=until)))
    assert (found[0].skip, found[0].available_at) == ("cooling_down", until)
    later = conditions(states=state("openai", outcome="rate_limited", cooldown_until=until), now=until)
    assert plan(CHOICES, later)[0].skip is None


def test_a_cooldown_is_of_one_model_only() -> None:
    cooling = state("openai", outcome="rate_limited", cooldown_until=NOW + timedelta(hours=1))
    assert plan([ProviderChoice("openai", "another")], conditions(states=cooling))[0].skip is None


@pytest.mark.parametrize("outcome", ["auth", "quota", "rate_limited"])
@pytest.mark.parametrize(
    ("met_by", "source", "mark", "waits"),
    [
        ("row-1", "stored", "row-1", True),
        ("row-1", "header", "row-1", True),
        ("row-1", "header", "hash-2", False),
        ("hash-2", "header", "hash-2", True),
        ("hash-2", "header", "hash-3", False),
        ("hash-2", "stored", "row-1", False),
        ("operator", "operator", "operator", True),
        ("", "stored", "row-1", True),
        ("", "header", "hash-2", False),
    ],
)
def test_F9_a_key_does_not_wait_for_what_another_key_met(outcome: str, met_by: str, source: Any, mark: str, waits: bool) -> None:
    cooling = state("openai", outcome=outcome, key_mark=met_by, cooldown_until=NOW + timedelta(hours=1))
    keys = {"openai": Key(KEYS["openai"], source, mark)}
    # Whoever sends the very key along that was refused may try it again.
    skip = "cooling_down" if waits and not (source == "header" and outcome != "rate_limited") else None
    assert plan([CHOICES[0]], conditions(states=cooling, keys=keys))[0].skip == skip


@pytest.mark.parametrize(
    ("remaining", "buffer", "skip"), [(0, 0, "rate_limit_buffer"), (1, 0, None), (5, 5, "rate_limit_buffer"), (6, 5, None)]
)
def test_the_rate_limit_buffer_is_kept(remaining: int, buffer: int, skip: str | None) -> None:
    told = state("openai", outcome="ok", remaining_requests=remaining, resets_at=NOW + timedelta(seconds=9))
    assert plan(CHOICES, conditions(states=told, rate_limit_buffer=buffer))[0].skip == skip
    over = state("openai", outcome="ok", remaining_requests=remaining, resets_at=NOW)
    assert plan(CHOICES, conditions(states=over, rate_limit_buffer=buffer))[0].skip is None


@pytest.mark.parametrize(("remaining", "skip"), [(5, "rate_limit_buffer"), (899, "rate_limit_buffer"), (900, None), (None, None)])
def test_the_tokens_that_are_left_must_be_enough(remaining: int | None, skip: str | None) -> None:
    told = state(
        "openai", outcome="ok", remaining_requests=50, remaining_tokens=remaining, tokens_reset_at=NOW + timedelta(seconds=9)
    )
    found = plan(CHOICES, conditions(states=told, input_tokens=900))[0]
    assert (found.skip, found.available_at) == (skip, NOW + timedelta(seconds=9) if skip else None)
    over = state("openai", outcome="ok", remaining_tokens=remaining, tokens_reset_at=NOW)
    assert plan(CHOICES, conditions(states=over, input_tokens=900))[0].skip is None


@pytest.mark.parametrize(
    ("spending", "source", "skip"),
    [
        (Spending(spent=9_000, limit=10_000), "stored", None),
        (Spending(spent=9_001, limit=10_000), "stored", "budget_exhausted"),
        (Spending(spent=8_000, reserved=1_000, limit=10_000), "stored", None),
        (Spending(spent=8_000, reserved=1_001, limit=10_000), "stored", "budget_exhausted"),
        (Spending(operator_spent=9_001, operator_limit=10_000, total_limit=10**9), "operator", "budget_exhausted"),
        (Spending(operator_spent=9_001, operator_limit=10_000), "stored", None),
        (Spending(operator_reserved=9_001, operator_limit=10_000, total_limit=10**9), "operator", "budget_exhausted"),
        (Spending(total=9_000, operator_limit=10_000, total_limit=10_000), "operator", None),
        (Spending(total=9_001, operator_limit=10_000, total_limit=10_000), "operator", "operator_budget_exhausted"),
        (Spending(spent=10**12), "header", None),
    ],
)
def test_J5_a_budget_is_never_overdrawn_not_even_by_what_is_reserved(spending: Spending, source: Any, skip: str | None) -> None:
    keys = {"openai": Key(KEYS["openai"], source)}
    assert plan([CHOICES[0]], conditions(spending=spending, keys=keys))[0].skip == skip


@pytest.mark.parametrize(
    ("cost", "limit", "skip"),
    [
        (500_000_000, None, None),
        (500_000_001, None, "request_cost_limit"),
        (500_000_001, 10**9, None),
        (10_001, 10_000, "request_cost_limit"),
        (10_000, 10_000, None),
        (None, None, None),
        (None, 10_000, "price_unknown"),
    ],
)
def test_one_request_costs_no_more_than_its_limit(cost: int | None, limit: int | None, skip: str | None) -> None:
    found = plan([CHOICES[0]], conditions(spending=Spending(request_limit=limit), highest_cost={"openai": cost}))
    assert (found[0].skip, found[0].highest_cost) == (skip, cost)


def test_a_budget_cannot_be_kept_with_a_model_of_unknown_price() -> None:
    unknown = conditions(spending=Spending(limit=10**9), highest_cost={"openai": None})
    assert plan([CHOICES[0]], unknown)[0].skip == "price_unknown"
    assert plan([CHOICES[0]], conditions(highest_cost={"openai": None}))[0].skip is None


def test_without_fallback_only_the_first_provider_that_is_set_up_is_tried() -> None:
    keys = {name: Key(KEYS[name], "stored") for name in ("anthropic", "google")}
    assert reasons(plan(CHOICES, conditions(keys=keys, fallback=False))) == ["no_key", None, "fallback_off"]


def test_without_fallback_a_provider_that_could_not_be_tried_anyway_says_why() -> None:
    keys = {name: Key(KEYS[name], "stored") for name in (CHOICES[0].provider, CHOICES[2].provider)}
    assert reasons(plan(CHOICES, conditions(keys=keys, fallback=False))) == [None, "no_key", "fallback_off"]


class Script:
    """Adapters that answer as told; what they were asked is kept."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Provider, str, float]] = []

    def __getitem__(self, provider: Provider) -> Any:
        script = self

        class Adapter:
            async def complete(
                self, prompt: Prompt, *, model: str, key: Secret, seconds: float, effort: Effort | None = None
            ) -> Completion:
                script.asked.append((provider, key.reveal(), seconds))
                answer = script.answers[provider]
                if isinstance(answer, Exception):
                    raise answer
                assert isinstance(answer, Completion)
                return answer

        return Adapter()


@dataclass
class Book:
    """Admits all providers but those that it names, and keeps what it hears."""

    denied: dict[Provider, Any] = field(default_factory=dict)
    asked: list[tuple[int, Provider]] = field(default_factory=list)
    made: list[AttemptRecord] = field(default_factory=list)

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
        assert len(self.made) == number - 1, "an attempt is settled before the next is admitted"
        self.asked.append((number, candidate.provider))
        found: SkipReason | None = self.denied.get(candidate.provider)
        return found

    def ended(self, attempt: AttemptRecord) -> None:
        self.made.append(attempt)


def readable(text: Content) -> list[Result]:
    """The reader of the tests: the text ``good`` is readable and nothing else is."""
    if text.reveal() != "good":
        raise Unusable("not_json")
    return RESULT


def go(
    script: Script,
    *,
    seconds: float = 24.0,
    choices: list[ProviderChoice] | None = None,
    read: Callable[[Content], list[Result]] = readable,
    most: int = 10**9,
    recorder: Book | None = None,
    **changes: Any,
) -> tuple[Run, list[AttemptRecord]]:
    """Run the plan."""
    book = recorder or Book()

    found = asyncio.run(
        fallback.run(
            plan(choices or CHOICES, conditions(**changes)),
            prompt(),
            script,
            deadline=clock.monotonic() + seconds,
            most=most,
            read=read,
            recorder=book,
        )
    )
    return found, book.made


def outcomes(run: Run) -> list[str]:
    return [made.outcome for made in run.attempts]


@pytest.mark.parametrize("outcome", ["rate_limited", "overloaded", "timeout", "network", "auth", "quota"])
def test_the_first_six_outcomes_move_on_to_the_next_provider(outcome: Any) -> None:
    script = Script(openai=ProviderError(outcome), anthropic=ProviderError(outcome), google=GOOD)
    run, noted = go(script)
    assert outcomes(run) == [outcome, outcome, "ok"] and run.results == RESULT
    assert [made.number for made in noted] == [1, 2, 3]
    assert [asked[1] for asked in script.asked] == [KEYS[name].reveal() for name in NAMES]


@pytest.mark.parametrize("outcome", ["bad_request", "content_refused"])
def test_a_refusal_is_never_dodged_by_asking_another_provider(outcome: Any) -> None:
    run, _ = go(Script(openai=ProviderError(outcome), anthropic=GOOD))
    assert outcomes(run) == [outcome] and run.stop == outcome and run.results is None
    assert run.passed_over == {"anthropic": "stopped", "google": "stopped"}


@pytest.mark.parametrize("outcome", ["bad_output", "context_too_long", "answer_withheld"])
def test_a_useless_answer_moves_on_once(outcome: Any) -> None:
    assert outcomes(go(Script(openai=ProviderError(outcome), anthropic=GOOD))[0]) == [outcome, "ok"]
    run, _ = go(Script(openai=ProviderError(outcome), anthropic=ProviderError(outcome), google=GOOD))
    assert outcomes(run) == [outcome, outcome] and run.results is None
    assert run.stop == ("context_too_long" if outcome == "context_too_long" else None)


def test_an_unreadable_answer_is_bad_output_with_its_tokens_and_cost() -> None:
    wrong = Completion(Content("nonsense"), "gpt-6-luna", Usage(1000, 100), finish="truncated")
    run, _ = go(Script(openai=wrong, anthropic=GOOD))
    assert (run.attempts[0].outcome, run.attempts[0].code, run.attempts[0].cost_nanousd) == ("bad_output", "truncated", 150_000)


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: type(crash).__name__)
def test_whatever_breaks_in_an_adapter_is_that_attempts_outcome_and_the_next_is_asked(
    crash: Exception, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    run, noted = go(Script(openai=crash, anthropic=GOOD))
    assert outcomes(run) == ["internal_error", "ok"] and run.results == RESULT
    assert [(made.outcome, made.maybe_charged) for made in noted] == [("internal_error", True), ("ok", True)]
    assert MARK not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: type(crash).__name__)
def test_an_answer_that_breaks_its_reader_is_recorded_with_its_cost_and_the_next_is_asked(crash: Exception) -> None:
    def read(text: Content) -> list[Result]:
        if text.reveal() == "breaks it":
            raise crash
        return RESULT

    breaking = Completion(Content("breaks it"), "gpt-6-luna", Usage(1000, 100))
    run, _ = go(Script(openai=breaking, anthropic=GOOD), read=read)
    assert outcomes(run) == ["internal_error", "ok"] and run.results == RESULT
    assert run.attempts[0].cost_nanousd == 150_000


def test_an_answer_that_cannot_be_priced_is_still_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(prices, "cost_nanousd", broken)
    run, _ = go(Script(openai=Completion(Content("good"), "gpt-6-luna", Usage(1000, 100))))
    assert run.results == RESULT
    assert (run.attempts[0].cost_nanousd, run.attempts[0].maybe_charged) == (None, True)


@pytest.mark.parametrize(
    ("error", "maybe"),
    [
        (ProviderError("rate_limited"), False),
        (ProviderError("overloaded"), False),
        (ProviderError("auth"), False),
        (ProviderError("bad_request"), False),
        (ProviderError("network", code="not_connected"), False),
        (ProviderError("network", code="connection_failed"), True),
        (ProviderError("timeout"), True),
        (ProviderError("bad_output"), True),
        (ProviderError("content_refused"), False),
        (ProviderError("content_refused", answered=True), True),
        (ProviderError("overloaded", answered=True), True),
    ],
)
def test_what_may_have_been_charged_is_told_from_what_surely_was_not(error: ProviderError, maybe: bool) -> None:
    assert go(Script(openai=error, anthropic=GOOD))[0].attempts[0].maybe_charged is maybe


def test_without_the_name_of_the_model_that_answered_there_is_no_cost() -> None:
    run, _ = go(Script(openai=Completion(Content("good"), None, Usage(1000, 100))))
    assert (run.results, run.attempts[0].cost_nanousd) == (RESULT, None)


@pytest.mark.parametrize(
    ("named", "stored"),
    [
        ("gpt-6-luna", "gpt-6-luna"),
        ("gpt-6-luna-2026-09-01", "gpt-6-luna-2026-09-01"),
        ("gpt-6.1-sol", "gpt-6.1-sol"),
        ("bakery", "unrecognized"),
        ("gpt-6-luna-two words", "unrecognized"),
    ],
)
def test_the_name_of_the_model_that_served_is_stored_only_where_it_is_one(named: str, stored: str) -> None:
    run, _ = go(Script(openai=Completion(Content("good"), named, Usage(1000, 0))))
    statement = store.settle("auth0|alice", "a", run.attempts[0], "v", NOW)
    assert statement.params["served_model"] == stored


def test_J6_the_cost_is_that_of_the_model_that_served() -> None:
    run, _ = go(Script(openai=Completion(Content("good"), "gpt-6.1-sol", Usage(1000, 0))))
    assert (run.attempts[0].served_model, run.attempts[0].cost_nanousd) == ("gpt-6.1-sol", 2_000_000)


def test_no_attempt_is_sent_that_was_not_admitted() -> None:
    script, book = Script(anthropic=ProviderError("timeout"), google=GOOD), Book(denied={"openai": "budget_exhausted"})
    run, _ = go(script, recorder=book)
    assert [asked[0] for asked in script.asked] == ["anthropic", "google"]
    assert book.asked == [(1, "openai"), (1, "anthropic"), (2, "google")]
    assert run.passed_over == {"openai": "budget_exhausted"}


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        (ProviderError("timeout"), ["openai"]),
        (ProviderError("rate_limited"), ["openai", "anthropic"]),
        (Completion(Content("bad"), "gpt-6-luna", Usage(1, 1)), ["openai", "anthropic"]),
        (Completion(Content("bad"), "unheard-of", Usage(1, 1)), ["openai"]),
    ],
    ids=["cost unknown", "free", "cost known", "model unknown"],
)
def test_all_attempts_of_a_request_together_cost_no_more_than_its_limit(first: Any, asked: list[str]) -> None:
    script = Script(openai=first, anthropic=GOOD)
    run, _ = go(script, most=1_999, highest_cost={"openai": 1_000, "anthropic": 1_000}, choices=CHOICES[:2])
    assert [name for name, *_ in script.asked] == asked
    assert run.passed_over == ({} if "anthropic" in asked else {"anthropic": "request_cost_limit"})


def test_a_reservation_that_took_all_the_time_sends_nothing_and_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Book):
        async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
            monkeypatch.setattr(clock, "monotonic", lambda: begun + 23)
            return await super().admit(number, candidate)

    begun = clock.monotonic()
    script = Script(openai=GOOD)
    run, noted = go(script, recorder=Slow(), choices=CHOICES[:1])
    assert script.asked == [] and run.results is None
    assert [(made.outcome, made.code, made.cost) for made in noted] == [("timeout", "not_connected", 0)]


def test_nobody_is_asked_twice_and_nothing_after_success() -> None:
    script = Script(openai=GOOD)
    run, _ = go(script)
    assert len(script.asked) == 1 and run.passed_over == {"anthropic": "not_needed", "google": "not_needed"}


def test_one_deadline_is_divided_among_the_attempts_left() -> None:
    script = Script(openai=ProviderError("timeout"), anthropic=ProviderError("timeout"), google=ProviderError("timeout"))
    run, _ = go(script, seconds=24.0)
    assert [round(asked[2]) for asked in script.asked] == [12, 12, 24], "the attempts of the script take no time"
    assert run.results is None and run.stop is None


def test_when_time_is_up_the_rest_is_passed_over() -> None:
    script = Script(openai=GOOD)
    run, _ = go(script, seconds=1.0)
    assert script.asked == [] and set(run.passed_over.values()) == {"deadline"}


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ProviderError("rate_limited", retry_after=46), 46),
        (ProviderError("rate_limited", limits=Limits(remaining_requests=0, resets_at=NOW + timedelta(hours=2))), 7200),
        (ProviderError("rate_limited"), 30),
        (ProviderError("overloaded"), 15),
        (ProviderError("auth"), 600),
        (ProviderError("quota"), 3600),
        (ProviderError("quota", retry_after=46), 3600),
        (ProviderError("quota", retry_after=90_000), 90_000),
        (ProviderError("bad_output"), None),
        (ProviderError("content_refused"), None),
    ],
)
def test_J3_the_cooldown_is_an_absolute_instant_from_the_providers_hint(
    error: ProviderError, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    run, _ = go(Script(openai=error, anthropic=GOOD))
    assert run.attempts[0].cooldown_until == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a_bad_key_sent_along_leaves_no_cooldown() -> None:
    keys = {"openai": Key(KEYS["openai"], "header")}
    run, _ = go(Script(openai=ProviderError("auth")), keys=keys)
    assert run.attempts[0].cooldown_until is None
