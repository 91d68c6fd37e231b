"""The Excel form of a table, written from its declaration.

A form kept by hand in a docs folder drifts from the loader that must read it
back; this one is written anew each time from the same declaration that the
loader obeys, and a test fills it in and loads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ballast.errors import StorageFailed, WrongUsage
from ballast.lake.declare import Column, Folded, Kind, Table
from ballast.lake.reference import KIND_LABELS, SENSITIVITY_LABELS
from ballast.lake.sheets.worksheet import NOTES_MARKS
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.label import Label, Language
from ballast.terms.region import extension_code
from ballast.terms.scheme import RegionScheme
from ballast.words import say

__all__ = ["header_of", "template_book", "write_template"]

_LEAST = Decimal("-1e15")  # any number at all; a rule needs a bound
_LAST_ROW = 1_048_575  # of a worksheet, from 0
_TEXT_KINDS = frozenset(
    {
        Kind.TEXT,
        Kind.CODE,
        Kind.USCC,
        Kind.REGION,
        Kind.INDUSTRY,
        Kind.INDUSTRY_WEIGHTS,
        Kind.PERIOD,  # or Excel turns 2026-05 into the first of May
        Kind.TIMESTAMP,
    }
)
_NOTES_NAME = Label("填写说明", "Notes")
_YES_NO = (Label("是", "yes"), Label("否", "no"))
_HEADS = (
    Label("列", "column"),
    Label("含义", "meaning"),
    Label("类型", "type"),
    Label("单位", "unit"),
    Label("是否必填", "required"),
    Label("可填的值", "allowed values"),
    Label("示例", "example"),
    Label("列名", "name"),
)
_WIDTHS = (26, 52, 18, 12, 10, 44, 24, 24)
_LISTS_FROM = len(_HEADS) + 1  # columns of the notes sheet, from 0
_EXAMPLES: dict[Kind, str] = {
    Kind.CODE: "A-001",
    Kind.REGION: "371502",
    Kind.INDUSTRY: "3443",
    Kind.INDUSTRY_WEIGHTS: "3452:0.3;2929:0.1",
    Kind.PERIOD: "2026-05",
    Kind.DATE: "2026-05-31",
    Kind.TIMESTAMP: "2026-05-31T08:00:00+08:00",
    Kind.YEAR: "2026",
    Kind.INTEGER: "120",
    Kind.DECIMAL: "1234.5",
    Kind.NUMBER: "0.25",
}


def header_of(column: Column, language: Language) -> str:
    """Return the header of a column on the form: label, unit, and a mark where it is required.

    Examples
    --------
    >>> from ballast.lake.tables import table
    >>> header_of(table("enterprise_period").column("output_1e4_cny"), "zh")
    '工业总产值（万元）'
    """
    label = column.label.text(language)
    if column.unit is not None:
        unit = column.unit.label.text(language)
        label += f"（{unit}）" if language == "zh" else f" ({unit})"
    return label + (" *" if _must_be_filled(column) else "")


def write_template(table: Table, path: Path, language: Language) -> None:
    """Write an empty workbook to fill in, with its notes.

    Parameters
    ----------
    table
        The declaration.
    path
        Where to; a name that ends in ``.xlsx``. An existing file is replaced.
    language
        Of headers, notes and drop-downs; the loader reads either.

    Raises
    ------
    WrongUsage
        If the name does not end in ``.xlsx``.
    StorageFailed
        If the file cannot be written.

    Notes
    -----
    The first sheet holds the headers alone: an example row would be loaded by
    whoever forgets to delete it. Examples stand on the second sheet, which the
    loader knows and passes over, as do the lists behind the drop-downs.
    """
    with template_book(path) as book:
        form = book.add_worksheet(_sheet_name(table.label.text(language)))
        notes = book.add_worksheet(_NOTES_NAME.text(language))
        lists = _write_notes(book, notes, table, language)
        _write_form(book, form, table, language, lists)


@contextmanager
def template_book(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """Open a workbook to write a form into; it is on the disk when this ends.

    Parameters
    ----------
    path
        A name that ends in ``.xlsx``. An existing file is replaced.

    Raises
    ------
    WrongUsage, StorageFailed
        As `write_template` does.
    """
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage("{path}: a template is an .xlsx file; name it so", path=path)
    book = xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False})
    try:
        yield book
        book.close()
    except (OSError, XlsxWriterException) as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason}); nothing was committed",
            path=path,
            reason=getattr(error, "strerror", None) or str(error),
        ) from None


def _write_form(
    book: xlsxwriter.Workbook,
    form: Worksheet,
    table: Table,
    language: Language,
    lists: dict[str, str],
) -> None:
    look = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    required = book.add_format({**look, "bg_color": "#FDE9D9"})
    optional = book.add_format({**look, "bg_color": "#E7EEF7"})
    form.freeze_panes(1, 0)
    form.set_row(0, 36)
    for index, column in enumerate(table):
        header = header_of(column, language)
        form.set_column(index, index, _width(header), _cell_format(book, column))
        form.write_string(0, index, header, required if _must_be_filled(column) else optional)
        rule = _rule(column, language, lists.get(column.name))
        form.data_validation(1, index, _LAST_ROW, index, rule)


def _cell_format(book: xlsxwriter.Workbook, column: Column) -> Format | None:
    if column.kind in _TEXT_KINDS:
        return book.add_format({"num_format": "@"})
    if column.kind is Kind.DATE:
        return book.add_format({"num_format": "yyyy-mm-dd"})
    if column.kind in (Kind.YEAR, Kind.INTEGER):
        return book.add_format({"num_format": "0"})
    return None


def _rule(column: Column, language: Language, source: str | None) -> dict[str, Any]:
    """Return what Excel shows on a cell of a column and what it lets in."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.label.text(language)[:32],
        "input_message": column.meaning.text(language)[:255],
        "error_title": column.label.text(language)[:32],
        "error_message": say(
            "This does not fit the column; see the sheet {sheet}.",
            language,
            sheet=_NOTES_NAME.text(language),
        )[:255],
    }
    if source is not None:
        return {**rule, "validate": "list", "source": source}
    if column.kind is Kind.USCC:
        return {**rule, "validate": "length", "criteria": "==", "value": 18}
    if column.kind is Kind.DATE:
        return {**rule, "validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    if column.kind in (Kind.YEAR, Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER):
        whole = column.kind in (Kind.YEAR, Kind.INTEGER)
        return {**rule, "validate": "integer" if whole else "decimal", **_bounds(column)}
    return rule


def _bounds(column: Column) -> dict[str, Any]:
    least = _LEAST if column.least is None else column.least
    if column.most is None:
        return {"criteria": ">=", "value": _figure(least)}
    return {"criteria": "between", "minimum": _figure(least), "maximum": _figure(column.most)}


def _figure(bound: Decimal) -> int | float:
    return int(bound) if bound == int(bound) else float(bound)


def _write_notes(
    book: xlsxwriter.Workbook, notes: Worksheet, table: Table, language: Language
) -> dict[str, str]:
    """Write the notes; return for each column with a drop-down where its list stands."""
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for index, width in enumerate(_WIDTHS):
        notes.set_column(index, index, width, wrap)
    row = 0
    for row, line in enumerate(_introduction(table, language)):
        notes.write_string(row, 0, line, bold if row == 0 else book.add_format())
    row += 2
    for index, head in enumerate(_HEADS):
        notes.write_string(row, index, head.text(language), bold)
    lists: dict[str, str] = {}
    for column in table:
        row += 1
        for index, text in enumerate(_note(column, language)):
            notes.write_string(row, index, text, wrap)
        words = _words(column, language)
        if words:
            lists[column.name] = _write_list(notes, len(lists), column, words, language, bold)
    if table.folded is not None:
        _write_folded(notes, row + 2, table, table.folded, language, bold, wrap)
    return lists


def _write_folded(
    notes: Worksheet,
    row: int,
    table: Table,
    folded: Folded,
    language: Language,
    bold: Format,
    wrap: Format,
) -> None:
    """Write below the notes what each row may state, and what its value is then."""
    item, year = table.column(folded.item), table.column(folded.year)
    notes.write_string(row, 0, item.label.text(language), bold)
    for place, head in enumerate((*_HEADS[1:4], year.label, *_HEADS[5:]), start=1):
        notes.write_string(row, place, head.text(language), bold)
    for column in folded.columns.values():
        row += 1
        label, *cells = _note(column, language)
        cells[3] = say("yes" if column.name in folded.yearly else "no", language)
        for place, text in enumerate((label, *cells)):
            notes.write_string(row, place, text, wrap)


def _write_list(
    notes: Worksheet,
    place: int,
    column: Column,
    words: list[str],
    language: Language,
    bold: Format,
) -> str:
    """Write the list of a drop-down beside the notes; return its cells as a formula."""
    at = _LISTS_FROM + place
    notes.set_column(at, at, 22)
    notes.write_string(0, at, column.label.text(language), bold)
    for number, word in enumerate(words, start=1):
        notes.write_string(number, at, word)
    letters = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
    return f"='{_NOTES_NAME.text(language)}'!{letters}$2:{letters}${len(words) + 1}"


def _introduction(table: Table, language: Language) -> list[str]:
    comma = "、" if language == "zh" else ", "
    named = {c.name: c.label.text(language) for c in table}
    lines = [
        NOTES_MARKS[language] + f"{table.label.text(language)} ({table.name})",
        say("One row: {meaning}.", language, meaning=table.meaning.text(language)),
        say(
            "No two rows may share all of: {columns}.",
            language,
            columns=comma.join(named[name] for name in table.key),
        ),
        say(
            "Sensitivity: {sensitivity}.",
            language,
            sensitivity=SENSITIVITY_LABELS[table.sensitivity].text(language),
        ),
    ]
    lines += [
        say(
            "Fill at least one of: {columns}.",
            language,
            columns=comma.join(named[name] for name in group),
        )
        for group in table.one_of
    ]
    lines.append(
        say(
            "Columns marked * must be filled. Leave a figure that is not known empty: 0 means"
            " none. Another unit may be written into a header: it is converted.",
            language,
        )
    )
    return lines


def _note(column: Column, language: Language) -> tuple[str, ...]:
    default = column.default
    if default is not None and column.required:
        need = say("empty means {default}", language, default=_spoken(column, default, language))
    else:
        need = say("yes", language) if column.required else say("no", language)
    return (
        header_of(column, language),
        column.meaning.text(language),
        KIND_LABELS[column.kind].text(language),
        "" if column.unit is None else column.unit.label.text(language),
        need,
        _allowed(column, language),
        _example(column, language),
        column.name,
    )


def _allowed(column: Column, language: Language) -> str:
    words = _words(column, language)
    if words:
        return (" / " if language == "en" else "、").join(words)
    bounds = []
    if column.least is not None:
        bounds.append(f"≥ {column.least}")
    if column.most is not None:
        bounds.append(f"≤ {column.most}")
    return (", " if language == "en" else "，").join(bounds)


def _words(column: Column, language: Language) -> list[str]:
    """Return what the drop-down of a column offers."""
    if column.kind is Kind.FLAG:
        return [label.text(language) for label in _YES_NO]
    return [choice.label.text(language) for choice in column.choices]


def _spoken(column: Column, value: str, language: Language) -> str:
    if column.kind is Kind.FLAG:
        return _YES_NO[0 if value == "true" else 1].text(language)
    labels = {choice.value: choice.label.text(language) for choice in column.choices}
    return labels.get(value, value)


def _example(column: Column, language: Language) -> str:
    words = _words(column, language)
    if words:
        return words[0]
    if column.kind is Kind.USCC:
        return with_check_character("91371500MA3C00001")
    if column.kind is Kind.TEXT:
        return say("any text", language)
    if column.scheme_column == RegionScheme.EXT:
        return extension_code("371500", "KFQ")
    example = _EXAMPLES[column.kind]
    if column.most is not None and Decimal(example) > column.most:
        return str(column.most)
    return example


def _must_be_filled(column: Column) -> bool:
    return column.required and column.default is None


def _sheet_name(label: str) -> str:
    kept = "".join(letter for letter in label if letter not in "[]:*?/\\'")
    return kept[:31]


def _width(header: str) -> float:
    """Return the width of a column in characters; a Chinese one takes two."""
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in header)
    return min(40, max(12, wide + 2))
