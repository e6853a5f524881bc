"""Ways to write the path of a route that a gateway and a function may read differently."""

from __future__ import annotations

from collections.abc import Iterator


def _escaped(text: str) -> str:
    return "".join(f"%{ord(character):02x}" for character in text)


def spellings(path: str) -> Iterator[str]:
    """Other spellings of a path as a client may send it: escaped, with dot segments, slashes, case and ends added."""
    parts = path.split("/")[1:]
    for at, part in enumerate(parts):
        for written in (
            f"{_escaped(part[0])}{part[1:]}",
            f"{part[:-1]}{_escaped(part[-1]).upper()}",
            _escaped(part),
            part.upper(),
        ):
            yield "/" + "/".join([*parts[:at], written, *parts[at + 1 :]])
        yield "/" + "/".join([*parts[:at], f"%25{ord(part[0]):02x}{part[1:]}", *parts[at + 1 :]])
        for inserted in (".", "%2e", "x/..", "x/%2e%2e", "x%2f..", "", "%2f"):
            yield "/" + "/".join([*parts[:at], inserted, *parts[at:]])
    yield "/" + "%2f".join(parts)
    yield "/" + "%5c".join(parts)
    for end in ("/", "/.", "%2f", "%00", "%0a", "%0d%0a", "%20", ";x", "%3f", "%23", "."):
        yield path + end
