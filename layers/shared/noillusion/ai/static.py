"""Content that needs no provider: a plain starting point made from the request and the profile. It claims no facts of its own."""

from __future__ import annotations

from noillusion.ai.answers import ideas, post
from noillusion.ai.models import GenerateRequest, Result
from noillusion.ai.rules import hashtag
from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.profiles.author import Author

LANGUAGE = "en"


SEVERAL_LINES = "your topic"
TOPIC_IN_IDEA = 200


def results(request: GenerateRequest, author: Author) -> list[Result]:
    """A plain result for each platform. The task ``improve`` gives the user's own text back, only trimmed and tidied."""
    return [_result(platform, request, author) for platform in request.platforms]


def _result(platform: PlatformName, request: GenerateRequest, author: Author) -> Result:
    layout = PLATFORMS[platform].layout
    topic = request.topic.reveal().strip() if request.topic else ""
    if request.task == "ideas":
        subject = topic if topic and "\n" not in topic and len(topic) <= TOPIC_IN_IDEA else SEVERAL_LINES
        return ideas(platform, [line.replace("{topic}", subject) for line in layout.ideas], request)
    if request.task == "improve":
        assert request.text is not None
        return post(platform, _tidy(request.text.reveal()), [], request)
    parts = [layout.opening.replace("{topic}", topic), author.mission_statement, layout.closing]
    tags = _hashtags(platform, author) if request.include_hashtags else []
    return post(platform, _fit(platform, parts, tags), tags, request)


def _tidy(text: str) -> str:
    """No blanks at line ends, no more than one empty line in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)


def _hashtags(platform: PlatformName, author: Author) -> list[str]:
    """The first skills that make as many hashtags as the platform has, with those before them that make none."""
    tags: list[str] = []
    left = PLATFORMS[platform].hashtags.most
    for skill in dict.fromkeys(author.skills):
        if left == 0:
            break
        tags.append(skill)
        left -= bool(hashtag(skill))
    return tags


def _fit(platform: PlatformName, parts: list[str], tags: list[str]) -> str:
    """The topic, and of the rest what fits within the limit. The topic itself is never cut."""
    rule = PLATFORMS[platform].length
    reserve = sum(len(tag) + 2 for tag in tags) + 2
    text = ""
    for part in filter(None, parts):
        longer = f"{text}\n\n{part}" if text else part
        if text and rule.of(longer) + reserve > rule.limit:
            break
        text = longer
    return text
