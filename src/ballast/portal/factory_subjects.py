"""What can be charted in a home: tags that measure something, characteristics that are inspected.

A tag stands in the mapping; a characteristic stands nowhere but in the rows of
inspection, so these are asked for. What rows there are decides which charts
can be made of it: of counts no means, of measured values no share of defectives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ballast.errors import InvalidTerm
from ballast.lake.lake import Lake
from ballast.plant.reports.charts import ByCount, ByTime, Characteristic, Kind, TagSubject
from ballast.plant.site import Site, TagRole
from ballast.portal.factory_span import Span
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer

__all__ = ["GROUPED", "KIND_LABELS", "Asked", "Subject", "chosen", "subject_of", "subjects"]

KIND_LABELS: dict[Kind, Label] = {
    "i_mr": Label("单值–移动极差（I-MR）", "individuals and moving range (I-MR)"),
    "xbar_r": Label("均值–极差（X̄-R）", "means and ranges (X̄-R)"),
    "xbar_s": Label("均值–标准差（X̄-S）", "means and deviations (X̄-S)"),
    "ewma": Label("指数加权移动平均（EWMA）", "EWMA"),
    "cusum": Label("累积和（CUSUM）", "CUSUM"),
    "p": Label("不合格品率（p）", "share of defectives (p)"),
    "np": Label("不合格品数（np）", "number of defectives (np)"),
    "c": Label("缺陷数（c）", "defects (c)"),
    "u": Label("单位缺陷数（u）", "defects a unit (u)"),
}
_MEASURED: tuple[Kind, ...] = ("i_mr", "xbar_r", "xbar_s", "ewma", "cusum")
GROUPED: tuple[Kind, ...] = ("xbar_r", "xbar_s", "ewma", "cusum")
"""Charts whose points may be made of several values."""
_MOST = 2_000
_CHARTED = (TagRole.MEASUREMENT, TagRole.POWER)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be charted.

    Parameters
    ----------
    key
        In the address: ``tag:path`` or ``of:asset|characteristic``.
    label
        Machine and what is measured.
    kinds
        The charts that its values can carry; the first is the one to begin with.
    """

    key: str
    label: Label
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be charted: a subject, how, over which time; as they stand in the address."""

    subject: Subject
    kind: Kind
    group: str
    rules: str
    span: Span

    @property
    def subgroup(self) -> ByCount | ByTime | None:
        """How values are put together; ``None``: as the mapping or the sample says."""
        kind, _, size = self.group.partition(":")
        if self.kind not in GROUPED or not size:
            return None
        return ByCount(int(size)) if kind == "count" else ByTime(float(size))


def subject_of(text: str) -> TagSubject | Characteristic:
    """Return what a subject in an address means.

    Raises
    ------
    InvalidTerm
        If it is neither a tag nor a characteristic.

    Examples
    --------
    >>> subject_of("of:shop/lathe-1|bore").characteristic
    'bore'
    """
    kind, _, name = text.partition(":")
    asset, found, characteristic = name.partition("|")
    if kind == "tag" and name:
        return TagSubject(name)
    if kind == "of" and found and asset and characteristic:
        return Characteristic(asset, characteristic)
    raise InvalidTerm(
        "{subject} names nothing that can be charted; choose a tag or a characteristic",
        subject=text[:80],
    )


def subjects(lake: Lake, viewer: Viewer, site: Site) -> tuple[Subject, ...]:
    """Return what can be charted, characteristics first: somebody chose to inspect them.

    Parameters
    ----------
    lake
        A lake of the calling thread's own.
    viewer
        Who asks.
    site
        The mapping of the home.
    """
    tags = [
        Subject(
            f"tag:{tag.tag}",
            _beside(_name(site, tag.asset), tag.name),
            _first("xbar_r" if tag.subgroup > 1 else "i_mr"),
        )
        for tag in site.tags.values()
        if tag.role in _CHARTED
    ]
    # What has a specification is what somebody wants to see first.
    tags.sort(key=lambda one: not _specified(site, one.key))
    return (*_inspected(lake, viewer, site), *tags)[:_MOST]


def _specified(site: Site, key: str) -> bool:
    tag = site.tags[key.partition(":")[2]]
    return tag.lower is not None or tag.upper is not None


def _inspected(lake: Lake, viewer: Viewer, site: Site) -> list[Subject]:
    rows = lake.read("inspection", viewer)
    found = rows.group_by("asset", "characteristic").agg(
        samples=rows["sample"].max(),  # rows.sample draws some at random
        values=rows["value"].count(),
        defectives=rows["defectives"].count(),
        defects=rows["defects"].count(),
    )
    held = sorted(
        lake.engine.collect(found).to_pylist(),
        # A measured value says more than a count: those first.
        key=lambda row: (not row["values"], row["asset"], row["characteristic"]),
    )
    return [
        Subject(
            f"of:{row['asset']}|{row['characteristic']}",
            _beside(_name(site, row["asset"]), Label(row["characteristic"], row["characteristic"])),
            kinds,
        )
        for row in held
        if (kinds := _kinds(row))
    ]


def _kinds(row: dict[str, Any]) -> tuple[Kind, ...]:
    found: list[Kind] = []
    if row["values"]:
        found += _first("xbar_r" if (row["samples"] or 1) > 1 else "i_mr")
    if row["defectives"]:
        found += ["p", "np"]
    if row["defects"]:
        found += ["u", "c"]
    return tuple(found)


def _first(kind: Kind) -> tuple[Kind, ...]:
    return (kind, *(one for one in _MEASURED if one != kind))


def _name(site: Site, asset: str) -> Label:
    known = site.assets.get(asset)
    return Label(asset, asset) if known is None else known.name


def _beside(first: Label, second: Label) -> Label:
    return Label(f"{first.zh} · {second.zh}", f"{first.en} · {second.en}")


def chosen(found: Sequence[Subject], key: str) -> Subject | None:
    """Return the subject of an address, or the one to begin with; nothing where there is none."""
    return next((one for one in found if one.key == key), found[0] if found and not key else None)
