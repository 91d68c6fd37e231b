"""With whom a region is compared: a named set, drawn by a rule that is said with it.

Every relative statement needs its set, and there is no natural one: the province
flatters a city that the nation does not. So a set is an argument everywhere, it
knows how it was drawn, and the region itself is always one of its members, for a
place among others that leaves oneself out is no place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ballast.brain.indicators.ranks import First, Rank, known, ranks
from ballast.errors import NotFound, WrongUsage
from ballast.terms.label import Label
from ballast.terms.region import NATION
from ballast.terms.scheme import RegionScheme
from ballast.words import Sentence
from ballast.words.numbers import Number

__all__ = ["PEER_SETS", "PeerSet", "Position", "alike", "peer_set", "place_among"]

#: The sets that have a name, and how each is drawn.
PEER_SETS: Mapping[str, Label] = {
    "siblings": Label("同一上级的地区", "the regions of the same parent"),
    "province": Label("同省同级地区", "the regions of the same level in the province"),
    "nation": Label("全国同级地区", "the regions of the same level in the nation"),
    "similar": Label("规模相近的同级地区", "the regions of the same level and of like size"),
}
SIMILAR = 2.0  # of like size: at least half, at most double


@dataclass(frozen=True, slots=True)
class PeerSet:
    """A named set of regions, the one that asks among them.

    Parameters
    ----------
    name
        One of `PEER_SETS`, or ``listed``.
    label
        How it is said beside a figure.
    members
        Codes, sorted.
    own
        Who is compared.
    """

    name: str
    label: Label
    members: tuple[str, ...]
    own: str


def peer_set(
    asked: str,
    own: str,
    regions: Collection[str],
    *,
    called: Callable[[str], Label],
    sizes: Mapping[str, Number | None] | None = None,
    size_label: Label | None = None,
) -> PeerSet:
    """Return a set of regions to compare one with.

    Parameters
    ----------
    asked
        The name of a set, or codes with commas between.
    own
        The region, by its GB/T 2260 code or the extension code of a zone.
    regions
        Those that have figures.
    called
        Names a region.
    sizes, size_label
        For ``similar``: the figure by which sizes are compared, and what it is called.

    Raises
    ------
    WrongUsage
        If the set has no such name, or lacks the figure it is drawn by.
    NotFound
        If a listed region has no figures.

    Examples
    --------
    >>> from ballast.terms.region import region
    >>> found = peer_set(
    ...     "province", "371500", ["000000", "370000", "370100", "371500", "371502", "410100"],
    ...     called=lambda code: Label(code, code))
    >>> found.members, found.label.en
    (('370100', '371500'), 'the regions of the same level in the province (370000)')
    """
    here = set(regions) | {own}
    if asked not in PEER_SETS:
        return _listed(asked, own, here)
    label = PEER_SETS[asked]
    alike_level = {code for code in here if _level(code) == _level(own)}
    match asked:
        case "siblings":
            above = _parent(own)
            members = {code for code in alike_level if _parent(code) == above}
            label = _with(label, called(above))
        case "province":
            above = own[:2] + "0000"
            members = {code for code in alike_level if code[:2] == own[:2]}
            label = _with(label, called(above))
        case "nation":
            members = alike_level
        case _:
            if sizes is None or size_label is None:
                raise WrongUsage(
                    "--peer similar: nothing tells how large the regions are; load their gdp, or "
                    "name another set: {known}",
                    known=", ".join(name for name in PEER_SETS if name != "similar"),
                )
            members = set(alike(own, {c: v for c, v in sizes.items() if c in alike_level}) | {own})
            label = _with(label, size_label)
    return PeerSet(asked, label, tuple(sorted(members)), own)


def alike(own: str, sizes: Mapping[str, Number | None], factor: float = SIMILAR) -> frozenset[str]:
    """Return the regions at most so many times larger or smaller than one, itself included.

    Examples
    --------
    >>> sorted(alike("b", {"a": 40, "b": 100, "c": 200, "d": 201, "e": None}))
    ['b', 'c']
    """
    middle = sizes.get(own)
    if middle is None or not known(middle) or middle <= 0:
        return frozenset({own})
    return frozenset(
        code
        for code, size in sizes.items()
        if size is not None and known(size) and float(middle) / factor <= size
        and size <= float(middle) * factor
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Position:
    """Where a region stands in a set.

    Parameters
    ----------
    peers
        The set.
    value
        Its own figure.
    rank
        Its place in the set.
    lowest, lower, median, upper, highest
        The figures of the set, itself included: least, quartiles, most. ``None`` where nobody has
        one.
    """

    peers: PeerSet
    value: Number | None
    rank: Rank
    lowest: float | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    highest: float | None = None
    reason: Sentence | None = None

    @property
    def to_median(self) -> float | None:
        """How far it lies above (or below) the middle of the set, in the figure's unit."""
        if self.value is None or self.median is None or not known(self.value):
            return None
        return float(self.value) - self.median


