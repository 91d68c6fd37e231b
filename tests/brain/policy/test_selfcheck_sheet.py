"""The sheet of the self-check: written out, filled in with another program, and read back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from ballast.brain.policy.selfcheck_answers import Answers, answers
from ballast.brain.policy.selfcheck_questions import Asked, Question, questions_of
from ballast.brain.policy.selfcheck_sheet import filled_in, written_sheet
from ballast.errors import BallastError, UnreadableFile
from ballast.terms.label import LANGUAGES, Label, Language

DAY = date(2026, 11, 23)
NAMES = {"little_giant": Label("小巨人", "little giant"), "high_tech": Label("高企", "high-tech")}
ASKED = frozenset(
    {
        Asked("revenue", 0),
        Asked("revenue", 1),
        Asked("niche_share", 0),
        Asked("staff", 0),
        Asked("founded"),
        Asked("industry"),
        Asked("fraud_3y"),
        Asked("rd_institution", short=False),
        Asked("high_tech", title=True),
    }
)
Fill = Callable[[Any], None]


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return questions_of([("little_giant", ASKED)], NAMES, DAY)


def sheet(questions: tuple[Question, ...], language: Language = "zh") -> bytes:
    return written_sheet(questions, NAMES, DAY, language)


def filled(content: bytes, answered: dict[str, Any], also: Fill = lambda page: None) -> bytes:
    """Return the form filled in as a person does, with openpyxl: by the visible item and year."""
    book = openpyxl.load_workbook(BytesIO(content))
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=5):
        field = row[0].value
        name = f"{field}[{row[2].value}]" if row[2].value else field
        if name in answered:
            given = answered[name]
            row[3].value, unit = given if isinstance(given, tuple) else (given, None)
            if unit is not None:
                row[4].value = unit
    also(page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> Answers:
    return answers(filled_in(content, "form.xlsx"), DAY, Label("自评表", "sheet"), NAMES)


def answered(content: bytes) -> list[tuple[str, str]]:
    return [(w.field, w.text) for w in filled_in(content, "x") if w.text]


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as fault:
        filled_in(content, "form.xlsx")
    return str(fault.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_is_filled_in_is_read_back_in_the_units_that_were_chosen(
    questions: tuple[Question, ...], language: Language
) -> None:
    content = filled(
        sheet(questions, language),
        {
            "revenue[2025]": (0.62, "亿元" if language == "zh" else "100 million CNY"),
            "revenue[2024]": "5,100.5",
            "niche_share[2025]": "12.5%",
            "staff[2025]": 180,
            "founded": "2009-03-01",
            "industry": "3443",
            "fraud_3y": "否" if language == "zh" else "no",
            "rd_institution": "省（部）级" if language == "zh" else "provincial or ministerial",
            "holds[high_tech]": "2024-12-01",
        },
    )
    found = read(content)
    assert found.problems == ()
    values = {(fact.key, fact.year): fact.value for fact in found.facts}
    assert values == {
        ("revenue", 2025): Decimal(6200),
        ("revenue", 2024): Decimal("5100.5"),
        ("niche_share", 2025): Decimal("0.125"),
        ("staff", 2025): Decimal(180),
        ("founded", None): date(2009, 3, 1),
        ("industry", None): "3443",
        ("fraud_3y", None): False,
        ("rd_institution", None): "provincial",
    }
    assert [title.awarded for title in found.facts.titles] == [date(2024, 12, 1)]


def test_an_empty_form_says_nothing(questions: tuple[Question, ...]) -> None:
    found = filled_in(sheet(questions), "form.xlsx")
    assert [(w.field, w.text) for w in found] == [("holds[high_tech]", "")]
    assert not read(sheet(questions)).facts.titles_known


def test_answers_known_already_are_written_in_and_read_back(
    questions: tuple[Question, ...],
) -> None:
    content = written_sheet(
        questions, NAMES, DAY, "zh", {"revenue[2025]": "6200", "staff[2025]": "7"}
    )
    assert answered(content) == [
        ("revenue[2025]", "6200"),
        ("staff[2025]", "7"),
    ]


def test_a_date_that_excel_made_of_what_was_typed_is_the_same_date(
    questions: tuple[Question, ...],
) -> None:
    found = read(filled(sheet(questions), {"founded": date(2009, 3, 1)}))
    assert [fact.value for fact in found.facts] == [date(2009, 3, 1)]


def test_a_percentage_that_excel_made_a_number_of_is_named_with_its_row(
    questions: tuple[Question, ...],
) -> None:
    (problem,) = read(filled(sheet(questions), {"niche_share[2025]": 0.125})).problems
    assert problem.place.zh.startswith("第 ")
    assert "国内细分市场占有率" in problem.place.zh
    assert "文本格式" in problem.reason.text("zh")


def test_a_sheet_of_another_year_is_seen_and_not_taken_for_this_one(
    questions: tuple[Question, ...],
) -> None:
    old = written_sheet(
        questions_of([("little_giant", ASKED)], NAMES, date(2022, 5, 1)), NAMES, DAY, "zh"
    )
    found = read(filled(old, {"revenue[2021]": 6200, "staff[2021]": 5}))
    assert list(found.facts) == []
    assert all("年度 2021 不对" in p.reason.text("zh") for p in found.problems)
    assert len(found.problems) == 2


def test_a_year_that_was_overwritten_counts_as_it_stands(questions: tuple[Question, ...]) -> None:
    def overwrite(page: Any) -> None:
        for row in page.iter_rows(min_row=5):
            if row[0].value == "revenue" and row[2].value == "2025":
                row[2].value, row[3].value = "2023年", 7000

    (fact,) = read(filled(sheet(questions), {}, overwrite)).facts
    assert (fact.year, fact.value) == (2023, Decimal(7000))


def test_a_wrong_unit_is_named_with_its_row(questions: tuple[Question, ...]) -> None:
    (problem,) = read(filled(sheet(questions), {"revenue[2025]": (6200, "人")})).problems
    assert "应为万元，填的是人" in problem.reason.text("zh")


def test_columns_may_be_moved_but_not_lost(questions: tuple[Question, ...]) -> None:
    moved = filled(sheet(questions), {"staff[2025]": 7}, lambda page: page.insert_cols(2))
    assert answered(moved) == [("staff[2025]", "7")]
    lost = filled(sheet(questions), {"staff[2025]": 7}, lambda page: page.delete_cols(4))
    assert "column answer" in refused(lost)


def test_cells_far_off_and_other_sheets_do_not_disturb(questions: tuple[Question, ...]) -> None:
    def scribble(page: Any) -> None:
        page["AB90"] = "note to self"
        page.parent.create_sheet("mine", 0)["A1"] = "x"

    found = answered(filled(sheet(questions), {"staff[2025]": 7}, scribble))
    assert found == [("staff[2025]", "7")]


def test_what_is_no_form_is_refused_in_one_line(questions: tuple[Question, ...]) -> None:
    other = BytesIO()
    openpyxl.Workbook().save(other)
    assert "not the self-check form" in refused(other.getvalue())
    assert "no .xlsx" in refused(b"revenue,5000\n")
    assert "no .xlsx" in refused(b"")
    assert "locked" in refused(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    )
    assert "kB" in refused(b"PK\x03\x04" + b"0" * 2_000_000)
    empty = BytesIO()
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("a.txt", "a")
    assert "not an Excel workbook" in refused(empty.getvalue())


def test_a_workbook_made_to_fill_the_memory_is_refused_before_it_is_unpacked(
    questions: tuple[Question, ...],
) -> None:
    def packed(**parts: bytes) -> bytes:
        out = BytesIO()
        with (
            zipfile.ZipFile(BytesIO(sheet(questions))) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
        ):
            for part in old.infolist():
                package.writestr(part.filename, parts.pop(part.filename, old.read(part)))
        return out.getvalue()

    bomb = packed(**{"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 20_000_000})
    assert len(bomb) < 100_000
    assert "unpacks to" in refused(bomb)
    with zipfile.ZipFile(BytesIO(sheet(questions))) as old:
        page = old.read("xl/worksheets/sheet1.xml")
    far = page.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert "cells" in refused(packed(**{"xl/worksheets/sheet1.xml": far}))


def test_a_formula_that_failed_is_named_and_not_taken_for_an_empty_cell(
    questions: tuple[Question, ...],
) -> None:
    broken = filled(sheet(questions), {"staff[2025]": "#REF!"})
    assert "formula error" in refused(broken)


def test_a_damaged_form_never_ends_in_a_crash(questions: tuple[Question, ...]) -> None:
    content = filled(sheet(questions), {"staff[2025]": 7})
    for at in range(0, len(content), 97):
        for harmed in (content[:at], content[:at] + b"\xff" + content[at + 1 :]):
            try:
                filled_in(harmed, "x")
            except BallastError:
                continue


def test_a_formula_that_somebody_typed_is_no_formula_in_the_form_that_goes_out(
    questions: tuple[Question, ...],
) -> None:
    content = written_sheet(questions, NAMES, DAY, "zh", {"industry": '=HYPERLINK("http://x")'})
    book = openpyxl.load_workbook(BytesIO(content))
    cells = [c for row in book.worksheets[0].iter_rows() for c in row if c.value]
    assert all(cell.data_type != "f" for cell in cells)
