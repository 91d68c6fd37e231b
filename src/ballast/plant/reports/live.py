"""What the machines do at this moment, from the file the collector writes once a second.

The lake is behind by as long as the shipper waits; a board on the shop floor
must not be. It reads the collector's last values and nothing else, and what
is stale is marked and never shown as if it were so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ballast.plant.measures.time_model import MachineState
from ballast.terms.label import Label
from ballast.words import Sentence

if TYPE_CHECKING:
    from ballast.plant.site.site import Site
    from ballast.plant.spool.live import Live

__all__ = ["MachineNow", "ValueNow", "machines_now"]


@dataclass(frozen=True, slots=True)
class ValueNow:
    """The last value of one tag.

    Parameters
    ----------
    tag, name, unit
        Which.
    role
        The tag's role as text (``measurement``, ``state``, ``produced`` …).
    value, text
        One of the two; both ``None``: the source said null.
    at_ms
        When the source says it was so; epoch ms UTC.
    stale_since_ms
        Since when it must not be believed; ``None``: it may.
    beyond
        Whether it lies beyond the limits of the tag.
    """

    tag: str
    name: Label
    unit: str
    role: str
    value: float | None
    text: str | None
    at_ms: int
    stale_since_ms: int | None
    beyond: bool


@dataclass(frozen=True, slots=True)
class MachineNow:
    """One machine at this moment.

    Parameters
    ----------
    asset, name, line
        Which, and the asset it stands under.
    state
        What it does; ``None``: not known, ``why`` says why.
    reason
        As its state tag tells it; empty where it does not.
    since_ms
        When it was first seen in the state; ``None``: not known.
    order
        The order it works on; ``None``: none is recorded.
    values
        The last values of its tags, in the order of the mapping.
    stale
        Whether any of them is stale.
    why
        Why the state is not known.
    """

    asset: str
    name: Label
    line: str
    state: MachineState | None
    reason: str
    since_ms: int | None
    order: str | None
    values: tuple[ValueNow, ...]
    stale: bool
    why: Sentence | None


def machines_now(
    site: Site | None,
    live: Live | None,
    now_ms: int,
    *,
    since: Mapping[str, int] | None = None,
    orders: Mapping[str, str] | None = None,
) -> tuple[MachineNow, ...]:
    """Return what the machines do now, in the order of the mapping.

    Parameters
    ----------
    site
        The mapping; without it each tag's path says whose it is, and no state is known.
    live
        From ``spool.live.read_live``; ``None``: no collector has written yet.
    now_ms
        Epoch ms UTC.
    since
        When each machine's state began, where the caller knows it longer than the last sample.
    orders
        The order each machine works on, from the table ``production``.
    """
    raise NotImplementedError
