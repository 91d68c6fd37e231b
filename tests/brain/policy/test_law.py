"""The figures of the law, written down a second time, and met at every boundary.

The lists below were typed from the summary of the instruments that the laws cite, not from the
files: a slip of the pen in one of the two is found here. The instruments are
工信部企业〔2022〕63号 (annexes 1–3), 工信部企业〔2026〕2号, 国科发火〔2016〕32号 and 195号,
国科发政〔2017〕115号 and 工信部联企业〔2011〕300号.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import ballast.brain.policy as policy
from ballast.brain.policy.case_running import CaseResult, run
from ballast.brain.policy.case_tracing import Side, figures
from ballast.brain.policy.law_rules import places
from ballast.brain.policy.law_shape import CaseTable, Version
from ballast.brain.policy.reading import LawFolder, laws, open_folder
from ballast.brain.policy.shape import Bands, Capped, Compare, Expert, First, Points, Shape

FOLDER = Path(policy.__file__).parent / "law"

PARAMETERS = {
    ("specialised_sme", "2026-2"): {
        "niche_years_least": 3, "revenue_least": 1500, "equity_least": 2000,
        "main_share_least": 80, "debt_most": 80, "rd_least": 100, "rd_share_least": 3,
        "class1_ip_least": 1, "score_least": 50,
    },
    ("little_giant", "2026-2"): {
        "niche_years_least": 3, "revenue_least": 5000, "main_share_least": 90, "growth_least": 5,
        "debt_most": 75, "rd_total_least": 1200, "rd_share_least": 3, "class1_ip_least": 4,
        "niche_share_least": 10, "niche_rank_most": 3, "score_least": 60,
    },
    ("innovative_sme", "2022-63"): {
        "score_least": 60, "innovation_least": 20, "growth_least": 15, "specialisation_least": 15,
        "equity_least": 500, "one_right": 1,
    },
    ("specialised_sme", "2022-63"): {
        "niche_years_least": 2, "rd_least": 100, "rd_share_least": 3, "revenue_least": 1000,
        "equity_least": 2000, "score_least": 60, "rd_mean_least": 1000, "equity_direct": 6000,
        "one_right": 1, "national_share": 10, "national_top": 3, "national_ten": 10,
        "provincial_top": 3, "provincial_ten": 10,
    },
    ("little_giant", "2022-63"): {
        "niche_years_least": 3, "main_share_least": 70, "growth_least": 5, "debt_most": 70,
        "niche_share_least": 10, "revenue_large": 10000, "revenue_middle": 5000,
        "rd_share_large_least": 3, "rd_share_middle_least": 6, "equity_least": 8000,
        "rd_least": 3000, "rd_staff_share_least": 50, "class1_ip_least": 2,
    },
    ("high_tech", "2016-32"): {
        "days_least": 365, "technical_least": 10, "sales_small": 5000, "sales_middle": 20000,
        "rd_small_least": 5, "rd_middle_least": 4, "rd_large_least": 3, "domestic_least": 60,
        "product_least": 60, "score_above": 70, "any_one": 1,
    },
    ("technology_sme", "2017-115"): {
        "staff_most": 500, "sales_most": 20000, "assets_most": 20000, "score_least": 60,
        "staff_points_least": 4,
    },
    ("size_standard", "2011-300"): {},
}  # fmt: skip
# Bounds and points of every item in bands: from the highest down, all the rest last.
BANDS: dict[tuple[str, str], list[tuple[object, ...]]] = {
    ("innovative_sme", "rd_points"): [(5, 20), (3, 15), (2, 10), (1, 5), (None, 0)],
    ("innovative_sme", "growth_points"): [(15, 20), (10, 15), (5, 10), (0, 5), (None, 0)],
    ("innovative_sme", "debt_points"): [(">75", 0), (">55", 5), (None, 10)],
    ("innovative_sme", "main_share_points"): [(70, 20), (60, 15), (55, 10), (50, 5), (None, 0)],
    ("specialised_sme", "main_share_points"): [(80, 5), (70, 3), (60, 1), (None, 0)],
    ("specialised_sme", "growth_points"): [(10, 10), (8, 8), (6, 6), (4, 4), (0, 2), (None, 0)],
    ("specialised_sme", "digital_points"): [(3, 5), (2, 3), (None, 0)],
    ("specialised_sme", "net_margin_points"): [(10, 10), (8, 8), (6, 6), (4, 4), (2, 2), (None, 0)],
    ("specialised_sme", "debt_points"): [(">70", 0), (">60", 1), (">50", 3), (None, 5)],
    ("specialised_sme", "rd_amount_points"): [
        (500, 10), (400, 8), (300, 6), (200, 4), (100, 2), (None, 0)],
    ("specialised_sme", "rd_share_points"): [(10, 10), (8, 8), (6, 6), (4, 4), (3, 2), (None, 0)],
    ("specialised_sme", "rd_staff_points"): [(20, 5), (10, 3), (5, 1), (None, 0)],
    ("technology_sme", "staff_points"): [
        (30, 20), (25, 16), (20, 12), (15, 8), (10, 4), (None, 0)],
    ("technology_sme", "rd_sales_points"): [
        (6, 50), (5, 40), (4, 30), (3, 20), (2, 10), (None, 0)],
    ("technology_sme", "rd_cost_points"): [
        (30, 50), (25, 40), (20, 30), (15, 20), (10, 10), (None, 0)],
    ("technology_sme", "class1_points"): [(1, 30), (None, 0)],
    ("technology_sme", "class2_points"): [(4, 24), (3, 18), (2, 12), (1, 6), (None, 0)],
    ("high_tech", "class1_points"): [(1, (7, 8)), (None, 0)],
    ("high_tech", "class2_points"): [(5, (5, 6)), (3, (3, 4)), (1, (1, 2)), (None, 0)],
    ("high_tech", "transformation_points"): [
        (5, (25, 30)), (4, (19, 24)), (3, (13, 18)), (2, (7, 12)), (1, (1, 6)), (None, 0)],
    **{("high_tech", item): [
        (35, (9, 10)), (25, (7, 8)), (15, (5, 6)), (5, (3, 4)), (">0", (1, 2)), (None, 0)]
        for item in ("asset_growth_points", "sales_growth_points")},
}  # fmt: skip
# The points of what is given for the first condition met, or for each of several.
CHOICES: dict[tuple[str, str], list[object]] = {
    ("innovative_sme", "ip_points"): [20, 15, 10, 5, 0],
    ("innovative_sme", "field_points"): [10, 5],
    ("specialised_sme", "field_points"): [5, 3, 0],
    ("specialised_sme", "niche_share_points"): [4, 3, 2, 0],
    ("specialised_sme", "ip_points"): [10, 8, 6, 2, 0],
    ("specialised_sme", "institution_points"): [10, 8, 4, 2, 0],
    ("specialised_sme", "quality_points"): [3, 3, 3, 3, "≤5"],
    ("specialised_sme", "innovative_operation"): [2, 2, 2, 2, 2, 2, "≤4"],
    ("high_tech", "manner"): [(1, 6), (1, 3), 0],
}
EXPERTS = {
    ("high_tech", "advancement"): (0, 8),
    ("high_tech", "support"): (0, 8),
    ("high_tech", "standards"): (0, 2),
    ("high_tech", "org_rules"): (0, 6),
    ("high_tech", "org_institution"): (0, 6),
    ("high_tech", "org_transfer"): (0, 4),
    ("high_tech", "org_talent"): (0, 4),
    ("specialised_sme", "province_fit"): (0, 4),
    ("specialised_sme", "listing"): (0, 3),
}
SECTORS = {
    "industry": "staff revenue 1000/40000 300/2000 20/300",
    "construction": "revenue assets 80000/80000 6000/5000 300/300",
    "wholesale": "staff revenue 200/40000 20/5000 5/1000",
    "retail": "staff revenue 300/20000 50/500 10/100",
    "transport": "staff revenue 1000/30000 300/3000 20/200",
    "storage": "staff revenue 200/30000 100/1000 20/100",
    "post": "staff revenue 1000/30000 300/2000 20/100",
    "hospitality": "staff revenue 300/10000 100/2000 10/100",
    "telecom": "staff revenue 2000/100000 100/1000 10/100",
    "software": "staff revenue 300/10000 100/1000 10/50",
    "property_development": "revenue assets 200000/10000 1000/5000 100/2000",
    "property_management": "staff revenue 1000/5000 300/1000 100/500",
    "leasing": "staff assets 300/120000 100/8000 10/100",
    "other": "staff 300 100 10",
}
# Marked so in the summary, or a reading of ours where it is silent.
MARKED = {
    "innovative_sme": 4, "technology_sme": 3, "specialised_sme": 9, "little_giant": 9,
    "high_tech": 7, "size_standard": 7,
}  # fmt: skip


@cache
def read() -> LawFolder:
    return open_folder(FOLDER)


@cache
def results(scheme: str) -> tuple[CaseResult, ...]:
    return run(laws(), read().cases[scheme])


def versions() -> Iterator[tuple[str, Version]]:
    for scheme, law in laws().by_scheme.items():
        for version in law.versions:
            yield scheme, version


def inside(kind: type[Shape]) -> Iterator[tuple[str, Shape]]:
    for scheme, version in versions():
        for _, rule in places(version):
            if isinstance(rule, kind):
                yield scheme, rule


def points(of: Decimal | Points) -> object:
    return (of.low, of.high) if isinstance(of, Points) else of


def test_every_parameter_is_the_one_of_the_summary() -> None:
    found = {
        (scheme, version.id): {
            name: [dated.value for dated in parameter.values]
            for name, parameter in version.parameters.items()
        }
        for scheme, version in versions()
    }
    assert found == {
        key: {name: [Decimal(value)] for name, value in wanted.items()}
        for key, wanted in PARAMETERS.items()
    }


def test_a_title_is_valid_as_long_as_the_summary_says() -> None:
    found = {(scheme, v.id): v.valid_years for scheme, v in versions() if v.valid_years}
    assert found == {("specialised_sme", "2026-2"): 3, ("little_giant", "2026-2"): 3}


def test_every_band_is_the_one_of_the_summary() -> None:
    found = {}
    for scheme, rule in inside(Bands):
        assert isinstance(rule, Bands)
        bounds = [
            b.at_least if b.at_least is not None else None if b.above is None else f">{b.above}"
            for b in rule.bands
        ]
        found[scheme, rule.id] = [
            (bound, points(band.points)) for bound, band in zip(bounds, rule.bands, strict=True)
        ]
    assert found == BANDS


def test_every_other_item_gives_the_points_of_the_summary() -> None:
    found: dict[tuple[str, str], list[object]] = {}
    for scheme, rule in [*inside(First), *inside(Capped)]:
        assert isinstance(rule, First | Capped)
        last = points(rule.otherwise) if isinstance(rule, First) else f"≤{rule.cap}"
        found[scheme, rule.id] = [*(points(judged.points) for judged in rule.of), last]
    assert found == CHOICES
    given = {}
    for scheme, rule in inside(Expert):
        assert isinstance(rule, Expert)
        given[scheme, rule.id] = points(rule.points)
    assert given == EXPERTS


def test_every_class_of_the_size_standard_is_the_one_of_the_summary() -> None:
    (version,) = laws().law("size_standard").versions
    found = {
        sector.id: " ".join(
            [
                *sector.units,
                *(
                    "/".join(str(value) for value in bound.least.values())
                    for bound in sector.bounds
                ),
            ]
        )
        for sector in version.sectors
    }
    assert found == SECTORS
    assert all([b.name for b in s.bounds] == ["large", "medium", "small"] for s in version.sectors)
    assert {sector.otherwise for sector in version.sectors} == {"micro"}


def test_groups_add_up_to_the_hundred_points_of_the_score() -> None:
    caps = {
        (scheme, rule.id): getattr(rule, "cap", None)
        for scheme, version in versions()
        for _, rule in places(version)
        if type(rule).__name__ == "ScoreGroup" and hasattr(rule, "id")
    }
    for scheme in {scheme for scheme, _ in caps}:
        assert sum(cap for (whose, _), cap in caps.items() if whose == scheme and cap) == 100


def test_the_direction_of_every_comparison_follows_from_its_name() -> None:
    """A bound called least is reached from above, one called most from below."""
    for _, version in versions():
        for _, rule in places(version):
            if isinstance(rule, Compare) and rule.threshold.endswith("_least"):
                assert rule.op == ">=", rule.id
            if isinstance(rule, Compare) and rule.threshold.endswith("_most"):
                assert rule.op == "<=", rule.id


@pytest.mark.parametrize("scheme", laws().schemes)
def test_every_case_comes_out_as_it_says(scheme: str) -> None:
    wrong = [
        f"{result.name.en}: {said.text('en')}"
        for result in results(scheme)
        for said in result.differences
    ]
    assert wrong == []
    assert len(results(scheme)) > 30


@pytest.mark.parametrize("scheme", laws().schemes)
def test_every_figure_has_a_case_under_it_at_it_and_over_it(scheme: str) -> None:
    traces = {
        (one.version, one.name, one.value, one.side)
        for result in results(scheme)
        for one in result.traces
    }
    wanted = {
        (version.id, name, value, side)
        for version in laws().law(scheme).versions
        for name, value in figures(version)
        for side in Side
    }
    assert wanted - traces == set()
    assert len(wanted) >= 30


def test_a_boundary_changes_the_answer() -> None:
    """A table whose rows all came out alike would stand at a boundary and prove nothing."""
    flat = [
        f"{scheme}: {table.name.en}"
        for scheme, file in read().cases.items()
        for table in file.tables
        if len({str(expected) for _, expected in table.rows}) == 1 and not _shows_a_cap(table)
    ]
    assert flat == []


def _shows_a_cap(table: CaseTable) -> bool:
    return "capped" in table.name.en


def test_what_is_not_confirmed_is_marked() -> None:
    from ballast.brain.policy.lint import unconfirmed

    found: dict[str, int] = dict.fromkeys(laws().schemes, 0)
    for one in unconfirmed(laws()):
        found[one.scheme] += 1
        assert one.note is not None
        assert one.what.zh
        assert one.what.en
    assert found == MARKED


def test_what_the_law_gives_no_number_for_is_left_to_people() -> None:
    manual = {
        (scheme, rule.id): rule.fact  # type: ignore[attr-defined]
        for scheme, version in versions()
        for _, rule in places(version)
        if getattr(rule, "kind", "") == "manual" and hasattr(rule, "id")
    }
    assert manual == {
        ("specialised_sme", "market_standing"): "market_standing",
        ("little_giant", "reputation"): "reputation",
        ("little_giant", "product_field"): "listed_product_field",
    }


def test_every_word_of_the_law_stands_in_both_languages() -> None:
    for scheme, version in versions():
        for path, words in places(version):
            if type(words).__name__ == "Words":
                zh, en = getattr(words, "zh", ""), getattr(words, "en", "")
                assert re.search(r"[\u4e00-\u9fff]", zh), (scheme, path)
                assert en, (scheme, path)


def test_no_name_of_a_rule_holds_a_figure_that_an_amendment_would_change() -> None:
    """The figure stands in its parameter alone; a name that repeats it would go stale."""
    stale = [
        f"{scheme} {rule.id}: {rule.label.zh}"
        for scheme, rule in inside(Compare)
        if isinstance(rule, Compare) and re.search(r"\d{3,}|\d+ ?%|\d+(?:万|亿)", rule.label.zh)
    ]
    assert stale == []
