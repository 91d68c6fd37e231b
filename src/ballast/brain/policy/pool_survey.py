"""Where every enterprise stands before every rung on a day: for those who may read units.

The pool's counts, its names and what is sealed of it are all made from this one
survey, so that no two of them can disagree. The facts are gathered once and
laid in memory; every scheme is then decided over the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import polars as pl

from ballast.brain.cluster_members import cluster_names
from ballast.brain.cluster_revenue import cluster_weights, registered
from ballast.brain.picture_clusters import definition_of
from ballast.brain.policy.columns import decide_all, needed, without_doubts
from ballast.brain.policy.columns_facts import ENTERPRISE, title_column
from ballast.brain.policy.columns_states import CODES
from ballast.brain.policy.finding import State
from ballast.brain.policy.gathering import wide_facts
from ballast.brain.policy.pool_shape import Rung, Standing
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import All, Criterion
from ballast.brain.policy.size import SIZE_STANDARD
from ballast.brain.policy.versions import resolve, version_of
from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.terms.label import Label
from ballast.terms.region import NATION
from ballast.terms.viewer import Viewer
from ballast.words import explain

__all__ = ["SOURCES", "Survey", "root_of", "survey", "units_of"]

SOURCES = ("enterprise", "enterprise_period", "enterprise_fact", "title", "cluster_definition")
"""The tables that a pool is made from."""
_UNMET, _UNKNOWN = CODES[State.UNMET], CODES[State.UNKNOWN]
_STANDINGS = {
    CODES[State.MET]: Standing.ELIGIBLE,
    CODES[State.NOT_APPLICABLE]: Standing.ELIGIBLE,
    CODES[State.MANUAL]: Standing.REVIEW,
    _UNKNOWN: Standing.UNKNOWN,
}


@dataclass(frozen=True, eq=False)
class Survey:
    """Where enterprises stand.

    Parameters
    ----------
    day
        On which.
    rows
        One for each enterprise: ``uscc``, ``name``, ``county`` (empty where it is not known),
        ``clusters`` (a list of keys), and for each scheme ``<scheme>`` (a `Standing`) and
        ``<scheme>.lacks`` (the id of the one criterion, of those who are near).
    rungs
        The schemes, in the order of the ladder.
    criteria
        By scheme and id what a criterion is called, and its article.
    root
        The region that all counties lie in.
    clusters
        Keys of the clusters, with their names; `definition` is the set that they are of.
    definition
        Which set of clusters; None where there is none.
    refused
        Schemes without a law on the day, with the reason.
    synthetic
        Whether anything it is made from is invented.
    """

    day: date
    rows: pl.DataFrame
    rungs: tuple[Rung, ...]
    criteria: dict[tuple[str, str], tuple[Label, str]]
    root: str
    clusters: dict[str, Label]
    definition: str | None
    refused: tuple[tuple[str, Label], ...]
    synthetic: bool


def survey(
    lake: Lake, viewer: Viewer, laws: Laws, day: date, schemes: Collection[str] = ()
) -> Survey:
    """Return where every enterprise that the viewer may see stands before each rung.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom (``READ_UNITS``).
    laws, day
        Which rules, on which day, for new applications.
    schemes
        The rungs; all that can be applied for by default.

    Raises
    ------
    NotFound
        If there is no such scheme.
    NotPermitted
        If the viewer may read no unit data.
    """
    wanted = [laws.law(s).scheme for s in dict.fromkeys(schemes)] or [
        scheme for scheme in laws.schemes if scheme != SIZE_STANDARD
    ]
    rungs, refused = _rungs(laws, wanted, day)
    rows = _register(lake, viewer, day)
    root = root_of(rows["county"].unique().to_list())
    definition, names, members = _clusters(lake, viewer, root, day)
    rows = rows.join(members, on=ENTERPRISE, how="left").with_columns(
        pl.col("clusters").fill_null([])
    )
    for scheme, found in _decided(lake, viewer, laws, day, [rung.scheme for rung in rungs]):
        rows = rows.join(
            found.rename({"standing": scheme, "lacks": f"{scheme}.lacks"}),
            on=ENTERPRISE,
            how="left",
        )
    known = [pl.col(rung.scheme).is_not_null() for rung in rungs]
    rows = rows.filter(pl.any_horizontal(known)) if known else rows.clear()
    return Survey(
        day=day,
        rows=rows.sort(ENTERPRISE),
        rungs=rungs,
        criteria=_criteria(laws, rungs, day),
        root=root,
        clusters=names,
        definition=definition,
        refused=refused,
        synthetic=_synthetic(lake),
    )


def units_of(rule: Criterion) -> Iterator[Criterion]:
    """Yield the criteria of which each must be met by itself: what "one criterion away" counts.

    A group that must be met as a whole is its parts; one of which a single part is enough, one
    that applies only to some or that can be waived, counts as one.
    """
    if isinstance(rule, All) and rule.when is None and rule.waived_by is None and rule.only is None:
        for part in rule.of:
            yield from units_of(part)
    else:
        yield rule


def root_of(counties: Sequence[str]) -> str:
    """Return the smallest region that holds all counties.

    Examples
    --------
    >>> root_of(["371502", "371521"]), root_of(["371502", "370102"]), root_of(["371502", "110101"])
    ('371500', '370000', '000000')
    """
    known = [code for code in counties if code]
    for cut, rest in ((4, "00"), (2, "0000")):
        stems = {code[:cut] for code in known}
        if len(stems) == 1:
            return stems.pop() + rest
    return NATION


def _rungs(
    laws: Laws, schemes: Sequence[str], day: date
) -> tuple[tuple[Rung, ...], tuple[tuple[str, Label], ...]]:
    rungs, refused = [], []
    for scheme in schemes:
        law = laws.law(scheme)
        try:
            found = resolve(laws, scheme, day)
        except Refused as fault:
            refused.append((scheme, Label(explain(fault, "zh"), explain(fault, "en"))))
            continue
        if version_of(laws, found).criterion is None:
            continue  # a classification is no rung
        rungs.append(
            Rung(
                scheme=scheme,
                label=Label(law.label.zh, law.label.en),
                place=law.rung,
                version=found.version,
                instrument=found.instrument,
                confirmed=found.confirmed,
            )
        )
    return tuple(rungs), tuple(refused)


def _criteria(
    laws: Laws, rungs: Sequence[Rung], day: date
) -> dict[tuple[str, str], tuple[Label, str]]:
    return {
        (rung.scheme, unit.id): (Label(unit.label.zh, unit.label.en), unit.article)
        for rung in rungs
        for unit in _units(laws, rung.scheme, day)
    }


def _units(laws: Laws, scheme: str, day: date) -> tuple[Criterion, ...]:
    rule = version_of(laws, resolve(laws, scheme, day)).criterion
    return () if rule is None else tuple(units_of(rule))


def _decided(
    lake: Lake, viewer: Viewer, laws: Laws, day: date, schemes: Sequence[str]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield for each scheme ``uscc``, ``standing`` and ``lacks``."""
    titles = [title_column(scheme) for scheme in schemes]

    def read(*, examined: bool) -> list[str]:
        asked = (needed(laws, scheme, day, examined=examined) for scheme in schemes)
        return list(dict.fromkeys([ENTERPRISE, *chain.from_iterable(asked), *titles]))

    # Three plans, one over the rows of the other: as one they take longer to be written as SQL
    # than all of them take to run.
    wide = wide_facts(lake, viewer, day, laws, examined=False)
    stated = lake.engine.collect(wide.select(*read(examined=False)))
    with lake.engine.lent(stated) as rows:
        facts = lake.engine.collect(without_doubts(rows, day, read(examined=True)))
    held = pl.DataFrame(facts.select([ENTERPRISE, *titles]))
    with lake.engine.lent(facts) as rows:
        for scheme in schemes:
            units = [unit.id for unit in _units(laws, scheme, day)]
            decided = decide_all(laws, scheme, rows, day, examined=True)
            states = pl.DataFrame(
                lake.engine.collect(decided.select(*dict.fromkeys([ENTERPRISE, "state", *units])))
            )
            holds = held.select(ENTERPRISE, pl.col(title_column(scheme)).alias("holds"))
            yield scheme, _standing(states.join(holds, on=ENTERPRISE), units)


