"""A stated fact is held against what its key says it is; a wrong one is named where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport, load_file
from ballast.lake.tables import table
from ballast.lake.tables.fact import ENTERPRISE_FACT
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.label import Language
from ballast.terms.policy_fact import FACTS
from ballast.terms.viewer import Viewer

ME = with_check_character("91371500MA3C00001")
Load = Callable[..., LoadReport]
HEAD = "uscc,fact,as_of,year,value_number,value_text"


@pytest.fixture
def load(lake: Lake, analyst: Viewer, tmp_path: Path) -> Load:
    """Return what loads rows written without the enterprise, and says what became of them."""

    def loading(*lines: str) -> LoadReport:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        path.write_text("\n".join([HEAD, *(f"{ME},{line}" for line in lines)]), encoding="utf-8")
        return load_file(lake, "enterprise_fact", path, analyst)

    return loading


def stored(lake: Lake, analyst: Viewer) -> list[tuple[object, ...]]:
    names = ("fact", "as_of", "year", "value_number", "value_text")
    rows = lake.read("enterprise_fact", analyst).order_by(*names).to_pyarrow().to_pylist()
    return [tuple(row[name] for name in names) for row in rows]


def reasons(report: LoadReport, language: Language = "en") -> list[str]:
    return [issue.text(language) for issue in report.issues]


def test_two_years_corrected_on_one_day_both_stand(load: Load, lake: Lake, analyst: Viewer) -> None:
    day = date(2026, 4, 20)
    assert load("rd,2026-04-20,2025,55,").accepted == 1
    assert load("rd,2026-04-20,2024,44,", "rd,2026-04-20,2023,33,").accepted == 2
    assert stored(lake, analyst) == [
        ("rd", day, 2023, 33.0, None), ("rd", day, 2024, 44.0, None), ("rd", day, 2025, 55.0, None),
    ]  # fmt: skip
    assert load("rd,2026-04-20,2024,40,").accepted == 1
    assert stored(lake, analyst)[1] == ("rd", day, 2024, 40.0, None)


def test_a_row_of_the_same_year_and_day_is_named_also_where_the_day_tells_the_year(
    load: Load,
) -> None:
    report = load("rd,2025-12-31,2025,55,", "rd,2025-12-31,,44,", "rd,2025-12-31,2024,40,")
    assert (report.accepted, report.refused) == (1, 2)
    twins = "the same key (unified social credit code, fact, as of, year) stands in row {} too"
    assert [
        twins.format(row) in reason for row, reason in zip((3, 2), reasons(report), strict=True)
    ] == [True] * 2
    report = load("class1_ip,2026-01-01,,3,", "class1_ip,2026-01-01,,4,")
    assert (report.accepted, report.refused) == (0, 2)


def test_a_year_is_filled_from_the_day_and_of_what_holds_on_a_day_is_no_other(
    load: Load, lake: Lake, analyst: Viewer
) -> None:
    report = load(
        "staff,2025-12-31,,40,",
        "class1_ip,2026-01-01,,3,",
        "class1_ip,2025-01-01,2025,3,",
        "own_brand,2026-01-01,2025,,是",
    )
    assert reasons(report) == [
        "row 5, year: own brand holds on a day, and year is another than the day's: leave it empty"
    ]
    assert [(row[0], row[2]) for row in stored(lake, analyst)] == [
        ("class1_ip", 2025), ("class1_ip", 2026), ("staff", 2025),
    ]  # fmt: skip


def test_a_misspelt_fact_is_refused_with_those_that_come_near(load: Load) -> None:
    report = load("ip_clas1,2026-01-01,,3,", "rnd,2025-12-31,,3,")
    assert report.accepted == 0
    assert reasons(report)[0].startswith(
        f"row 2, fact: ip_clas1 is not one of the {len(FACTS)} that there are; the nearest: "
    )
    assert "class1_ip" in reasons(report)[0]
    assert "Ⅰ类知识产权（class1_ip）" in reasons(report, "zh")[0]
    assert "rd" in reasons(report)[1].rsplit(": ")[-1].split(", ")


def test_a_fact_is_known_by_its_name_too(load: Load, lake: Lake, analyst: Viewer) -> None:
    assert load("研发费用,2025-12-31,,50,", "Class-I IP,2026-01-01,,2,").accepted == 2
    assert [row[0] for row in stored(lake, analyst)] == ["class1_ip", "rd"]


NO_NUMBER = "{} is no number: write it into text, and leave number empty"
A_NUMBER = "{} is a number (10,000 CNY): write it into number, and leave text empty"
LEVELS = "national, provincial, municipal, below, none"


@pytest.mark.parametrize(
    ("line", "where", "said"),
    [
        ("own_brand,2026-01-01,,1,", "number", NO_NUMBER.format("own brand")),
        ("rd,2025-12-31,,,50", "text", A_NUMBER.format("R&D expense")),
        ("rd,2025-12-31,,50,about", "text", A_NUMBER.format("R&D expense")),
        ("own_brand,2026-01-01,,,maybe", "text", "maybe is neither yes nor no; write 是 or 否"),
        ("rd_institution,2026-01-01,,,high", "text", f"high is not one of: {LEVELS}"),
        ("niche_share,2025-12-31,,85,", "number",
         "domestic niche share is 85.0; it cannot be above 1"),
        ("platform_score,2026-01-01,,101,", "number",
         "platform score of this year is 101.0; it cannot be above 100"),
        ("niche_rank,2025-12-31,,0,", "number", "domestic niche rank is 0.0; it cannot be below 1"),
        ("rd,2025-12-31,,-1,", "number", "R&D expense is -1.0; it cannot be below 0"),
        ("staff,2025-12-31,,2.5,", "number", "2.5 is not a whole number"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_what_its_fact_is_is_refused(
    load: Load, line: str, where: str, said: str
) -> None:
    report = load("net_profit,2025-12-31,,-3,", line)
    assert (report.accepted, reasons(report)) == (1, [f"row 3, {where}: {said}"])


@pytest.mark.parametrize(
    ("line", "named"),
    [("founded,2026-01-01,,,soon", "soon"), ("industry,2026-01-01,,,9999", "9999")],
)
def test_a_day_that_is_none_and_an_industry_that_is_none_are_refused(
    load: Load, line: str, named: str
) -> None:
    (reason,) = reasons(load(line))
    assert reason.startswith("row 2, text")
    assert named in reason


def test_text_is_stored_in_one_spelling(load: Load, lake: Lake, analyst: Viewer) -> None:
    report = load(
        "own_brand,2026-01-01,,,是",
        "six_bases,2026-01-01,,, FALSE ",
        "founded,2026-01-01,,,2010/2/28",
        "rd_institution,2026-01-01,,,省（部）级",
        "industry,2026-01-01,,,3452",
        "niche_share,2025-12-31,,12%,",
    )
    assert reasons(report) == []
    assert {row[0]: row[4] or row[3] for row in stored(lake, analyst)} == {
        "own_brand": "true", "six_bases": "false", "founded": "2010-02-28",
        "rd_institution": "provincial", "industry": "3452", "niche_share": 0.12,
    }  # fmt: skip


def test_every_fact_has_a_column_that_it_would_be() -> None:
    folded = ENTERPRISE_FACT.folded
    assert folded is not None
    assert list(folded.columns) == list(FACTS)
    assert {choice.value for choice in ENTERPRISE_FACT.column("fact").choices} == set(FACTS)
    assert folded.yearly == {fact.key for fact in FACTS.values() if fact.yearly}
    assert folded.year in ENTERPRISE_FACT.key
    assert [name for name in ("region", "title") if table(name).folded] == []
