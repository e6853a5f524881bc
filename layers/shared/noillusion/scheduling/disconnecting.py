"""Disconnects an account after its platform removed the scheduled posts that it holds."""

from __future__ import annotations

from noillusion.connections import service as connections
from noillusion.connections.models import Disconnected
from noillusion.core.preconditions import Condition
from noillusion.publishing import withdrawal
from noillusion.scheduling import holding


async def disconnect(user_id: str, connection_id: str, condition: Condition, deadline: float) -> Disconnected:
    """Disconnect an account. Raises :class:`PreconditionFailed` before anything is sent if the condition does not hold."""
    row = await connections.to_disconnect(user_id, connection_id, condition)
    held = await withdrawal.of_connection(row, deadline)
    if held.removed:
        await holding.removed(user_id, [target.post_id for target in held.removed])
    if held.removed or held.left:
        # Its token may have been renewed meanwhile.
        row = await connections.to_disconnect(user_id, connection_id)
    answer = await connections.disconnect(row, deadline)
    return answer.model_copy(update={"removed_posts": len(held.removed), "held_posts": held.left})