def place_among(
    values: Mapping[str, Number | None], peers: PeerSet, first: First = "highest"
) -> Position:
    """Return where a region stands in its peer set.

    Parameters
    ----------
    values
        Region to figure, of one indicator and one period; regions outside the set do not count.
    peers
        The set.
    first
        Which end is place 1.

    Notes
    -----
    Quartiles are those of linear interpolation between order statistics, at h = (n − 1) p
    (R's type 7). They are for regions, whose figures were released; of enterprises a quartile
    may be the figure of one, and is not drawn from here.

    Examples
    --------
    >>> peers = PeerSet("listed", Label("", ""), ("a", "b", "c"), "c")
    >>> found = place_among({"a": 1, "b": 2, "c": 5, "z": 9}, peers)
    >>> found.rank.place, found.median, found.upper, found.to_median
    (1, 2.0, 3.5, 3.0)
    """
    own = {code: values.get(code) for code in peers.members}
    line = sorted(float(v) for v in own.values() if v is not None and known(v))
    place = ranks(own, peers.label, first)[peers.own]
    if not line:
        reason = Sentence("nobody in {within} has a figure", {"within": peers.label})
        return Position(peers, own[peers.own], place, reason=reason)
    return Position(
        peers,
        own[peers.own],
        place,
        lowest=line[0],
        lower=_quantile(line, 0.25),
        median=_quantile(line, 0.5),
        upper=_quantile(line, 0.75),
        highest=line[-1],
        reason=place.reason,
    )


def _quantile(line: list[float], share: float) -> float:
    at = (len(line) - 1) * share
    low = math.floor(at)
    high = min(low + 1, len(line) - 1)
    return line[low] + (line[high] - line[low]) * (at - low)


def _listed(asked: str, own: str, here: Collection[str]) -> PeerSet:
    codes = [code.strip() for code in asked.split(",") if code.strip()]
    if not codes or any(not (code[:1].isdigit() and len(code) >= 6) for code in codes):
        raise WrongUsage(
            "--peer {asked}: there is no such set; there are {known}, or give codes with commas "
            "between",
            asked=asked,
            known=", ".join(PEER_SETS),
        )
    if unknown := [code for code in codes if code not in here]:
        raise NotFound(
            "--peer: {codes} has no figure of this indicator and period; those that have are "
            "{known}",
            codes=", ".join(unknown),
            known=", ".join(sorted(here)[:8]),
        )
    members = tuple(sorted({*codes, own}))
    return PeerSet("listed", Label("所列地区", "the regions listed"), members, own)


def _level(code: str) -> str:
    if "-" in code:
        return RegionScheme.EXT.value
    if code == NATION:
        return "nation"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _parent(code: str) -> str:
    """Return what a region lies in, by the shape of its code; a county lies in its city."""
    match _level(code):
        case "county":
            return code[:4] + "00"
        case "city":
            return code[:2] + "0000"
        case "province" | "nation":
            return NATION
        case _:
            return code.partition("-")[0]


def _with(label: Label, added: Label) -> Label:
    return Label(f"{label.zh}（{added.zh}）", f"{label.en} ({added.en})")
