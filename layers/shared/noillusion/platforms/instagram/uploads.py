"""Videos that are sent to Instagram as bytes, which only accounts that are linked to Pages can do (platforms.md 2.1, 2.3)."""

from __future__ import annotations

from typing import Final

from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Flow
from noillusion.platforms.instagram import containers
from noillusion.platforms.meta.facts import VERSION
from noillusion.platforms.meta.uploads import begun_again, send

UPLOADS: Final = f"https://rupload.facebook.com/ig-api-upload/{VERSION}"


def whole(draft: Draft, account: Account) -> Flow[str]:
    """Make a container and send its video; the container's id, which is a handle once the video has arrived."""

    def once() -> Flow[str]:
        made = yield containers.awaiting(draft, account)
        container = str(made["id"])
        yield send(f"{UPLOADS}/{container}", draft.media[0], keep={"container_id": ""}, known={"container_id": container})
        return container

    return begun_again(once)
