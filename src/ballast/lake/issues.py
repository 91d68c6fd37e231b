"""What is wrong with an input, cell by cell, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ballast.terms.label import Label, Language
from ballast.words import say


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in one cell, or in one row.

    Parameters
    ----------
    sheet
        Name of the worksheet; ``None`` for a text or Parquet file.
    row
        The row that a person sees in the file, from 1; ``None`` if there is none.
    column
        Label of the declared column; ``None`` for a whole row.
    position
        Index of the column in the file, from 0; ``None`` if the file lacks it.
    found
        The cell as it stands.
    template, values
        What is wrong and what would be right.
    """

    sheet: str | None
    row: int | None
    column: Label | None
    position: int | None
    found: str | None
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def where(self, language: Language) -> str:
        """Return the place as a person looks for it: ``Sheet1!C12``, or ``row 12, 行业代码``."""
        if self.row is None:
            return self.column.text(language) if self.column else ""
        if self.sheet is not None and self.position is not None:
            return f"{self.sheet}!{column_letters(self.position)}{self.row}"
        row = say("row {row}", language, row=self.row)
        place = row if self.column is None else f"{row}, {self.column.text(language)}"
        return place if self.sheet is None else f"{self.sheet} {place}"

    def reason(self, language: Language) -> str:
        """Return what is wrong and what would be right."""
        return say(self.template, language, **self.values)

    def text(self, language: Language) -> str:
        """Return place and reason in one line."""
        where = self.where(language)
        return f"{where}: {self.reason(language)}" if where else self.reason(language)


def column_letters(position: int) -> str:
    """Return the letters of a spreadsheet column.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    rest = position + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
