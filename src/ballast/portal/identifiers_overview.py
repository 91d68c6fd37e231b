"""The part overview of the Identifiers page."""

from __future__ import annotations

from ballast.portal.context import PortalContext
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identity import Identity

__all__ = ["draw_overview"]


async def draw_overview(identity: Identity, context: PortalContext, desk: NodeDesk) -> None:
    """Draw the part."""
