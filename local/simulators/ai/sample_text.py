"""Sample text for the simulated language models: a short social media post, or JSON that conforms to a schema.

The same prompt always gives the same text. Nothing here may look like more than a sample: no model runs.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

OPENERS = ("Small steps, big week.", "Behind the scenes today.", "Good news to share.", "A question for you.", "Worth a look.")
MIDDLES = (
    "We have been working on {topic} and it shows.",
    "Here is what {topic} taught us this month.",
    "{Topic} is on our mind, and we would love your view.",
    "Three things about {topic} that surprised us.",
)
CLOSERS = ("Tell us what you think.", "See you there.", "Save this for later.", "More tomorrow.", "Which one is yours?")
MAX_DEPTH = 6
MAX_COUNT = 30
_ECHO = re.compile(r"\becho:([\w-]+)")
_COUNT = re.compile(
    r"\b(\d{1,2})\s+(?:[\w-]+\s+){0,2}(?:hashtags?|varia(?:nts?|tions?)|captions?|ideas?|posts?|alternatives?|suggestions?|options?)\b",
    re.IGNORECASE,
)
_COMMON = frozenset(
    ["about", "after", "again", "being", "caption", "could", "every", "hashtag", "hashtags", "other", "should", "their", "there",
     "these", "variants", "which", "would", "write"]
)  # fmt: skip


def tokens(text: str) -> int:
    """An estimate of the tokens in ``text``: four characters each, rounded up."""
    return math.ceil(len(text) / 4)


def digest(text: str) -> str:
    """Eight hexadecimal digits that change with the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def echoes(text: str) -> list[str]:
    """The words that a prompt asks to see again (``echo:WORD``), in order and without repetition."""
    return list(dict.fromkeys(_ECHO.findall(text)))


def _topics(text: str) -> list[str]:
    words = dict.fromkeys(w.lower() for w in re.findall(r"[^\W\d_]{5,}", _ECHO.sub("", text)))
    return [w for w in words if w not in _COMMON][:8] or ["today"]


def post(prompt: str, variant: int = 0) -> str:
    """A post of fewer than 300 characters (without echoes) about words of ``prompt``; it ends in the prompt's digest."""
    mark = digest(prompt)
    seed = int(mark, 16) + variant
    topics = _topics(prompt)
    topic = topics[seed % len(topics)]
    parts = [
        OPENERS[seed % len(OPENERS)],
        MIDDLES[seed % len(MIDDLES)].format(topic=topic, Topic=topic.capitalize()),
        *echoes(prompt),
        CLOSERS[seed % len(CLOSERS)],
        f"#{topic.capitalize()}",
        f"[{mark}{f'.{variant}' if variant else ''}]",
    ]
    return " ".join(parts)


def conforming(schema: Json, prompt: str, variant: int = 0) -> Any:
    """A JSON value that conforms to ``schema``, with strings made from ``prompt``; the first string carries its echoes.

    JSON Schema and Google's Schema (types in capitals, ``nullable``) are understood. A ``pattern`` is honoured only when one
    of a few natural candidates matches it. Arrays have as many items as the prompt asks for, within ``minItems``/``maxItems``.
    """
    return _Generator(schema, prompt, variant).value(schema, "", 0)


