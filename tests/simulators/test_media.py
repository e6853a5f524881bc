"""Promises of the sample media, kept over real HTTP."""

from __future__ import annotations

from tests.simulators.graph_api import Api


def test_sample_media_is_what_its_name_says(graph: Api) -> None:
    head = graph.http.head(graph.media("clip.mp4"))
    body = graph.http.get(graph.media("clip.mp4"))
    assert head.headers["content-length"] == str(len(body.content)) and not head.content
    assert body.content[4:8] == b"ftyp" and body.content.index(b"moov") < body.content.index(b"mdat")
    assert graph.http.get(graph.media("photo.jpg")).content[:3] == b"\xff\xd8\xff"
    assert graph.http.get(graph.media("redirect.jpg")).headers["location"] == "photo.jpg"
    assert graph.http.get(graph.media("missing.jpg")).status_code == 404
    assert graph.http.get(graph.media("page.html")).headers["content-type"].startswith("text/html")
