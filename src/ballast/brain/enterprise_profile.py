"""One enterprise, as far as a viewer may see it: what it is, how it does, where it stands.

A viewer who may not see an enterprise is told the same as one who asks for a
code that nobody has: a refusal of its own would be a register of who is there.
So everything begins with the row of the register, read as the viewer, and
nothing further is read where that row is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import ibis
import polars as pl

from ballast.brain import enterprise_dossier as dossier
from ballast.brain.cluster_revenue import registered
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.enterprise_figures import COLUMNS, Reported, Told, figures, told
from ballast.brain.enterprise_peers import position
from ballast.brain.enterprise_sealing import sealing
from ballast.brain.enterprise_shape import EnterpriseProfile, Listed, Standing
from ballast.brain.names import Names, names
from ballast.brain.picture_periods import pieces
from ballast.brain.picture_shape import Source
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.lake.tables.enterprise import ENTERPRISE
from ballast.terms.label import Label
from ballast.terms.period import Period, whole_year
from ballast.terms.viewer import Right, Viewer

__all__ = ["enterprises", "made_up", "profile", "sees_some"]

_TABLES: Final = frozenset({"enterprise", "enterprise_period", "title", "project"})
_REPORTING: Final = Viewer("reporting", frozenset({Right.READ_UNITS}))
"""Reads which periods others reported, and nothing of what."""


def sees_some(viewer: Viewer) -> bool:
    """Return whether there may be an enterprise at all that a viewer sees.

    Examples
    --------
    >>> from ballast.terms.viewer import PUBLIC
    >>> sees_some(PUBLIC)
    False
    """
    return viewer.may(Right.READ_UNITS) or bool(viewer.enterprises)


def enterprises(
    lake: Lake, viewer: Viewer, text: str = "", *, today: date, limit: int, offset: int = 0
) -> tuple[Listed, ...]:
    """Return the enterprises that a viewer may see and that are called so, by name.

    Parameters
    ----------
    lake, viewer
        Where to look, and for whom: what the viewer may not see is not searched.
    text
        Part of a name, or the beginning of a code; empty for all.
    today
        The day at which the register is read.
    limit, offset
        How many, and how many before them are left out.
    """
    if not sees_some(viewer):
        return ()
    rows = registered(lake.read("enterprise", viewer), on=today)
    wanted = " ".join(text.split()).lower()
    if wanted:
        # `contains` and not a pattern: a percent sign is a percent sign.
        part = ibis.literal(wanted)
        rows = rows.filter(
            rows.name.lower().contains(part)
            | rows.name_en.fill_null("").lower().contains(part)
            | rows.uscc.lower().startswith(part)
        )
    chosen = rows.order_by("name", "uscc").limit(limit, offset=offset)
    called = names(lake, viewer)
    return tuple(_listed(row, called) for row in chosen.to_pyarrow().to_pylist())


def made_up(lake: Lake) -> bool:
    """Return whether anything that stands of enterprises is made up."""
    return any(source.synthetic for source in _sources(lake, None))


def _listed(row: Mapping[str, Any], called: Names) -> Listed:
    return Listed(
        uscc=row["uscc"],
        name=Label(row["name"], row["name_en"] or row["name"]),
        place=called.region(row["zone"] or row["region"]),
        industry=called.industry(row["industry_scheme"], row["industry"]),
        size=dossier.choice_label(ENTERPRISE, "size_class", row["size_class"]),
        closed=row["closed"],
    )


def profile(
    lake: Lake,
    viewer: Viewer,
    uscc: str,
    *,
    region: str,
    today: date,
    until: Period | None = None,
    rules: PrimaryRules | None = None,
) -> EnterpriseProfile:
    """Return the profile of an enterprise.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    uscc
        The enterprise.
    region
        The home's region, in which peers are looked for.
    today
        The day of the profile.
    until
        With which period its figures end; the newest where it is ``None``.
    rules
        The bounds of disclosure; the usual ones where it is ``None``.

    Raises
    ------
    NotFound
        If there is no such enterprise, or the viewer may not see it.
    """
    called = names(lake, viewer)
    standing = _standing(lake, viewer, uscc, today, called)
    rows = lake.read("enterprise_period", viewer)
    own = told(rows.filter(rows.uscc == uscc).to_pyarrow().to_pylist())
    reported = figures(own, until)
    year = _whole_year(own, until)
    counted = dossier.clusters(lake, viewer, uscc, today)
    codes = (standing.industry_code, *(code for code, _, _ in standing.others))
    return EnterpriseProfile(
        standing=standing,
        as_of=today,
        latest=None if reported is None else reported.latest,
        awaited=None if until is not None else _awaited(lake, own, reported),
        missing=() if reported is None else reported.missing,
        figures=() if reported is None else reported.figures,
        columns=tuple((c.name, c.label, c.unit) for c in COLUMNS if c.unit is not None),
        rows=() if reported is None else reported.rows,
        position=position(
            lake,
            viewer,
            uscc,
            year=year,
            region=region,
            called=called,
            rules=rules or PrimaryRules(),
            sealed=None if year is None else sealing(lake, region, year),
        ),
        titles=dossier.titles(lake, viewer, uscc, today),
        projects=dossier.projects(lake, viewer, uscc, today),
        identifiers=dossier.identifiers(lake, viewer, uscc, today),
        plant_days=dossier.plant_days(lake, viewer, uscc, today),
        clusters=counted,
        chains=dossier.chains(lake, viewer, codes, counted),
        sources=_sources(lake, _used(lake, viewer, uscc)),
    )


def _standing(lake: Lake, viewer: Viewer, uscc: str, today: date, called: Names) -> Standing:
    absent = NotFound(
        "there is no enterprise {code} that you may see; look for it by its name or its code",
        code=uscc[:40],
    )
    try:
        register = lake.read("enterprise", viewer)
    except NotPermitted:
        raise absent from None
    held = register.filter(register.uscc == uscc)
    found = registered(held, on=today).to_pyarrow().to_pylist()
    if not found:
        raise absent
    [row] = found
    scheme = row["industry_scheme"]
    others = [pair.split(":") for pair in (row["other_industries"] or "").split(";") if pair]
    return Standing(
        uscc=uscc,
        name=Label(row["name"], row["name_en"] or row["name"]),
        since=row["valid_from"],
        place=called.region(row["region"]),
        zone=called.region(row["zone"]) if row["zone"] else None,
        industry=called.industry(scheme, row["industry"]),
        industry_code=row["industry"],
        others=tuple((c, called.industry(scheme, c), float(weight)) for c, weight in others),
        size=dossier.choice_label(ENTERPRISE, "size_class", row["size_class"]),
        ownership=dossier.choice_label(ENTERPRISE, "ownership", row["ownership"]),
        founded=row["founded"],
        closed=row["closed"],
        publishes=bool(row["consent_publish"]),
        shares=bool(row["consent_share"]),
        changes=int(held.count().to_pyarrow().as_py()) - 1,
    )


def _awaited(lake: Lake, own: Told, reported: Reported | None) -> Period | None:
    """Return the newest period that others of its scope reported, where it has not yet."""
    if reported is None:
        return None
    above = bool(own.rows[max(own.rows)]["above_scale"])
    rows = lake.read("enterprise_period", _REPORTING)
    told_by_all = rows.filter(rows.above_scale == above).select("period").distinct()
    newest = max(Period.parse(text) for text in told_by_all.to_pyarrow()["period"].to_pylist())
    return newest if newest.end > reported.latest.end else None


def _whole_year(own: Told, until: Period | None) -> int | None:
    """Return the last calendar year of which every month was reported."""
    known = [p for p in own.rows if until is None or p.end <= until.end]
    years = sorted({p.year for p in known}, reverse=True)
    return next((year for year in years if pieces(whole_year(year), known) is not None), None)


def _used(lake: Lake, viewer: Viewer, uscc: str) -> frozenset[str]:
    """Return the loads that brought something of an enterprise."""
    found: set[str] = set()
    for name in _TABLES:
        rows = lake.read(name, viewer)
        loads = rows.filter(rows.uscc == uscc).select("load_id").distinct()
        found |= set(loads.to_pyarrow()["load_id"].to_pylist())
    return frozenset(found)


def _sources(lake: Lake, used: frozenset[str] | None) -> tuple[Source, ...]:
    """Return standing loads of the tables of a profile, without their files: the load of a form
    holds other enterprises too, and the name of a file may say which."""
    rows = lake.ledger.live().filter(pl.col("state") == "committed").to_dicts()
    return tuple(
        Source(
            row["load_id"],
            row["at"],
            tuple(name for name in row["tables"].split(",") if name in _TABLES),
            None,
            row["provenance"] == "synthetic",
        )
        for row in rows
        if _TABLES & set(row["tables"].split(",")) and (used is None or row["load_id"] in used)
    )