class _Generator:
    def __init__(self, root: Json, prompt: str, variant: int) -> None:
        self.root, self.prompt, self.variant = root, prompt, variant
        self.count = 0
        self.by_type: dict[str, Callable[[Json, str, int], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": self._number,
            "boolean": lambda *_: True,
            "null": lambda *_: None,
        }

    def value(self, schema: Json, name: str, depth: int) -> Any:
        schema = self._resolve(schema)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            self.count += 1
            return schema["enum"][(self.count - 1) % len(schema["enum"])]
        for union in ("anyOf", "oneOf", "any_of"):
            if schema.get(union):
                return self.value(self._choose(schema[union], depth), name, depth)
        return self.by_type[self._type(schema, depth)](schema, name, depth)

    def _resolve(self, schema: Json) -> Json:
        for _ in range(MAX_DEPTH):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            target: Any = self.root
            for step in reference.removeprefix("#").strip("/").split("/"):
                target = target[step] if step else target
            schema = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
        for part in schema.get("allOf", []):
            schema = {**self._resolve(part), **{k: v for k, v in schema.items() if k != "allOf"}}
        return schema

    def _choose(self, variants: list[Json], depth: int) -> Json:
        empty = [v for v in variants if v.get("type") in ("null", "NULL")]
        full = [v for v in variants if v not in empty]
        return (empty or full)[0] if depth > MAX_DEPTH else (full or empty)[0]

    def _type(self, schema: Json, depth: int) -> str:
        kinds = schema.get("type") or ("object" if "properties" in schema else "array" if "items" in schema else "string")
        names = [str(k).lower() for k in (kinds if isinstance(kinds, list) else [kinds])]
        if depth > MAX_DEPTH and ("null" in names or schema.get("nullable")):
            return "null"
        return next((n for n in names if n != "null"), "null")

    def _object(self, schema: Json, _: str, depth: int) -> Json:
        required = schema.get("required", [])
        return {
            key: self.value(child, key, depth + 1)
            for key, child in schema.get("properties", {}).items()
            if depth <= MAX_DEPTH or key in required
        }

    def _array(self, schema: Json, name: str, depth: int) -> list[Any]:
        least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", MAX_COUNT))
        asked = _COUNT.search(self.prompt)
        wanted = 0 if depth > MAX_DEPTH else int(asked.group(1)) if asked else 3 if depth < 3 else 1
        items: list[Any] = []
        for _ in range(min(max(least, wanted), most)):
            item = self.value(schema.get("items", {}), name, depth + 1)
            if len(items) >= least and schema.get("uniqueItems") and item in items:
                break
            items.append(item)
        return items

    def _string(self, schema: Json, name: str, _: int) -> str:
        self.count += 1
        number = self.count + self.variant
        formats = {
            "date-time": f"2027-01-{number % 28 + 1:02d}T09:00:00Z",
            "date": f"2027-01-{number % 28 + 1:02d}",
            "time": f"{number % 24:02d}:00:00Z",
            "duration": f"PT{number}M",
            "email": f"person{number}@example.com",
            "hostname": f"site{number}.example",
            "uri": f"https://example.com/{number}",
            "ipv4": f"192.0.2.{number % 254 + 1}",
            "ipv6": f"2001:db8::{number:x}",
            "uuid": f"00000000-0000-4000-8000-{number:012x}",
        }
        if schema.get("format") in formats:
            return formats[schema["format"]]
        return self._fit(schema, self._text(name, number), number)

    def _text(self, name: str, number: int) -> str:
        said = " ".join(echoes(self.prompt)) if self.count == 1 else ""
        if "hashtag" in name.lower():
            topics = _topics(self.prompt)
            return f"#{said.replace(' ', '')}{topics[number % len(topics)].capitalize()}{number}"
        whole = post(self.prompt, number)
        return whole if self.count == 1 else _without(whole, echoes(self.prompt))

    def _fit(self, schema: Json, text: str, number: int) -> str:
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 100_000))
        word = f"{_topics(self.prompt)[0]}{number}"
        shapes = ("{0}", "#{1}", "{1}", "{2}", "{3}", "item-{4}", "{4}", "#{4:06x}")
        candidates = [s.format(text, word.capitalize(), word, word.upper(), number) for s in shapes]
        pattern = schema.get("pattern")
        chosen = next((c for c in candidates if pattern and re.search(pattern, c) and least <= len(c) <= most), text)
        if len(chosen) > most:
            # The number keeps short items of one array apart.
            chosen = chosen[: max(most - len(str(number)), 0)] + str(number)[-most:] if most else ""
        return chosen.ljust(least, ".")

    def _bounds(self, schema: Json) -> tuple[float, float]:
        low = schema.get("minimum", schema.get("exclusiveMinimum", min(1, schema.get("maximum", 1))))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 10))
        return float(low), float(high)

    def _integer(self, schema: Json, _: str, __: int) -> int:
        self.count += 1
        low, high = (math.ceil(b) if i == 0 else math.floor(b) for i, b in enumerate(self._bounds(schema)))
        low += int(low == schema.get("exclusiveMinimum"))
        high -= int(high == schema.get("exclusiveMaximum"))
        step = int(schema.get("multipleOf", 1))
        first = math.ceil(low / step)
        return step * (first + self.count % max(math.floor(high / step) - first + 1, 1))

    def _number(self, schema: Json, name: str, depth: int) -> float:
        if "multipleOf" in schema:
            return float(schema["multipleOf"]) * math.ceil(self._bounds(schema)[0] / float(schema["multipleOf"]) + 1)
        self.count += 1
        low, high = self._bounds(schema)
        return low + (high - low) * ((self.count % 7) + 1) / 8


def _without(text: str, words: list[str]) -> str:
    return " ".join(part for part in text.split(" ") if part not in words)