def _standing(states: pl.DataFrame, units: Sequence[str]) -> pl.DataFrame:
    unmet = pl.sum_horizontal(pl.col(unit) == _UNMET for unit in units)
    unknown = pl.sum_horizontal(pl.col(unit) == _UNKNOWN for unit in units)
    near = (pl.col("state") == _UNMET) & (unmet == 1) & (unknown == 0)
    lacks = pl.coalesce(pl.when(pl.col(unit) == _UNMET).then(pl.lit(unit)) for unit in units)
    standing = (
        pl.when(pl.col("holds").fill_null(False))
        .then(pl.lit(Standing.HOLDS.value))
        .when(near)
        .then(pl.lit(Standing.NEAR.value))
        .otherwise(
            pl.col("state").replace_strict(
                {code: s.value for code, s in _STANDINGS.items()},
                default=Standing.FAR.value,
                return_dtype=pl.String,
            )
        )
    )
    found = states.with_columns(standing=standing).with_columns(
        lacks=pl.when(pl.col("standing") == Standing.NEAR.value).then(lacks)
    )
    return found.select(ENTERPRISE, "standing", "lacks")


def _register(lake: Lake, viewer: Viewer, day: date) -> pl.DataFrame:
    """Return code, name and county of every enterprise that stands in the register."""
    rows = registered(lake.read("enterprise", viewer), on=day)
    found = lake.engine.collect(rows.select(ENTERPRISE, "name", county=rows.region.fill_null("")))
    return pl.DataFrame(found)


def _clusters(
    lake: Lake, viewer: Viewer, root: str, day: date
) -> tuple[str | None, dict[str, Label], pl.DataFrame]:
    """Return which set of clusters is shown, their names, and the clusters of each enterprise."""
    nobody = pl.DataFrame(schema={ENTERPRISE: pl.String, "clusters": pl.List(pl.String)})
    definitions = lake.read("cluster_definition", viewer)
    definition = definition_of(definitions, root)
    if definition is None:
        return None, {}, nobody
    enterprises = registered(lake.read("enterprise", viewer), on=day)
    weights = cluster_weights(enterprises, definitions, definition=definition)
    members = pl.DataFrame(lake.engine.collect(weights.select(ENTERPRISE, "cluster")))
    named = pl.DataFrame(lake.engine.collect(cluster_names(definitions, definition=definition)))
    names = {
        row["cluster"]: Label(row["name_zh"] or row["cluster"], row["name_en"] or row["cluster"])
        for row in named.iter_rows(named=True)
    }
    grouped = members.sort("cluster").group_by(ENTERPRISE).agg(pl.col("cluster").alias("clusters"))
    return definition, dict(sorted(names.items())), grouped


def _synthetic(lake: Lake) -> bool:
    rows = lake.ledger.live()
    read = pl.col("tables").str.split(",").list.set_intersection(list(SOURCES)).list.len() > 0
    return "synthetic" in set(rows.filter(read)["provenance"].to_list())
