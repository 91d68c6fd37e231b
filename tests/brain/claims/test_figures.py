"""A figure out of a cut is the figure asked for alone: for the bureau, and for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import polars as pl
import pytest
from tests.brain.cube.world import COUNTIES, SEALER, ZONE, framed, frames, region

from ballast.brain.claims import figures as module
from ballast.brain.claims.checking import check
from ballast.brain.claims.cuts import Where
from ballast.brain.claims.figures import Figure, Figures
from ballast.brain.claims.reading import statements
from ballast.brain.claims.vocabulary import vocabulary
from ballast.brain.indicators.dimensions import Dimension
from ballast.cli.app import run
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC, Right, Viewer

CITY = "371500"
OLD = "371523"  # what 371503 was
KEYS = ("revenue", "employment", "enterprises", "export_share", "rd_expense", "margin")
PERIODS = [Period.parse(text) for text in ("2026-03ytd", "2025-03ytd", "2026-06")]
SET = ("2025-01..02", "2025-03", "2026-01..02", "2026-03")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a region that was loaded in parts, one of them invented, with a county's old code."""
    path = tmp_path_factory.mktemp("figures") / "home"
    lake = Lake.create(path)
    every = frames(region(5, enterprises=60, periods=SET))
    codes = sorted(every["enterprise"]["uscc"].unique())
    for part, provenance in enumerate(("real", "synthetic", "real")):
        mine = pl.col("uscc").is_in(codes[part::3])
        tables = {name: every[name].filter(mine) for name in ("enterprise", "enterprise_period")}
        if part == 0:
            first = tables["enterprise"]["uscc"][0]
            old = (pl.col("uscc") == first) & (
                pl.col("region") == tables["enterprise"]["region"][0]
            )
            tables["enterprise"] = tables["enterprise"].with_columns(
                region=pl.when(old).then(pl.lit(OLD)).otherwise(pl.col("region"))
            )
            tables["cluster_definition"] = every["cluster_definition"]
            tables["region_period"] = framed("region_period", _published())
        lake.commit(tables, SEALER, provenance=provenance)  # type: ignore[arg-type]
    assert run(["cube", "seal", "--home", str(path)]) == 0
    return lake


def _published() -> list[dict[str, object]]:
    return [
        {"region": place, "region_scheme": "gb2260", "period": "2025", "item": item,
         "value": Decimal(value), "status": "final"}
        for item, place, value in (
            ("gdp", CITY, "3000"), ("gdp", "370000", "90000"), ("rd_intensity", CITY, "3.2"),
            ("rd_intensity", "370000", "2.9"), ("gdp", OLD, "300"),
        )
    ]  # fmt: skip


def cells() -> Iterator[Where]:
    """Yield what a report restricts a figure to, also what is not there."""
    city = (Dimension.REGION, (CITY,))
    for county in (*COUNTIES, OLD, "371581"):
        yield ((Dimension.REGION, (county,)),)
        yield ((Dimension.PLACE, (county,)),)
    yield ((Dimension.ZONE, (ZONE,)),)
    yield ((Dimension.REGION, (CITY,)),)
    yield ((Dimension.REGION, COUNTIES[:2]),)
    for division in ("34", "13"):
        scope = (Dimension.INDUSTRY_DIVISION, (division,))
        yield (scope, city)
        yield (scope, (Dimension.REGION, (COUNTIES[0],)))
        yield (scope, (Dimension.ZONE, (ZONE,)))
    for cluster in ("bearings", "metal", "grain", "none"):
        yield ((Dimension.CLUSTER, (cluster,)),)
    for owner in ("private", "state"):
        yield ((Dimension.OWNERSHIP, (owner,)), city)


def told(one: Figure) -> tuple[object, ...]:
    """Return all that a figure says, its errors too."""
    reason = one.reason
    if isinstance(reason, BallastError):
        reason = f"{type(reason).__name__} {reason.template} {sorted(reason.values.items())}"
    # Of weighted copies the last bits depend on the order in which they are summed.
    value = float(f"{one.value:.10e}") if isinstance(one.value, float) else one.value
    return (
        one.key, one.where, one.period, value, one.called, reason, one.withheld, one.sources,
        one.as_of, one.synthetic, one.command,
    )  # fmt: skip


