"""The sealed cube, attacked: nobody works out a withheld cell, and the attacker can do his work."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.cube.reading import sealed_values, vintages
from ballast.brain.cube.sealing import seal
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.indicators.answer import Status
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.errors import NotFound, NotPermitted, Refused
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

from .world import (
    NOW,
    RATIOS,
    SEALER,
    Attacker,
    Enterprise,
    assert_in_doubt,
    loaded,
    public,
    region,
    stands_in,
    truth,
    unprotected,
    withheld,
)

RULES = PrimaryRules()
MONTHS = ("2026-01..02", "2026-03")
SUBJECTS = ("revenue", "exports")


@pytest.fixture(scope="module", params=[1, 3])
def sealed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Enterprise], Lake]:
    enterprises = region(request.param, periods=MONTHS)
    lake = loaded(tmp_path_factory.mktemp("cube") / "home", enterprises)
    seal(lake, SEALER, now=NOW, rules=RULES)
    return enterprises, lake


def test_margins_years_to_date_ratios_and_clusters_tell_no_sensitive_cell(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    enterprises, lake = sealed
    rows = public(lake)
    attacker = Attacker(enterprises, rows, SUBJECTS)
    tried = 0
    for name in SUBJECTS:
        for row in withheld(rows, name):
            value, is_sensitive = truth(enterprises, name, row)
            if is_sensitive and value > 0:
                assert_in_doubt(attacker, name, row, value)
                tried += 1
    assert tried > 60


def test_no_sensitive_cell_is_published_and_no_published_number_is_wrong(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    enterprises, lake = sealed
    rows = public(lake).filter(~pl.col("period").str.ends_with("ytd"))
    counted = 0
    for name in (*SUBJECTS, "output", "employment"):
        for row in rows.filter(
            pl.col("indicator") == name, pl.col("status") == "published"
        ).to_dicts():
            value, is_sensitive = truth(enterprises, name, row)
            assert not is_sensitive, row
            there = [one for one in enterprises if row["period"] in one.amounts]
            assert sum(stands_in(one, row, row["period"]) for one in there) >= RULES.least
            assert float(row["numerator"]) == pytest.approx(value, abs=1e-3)
            counted += 1
    assert counted > 100


def test_what_is_withheld_has_no_number_and_does_not_say_why(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    rows = public(sealed[1]).filter(pl.col("status") == "suppressed")
    assert rows.height > 100
    for name in ("value", "numerator", "denominator"):
        assert rows[name].null_count() == rows.height
    assert set(rows["status"].unique()) == {"suppressed"}


def test_the_attacker_wins_where_only_sensitive_cells_are_withheld(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    """So that the tests here can fail: margins alone tell a cell exactly."""
    enterprises, lake = sealed
    rows = public(lake)
    naive = unprotected(enterprises, rows)
    attacker = Attacker(enterprises, naive, ("revenue",))
    exact = 0
    for row in withheld(naive, "revenue"):
        least, greatest = attacker.bounds("revenue", row)
        value, _ = truth(enterprises, "revenue", row)
        exact += value > 0 and greatest - least <= 0.01 * value
    assert exact > 10


def test_a_year_to_date_beside_its_months_would_tell_a_withheld_month(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    """The cube withholds both; published, the one less the other is the month."""
    enterprises, lake = sealed
    rows = public(lake)
    settled = {one.code for one in enterprises if len(one.places) == 1}
    for row in withheld(rows.filter(pl.col("period") == MONTHS[-1]), "revenue"):
        value, is_sensitive = truth(enterprises, "revenue", row)
        if is_sensitive and value > 0:
            break
    before = row | {"period": MONTHS[0]}
    first, _ = truth(enterprises, "revenue", before)
    assert settled
    to_date = row | {"period": "2026-03ytd"}
    told = rows.filter(
        *(pl.col(k) == to_date[k] for k in ("indicator", "region", "region_kind", "industry",
                                            "cluster", "period"))
    )  # fmt: skip
    assert told["status"].to_list() == ["suppressed"]
    leaked = pl.DataFrame(
        [
            before | {"status": "published", "numerator": Decimal(f"{first:.4f}")},
            to_date | {"status": "published", "numerator": Decimal(f"{first + value:.4f}")},
        ],
        schema=rows.schema,
    )
    attacker = Attacker(enterprises, pl.concat([rows, leaked]), SUBJECTS)
    least, greatest = attacker.bounds("revenue", row)
    assert greatest - least < RULES.protection * value


def test_a_ratio_of_a_withheld_numerator_would_tell_it_through_its_denominator(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    enterprises, lake = sealed
    rows = public(lake)
    above, below, scale = RATIOS["export_share"]
    tried = 0
    for row in withheld(rows, above):
        same = [pl.col(k) == row[k] for k in ("region", "region_kind", "industry", "cluster")]
        beside = rows.filter(*same, pl.col("period") == row["period"])
        denominator = beside.filter(pl.col("indicator") == below)
        value, is_sensitive = truth(enterprises, above, row)
        if denominator["status"].to_list() != ["published"] or not is_sensitive or value == 0:
            continue
        ratio = beside.filter(pl.col("indicator") == "export_share")
        assert ratio["status"].to_list() == ["suppressed"]
        share = value / float(denominator["numerator"][0]) * scale
        leaked = pl.DataFrame(
            [row | {"indicator": "export_share", "status": "published", "value": share}],
            schema=rows.schema,
        )
        least, greatest = Attacker(enterprises, pl.concat([rows, leaked]), SUBJECTS).bounds(
            above, row
        )
        assert greatest - least <= 1e-4 * value + 1e-2
        tried += 1
        if tried == 3:
            break
    assert tried > 0


def test_a_location_quotient_of_a_withheld_cell_would_tell_it_and_none_can_be_made(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    """LQ = (e_ri / e_r) / (e_i / e): with the three sums published, it is the cell."""
    enterprises, lake = sealed
    rows = public(lake).filter(
        pl.col("period") == MONTHS[0], pl.col("indicator") == "employment", pl.col("cluster") == ""
    )
    cells = {(row["region_kind"], row["region"], row["industry"]): row for row in rows.to_dicts()}
    made = 0
    for (kind, code, industry), row in cells.items():
        if kind not in ("county", "zone", "rest") or not industry or row["status"] == "published":
            continue
        value, is_sensitive = truth(enterprises, "employment", row)
        margins = [
            cells[kind, code, ""], cells["city", "371500", industry],
            cells["city", "371500", ""],
        ]  # fmt: skip
        if is_sensitive and all(each["status"] == "published" for each in margins):
            whole = [float(each["numerator"]) for each in margins]
            quotient = (value / whole[0]) / (whole[1] / whole[2])
            assert quotient * whole[0] * whole[1] / whole[2] == pytest.approx(value)
            assert row["numerator"] is None  # so that nobody has what the quotient is made of
            made += 1
    assert made > 0


def test_what_is_made_of_two_magnitudes_stands_where_both_do(tmp_path: Path) -> None:
    """Carbon is energy and electricity with known factors: of two of them the third follows."""
    enterprises = region(2, periods=MONTHS[:1])
    for number, one in enumerate(enterprises):
        for given in one.amounts.values():
            given["energy_tce"] = given["output_1e4_cny"] * (0.2 + number % 7)
            given["electricity_1e4_kwh"] = given["energy_tce"] * (0.05 + 0.1 * (number % 5))
    lake = loaded(tmp_path / "home", enterprises)
    seal(lake, SEALER, now=NOW)
    rows = public(lake)
    key = ["region", "region_kind", "industry", "cluster", "period"]
    told = {
        name: set(
            rows.filter(pl.col("indicator") == name, pl.col("status") == "published")
            .select(key)
            .rows()
        )
        for name in ("energy", "electricity", "carbon")
    }
    assert told["energy"] != told["electricity"]
    assert told["carbon"] == told["energy"] & told["electricity"]


def test_who_may_not_read_units_or_load_does_not_seal(tmp_path: Path) -> None:
    lake = loaded(tmp_path / "home", region(1, enterprises=10, periods=MONTHS[:1]))
    for role in (Role.PUBLIC, Role.OPERATOR, Role.ENTERPRISE, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted, match="may not seal"):
            seal(lake, viewer_for(role, "someone"), now=NOW)
    assert vintages(lake) == ()


def test_a_vintage_is_not_written_twice(tmp_path: Path) -> None:
    lake = loaded(tmp_path / "home", region(1, enterprises=10, periods=MONTHS[:1]))
    seal(lake, SEALER, now=NOW, vintage="first")
    with pytest.raises(Refused, match="there is a vintage first already"):
        seal(lake, SEALER, now=NOW, vintage="first")


def test_where_nobody_reported_there_is_nothing_to_seal(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    with pytest.raises(NotFound, match="no reports of above-scale enterprises"):
        seal(lake, SEALER, now=NOW)
    other = loaded(tmp_path / "other", region(1, enterprises=10, periods=MONTHS[:1]))
    with pytest.raises(NotFound, match="reported in 2019"):
        seal(other, SEALER, now=NOW, years=[2019])


def test_the_sealed_number_is_the_number_of_those_who_may_see_units(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    """Where an amount or a ratio is published, it is the one that the facts give."""
    lake = sealed[1]
    keys = ("revenue", "enterprises", "export_share", "employment", "labour_productivity")
    compared = 0
    for period in ("2026-03", "2026-03ytd"):
        for by in ((Dimension.PLACE,), (Dimension.CLUSTER,), (Dimension.INDUSTRY_DIVISION,)):
            question = Question(keys, by, period=Period.parse(period), definition="own")
            there = {
                (v.indicator, *v.cell.values()): v for v in evaluate(lake, SEALER, question).values
            }
            for value in sealed_values(lake, question).values:
                if value.status is not Status.PUBLISHED:
                    assert value.value is None
                    continue
                other = there[value.indicator, *value.cell.values()]
                assert float(str(value.value)) == pytest.approx(float(str(other.value)), rel=1e-9)
                compared += 1
    assert compared > 30


def test_who_knows_his_own_figures_does_not_work_out_another_sensitive_cell(
    sealed: tuple[list[Enterprise], Lake],
) -> None:
    """Of what is not the insider's own, as much stays in doubt as for everybody else."""
    enterprises, lake = sealed
    rows = public(lake)
    first = rows.filter(pl.col("period") == MONTHS[0])
    tried = 0
    for me in enterprises[::25]:
        attacker = Attacker(enterprises, rows, ("revenue",), own=[me])
        for row in withheld(first, "revenue")[::4]:
            value, is_sensitive = truth(enterprises, "revenue", row)
            others = value - truth([me], "revenue", row)[0]
            if is_sensitive and others > 1:
                least, greatest = attacker.bounds("revenue", row)
                assert greatest - least >= RULES.protection * others
                tried += 1
    assert tried > 10
