"""Text of cells: what goes out to a spreadsheet must not run there."""

from __future__ import annotations

import re

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


def safe_cell(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    A cell that starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break
    is a formula to Excel when a CSV is opened; a leading apostrophe makes it
    text. Numbers stay as they are.

    Parameters
    ----------
    text
        The cell as it would be written.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-12.5"), safe_cell("阀门")
    ("'=HYPERLINK(1)", '-12.5', '阀门')
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
