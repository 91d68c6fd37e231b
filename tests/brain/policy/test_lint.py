"""What reads well and is wrong all the same is found: holes, idle figures, boundaries untested."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.brain.policy.law_text import SMALL_CASES, SMALL_LAW, folder_of

import ballast.brain.policy as policy
from ballast.brain.policy.case_running import facts_of_case
from ballast.brain.policy.lint import lint, unconfirmed
from ballast.brain.policy.reading import laws, read_laws
from ballast.errors import UnreadableFile


def said(folder: Path) -> list[str]:
    return [problem.text("en") for problem in lint(folder)]


def changed(tmp_path: Path, old: str, new: str) -> list[str]:
    assert SMALL_LAW.count(old) >= 1
    return said(folder_of(tmp_path / "law", SMALL_LAW.replace(old, new, 1)))


def test_the_laws_that_ballast_carries_are_sound(tmp_path: Path) -> None:
    """Their cases are decided in ``test_law``; here is everything else."""
    for law in (Path(policy.__file__).parent / "law").glob("*.yaml"):
        if not law.name.endswith(".cases.yaml"):
            (tmp_path / law.name).write_bytes(law.read_bytes())
    found = said(tmp_path)
    assert len(found) == 6
    assert all("there are no cases beside it" in text for text in found)


def test_the_small_law_is_sound(tmp_path: Path) -> None:
    assert said(folder_of(tmp_path / "law")) == []


def test_a_hole_between_two_dates_is_named_and_the_law_still_usable(tmp_path: Path) -> None:
    found = changed(tmp_path, "until: 2023-12-31", "until: 2023-11-30")
    assert len(found) == 1
    assert "from 2023-12-01 to 2023-12-31" in found[0]
    assert "line 16" in found[0]
    assert read_laws(tmp_path / "law").schemes == ("technology_sme",)


def test_two_laws_in_force_at_once_make_the_law_unusable(tmp_path: Path) -> None:
    found = changed(tmp_path, "until: 2023-12-31", "until: 2024-01-01")
    assert len(found) == 1
    assert "both in force from 2024-01-01 to 2024-01-01" in found[0]
    assert lint(tmp_path / "law")[0].grave


def test_a_figure_or_a_quantity_that_no_rule_uses_is_named(tmp_path: Path) -> None:
    idle = (
        "      idle:\n        label: {zh: 闲, en: idle}\n        unit: count\n"
        "        values: [{since: 2020-01-01, value: 1, article: 第9条}]\n    quantities:\n"
        '      unused: {label: {zh: 闲, en: idle}, unit: count, formula: "class1_ip"}\n'
    )
    found = changed(tmp_path, "    quantities:\n", idle)
    assert ["figure “idle”" in found[0], "quantity “unused”" in found[1]] == [True, True]
    assert len(found) == 2


def test_a_new_figure_asks_for_its_cases(tmp_path: Path) -> None:
    line = "          - {since: 2024-01-01, value: 1500, article: 第1条}\n"
    later = "          - {since: 2026-01-01, value: 1800, article: 第1条}\n"
    found = changed(tmp_path, line, line + later)
    assert found == [
        "technology_sme.yaml, line 18: version 2020-1: no case stands just under, exactly at, "
        "just over “revenue_least” (1800)"
    ]


def test_a_changed_figure_is_noticed_by_the_cases(tmp_path: Path) -> None:
    found = changed(tmp_path, "value: 1500", "value: 1501")
    assert any("met was expected, unmet came out" in text for text in found)
    assert any("cases.yaml, line 21" in text for text in found), found


def test_a_turned_comparison_is_noticed_by_the_cases(tmp_path: Path) -> None:
    found = changed(tmp_path, 'op: ">="', 'op: ">"')
    assert sum("met was expected, unmet came out" in text for text in found) == 2


def test_a_law_without_cases_is_named(tmp_path: Path) -> None:
    found = said(folder_of(tmp_path / "law", cases=None))
    assert found == [
        "in technology_sme.yaml: there are no cases beside it; write technology_sme.cases.yaml"
    ]
    assert "文件 technology_sme.yaml" in lint(tmp_path / "law")[0].text("zh")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("fraud_3y: false", "fraud_3y: 0", "cannot be fraud in 3 years"),
        ("fraud_3y: false", "fraud_3: false", "alike: fraud_3y"),
        ("    revenue[last]: 2000", "    revenue: 2000", "write revenue[last]"),
        ("    listing_points: 0", "    listing_points[last]: 0", "without [last]"),
        ("    base: one\n", "    base: two\n", "no base “two”"),
        ("    of: share_points", "    of: shares", "no criterion or item “shares”"),
        ("    expect: eligible", "    expect: ineligible", "“verdict”: ineligible was expected"),
        ("    expect: eligible", '    version: "1999-1"', "“version”: 1999-1 was expected"),
        ("    expect: eligible", "    refused: true", "a refusal was expected"),
        ("    expect: eligible", '    without: ["staff[last]"]', "is not in the base"),
        ("day: 2025-05-01\n    base: one\n    holds", "day: 2019-05-01\n    base: one\n    holds",
         "before any rule"),
        ("[1499, unmet]", "[1499, met]", "met was expected, unmet came out"),
        ("[99, 10]", "[99, 11]", "“share_points”: 11 was expected, 10 came out"),
    ],
)  # fmt: skip
def test_a_case_that_does_not_hold_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert SMALL_CASES.count(old) >= 1
    cases = SMALL_CASES.replace(old, new, 1)
    problems = lint(folder_of(tmp_path / "law", cases=cases))
    told = [p for p in problems if words in p.text("en")]
    assert told, [p.text("en") for p in problems]
    assert all(p.file == "technology_sme.cases.yaml" and p.line and p.grave for p in told)


def test_cases_that_cannot_be_read_keep_nobody_from_using_the_law(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law", cases=SMALL_CASES.replace("vary:", "very:", 1))
    assert lint(folder)[0].grave
    assert read_laws(folder).schemes == ("technology_sme",)


def test_a_rule_until_the_end_of_all_days_leaves_no_hole(tmp_path: Path) -> None:
    ended = "{to: new, since: 2024-01-01, until: 9999-12-31, why"
    assert changed(tmp_path, "{to: new, since: 2024-01-01, why", ended) == []
    found = changed(tmp_path, "until: 2023-12-31", "until: 9999-12-31")
    assert len(found) == 1
    assert "both in force from 2024-01-01 to 9999-12-31" in found[0]


@pytest.mark.parametrize("share", ["NaN%", "Infinity%", "1e999999%", "%", "12 %", "１２%"])
def test_a_share_in_percent_is_a_plain_figure(share: str) -> None:
    _, wrong = facts_of_case({"niche_share[last]": share}, date(2026, 5, 1))
    assert len(wrong) == 1


def test_cases_of_a_law_that_is_not_there_are_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "law")
    text = SMALL_CASES.replace("scheme: technology_sme", "scheme: high_tech")
    (folder / "high_tech.cases.yaml").write_text(text, encoding="utf-8")
    assert any("of which there is no law here" in text for text in said(folder))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        lint(tmp_path / "nowhere")


def test_the_unconfirmed_are_listed_with_place_and_reason() -> None:
    found = {(one.scheme, one.version, one.what.en): one for one in unconfirmed(laws())}
    old_day = found["little_giant", "", "first day of 工信部企业〔2022〕63号"]
    assert old_day.note is not None
    last = found["little_giant", "2022-63",
                 "in the national top 50 of Maker China in three years"]  # fmt: skip
    assert last.article.startswith("附件3")
    growth = found["high_tech", "2016-32", "growth of net assets"]
    assert growth.note is not None
    assert "½" in growth.note.zh
    assert ("innovative_sme", "2022-63", "applies to new applications from 2026-04-01 on") in found


def test_a_marked_figure_is_listed_under_its_own_name(tmp_path: Path) -> None:
    text = SMALL_LAW.replace(
        "value: 1000, article: 第1条", "value: 1000, article: 第1条, confirmed: false"
    )
    (one,) = unconfirmed(read_laws(folder_of(tmp_path / "law", text)))
    assert (one.what.en, one.article, one.note) == ("revenue", "第1条", None)
