"""One bounded attempt to have a text corrected that a platform would refuse or that has what it must not have."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from noillusion.ai import fallback, prices
from noillusion.ai.models import CheckCode, Result
from noillusion.ai.prompts import MAX_CHARACTERS, MAX_TOKENS, Prompt
from noillusion.ai.spans import Span
from noillusion.core import clock
from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.templates.render import delimited

REPAIRABLE: frozenset[CheckCode] = frozenset(
    {"too_long", "too_many_hashtags", "many_hashtags", "hashtags_not_wanted", "link_not_given", "markdown_left"}
)
LEAST_S = 6.0
"""Time that has to be left: a second answer takes about as long as the first."""
ASKED = "The answer below breaks rules. Correct what is listed, change nothing else, and answer in the same form."


@record(repr=False)
class Repair:
    """The attempt, what was sent for it, why, and whether its texts are the results. Never printed."""

    attempt: fallback.AttemptRecord
    prompt: Prompt
    problems: Sequence[CheckCode]
    used: bool


def problems(results: Sequence[Result]) -> list[CheckCode]:
    """Return what is wrong with texts and can be corrected, each once."""
    return list(dict.fromkeys(check.code for result in results for check in result.checks if check.code in REPAIRABLE))


def prompt_of(prompt: Prompt, answer: Sequence[Result]) -> Prompt:
    """Return the first prompt with its answer and what is wrong with it."""
    texts = json.dumps([[result.platform, result.variant, result.text] for result in answer], ensure_ascii=False)
    wrong = "\n".join(
        f"- {result.platform}, version {result.variant}: {check.message}"
        for result in answer
        for check in result.checks
        if check.code in REPAIRABLE
    )
    first = prompt.user.reveal()
    user = "\n\n".join((first, ASKED, delimited("answer", texts), wrong))
    return replace(prompt, user=Content(user), spans=[*prompt.spans, Span(1, len(first), len(user), "rules")])


async def attempt(
    run: fallback.Run,
    prompt: Prompt,
    adapters: fallback.Adapters,
    *,
    deadline: float,
    most: int,
    read: Callable[[Content], list[Result]],
    recorder: fallback.Recorder,
) -> Repair | None:
    """Ask the provider of the results once more, if there is something to correct and time and money for it.

    ``run.results`` are then those with fewer problems.
    """
    found = problems(run.results or ())
    if not found or run.results is None or deadline - clock.monotonic() < LEAST_S:
        return None
    first, better = run.attempts[-1].candidate, prompt_of(prompt, run.results)
    tokens = better.input_tokens_at_most
    cost = prices.highest_nanousd(first.provider, first.model, tokens, better.max_output_tokens)
    spent = sum(each.counted for each in run.attempts)
    if cost is None or spent + cost > most or tokens > MAX_TOKENS or better.characters > MAX_CHARACTERS:
        return None
    number, candidate = len(run.attempts) + 1, replace(first, highest_cost=cost)
    if await recorder.admit(number, candidate, tokens) is not None:
        return None
    left = deadline - clock.monotonic()
    made, results = await fallback.make(number, candidate, better, adapters, left, read)
    recorder.ended(made)
    used = results is not None and _severity(results) < _severity(run.results)
    if used:
        run.results = results
    return Repair(made, better, found, used)


def _severity(results: Sequence[Result]) -> tuple[int, int]:
    """Return the number of errors, and of all that can be corrected."""
    checks = [check for result in results for check in result.checks if check.code in REPAIRABLE]
    return sum(check.severity == "error" for check in checks), len(checks)
