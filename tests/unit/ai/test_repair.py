"""A text that breaks a rule is corrected once, if time and money allow, and the trail shows it; otherwise the problem is told."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from noillusion.ai import answers, fallback, prices, repair
from noillusion.ai.fallback import AttemptRecord
from noillusion.ai.models import SkipReason
from noillusion.ai.outcomes import Completion, ProviderError, Usage
from noillusion.ai.plan import Candidate, Key, ProviderState
from noillusion.ai.prompts import Prompt
from noillusion.catalog.providers import PROVIDERS
from noillusion.core import clock
from noillusion.core.sensitive import Content
from tests.support.ai import KEYS, prompt, request

MODEL = PROVIDERS["openai"].models[0]
GOOD = {"text": "We ride. https://bridges.example/a"}
ASKED: dict[str, Any] = {"platforms": ["tiktok"], "topic": "Ride, see https://bridges.example/a.", "include_hashtags": False}
LONG = {"text": "x" * 2_300}


@dataclass
class Provider:
    """Answers one after the other, and keeps the prompts."""

    said: list[Any]
    prompts: list[Prompt] = field(default_factory=list)

    def __getitem__(self, _: str) -> Any:
        return self

    async def complete(self, sent: Prompt, **_: Any) -> Completion:
        self.prompts.append(sent)
        said = self.said.pop(0)
        if isinstance(said, Exception):
            raise said
        return Completion(Content(json.dumps({"tiktok": said})), MODEL, Usage(100, 50))


@dataclass
class Book:
    """Admits every attempt, or no second one."""

    once: bool = False
    admitted: list[tuple[int, int | None, int | None]] = field(default_factory=list)
    made: list[AttemptRecord] = field(default_factory=list)

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> SkipReason | None:
        if self.once and number > 1:
            return "budget_exhausted"
        self.admitted.append((number, candidate.highest_cost, input_tokens))
        return None

    def ended(self, attempt: AttemptRecord) -> None:
        self.made.append(attempt)


def run(
    *said: Any, book: Book | None = None, most: int = 10**9, seconds: float = 20, **fields: Any
) -> tuple[fallback.Run, repair.Repair | None, Provider]:
    """A generation whose provider says this, with its repair."""
    asked, provider, recorder = request(**{**ASKED, **fields}), Provider([*said]), book or Book()
    sent = prompt(**{**ASKED, **fields})
    candidate = Candidate("openai", MODEL, Key(KEYS["openai"], "stored"), ProviderState(), highest_cost=1_000)
    read = partial(answers.read, request=asked, given=sent.user.reveal() + sent.system.reveal())

    async def both() -> tuple[fallback.Run, repair.Repair | None]:
        until = clock.monotonic() + seconds
        first = await fallback.run([candidate], sent, provider, deadline=until, most=most, read=read, recorder=recorder)
        again = await repair.attempt(first, sent, provider, deadline=until, most=most, read=read, recorder=recorder)
        return first, again

    return *asyncio.run(both()), provider


def texts(made: fallback.Run) -> list[str]:
    return [result.text for result in made.results or ()]


def test_a_good_text_is_not_asked_for_twice() -> None:
    made, again, provider = run(GOOD)
    assert (texts(made), again, len(provider.prompts)) == ([GOOD["text"]], None, 1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (LONG, "too_long"),
        ({"text": "We **ride**."}, "markdown_left"),
        ({"text": "# Riding\nWe ride."}, "markdown_left"),
        ({"text": "See [us](https://bridges.example/a)."}, "markdown_left"),
        ({"text": "More at https://invented.example."}, "link_not_given"),
        ({"text": "We ride #bikes"}, "hashtags_not_wanted"),
    ],
)
def test_what_breaks_a_rule_is_corrected_once_and_shown(said: dict[str, str], code: str) -> None:
    book = Book()
    made, again, provider = run(said, GOOD, book=book)
    assert again is not None and again.used and code in again.problems
    assert texts(made) == [GOOD["text"]] and len(made.attempts) == 1
    first, second = provider.prompts
    assert second.system == first.system and second.user.reveal().startswith(first.user.reveal())
    assert json.dumps(said["text"])[1:-1] in second.user.reveal() and repair.ASKED in second.user.reveal()
    assert again.prompt is second and [number for number, *_ in book.admitted] == [1, 2]
    _, cost, tokens = book.admitted[1]
    assert tokens == second.input_tokens_at_most
    assert cost == prices.highest_nanousd("openai", MODEL, tokens or 0, second.max_output_tokens)
    assert len(book.made) == 2, "both attempts are settled"


@pytest.mark.parametrize("second", [LONG, {"text": ""}, ProviderError("overloaded"), RuntimeError("x")])
def test_there_is_no_third_attempt_and_the_problem_is_told(second: Any) -> None:
    made, again, provider = run(LONG, second)
    assert again is not None and not again.used and len(provider.prompts) == 2
    assert texts(made) == [LONG["text"]]
    assert "too_long" in [check.code for result in made.results or () for check in result.checks]


def test_without_money_or_time_the_problem_is_told() -> None:
    for options in ({"most": 2_000}, {"seconds": repair.LEAST_S - 0.5}, {"book": Book(once=True)}):
        made, again, provider = run(LONG, GOOD, **options)
        assert (again, len(provider.prompts), texts(made)) == (None, 1, [LONG["text"]]), options


def test_a_model_without_a_price_is_not_asked_twice() -> None:
    candidate = Candidate("openai", "unheard-of", Key(KEYS["openai"], "stored"), ProviderState())
    made, _, provider = run(LONG)
    made.attempts[0] = replace(made.attempts[0], candidate=candidate)
    waits = repair.attempt(
        made, provider.prompts[0], provider, deadline=clock.monotonic() + 20, most=10**9, read=lambda _: [], recorder=Book()
    )
    assert asyncio.run(waits) is None


def test_links_that_were_given_are_no_invention() -> None:
    made, again, _ = run({"text": "Look (https://bridges.example/a), or HTTPS://BRIDGES.example/a!"})
    assert again is None and made.results is not None and made.results[0].checks == []


def test_nothing_of_a_repair_is_printed() -> None:
    _, again, _ = run(LONG, GOOD)
    assert "xxx" not in repr(again) and "bridges" not in repr(again)