@pytest.mark.parametrize("viewer", [SEALER, PUBLIC], ids=["bureau", "everybody"])
def test_a_figure_out_of_a_cut_is_the_figure_asked_for_alone(town: Lake, viewer: Viewer) -> None:
    wanted = list(product(KEYS, cells(), PERIODS))
    with still(town) as lake:
        together = Figures(lake, viewer)
        together.gather(levels=wanted)
        asked = {each: together.one(*each) for each in wanted}
        several = set()
        for where, period in product(cells(), PERIODS):
            alone = Figures(lake, viewer)
            alone.gather(levels=[(key, where, period) for key in KEYS])
            for key in KEYS:
                assert told(asked[key, where, period]) == told(alone.one(key, where, period))
                several.add(asked[key, where, period].sources)
        found = [one for one in asked.values() if one.value is not None]
    assert len(found) > 50
    if viewer.may(Right.READ_UNITS):
        assert len(several) > 5  # counties that rest on other loads than the city
        assert {one.synthetic for one in found} == {False, True}
    else:
        assert any(one.withheld for one in asked.values())


@pytest.mark.parametrize("viewer", [SEALER, PUBLIC], ids=["bureau", "everybody"])
def test_published_items_of_several_regions_are_those_of_each(town: Lake, viewer: Viewer) -> None:
    keys = ("gdp", "rd_intensity_society")
    places = [((Dimension.REGION, (code,)),) for code in (CITY, "370000", "371503", "371600")]
    wanted = list(product(keys, places, [Period.parse("2025"), Period.parse("2024")]))
    together = Figures(town, viewer)
    together.gather(levels=wanted)
    for each in wanted:
        assert told(together.one(*each)) == told(Figures(town, viewer).one(*each))


def test_the_comparable_sample_of_a_cut_is_that_of_each_cell(town: Lake) -> None:
    wanted = [
        (key, where, PERIODS[0])
        for key in ("revenue", "exports", "export_share", "enterprises")
        for where in cells()
    ]
    with still(town) as lake:
        together = Figures(lake, SEALER)
        together.gather(samples=wanted)
        asked = {each: together.sample(*each) for each in wanted}
        for where in cells():
            alone = Figures(lake, SEALER)
            own = [each for each in wanted if each[1] == where]
            alone.gather(samples=own)
            for each in own:
                single = alone.sample(*each)
                assert (asked[each] is None) == (single is None), each
                assert single is None or asked[each] == pytest.approx(single, rel=1e-9)
        assert together.asked < 15
    assert sum(one is not None for one in asked.values()) > 20


TEXT = "".join(
    f"2026年1-3月，{county}规上工业营业收入{n + 1}亿元，同比增长{n}%，出口交货值{n}万元，"
    f"2026年3月从业人员{n + 9}人。"
    for n, county in enumerate(("东昌府区", "茌平区", "阳谷县", "莘县"))
)


def test_a_dozen_statements_of_counties_are_a_few_questions(
    town: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Figures] = []
    begin = Figures.__post_init__

    def kept(self: Figures) -> None:
        begin(self)
        seen.append(self)

    monkeypatch.setattr(Figures, "__post_init__", kept)
    read = statements(TEXT, written=date(2026, 4, 20), known=vocabulary(town, SEALER, CITY))
    answers = check(town, SEALER, read, date(2026, 4, 20), home=CITY)
    assert len(answers) == 16
    assert all(one.ours for one in answers)
    # Counties and places, each of two years and of the month, and the sample of both.
    assert sum(one.asked for one in seen) < 14


def test_what_is_asked_is_bounded_whatever_a_text_says(
    town: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_QUESTIONS", 3)
    figures = Figures(town, SEALER)
    found = [
        figures.one("revenue", ((Dimension.REGION, (county,)),), period)
        for county in COUNTIES
        for period in PERIODS[:2]
    ]
    assert figures.asked == 3
    assert [one.value is None for one in found].count(True) >= 5
    assert "more than {most} places" in getattr(found[-1].reason, "template", "")
