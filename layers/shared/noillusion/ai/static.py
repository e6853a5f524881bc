"""Content that needs no provider: a plain starting point made from the request and the profile. It claims no facts of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noillusion.ai.answers import hashtag, ideas, post
from noillusion.ai.models import GenerateRequest, Result
from noillusion.ai.rules import RULES, PlatformName, length
from noillusion.profiles.author import Author

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Frame:
    """How a platform's plain post is put together: ``opening`` and ``closing`` around the topic; ``{topic}`` stands for it."""

    opening: str
    closing: str
    ideas: tuple[str, str, str]


FRAMES: Mapping[PlatformName, Frame] = {
    "facebook": Frame(
        "{topic}",
        "What do you think? Tell us in the comments.",
        (
            "Ask your readers a question about: {topic}",
            "Tell in a few sentences what {topic} means to you and why it matters now.",
            "Show a picture from behind the scenes of {topic} and say what it shows.",
        ),
    ),
    "instagram": Frame(
        "{topic}",
        "Save this post for later and share it with somebody who should see it.",
        (
            "A carousel in three pictures: before, during and after {topic}",
            "A close-up picture with a short personal note about {topic}",
            "A reel in three scenes: the question, the work, the result of {topic}",
        ),
    ),
    "linkedin": Frame(
        "{topic}",
        "What is your experience with this?",
        (
            "One lesson you learned from {topic}, in three short paragraphs",
            "A step-by-step account of how you approach {topic}",
            "A question to your network about {topic}, with your own answer first",
        ),
    ),
    "tiktok": Frame(
        "{topic}",
        "Follow along for more.",
        (
            "Start with the most surprising thing about {topic}, then explain it in 20 seconds",
            "A day with {topic} in five quick cuts",
            "Answer one common question about {topic} to the camera",
        ),
    ),
}
SEVERAL_LINES = "your topic"
TOPIC_IN_IDEA = 200


def results(request: GenerateRequest, author: Author) -> list[Result]:
    """A plain result for each platform. The task ``improve`` gives the user's own text back, only trimmed and tidied."""
    return [_result(platform, request, author) for platform in request.platforms]


def _result(platform: PlatformName, request: GenerateRequest, author: Author) -> Result:
    frame = FRAMES[platform]
    topic = request.topic.reveal().strip() if request.topic else ""
    if request.task == "ideas":
        subject = topic if topic and "\n" not in topic and len(topic) <= TOPIC_IN_IDEA else SEVERAL_LINES
        return ideas(platform, [line.replace("{topic}", subject) for line in frame.ideas])
    if request.task == "improve":
        assert request.text is not None
        return post(platform, _tidy(request.text.reveal()), [], request.include_hashtags)
    parts = [frame.opening.replace("{topic}", topic), author.mission_statement, frame.closing]
    tags = _hashtags(platform, author) if request.include_hashtags else []
    return post(platform, _fit(platform, parts, tags), tags, request.include_hashtags)


def _tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)


def _hashtags(platform: PlatformName, author: Author) -> list[str]:
    tags = list(dict.fromkeys(tag for skill in author.skills if (tag := hashtag(skill))))
    return tags[: RULES[platform].hashtags[1]]


def _fit(platform: PlatformName, parts: list[str], tags: list[str]) -> str:
    """The topic, and of the rest what fits within the limit. The topic itself is never cut."""
    rule = RULES[platform]
    reserve = sum(len(tag) + 2 for tag in tags) + 2
    text = ""
    for part in filter(None, parts):
        longer = f"{text}\n\n{part}" if text else part
        if text and length(longer, rule.unit) + reserve > rule.limit:
            break
        text = longer
    return text
