"""Counts of records that are no indicator: projects, holders of a title, clusters, goals.

Each is counted from the table itself as the viewer may read it. Whoever reads
only some enterprises gets no count at all, because a count of some is not what
a text means; clusters are public. So are goals, and where one stands is told
from the figures that the viewer may know, as on the page of goals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ballast.brain.goals.goal import Place, Standing
from ballast.brain.goals.standing import goals, newest_month, standings
from ballast.brain.projects.ledger import Ledger, ledger
from ballast.brain.projects.status import Status
from ballast.lake.lake import Lake
from ballast.lake.tables import table
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["CONCEPT_LABELS", "Count", "Records"]

_SCHEMES = {c.value: c.label for c in table("title").column("scheme").choices}
CONCEPT_LABELS: dict[str, Label] = {
    "projects": Label("技改项目", "upgrade projects"),
    "clusters": Label("产业集群", "clusters"),
    "clusters_100bn": Label("千亿级产业集群", "clusters of the 100-billion class"),
    "clusters_10bn": Label("百亿级产业集群", "clusters of the 10-billion class"),
    "goals": Label("目标", "goals"),
    "goals_behind": Label("落后于进度的目标", "goals behind their path"),
    "goals_unknown": Label("暂无法判断的目标", "goals of which nothing can be said"),
    **{f"title:{value}": label for value, label in _SCHEMES.items()},
}
_BEGUN = frozenset({Status.BUILDING, Status.FINISHED, Status.STALLED})


@dataclass(frozen=True, slots=True)
class Count:
    """A count: of what exactly, how many, from which loads."""

    label: Label
    value: int
    sources: tuple[str, ...]
    synthetic: bool
    command: str


class Records:
    """Counts, each table read once.

    Parameters
    ----------
    lake, viewer
        Where, and for whom.
    """

    def __init__(self, lake: Lake, viewer: Viewer) -> None:
        self._lake, self._viewer = lake, viewer
        self._ledger: Ledger | None = None
        self._standings: dict[Period, tuple[Standing, ...]] = {}
        self._titles: list[tuple[str, str, date, date | None, str]] | None = None

    @property
    def may(self) -> bool:
        """Whether the viewer may count what enterprises have."""
        return self._viewer.may(Right.READ_UNITS)

    def projects(self, since: date | None, until: date) -> tuple[Count, ...]:
        """Return how many projects there are: finished, begun, recorded; of a stretch of time.

        Parameters
        ----------
        since
            Finished before that day is left out; ``None``: none is.
        until
            What began or was finished after that day does not count yet.
        """
        if self._ledger is None:
            self._ledger = ledger(self._lake, self._viewer)
        known = self._ledger.projects.values()
        kept = [
            p for p in known
            if not (since is not None and p.finished is not None and p.finished < since)
        ]  # fmt: skip
        finished = [p for p in kept if p.finished is not None and p.finished <= until]
        begun = [
            p for p in kept if p.status in _BEGUN and (p.started is None or p.started <= until)
        ]
        standing = [p for p in kept if p.status is not Status.CANCELLED]
        named = (
            (Label("竣工的技改项目", "upgrade projects finished"), finished),
            (Label("已开工（含竣工）的技改项目", "upgrade projects begun or finished"), begun),
            (
                Label("在册（不含取消）的技改项目", "upgrade projects recorded, not cancelled"),
                standing,
            ),
        )
        return tuple(
            Count(label, len(those), tuple(sorted({p.load_id for p in those if p.load_id})),
                  self._ledger.synthetic, "ballast projects list")
            for label, those in named
        )  # fmt: skip

    def titles(self, schemes: tuple[str, ...], on: date) -> Count:
        """Return how many enterprises hold a title of one of some schemes on a day."""
        if self._titles is None:
            rows = self._lake.read("title", self._viewer)
            chosen = rows.select("uscc", "scheme", "awarded", "expires", "load_id")
            self._titles = [
                (r["uscc"], r["scheme"], r["awarded"], r["expires"], r["load_id"])
                for r in chosen.to_pyarrow().to_pylist()
            ]
        held = [
            (uscc, load) for uscc, scheme, awarded, expires, load in self._titles
            if scheme in schemes and awarded <= on and (expires is None or expires >= on)
        ]  # fmt: skip
        label = Label(
            "、".join(_SCHEMES[s].zh for s in schemes) + f"（{on:%Y-%m-%d} 有效）",
            " and ".join(_SCHEMES[s].en for s in schemes) + f", in force on {on:%Y-%m-%d}",
        )
        loads = tuple(sorted({load for _, load in held}))
        return Count(label, len({uscc for uscc, _ in held}), loads, self._made_up(loads),
                     "ballast show title")  # fmt: skip

    def clusters(self, home: str) -> Count:
        """Return how many clusters are defined in a region; anyone may know."""
        rows = self._lake.read("cluster_definition", PUBLIC)
        rows = rows.filter(rows.region.startswith(home[:4])).select("cluster", "load_id").distinct()
        found = rows.to_pyarrow().to_pylist()
        loads = tuple(sorted({r["load_id"] for r in found}))
        return Count(CONCEPT_LABELS["clusters"], len({r["cluster"] for r in found}), loads,
                     self._made_up(loads), "ballast clusters")  # fmt: skip

    def goals(
        self, key: str, home: str, until: Period | None, today: date, asking: Callable[[], None]
    ) -> Count | None:
        """Return how many goals of a region run, lie behind their path, or cannot be told.

        ``None`` where none runs: none is set, and a text that speaks of some knows of others.

        Parameters
        ----------
        key
            ``goals``, ``goals_behind`` or ``goals_unknown``.
        home
            Whose goals.
        until
            The period that a text speaks of, in whose year or later they end;
            the newest month of reports where it names none, or one that is not over.
        today
            Where no report tells the newest month.
        asking
            Called before figures are asked for; what it raises is raised.
        """
        newest = newest_month(self._lake, self._viewer, today)
        at = newest if until is None or until.end > newest.end else until
        if at not in self._standings:
            asking()
            running = [g for g in goals(self._lake, region=home) if g.period.year >= at.year]
            self._standings[at] = standings(self._lake, self._viewer, running, until=at)
        place = {"goals_behind": Place.BEHIND, "goals_unknown": Place.UNKNOWN}.get(key)
        every = self._standings[at]
        if not every:
            return None
        label = CONCEPT_LABELS[key]
        named = Label(f"{at.label.zh}{label.zh}", f"{label.en}, {at.label.en}")
        public = "" if self.may else " --public"
        return Count(
            named,
            sum(place in (None, one.place) for one in every),
            tuple(sorted({one.goal.load_id for one in every})),
            any(one.synthetic for one in every),
            f"ballast goals --region {home} --period {at}{public}",
        )

    def _made_up(self, loads: tuple[str, ...]) -> bool:
        live = self._lake.ledger.live()
        return any(
            row["provenance"] == "synthetic" and row["load_id"] in loads for row in live.to_dicts()
        )
