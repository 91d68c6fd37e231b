"""Which enterprises an operator of clusters may read: those that agreed to it.

An operator is given clusters, not codes, because membership moves with the
register and consent can be taken back. So the codes are worked out from what
the lake holds, and again whenever a load is committed or withdrawn; they are
never stored with the user.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ballast.brain.cluster_revenue import cluster_weights, registered
from ballast.lake.lake import Lake
from ballast.portal.context import PortalContext
from ballast.terms.viewer import operator

__all__ = ["Consent", "consenting"]

_AT_THE_DOOR = operator("door")
"""The portal itself, working out rights; nothing read with it leaves this module."""


def consenting(lake: Lake, clusters: frozenset[str], on: date) -> dict[str, frozenset[str]]:
    """Return, of each cluster, the codes of its enterprises that share their figures.

    Parameters
    ----------
    lake
        A lake of the calling thread's own.
    clusters
        Keys of ``cluster_definition``. A key that several sets of definitions use stands for
        the enterprises of each.
    on
        The day at which the register is read: consent is what was said last.

    Returns
    -------
    dict
        Every key asked for; an unknown one with no code.
    """
    held: dict[str, frozenset[str]] = dict.fromkeys(clusters, frozenset())
    definition = lake.read("cluster_definition", _AT_THE_DOOR)
    asked = definition.filter(definition.cluster.isin(sorted(clusters)))
    sets = lake.engine.collect(asked.select("definition").distinct())["definition"].to_pylist()
    enterprises = registered(lake.read("enterprise", _AT_THE_DOOR), on=on)
    sharing = enterprises.filter(enterprises.consent_share.fill_null(False))
    for name in sorted(sets):
        weights = cluster_weights(sharing, asked, definition=name).select("cluster", "uscc")
        for row in lake.engine.collect(weights).to_pylist():
            held[row["cluster"]] |= {row["uscc"]}
    return held


@dataclass
class Consent:
    """The codes of every cluster asked for, worked out once for each state of the lake.

    Parameters
    ----------
    context
        Whose lake; a second one is opened on its home, because one connection of the engine is
        not shared between threads.
    """

    context: PortalContext
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _of: tuple[tuple[str, ...], date] | None = None
    _held: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def enterprises(self, clusters: frozenset[str]) -> frozenset[str]:
        """Return the codes that an operator of these clusters may read; blocks while it reads."""
        if not clusters:
            return frozenset()
        with self._lock:
            today = self.context.clock().date()
            stands = (tuple(self.context.lake.live_loads()), today)
            if self._of != stands:
                self._of, self._held = stands, {}
            if missing := clusters - set(self._held):
                lake = Lake(self.context.lake.home)
                self._held = {**self._held, **consenting(lake, missing, today)}
            return frozenset().union(*(self._held[key] for key in clusters))
