"""The sample region, whole: every table of it, built in seconds and loaded as one load.

Shape after a manufacturing city of eight counties and three zones: 32 of the
41 divisions and 137 of the 207 groups of industry, ten named clusters, about
2,000 above-scale enterprises and 8,000 smaller ones, 60 months. The figures
are invented; above-scale revenue is about 510 billion CNY in the last full
year (see ``structure``). Tables are written by the modules beside this one,
each from the frames and arrays before it, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

import polars as pl

from ballast.lake.lake import Lake
from ballast.sample import (
    bureau,
    chains,
    clusters,
    facts,
    figures,
    goals,
    histories,
    macro,
    population,
    project_months,
    regional,
    register,
    trade,
)
from ballast.sample.months import DEFAULT_LAST_MONTH, SEED, Calendar
from ballast.sample.synthetic import SOURCE
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["NOTE", "RECIPE", "build", "load"]

RECIPE = "sample"
NOTE = f"{SOURCE}: 虚构数据，不指任何真实企业 / invented figures, of no real enterprise"

Progress = Callable[[str, float], None]


def _silent(_text: str, _done: float) -> None:
    """Say nothing."""


def _tell(progress: Progress, template: str, done: float) -> None:
    """Tell what is being done, by the English under which the catalogue holds it."""
    progress(template, done)


def build(
    seed: int = SEED,
    *,
    last_month: Period = DEFAULT_LAST_MONTH,
    progress: Progress = _silent,
) -> dict[str, pl.DataFrame]:
    """Return every table of the sample region.

    Parameters
    ----------
    seed
        The same seed gives the same region, to the last yuan.
    last_month
        The newest month of the 60 covered, February to December.
    progress
        Told what is being drawn and how much is done, 0 to 1. The text is an
        English template of ``ballast.words``.

    Returns
    -------
    dict
        Table name to frame, with exactly the declared columns and types.

    Raises
    ------
    InvalidTerm
        If the last month is none, or a January.
    """
    calendar = Calendar(last_month)
    _tell(progress, "drawing the enterprises", 0.0)
    people = population.draw(seed, calendar.base)
    registered = register.register(people, seed)
    past = histories.histories(people, calendar, seed)
    profile = histories.profile(people, seed)
    enterprise = register.enterprise_frame(people, registered, past, profile, calendar, seed)
    _tell(progress, "drawing 60 months of figures", 0.3)
    codes = registered.codes
    enterprise_period = figures.figures(codes, past, profile, calendar, seed)
    _tell(progress, "adding up the industries", 0.6)
    region_industry = regional.region_industry(enterprise_period, people, codes, calendar, seed)
    _tell(progress, "drawing projects, titles and trade", 0.8)
    traded = trade.trade(enterprise_period, people, codes, profile, calendar, seed)
    titles = bureau.titles(people, codes, profile, calendar, seed)
    anchors = register.anchors(people, registered)
    project = bureau.projects(people, codes, past, calendar, seed)
    return {
        "region": macro.region_frame(),
        "enterprise": enterprise,
        "enterprise_period": enterprise_period,
        "region_period": macro.region_period(enterprise_period, traded, calendar, seed),
        "ranking": macro.ranking_frame(calendar, seed),
        "region_industry": region_industry,
        "cluster_definition": clusters.definition_frame(anchors),
        "chain_definition": chains.definition_frame(),
        "project": project,
        "project_month": project_months.project_months(project, calendar, seed),
        "project_event": project_months.project_events(project, calendar, seed),
        "goal": goals.goal_frame(calendar),
        "title": titles,
        "enterprise_fact": facts.facts(people, codes, enterprise_period, titles, calendar, seed),
        "trade": traded,
    }


def load(
    lake: Lake,
    viewer: Viewer,
    progress: Progress = _silent,
    *,
    seed: int = SEED,
    last_month: Period = DEFAULT_LAST_MONTH,
) -> str:
    """Build the sample region and commit it as one load, marked synthetic.

    Loading the same sample again, while its load stands, changes nothing.

    Parameters
    ----------
    lake
        Where it goes.
    viewer
        Who loads it.
    progress
        As for ``build``; building is the first half.
    seed, last_month
        As for ``build``.

    Returns
    -------
    str
        The identifier of the load.

    Raises
    ------
    NotPermitted
        If the viewer may not load.
    """
    frames = build(
        seed, last_month=last_month, progress=lambda text, done: progress(text, done / 2)
    )
    _tell(progress, "writing the sample into the lake", 0.5)
    load_id = lake.commit(
        frames,
        viewer,
        file_hash=_digest(frames),
        recipe=RECIPE,
        provenance="synthetic",
        note=NOTE,
    )
    _tell(progress, "the sample region is loaded", 1.0)
    return load_id


def _digest(frames: Mapping[str, pl.DataFrame]) -> str:
    """Return a digest of the content, by which the ledger knows a sample that already stands."""
    digest = sha256(RECIPE.encode())
    for name, frame in sorted(frames.items()):
        digest.update(name.encode())
        digest.update(frame.hash_rows(0).to_numpy().tobytes())
    return digest.hexdigest()
