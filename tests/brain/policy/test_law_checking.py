"""A law that contradicts itself is refused: each fault with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.brain.policy.law_text import SMALL_LAW, folder_of

from ballast.brain.policy.reading import open_folder


def line_with(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def broken(tmp_path: Path, old: str, new: str) -> list[tuple[int | None, str]]:
    """Return what is wrong once a part of the small law is replaced."""
    assert SMALL_LAW.count(old) >= 1
    text = SMALL_LAW.replace(old, new, 1)
    found = open_folder(folder_of(tmp_path / "law", text, None))
    assert all(problem.grave for problem in found.problems)
    assert all(problem.text("zh") != problem.text("en") for problem in found.problems)
    return [(problem.line, problem.text("en")) for problem in found.problems]


def test_the_small_law_is_sound(tmp_path: Path) -> None:
    assert open_folder(folder_of(tmp_path / "law", cases=None)).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scheme: technology_sme", "scheme: technologysme", "no scheme that titles are kept under"),
        ("instrument: old", "instrument: odl", "no instrument is called odl here; there are old"),
        ("until: 2023-12-31, why", "until: 2019-12-31, why", "it ends on 2019-12-31"),
        ("until: 2023-12-31", "until: 2024-06-30", "both in force from 2024-01-01 to 2024-06-30"),
        (", until: 2023-12-31", "", "both in force from 2024-01-01 to …"),
        ("unit: points", "unit: point", "“point” is no unit"),
        ("- {since: 2024-01-01, value: 1500", "- {since: 2019-01-01, value: 1500", "by date"),
        ("- {since: 2024-01-01, value: 1500", "- {since: 2020-01-01, value: 1500", "by date"),
        ("- {since: 2020-01-01, value: 10,", "- {since: 2020-02-01, value: 10,", "fill the hole"),
        ('formula: "revenue[last]"', 'formula: "revenu[last]"', "alike: revenue"),
        ('formula: "revenue[last]"', 'formula: "revenue"', "write revenue[last]"),
        ('formula: "revenue[last]"', 'formula: "class1_ip[last]"', "without [last]"),
        ('formula: "revenue[last]"', 'formula: "days_since(revenue)"', "is no day"),
        ('formula: "revenue[last]"', 'formula: "industry"', "is no figure"),
        ('formula: "revenue[last]"', 'formula: "staff[last]"', "the formula gives persons"),
        ('formula: "revenue[last]"', 'formula: "revenue[last] + staff[last]"', "adds or compares"),
        ('formula: "revenue[last]"', 'formula: "revenue[last] ** 2"', "formula “revenue"),
        ('formula: "rd[last] / revenue[last]"', 'formula: "rd[last]"', "the formula gives money"),
        ("quantity: revenue,", "quantity: income,", "no quantity is called “income”"),
        ("threshold: revenue_least", "threshold: revenue_lest", "no figure is called"),
        ("threshold: revenue_least", "threshold: score_least", "compares"),
        ('op: ">=", threshold', 'op: ">=", years: 11, threshold', "1 to 10"),
        ("fact: fraud_3y", "fact: fraud_3", "alike: fraud_3y"),
        ("fact: fraud_3y", "fact: revenue", "cannot ask for it"),
        ("choices: [national,", "choices: [nationl,", "none of the choices"),
        ("schemes: [high_tech]", "schemes: [high_teck]", "no titles are kept under high_teck"),
        ("id: fraud,", "id: revenue,", "is the id of two things"),
        ("id: share_points", "id: score", "is the id of two things"),
        ("                    - {points: 0}\n", "", "leave out what is below the lowest"),
        ("{at_least: 5, points: 20}", "{at_least: 3, points: 20}", "highest down"),
        ("{at_least: 5, points: 20}", "{at_least: 5, above: 6, points: 20}", "not both"),
        ("  unit: percent\n     ", "  unit: count\n     ", "compares"),
        ("points: {low: 0, high: 2}", "points: {low: 2, high: 0}", "swap them"),
        ("unit: points", "unit: percent", "must be in points"),
        ("cap: 20", "cap: 9", "reach 9 points at most"),
        ("opens: 06-01", "opens: 06-31", "no day of a year"),
        ("opens: 06-01", "opens: 09-01", "closes before it opens"),
    ],
)  # fmt: skip
def test_each_contradiction_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = broken(tmp_path, old, new)
    assert any(said in text for _, text in found), found
    assert all(line is not None for line, _ in found)


def test_the_line_is_that_of_the_fault(tmp_path: Path) -> None:
    found = broken(tmp_path, "threshold: revenue_least", "threshold: revenue_lest")
    assert [line for line, _ in found] == [line_with(SMALL_LAW, "id: revenue,")]
    found = broken(tmp_path, 'formula: "revenue[last]"', 'formula: "revenu[last]"')
    assert [line for line, _ in found] == [line_with(SMALL_LAW, 'formula: "revenue[last]"')]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = SMALL_LAW.replace("instrument: old", "instrument: odl")
    text = text.replace("fact: fraud_3y", "fact: fraud_3").replace("unit: points", "unit: point")
    problems = open_folder(folder_of(tmp_path / "law", text, None)).problems
    assert len(problems) == 3
    assert [p.line for p in problems] == sorted(p.line or 0 for p in problems)


def test_a_size_class_that_the_standard_does_not_have_is_named(tmp_path: Path) -> None:
    rule = (
        "        - {kind: size, id: size, label: {zh: 小, en: small}, article: 第1条,"
        " classes: [tiny]}\n"
    )
    at = SMALL_LAW.index("        - {kind: flag")
    text = SMALL_LAW[:at] + rule + SMALL_LAW[at:]
    problems = open_folder(folder_of(tmp_path / "law", text, None)).problems
    assert [p.line for p in problems] == [line_with(text, "kind: size")]
    assert "has no class tiny" in problems[0].text("en")


SECTORS = """\
scheme: size_standard
label: {zh: 划型, en: size}
about: {zh: 划型, en: size}
instruments:
  - {id: a, number: 1号, title: {zh: 划型, en: size}, issuer: {zh: 部, en: m}, since: 2011-01-01}
