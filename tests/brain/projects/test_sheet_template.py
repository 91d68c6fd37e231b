"""The monthly sheet to fill in: what is written into it is read back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.brain.projects.conftest import CLERK, TODAY

from ballast.brain.projects.looking import look
from ballast.brain.projects.sheet import SHEET, read_sheet
from ballast.brain.projects.sheet_template import EXAMPLE, write_sheet_template
from ballast.errors import UnreadableFile, WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.label import LANGUAGES, Label, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_filled_in_is_a_new_project(
    lake: Lake, tmp_path: Path, language: Language
) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet_template(path, language)
    with pytest.raises(UnreadableFile, match="no rows"):
        read_sheet(lake, path, "en")  # the example is shown, never read
    book = openpyxl.load_workbook(path)
    notes = "\n".join(str(row) for row in book.worksheets[1].iter_rows(values_only=True))
    assert ("合成样例" if language == "zh" else "synthetic") in notes
    for at, column in enumerate(SHEET, start=1):
        cell = EXAMPLE.get(column.name, "")
        text = cell.text(language) if isinstance(cell, Label) else cell
        assert text in notes
        book.worksheets[0].cell(2, at).value = text or None
    book.save(path)
    found = look(lake, CLERK, path, today=TODAY, language="en")
    assert (found.refused, [one.project for one in found.update.changing]) == (0, [None])


def test_a_template_is_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        write_sheet_template(tmp_path / "sheet.csv", "en")
