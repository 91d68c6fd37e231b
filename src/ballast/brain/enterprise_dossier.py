"""What else is known of an enterprise: titles, projects, identifiers, plants, clusters, chains.

Each is read by itself and never joined to a figure: an enterprise has many
titles and many projects, and a join would multiply its revenue by them. Each
read is made as the viewer, so that consent and rights are the lake's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

import ibis.expr.types as ir

from ballast.brain.cluster_members import cluster_names
from ballast.brain.cluster_revenue import cluster_weights, registered
from ballast.brain.digitised import DAYS
from ballast.brain.enterprise_dossier_shape import (
    ChainPlace,
    ClusterPlace,
    HeldTitle,
    Identifiers,
    PlantDays,
    UpgradeProject,
)
from ballast.lake.declare import Table
from ballast.lake.lake import Lake
from ballast.lake.tables.bureau import PROJECT, TITLE
from ballast.terms.industry import exists, section_of
from ballast.terms.label import Label
from ballast.terms.scheme import IndustryScheme
from ballast.terms.viewer import Viewer

__all__ = ["chains", "choice_label", "clusters", "identifiers", "plant_days", "projects", "titles"]

_ENDING: Final = timedelta(days=180)
_PLANT: Final = "plant"
"""The group of machines that stands for all of them."""
_TOLD: Final = DAYS
_ORDER: Final = {"held": 0, "ending": 0, "expired": 1}


def choice_label(table: Table, column: str, value: str | None) -> Label | None:
    """Return what a stored choice is called; nothing for none.

    Examples
    --------
    >>> choice_label(TITLE, "tier", "national").en
    'national'
    """
    if value is None:
        return None
    held = {choice.value: choice.label for choice in table.column(column).choices}
    return held.get(value, Label(value, value))


def _of(lake: Lake, viewer: Viewer, table: str, uscc: str) -> ir.Table:
    rows = lake.read(table, viewer)
    return rows.filter(rows.uscc == uscc)


def titles(lake: Lake, viewer: Viewer, uscc: str, today: date) -> tuple[HeldTitle, ...]:
    """Return the titles of an enterprise, those that hold first, the newest of each first.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    uscc
        The enterprise.
    today
        On which day they hold; one that ends within 180 days is ``ending``.
    """
    found = [
        _title(row, today) for row in _of(lake, viewer, "title", uscc).to_pyarrow().to_pylist()
    ]
    found.sort(key=lambda one: one.certificate)
    found.sort(key=lambda one: one.awarded, reverse=True)
    return tuple(sorted(found, key=lambda one: _ORDER[one.state]))


def _title(row: dict[str, Any], today: date) -> HeldTitle:
    expires: date | None = row["expires"]
    state: Literal["held", "ending", "expired"] = "held"
    if expires is not None and expires < today:
        state = "expired"
    elif expires is not None and expires <= today + _ENDING:
        state = "ending"
    scheme = row["scheme"]
    return HeldTitle(
        scheme=scheme,
        label=choice_label(TITLE, "scheme", scheme) or Label(scheme, scheme),
        tier=choice_label(TITLE, "tier", row["tier"]),
        certificate=row["certificate"],
        awarded=row["awarded"],
        expires=expires,
        batch=row["batch"],
        state=state,
    )


def projects(lake: Lake, viewer: Viewer, uscc: str, today: date) -> tuple[UpgradeProject, ...]:
    """Return the projects of an enterprise, those not finished first, the latest plan first.

    Parameters
    ----------
    lake, viewer, uscc, today
        As in `titles`; a project that has not ended is late against its plan as of ``today``.
    """
    rows = _of(lake, viewer, "project", uscc).to_pyarrow().to_pylist()
    found = [_project(row, today) for row in rows]
    found.sort(key=lambda one: one.project)
    found.sort(key=lambda one: one.planned_start or date.min, reverse=True)
    return tuple(sorted(found, key=lambda one: one.status in ("finished", "cancelled")))


def _project(row: dict[str, Any], today: date) -> UpgradeProject:
    status = row["status"]
    kind = row["project_kind"]
    return UpgradeProject(
        project=row["project"],
        name=row["name"],
        kind=choice_label(PROJECT, "project_kind", kind) or Label(kind, kind),
        planned=Decimal(row["planned_1e4_cny"]),
        invested=row["invested_1e4_cny"],
        planned_start=row["planned_start"],
        planned_end=row["planned_end"],
        started=row["started"],
        finished=row["finished"],
        status=status,
        status_label=choice_label(PROJECT, "status", status) or Label(status, status),
        late=_late(row, today),
    )


def _late(row: dict[str, Any], today: date) -> int | None:
    """Return by how many days a project is behind its plan; ``None`` where it is not."""
    if row["status"] == "cancelled":
        return None
    ended = row["finished"] if row["status"] == "finished" else today
    behind = []
    if row["planned_end"] is not None and ended is not None:
        behind.append((ended - row["planned_end"]).days)
    if row["status"] == "planned" and row["started"] is None and row["planned_start"] is not None:
        behind.append((today - row["planned_start"]).days)
    most = max(behind, default=0)
    return most if most > 0 else None


def identifiers(lake: Lake, viewer: Viewer, uscc: str, today: date) -> Identifiers:
    """Return what an enterprise names at the node.

    Parameters
    ----------
    lake, viewer, uscc, today
        As in `titles`; "recent" is the last 30 days.
    """
    prefixes = lake.read("enterprise_prefix", viewer)
    ever = prefixes.filter(prefixes.uscc == uscc).select("prefix").distinct()
    rows = prefixes.semi_join(ever, "prefix").to_pyarrow().to_pylist()
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: (one["from"], one["seq"])):
        newest[row["prefix"]] = row
    held = [p for p, row in newest.items() if row["uscc"] == uscc and row["state"] == "held"]
    days = _of(lake, viewer, "handle_daily", uscc)
    recent = days.day > today - timedelta(days=_TOLD)
    [sums] = (
        days.aggregate(
            registered=days.registered.sum(),
            deleted=days.deleted.sum(),
            recent_registered=days.registered.sum(where=recent),
            recent_resolved=days.resolved.sum(where=recent),
            last_day=days.day.max(),
            synthetic=(days.provenance == "synthetic").any(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return Identifiers(
        prefixes=tuple(sorted(held)),
        registered=sums["registered"] or 0,
        deleted=sums["deleted"] or 0,
        recent_registered=sums["recent_registered"] or 0,
        recent_resolved=sums["recent_resolved"] or 0,
        last_day=sums["last_day"],
        days=_TOLD,
        synthetic=bool(sums["synthetic"]),
    )


def plant_days(lake: Lake, viewer: Viewer, uscc: str, today: date) -> PlantDays:
    """Return what the plants of an enterprise told of the last 30 days.

    Parameters
    ----------
    lake, viewer, uscc, today
        As in `titles`. Where a row stands for all machines of a day, the rows of single groups
        are not counted beside it.
    """
    rows = _of(lake, viewer, "plant_daily", uscc).to_pyarrow().to_pylist()
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    for day, held in by_day.items():
        by_day[day] = [row for row in held if row["asset_group"] == _PLANT] or held
    window = [today - timedelta(days=back) for back in reversed(range(_TOLD))]
    recent = [row for day in window for row in by_day.get(day, ())]
    energy = [row["energy_kwh"] for row in recent if row["energy_kwh"] is not None]
    last = max(by_day, default=None)
    return PlantDays(
        connected=bool(recent),
        last_day=last,
        told=sum(day in by_day for day in window),
        days=_TOLD,
        oee=_oee(recent),
        energy_kwh=sum(energy) if energy else None,
        machines=None if last is None else sum(row["machines"] for row in by_day[last]),
        series=tuple((day, _oee(by_day.get(day, []))) for day in window),
        synthetic=any(row["provenance"] == "synthetic" for row in rows),
    )


def _oee(rows: list[dict[str, Any]]) -> float | None:
    """Return Σ OEE × planned busy time ÷ Σ planned busy time; ``None`` without planned time."""
    known = [
        (row["oee"], row["planned_busy_s"])
        for row in rows
        if row["oee"] is not None and row["planned_busy_s"]
    ]
    planned = sum(seconds for _, seconds in known)
    return sum(oee * seconds for oee, seconds in known) / planned if planned else None


def clusters(lake: Lake, viewer: Viewer, uscc: str, today: date) -> tuple[ClusterPlace, ...]:
    """Return the clusters that count an enterprise, the one that counts most of it first.

    Parameters
    ----------
    lake, viewer, uscc, today
        As in `titles`; by industry and place as registered on ``today``.
    """
    own = lake.engine.memory(
        lake.engine.collect(registered(_of(lake, viewer, "enterprise", uscc), on=today))
    )
    rows = lake.engine.memory(lake.engine.collect(lake.read("cluster_definition", viewer)))
    found = []
    for name in sorted(set(rows.definition.to_pyarrow().to_pylist())):
        weights = cluster_weights(own, rows, definition=name)
        named = weights.join(cluster_names(rows, definition=name), "cluster")
        for row in named.to_pyarrow().to_pylist():
            label = Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"])
            found.append(ClusterPlace(name, row["cluster"], label, row["weight"]))
    return tuple(sorted(found, key=lambda one: (-one.weight, one.definition, one.cluster)))


def chains(
    lake: Lake, viewer: Viewer, industries: Sequence[str], counted: Sequence[ClusterPlace]
) -> tuple[ChainPlace, ...]:
    """Return the stages of chains that an enterprise stands on, those of its own clusters first.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    industries
        Codes of GB/T 4754 of the enterprise. A stage that names a code above one of them counts.
    counted
        The clusters that count the enterprise.
    """
    rows = lake.read("chain_definition", viewer).to_pyarrow().to_pylist()
    own = {place.cluster for place in counted}
    products = {(row["chain"], row["stage"]): _product(row) for row in rows}
    found: dict[tuple[str, str], ChainPlace] = {}
    for row in sorted(rows, key=lambda one: (one["chain"], one["stage"], one["industry"])):
        key = row["chain"], row["stage"]
        if key in found or not any(_makes(row, code) for code in industries):
            continue
        takers = [(row["chain"], name) for name in _feeds(row)]
        before = [
            (one["chain"], one["stage"])
            for one in rows
            if one["chain"] == row["chain"] and row["stage"] in _feeds(one)
        ]
        chain = row["chain"]
        found[key] = ChainPlace(
            chain,
            Label(row["chain_zh"] or chain, row["chain_en"] or row["chain_zh"] or chain),
            products[key],
            tuple(products[one] for one in dict.fromkeys(before)),
            tuple(products[one] for one in takers if one in products),
            bool(row["import_dependent"]),
            row["cluster"] in own,
        )
    return tuple(sorted(found.values(), key=lambda one: (not one.own_cluster, one.chain)))


def _product(row: dict[str, Any]) -> Label:
    return Label(row["product_zh"], row["product_en"] or row["product_zh"])


def _feeds(row: dict[str, Any]) -> list[str]:
    return [name.strip() for name in (row["feeds"] or "").split(";") if name.strip()]


def _makes(row: dict[str, Any], code: str) -> bool:
    """Return whether an industry is that of a row, or one below it."""
    if row["industry_scheme"] != IndustryScheme.GBT4754_2017 or not exists(code):
        return False
    return code.startswith(row["industry"]) or section_of(code) == row["industry"]