versions:
  - id: "1"
    instrument: a
    applies: [{to: new, since: 2011-01-01, why: {zh: 一, en: one}}]
    sectors:
      - id: industry
        label: {zh: 工业, en: industry}
        article: 一
        industries: [B, C, D]
        units: {staff: persons, revenue: 1e4_cny}
        bounds:
          - {name: large, least: {staff: 1000, revenue: 40000}}
          - {name: medium, least: {staff: 300, revenue: 2000}}
        otherwise: small
      - id: other
        label: {zh: 其他, en: other}
        article: 二
        industries: ["73"]
        units: {staff: persons}
        bounds:
          - {name: large, least: {staff: 300}}
        otherwise: small
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("units: {staff: persons}", "units: {staf: persons}", "alike: staff"),
        ("units: {staff: persons}", "units: {staff: 1e4_cny}", "no unit of"),
        ("{staff: 300, revenue: 2000}", "{staff: 300}", "other measures"),
        ("{staff: 300, revenue: 2000}", "{staff: 3000, revenue: 2000}", "from the largest down"),
        ('industries: ["73"]', 'industries: ["99"]', "no industry of GB/T 4754-2017"),
        ('industries: ["73"]', "industries: [C]", "in sector “industry” already"),
    ],
)
def test_each_fault_of_a_sector_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "size_standard.yaml").write_text(SECTORS, encoding="utf-8")
    assert open_folder(tmp_path).problems == ()
    (tmp_path / "size_standard.yaml").write_text(SECTORS.replace(old, new), encoding="utf-8")
    texts = [problem.text("en") for problem in open_folder(tmp_path).problems]
    assert any(said in text for text in texts), texts
