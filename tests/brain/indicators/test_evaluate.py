"""An indicator counts each enterprise once, whatever else is known of it, and says what lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.declared import Form
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS
from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, operator, viewer_for
from ballast.words import unpack

Rows = Sequence[Mapping[str, object]]
Filled = Callable[..., Lake]
ME = operator("test")
A, B, C, D = (with_check_character(f"91371500MA{n:07d}") for n in range(4))
MARCH, TO_MARCH = Period.parse("2026-03"), Period.parse("2026-03ytd")
CITY: Mapping[Dimension, tuple[str, ...]] = {Dimension.REGION: ("371500",)}


def report(uscc: str, period: str, output: object, **more: object) -> dict[str, object]:
    whole = {"uscc": uscc, "period": period, "output_1e4_cny": output, "revenue_1e4_cny": output}
    return whole | {"employment_persons": 10} | more


def ask(
    lake: Lake,
    *indicators: str,
    period: Period = MARCH,
    by: tuple[Dimension, ...] = (),
    where: Mapping[Dimension, tuple[str, ...]] = CITY,
    weighted: bool = False,
    form: Form = Form.PERIOD,
) -> Answer:
    question = Question(indicators, by, where, period=period, weighted=weighted, form=form)
    return evaluate(lake, ME, question)


def one(lake: Lake, indicator: str, **more: object) -> Value:
    (found,) = ask(lake, indicator, **more).values  # type: ignore[arg-type]
    return found


def by_cell(answer: Answer) -> dict[str, object]:
    """Return the values of a cut along one dimension."""
    return {v.cell[answer.question.by[0]]: v.value for v in answer.values}


SEVERAL: dict[str, Rows] = {
    "enterprise": [{"uscc": A}, {"uscc": B, "industry": "3252"}],
    "enterprise_period": [report(A, "2026-03", 70), report(B, "2026-03", 30)],
}
BESIDE: dict[str, Rows] = {
    "title": [
        {"uscc": A, "certificate": f"c{n}", "tier": tier}
        for n, tier in enumerate(("national", "national", "provincial"))
    ],
    "trade": [
        {"uscc": A, "partner": partner, "period": "2026-03", "hs6": hs6, "export_1e4_cny": 5}
        for partner in ("DE", "US")
        for hs6 in ("848210", "848220")
    ],
    "plant_daily": [
        {"uscc": A, "day": date(2026, 3, day), "asset_group": group}
        for day in (28, 29)
        for group in ("plant", "press")
    ],
    "handle_daily": [
        {"uscc": A, "day": date(2026, 3, day), "prefix": prefix, "registered": 4, "resolved": 9}
        for day in (1, 2)
        for prefix in ("88.118.8", "88.118.9")
    ],
}


def test_titles_trade_plants_and_identifiers_do_not_multiply_an_enterprise_s_output(
    filled: Filled,
) -> None:
    """Fan-out and chasm: everything asked at once is what it is asked alone."""
    lake = filled(**SEVERAL, **BESIDE)
    wanted = {
        "output": Decimal(100), "enterprises": Decimal(2), "titles": Decimal(3),
        "titles_national": Decimal(2), "title_holders": Decimal(1), "trade_exports": Decimal(20),
        "digitised_enterprises": Decimal(1), "identifiers_registered": Decimal(16),
        "identifiers_resolved": Decimal(36),
    }  # fmt: skip
    together = ask(lake, *wanted)
    assert {v.indicator: v.value for v in together.values} == wanted
    for key in ("output", "titles"):
        assert one(lake, key).value == wanted[key]


def test_cut_by_what_an_enterprise_has_one_of_the_parts_add_up(filled: Filled) -> None:
    lake = filled(**SEVERAL, **BESIDE)
    keys = ("output", "enterprises", "titles", "trade_exports")
    whole = {v.indicator: v.value for v in ask(lake, *keys).values}
    for dimension in (Dimension.INDUSTRY_DIVISION, Dimension.PLACE):
        parts = ask(lake, *keys, by=(dimension,))
        for key in keys:
            cells = [float(v.value or 0) for v in parts.values if v.indicator == key]
            assert sum(cells) == whole[key]


def test_an_enterprise_registered_anew_counts_once_and_where_it_was_at_the_period_s_end(
    filled: Filled,
) -> None:
    """Chiping county 371523 became Chiping district 371503 in 2019."""
    moved: Rows = [
        {"uscc": A, "region": "371523", "valid_from": date(2005, 1, 1)},
        {"uscc": A, "region": "371503", "valid_from": date(2019, 10, 1)},
        {"uscc": A, "region": "371503", "industry": "3252", "valid_from": date(2026, 2, 1)},
    ]
    lake = filled(
        enterprise=moved,
        enterprise_period=[
            report(A, "2018-12", 50),
            report(A, "2026-01..02", 1),
            report(A, "2026-03", 70),
        ],
    )
    cut = (Dimension.REGION,)
    assert by_cell(ask(lake, "output", by=cut, period=Period.parse("2018-12"))) == {"371523": 50}
    assert by_cell(ask(lake, "output", by=cut, period=TO_MARCH)) == {"371503": 71}
    # Whichever of its codes a place is asked by.
    for place in ("371503", "371523"):
        then = one(lake, "output", period=Period.parse("2018-12"), where={cut[0]: (place,)})
        assert then.value == 50
    assert by_cell(ask(lake, "output", by=(Dimension.INDUSTRY_CLASS,), period=TO_MARCH)) == {
        "3252": 71
    }


def test_a_cut_has_no_cell_for_those_that_have_no_place_in_it(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A, "zone": "371500-KFQ"}, {"uscc": B, "industry": "34"}],
        enterprise_period=[report(A, "2026-03", 1), report(B, "2026-03", 10)],
    )
    assert by_cell(ask(lake, "output", by=(Dimension.ZONE,))) == {"371500-KFQ": 1}
    assert by_cell(ask(lake, "output", by=(Dimension.INDUSTRY_GROUP,))) == {"345": 1}


def test_several_regions_that_hold_each_other_count_what_lies_in_them_once(filled: Filled) -> None:
    lake = filled(**SEVERAL)
    where = {Dimension.REGION: ("370000", "371500", "371581")}
    assert one(lake, "output", where=where).value == 100


def test_enterprises_of_other_sections_and_below_scale_are_not_counted(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B, "industry": "6510"}, {"uscc": C}],
        enterprise_period=[
            report(A, "2026-03", 70), report(B, "2026-03", 999),
            report(C, "2026-03", 999, above_scale=False),
        ],
    )  # fmt: skip
    assert one(lake, "output").value == 70
    assert one(lake, "enterprises").value == 1


def test_a_stock_is_the_last_value_and_a_flow_the_sum(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}],
        enterprise_period=[
            report(A, "2026-01..02", 20, employment_persons=8, value_added_1e4_cny=6),
            report(A, "2026-03", 10, employment_persons=12, value_added_1e4_cny=6),
        ],
    )
    found = ask(lake, "output", "employment", "enterprises", "labour_productivity", period=TO_MARCH)
    assert [v.value for v in found.values] == [30, 12, 1, 1.0]


def test_year_to_date_forms_and_months_give_the_same(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}],
        enterprise_period=[report(A, "2026-02ytd", 20), report(A, "2026-03ytd", 32)],
    )
    assert one(lake, "output", period=TO_MARCH).value == 32
    assert one(lake, "output", period=TO_MARCH, form=Form.MONTH).value == 12
    assert one(lake, "output", period=MARCH, form=Form.YEAR_TO_DATE).value == 32


def test_a_ratio_is_of_sums_over_those_that_reported_both(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B}, {"uscc": C}],
        enterprise_period=[
            report(A, "2026-03", 100, profit_1e4_cny=10, value_added_1e4_cny=30),
            report(B, "2026-03", 300, profit_1e4_cny=2, value_added_1e4_cny=50,
                   employment_persons=None),
            report(C, "2026-03", 600),
        ],
    )  # fmt: skip
    margin, productivity = ask(lake, "margin", "labour_productivity").values
    assert margin.value == pytest.approx(3.0)  # 12 of 400, neither the mean nor 12 of 1000
    assert (margin.numerator, margin.denominator, margin.reporting) == (12, 400, 2)
    assert productivity.value == pytest.approx(3.0)  # A alone: B does not say how many work there
    assert productivity.reporting == 1


def test_a_ratio_to_nothing_or_to_a_loss_is_undefined_and_says_so(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B, "industry": "3252"}],
        enterprise_period=[
            report(A, "2026-03", 0, profit_1e4_cny=10, energy_tce=5, value_added_1e4_cny=-4),
            report(B, "2026-03", None),
        ],
    )
    margin, energy = ask(lake, "margin", "energy_intensity").values
    for found, below in ((margin, "0"), (energy, "-4")):
        assert (found.status, found.value) == (Status.UNDEFINED, None)
        assert f"the denominator is {below}:" in unpack(found.reason, "en")
        assert f"分母为 {below}：" in unpack(found.reason, "zh")
    apart = ask(lake, "margin", "output", by=(Dimension.INDUSTRY_DIVISION,))
    assert [v.status for v in apart.values] == [
        Status.MISSING, Status.UNDEFINED, Status.MISSING, Status.PUBLISHED
    ]  # fmt: skip


def test_a_month_that_nobody_reported_leaves_the_year_to_date_missing(filled: Filled) -> None:
    lake = filled(enterprise=[{"uscc": A}], enterprise_period=[report(A, "2026-03", 10)])
    found = one(lake, "output", period=TO_MARCH)
    assert (found.status, found.value, found.reporting) == (Status.MISSING, None, 0)
    assert "January 2026" in unpack(found.reason, "en")
    assert "缺 2 个月" in unpack(found.reason, "zh")


def test_an_enterprise_without_a_month_is_counted_as_incomplete_and_one_without_the_last_as_absent(
    filled: Filled,
) -> None:
    months = ("2026-01..02", "2026-03")
    lake = filled(
        enterprise=[{"uscc": u} for u in (A, B, C)],
        enterprise_period=[
            *(report(A, m, 10) for m in months), report(B, "2026-03", 5), report(C, months[0], 7),
        ],
    )  # fmt: skip
    found = one(lake, "output", period=TO_MARCH)
    assert (found.value, found.reporting, found.expected, found.incomplete) == (32, 2, 3, 2)


def test_the_expected_are_cut_by_the_same_lines_as_those_that_reported(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B, "industry": "3252"}, {"uscc": C, "industry": "3252"}],
        enterprise_period=[
            report(A, "2026-01..02", 1), report(B, "2026-01..02", 1), report(C, "2026-01..02", 1),
            report(A, "2026-03", 1), report(C, "2026-03", 1, above_scale=False),
        ],
    )  # fmt: skip
    found = ask(lake, "output", by=(Dimension.INDUSTRY_DIVISION,))
    told = [
        (v.cell[Dimension.INDUSTRY_DIVISION], v.status, v.reporting, v.expected)
        for v in found.values
    ]
    assert told == [("32", Status.MISSING, 0, 1), ("34", Status.PUBLISHED, 1, 1)]


def test_where_nobody_reports_any_more_the_count_is_missing_and_not_zero(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B, "industry": "3252"}],
        enterprise_period=[
            report(A, "2026-01..02", 1), report(B, "2026-01..02", 1), report(A, "2026-03", 1),
        ],
    )  # fmt: skip
    found = ask(
        lake, "enterprises", "divisions", by=(Dimension.INDUSTRY_DIVISION,), period=TO_MARCH
    )
    gone = [v for v in found.values if v.cell[Dimension.INDUSTRY_DIVISION] == "32"]
    assert [(v.status, v.value, v.expected) for v in gone] == [(Status.MISSING, None, 1)] * 2


def test_across_a_change_of_year_nobody_knows_how_many_were_expected(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}],
        enterprise_period=[report(A, "2025-12", 1), report(A, "2026-01..02", 1)],
    )
    assert one(lake, "output", period=Period.parse("2026-01..02")).expected is None


def test_a_yearly_form_of_a_few_beside_monthly_ones_shows_that_the_others_lack(
    filled: Filled,
) -> None:
    """A period that is stored is taken as stored: periods of several forms are not mixed."""
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B}],
        enterprise_period=[
            *(report(u, f"2025-{m}", 1) for u in (A, B) for m in ("11", "12")),
            report(A, "2025", 30),
        ],
    )
    found = one(lake, "output", period=Period.parse("2025"))
    assert (found.value, found.reporting, found.expected) == (30, 1, 2)


def test_a_revised_figure_replaces_the_first_and_the_first_can_still_be_asked(
    filled: Filled,
) -> None:
    lake = filled(enterprise=[{"uscc": A}], enterprise_period=[report(A, "2026-03", 10)])
    before = lake.ledger.rows()["at"].max()
    filled(lake, enterprise_period=[report(A, "2026-03", 12)])
    found = one(lake, "output")
    assert found.value == 12
    question = Question(("output",), where=CITY, period=MARCH)
    (then,) = evaluate(lake, ME, question, as_of=before).values  # type: ignore[arg-type]
    assert (then.value, then.as_of) == (10, before)
    assert len(found.sources) == 2  # the register of the first load, the report of the second


def test_divisions_and_groups_present_are_those_with_somebody_at_the_end(filled: Filled) -> None:
    lake = filled(
        enterprise=[{"uscc": A}, {"uscc": B, "industry": "3252"}, {"uscc": C, "industry": "34"}],
        enterprise_period=[
            report(A, "2026-03", 1), report(B, "2026-01..02", 1), report(C, "2026-03", 1),
        ],
    )  # fmt: skip
    divisions, groups = ask(lake, "divisions", "groups", period=MARCH).values
    assert (divisions.value, groups.value) == (1, 1)  # 34; 345, and C says no group


def test_no_enterprise_anywhere_is_missing_and_not_zero(filled: Filled) -> None:
    lake = filled(**SEVERAL, **BESIDE)
    elsewhere = {Dimension.REGION: ("370200",)}
    for found in ask(lake, "output", "enterprises", "margin", "divisions", where=elsewhere).values:
        assert (found.status, found.value) == (Status.MISSING, None)
        assert "nobody here reported" in unpack(found.reason, "en")


def test_in_an_empty_home_everything_is_missing_with_a_reason_and_nothing_is_zero(
    filled: Filled,
) -> None:
    lake = filled()
    keys = [key for key in INDICATORS if not key.startswith("cluster")]
    for found in ask(lake, *keys).values:
        assert (found.status, found.value, found.reporting) == (Status.MISSING, None, 0)
        assert unpack(found.reason, "zh") != unpack(found.reason, "en") != ""


def test_titles_count_while_they_are_in_force(filled: Filled) -> None:
    lake = filled(
        enterprise=[*SEVERAL["enterprise"], {"uscc": C, "closed": date(2026, 3, 31)}],
        title=[
            {"uscc": C, "certificate": "5", "tier": "national"},
            {"uscc": A, "certificate": "1", "tier": "national", "expires": date(2026, 3, 31)},
            {"uscc": A, "certificate": "2", "tier": "national", "expires": date(2026, 3, 30)},
            {"uscc": B, "certificate": "3", "tier": "provincial", "awarded": date(2026, 4, 1)},
            {"uscc": B, "certificate": "4"},
        ],
    )
    assert one(lake, "titles").value == 2
    assert by_cell(ask(lake, "titles", by=(Dimension.TIER,))) == {"national": 1}
    assert one(lake, "titles_municipal").value == 0


def test_exports_by_partner_leave_out_what_the_region_reports_once_more(filled: Filled) -> None:
    trade: Rows = [
        {"uscc": A, "partner": "DE", "period": "2025", "export_1e4_cny": 30},
        {"uscc": B, "partner": "DE", "period": "2025", "export_1e4_cny": 30},
        {"uscc": A, "partner": "US", "period": "2025", "export_1e4_cny": 40},
        {"region": "371500", "partner": "US", "period": "2025", "export_1e4_cny": 999},
    ]
    lake = filled(enterprise=SEVERAL["enterprise"], trade=trade)
    year = Period.parse("2025")
    cut = ask(lake, "trade_exports", by=(Dimension.PARTNER,), period=year)
    assert by_cell(cut) == {"DE": 60, "US": 40}
    concentration = one(lake, "export_concentration", period=year)
    assert concentration.value == pytest.approx(0.6**2 + 0.4**2)
    assert concentration.reporting == 2


def test_values_that_rest_on_invented_rows_say_so(filled: Filled) -> None:
    invented = {**BESIDE["plant_daily"][0], "provenance": "synthetic"}
    lake = filled(**SEVERAL, plant_daily=[invented])
    output, connected = ask(lake, "output", "digitised_enterprises").values
    assert (output.synthetic, connected.synthetic) == (False, True)


@pytest.mark.parametrize(
    "viewer", [PUBLIC, viewer_for(Role.ENTERPRISE, "owner", frozenset({A})),
               viewer_for(Role.OPERATOR, "park", frozenset({A, B}), frozenset({"metal"}))],
)  # fmt: skip
def test_who_may_not_read_every_unit_gets_no_sum_of_those_he_may(
    filled: Filled, viewer: object
) -> None:
    lake = filled(**SEVERAL, **BESIDE)
    for key in ("output", "enterprises", "titles", "trade_exports", "digitised_enterprises"):
        with pytest.raises(NotPermitted):
            evaluate(lake, viewer, Question((key,), where=CITY, period=MARCH))  # type: ignore[arg-type]
