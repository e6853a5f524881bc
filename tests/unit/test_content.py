"""The draft that the content of a request becomes."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.flows.draft import Kind
from noillusion.publishing.content import ContentInput, to_draft

IMAGE, VIDEO = {"url": "https://cdn.example.com/a.jpg"}, {"url": "https://cdn.example.com/a.mp4", "kind": "video"}


@pytest.mark.parametrize(
    ("media", "given", "kind"),
    [
        ([VIDEO], None, "reel"),
        ([VIDEO], "video", "video"),
        ([VIDEO], "story", "story"),
        ([IMAGE], None, "image"),
        ([IMAGE, VIDEO], None, "images"),
        ([], None, "text"),
    ],
)
def test_only_a_derived_kind_is_replaced_where_a_platform_has_another(media: list[Any], given: Kind | None, kind: Kind) -> None:
    content = ContentInput.model_validate({"text": "Hello", "media": media})
    assert to_draft(content, given, None, {"video": "reel"}).kind == kind
