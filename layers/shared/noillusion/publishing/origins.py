"""Where the parts of a target's draft are in the request that was sent, so that problems name values that the sender knows."""

from __future__ import annotations

from noillusion.core.records import record
from noillusion.publishing.models import PostRequest, RetryRequest, RetryTarget, TargetInput


@record()
class Origin:
    """The paths of a draft's parts in the request, and the members that name the target in an error.

    A part that was not sent has the path at which it belongs. A kind that was not sent was derived from the content.
    """

    content: str
    options: str
    kind: str
    account: str
    about: dict[str, int | str]
    time: str = "due_at"
    """The field for the time until which the platform is to hold the post, which requests of schedules have."""

    def path(self, part: str) -> str:
        """Return the path of a part of the draft, such as ``text``, ``media.0.url`` or ``options.tiktok.title``."""
        owner, _, rest = part.partition(".")
        if owner == "options":
            return f"{self.options}.{rest}"
        if owner == "kind":
            return self.kind
        if owner == "publish_at":
            return self.time
        return self.account if owner in ("account", "connection_id") else f"{self.content}.{part}"


def of_target(request: PostRequest, index: int) -> Origin:
    """Return the paths of a target of a post."""
    target = request.targets[index]
    content = _content(target, index)
    return Origin(
        content=content,
        options=f"targets.{index}.options",
        kind=f"targets.{index}.kind" if target.kind else content,
        account=f"targets.{index}.connection_id",
        about={"target": index},
    )


def of_retry(request: RetryRequest, target: RetryTarget, index: int) -> Origin:
    """Return the paths of a target that is retried; ``index`` counts in the request if it names targets."""
    about: dict[str, int | str] = {"target_id": target.target_id}
    if request.targets is None:
        return Origin("content", "options", "content", "body", about, "body")
    content = _content(target, index)
    own_options = target.options is not None or request.options is None
    return Origin(
        content=content,
        options=f"targets.{index}.options" if own_options else "options",
        kind=f"targets.{index}.kind" if target.kind else content,
        account=f"targets.{index}.target_id",
        about={"target": index, **about},
        time=f"targets.{index}.target_id",
    )


def _content(target: TargetInput | RetryTarget, index: int) -> str:
    return "content" if target.content is None else f"targets.{index}.content"
