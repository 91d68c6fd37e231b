"""The self-check as an Excel sheet: written from the questions, read back as it was filled in.

An enterprise's accountant fills in a sheet, not a web form. The sheet carries
for each line which fact it is (in a hidden column), the year and the unit;
year and unit are read as they stand there after filling in, so that a sheet of
last year or a figure in yuan is seen and not taken for what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ballast.brain.policy.selfcheck_answers import Written
from ballast.brain.policy.selfcheck_questions import GROUPS, Question, group_label
from ballast.errors import UnreadableFile
from ballast.lake.sheets.cells import Cell, cell_text
from ballast.lake.sheets.content import SmallSheet, sheets_of
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FactKind
from ballast.words import say

__all__ = ["filled_in", "written_sheet"]

MARK = "ballast:field"
_HEADS = (
    (MARK, Label(MARK, MARK), 4),
    ("item", Label("项目", "item"), 34),
    ("year", Label("年份", "year"), 8),
    ("answer", Label("填写", "answer"), 22),
    ("unit", Label("单位", "unit"), 12),
    ("meaning", Label("说明", "what is meant"), 56),
    ("evidence", Label("依据材料", "evidence"), 30),
    ("schemes", Label("涉及称号", "asked by"), 30),
)
_ANSWER, _UNIT = 3, 4
_TITLE = Label("梯度培育自评表", "self-check for the ladder of titles")
_NOTES = Label("填写说明", "Notes")
_YES_NO = (Label("是", "yes"), Label("否", "no"))
_SHORT_MARK = Label("（关键条件）", " (decisive criteria)")
_LONG_MARK = Label("（评分部分，可不填）", " (for scores; may be left empty)")


def written_sheet(
    questions: Sequence[Question],
    names: Mapping[str, Label],
    day: date,
    language: Language,
    filled: Mapping[str, str] | None = None,
) -> bytes:
    """Return the form as a workbook.

    Parameters
    ----------
    questions
        In the order of the form.
    names
        The names of the schemes.
    day
        For whose last year it asks.
    language
        Of all words; either can be read back.
    filled
        Answers to put in, by field; text as a person would write it.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    form = book.add_worksheet(_TITLE.text(language)[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#E7EEF7", "border": 1, "text_wrap": True})
    entry = book.add_format(
        {"num_format": "@", "bg_color": "#FFF9E5", "border": 1, "valign": "top"}
    )
    for column, (_, _, width) in enumerate(_HEADS):
        form.set_column(column, column, width, wrap, {"hidden": column == 0})
    form.write_string(0, 1, _TITLE.text(language), bold)
    form.write_string(1, 1, _instruction(day, language), book.add_format())
    for column, (_, label, _) in enumerate(_HEADS):
        form.write_string(3, column, label.text(language), head)
    form.freeze_panes(4, 2)
    row = 4
    for short in (True, False):
        for group in GROUPS:
            own = [q for q in questions if q.group is group and q.short is short]
            if own:
                mark = _SHORT_MARK if short else _LONG_MARK
                form.write_string(
                    row, 1, group_label(group).text(language) + mark.text(language), bold
                )
                row += 1
            for question in own:
                _line(form, row, question, names, language, wrap, entry)
                if filled and question.field in filled:
                    form.write_string(row, _ANSWER, filled[question.field], entry)
                row += 1
    _write_notes(book, day, language)
    book.close()
    return out.getvalue()


def _instruction(day: date, language: Language) -> str:
    return say(
        "Fill in the yellow column for {first} to {last}; leave empty what is not known. Another "
        "unit may be chosen, or written behind the figure. Nothing is stored unless you wish.",
        language,
        first=day.year - 4,
        last=day.year - 1,
    )


def _line(
    form: Worksheet,
    row: int,
    question: Question,
    names: Mapping[str, Label],
    language: Language,
    wrap: object,
    entry: object,
) -> None:
    key, _, _ = (
        question.field.partition("[") if question.year is not None else (question.field,) * 3
    )
    form.write_string(row, 0, key, wrap)
    form.write_string(row, 1, question.label.text(language), wrap)
    if question.year is not None:
        form.write_string(row, 2, str(question.year), wrap)
    form.write_blank(row, _ANSWER, None, entry)
    if question.unit is not None:
        form.write_string(row, _UNIT, question.unit.label.text(language), wrap)
    form.write_string(row, 5, question.meaning.text(language), wrap)
    if question.evidence is not None:
        form.write_string(row, 6, question.evidence.text(language), wrap)
    comma = "、" if language == "zh" else ", "
    asking = comma.join(names[s].text(language) for s in question.schemes if s in names)
    form.write_string(row, 7, asking, wrap)
    if len(question.units) > 1:
        form.data_validation(
            row, _UNIT, row, _UNIT, _list([u.label.text(language) for u in question.units])
        )
    if question.kind is FactKind.FLAG:
        form.data_validation(
            row, _ANSWER, row, _ANSWER, _list([each.text(language) for each in _YES_NO])
        )
    elif question.choices:
        words = [label.text(language) for _, label in question.choices]
        if len(",".join(words)) <= 255 and not any("," in word for word in words):
            form.data_validation(row, _ANSWER, row, _ANSWER, _list(words))


def _list(words: list[str]) -> dict[str, object]:
    return {"validate": "list", "source": words, "error_type": "warning"}


def _write_notes(book: xlsxwriter.Workbook, day: date, language: Language) -> None:
    notes = book.add_worksheet(_NOTES.text(language))
    notes.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    lines = (
        say("The rules are those in force on {day}.", language, day=day.isoformat()),
        say(
            "Money: the unit stands beside the answer; choose another one there, or write it "
            "behind the figure (5000万元, 0.5亿元).",
            language,
        ),
        say("Shares: write 12.5 or 12.5%. The cells are text, so that Excel keeps them.", language),
        say("Dates: 2023-06-30. Titles: the date on the certificate, or none.", language),
        say("An answer of 0 means none; an empty cell means not known.", language),
    )
    for row, line in enumerate(lines):
        notes.write_string(row, 0, line)


def filled_in(content: bytes, called: str) -> tuple[Written, ...]:
    """Return what was filled into a form; of titles also that they were left empty.

    Parameters
    ----------
    content
        The workbook.
    called
        What messages call it.

    Raises
    ------
    UnreadableFile
        If it is no workbook, or none of its sheets is the form.
    """
    for sheet in sheets_of(content, called):
        start = next((at for at, row in enumerate(sheet) if MARK in row), None)
        if start is not None:
            return tuple(_answers(sheet, start, called))
    raise UnreadableFile(
        "{path}: is not the self-check form; write one with `ballast policy sheet OUT.xlsx` or "
        "take it from the page, and fill that in",
        path=called,
    )


def _answers(sheet: SmallSheet, start: int, called: str) -> Iterator[Written]:
    places = {}
    for name, label, _ in _HEADS:
        found = [
            at
            for at, cell in enumerate(sheet[start])
            if isinstance(cell, str) and cell.strip() in (label.zh, label.en)
        ]
        if found:
            places[name] = found[0]
    missing = [label for name, label, _ in _HEADS if name in _READ and name not in places]
    if missing:
        raise UnreadableFile(
            "{path}: the column {column} of the self-check form is gone; fill in the form as it "
            "was given",
            path=called,
            column=missing[0],
        )
    for number, row in enumerate(sheet[start + 1 :], start=start + 2):
        field = _text(row, places[MARK])
        answer = row[places["answer"]] if places["answer"] < len(row) else None
        text = cell_text(answer)
        if field and (text is not None or field.startswith(_TITLES)):
            item = _text(row, places["item"]) or field
            year = _text(row, places["year"]).removesuffix("年")
            yield Written(
                field=f"{field}[{year}]" if year else field,
                text=text or "",
                unit=_text(row, places["unit"]),
                place=Label(f"第 {number} 行 {item}", f"row {number} {item}"),
                number=isinstance(answer, int | float) and not isinstance(answer, bool),
            )


_TITLES = "holds["
_READ = {MARK, "item", "year", "answer", "unit"}


def _text(row: list[Cell], at: int) -> str:
    return (cell_text(row[at]) or "").strip() if at < len(row) else ""
