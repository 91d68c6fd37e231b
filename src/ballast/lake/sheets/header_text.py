"""What one header cell says: a name, and the unit of the figures below it.

Forms write the unit in brackets (营业收入（亿元）), after a stroke (利润总额/千元), after
单位 (金额 单位：万元), or once for the sheet in a line above the table (单位：万元、人).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ballast.errors import InvalidTerm
from ballast.lake.sheets.grid import Header
from ballast.terms.unit import Unit, parse_unit

__all__ = [
    "bracketed",
    "is_unit_like",
    "make_header",
    "normal",
    "numbered",
    "split_unit",
    "unit_lines",
    "unit_or_none",
]

# One to one, so that positions in the header stay what they are.
_NARROW = str.maketrans("（）［］【】〔〕／：％，；　", "()[][][]/:%,; ")
_IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*[*＊]?$", re.DOTALL)
_AFTER_WORD = re.compile(r"^(?P<name>.+?)[\s,、_-]*(?:计量)?单位\s*:\s*(?P<inner>.+)$", re.DOTALL)
_AFTER_STROKE = re.compile(r"^(?P<name>.+?)\s*/\s*(?P<inner>[^/]+)$", re.DOTALL)
_PERCENT = re.compile(r"^(?P<name>.*\w)\s*(?P<inner>%)$", re.DOTALL)
_INNER_WORD = re.compile(r"^(?:计量|金额|货币)?单位\s*:?\s*|^unit\s*:\s*", re.IGNORECASE)
_UNIT_LIKE = re.compile(r"([元吨度%煤]|美元|千瓦时|万人|CNY|USD|RMB)\s*$", re.IGNORECASE)
_UNIT_LINE = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:计量|金额|货币|数量)?单位\s*:\s*(?P<units>[^:()\[\]]+)|"
    r"\bunits?\s*:\s*(?P<english>[^:()\[\]]+)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:其中\s*[:：]?|#|[一二三四五六七八九十]+\s*[、.．]|\d{1,3}\s*[、．.](?!\d)|[(（][一二三四五六七八九十\d]+[)）])\s*"
)
_UNIT_SEPARATORS = re.compile(r"[、,;/\s]+")


def normal(text: str) -> str:
    """Return what of a header counts when headers are compared.

    Width, case, blanks, brackets and marks do not count; ``%`` does.

    Examples
    --------
    >>> normal("营业收入 （万元）*") == normal("营业收入(万元)")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter == "%")


def unit_or_none(text: str) -> Unit | None:
    """Return the unit that a text is, or ``None``.

    Examples
    --------
    >>> unit_or_none("万元").name, unit_or_none("盖章")
    ('1e4_cny', None)
    """
    try:
        return parse_unit(unicodedata.normalize("NFKC", text).strip())
    except InvalidTerm:
        return None


def is_unit_like(text: str) -> bool:
    """Return whether a text in brackets means a unit, known or not.

    Examples
    --------
    >>> is_unit_like("百亿元"), is_unit_like("18位")
    (True, False)
    """
    return _UNIT_LIKE.search(text.translate(_NARROW)) is not None


def split_unit(text: str) -> tuple[str, Unit | None]:
    """Return a header without its unit, and the unit.

    Parameters
    ----------
    text
        One header cell.

    Returns
    -------
    name, unit
        The whole header and ``None`` where it names no known unit.

    Examples
    --------
    >>> name, unit = split_unit("营业收入（亿元）")
    >>> name, unit.name
    ('营业收入', '1e8_cny')
    >>> split_unit("规模（大/中/小）")
    ('规模（大/中/小）', None)
    """
    narrow = text.translate(_NARROW).strip()
    wide = text.strip()
    for pattern in (_IN_BRACKETS, _AFTER_WORD, _AFTER_STROKE, _PERCENT):
        found = pattern.match(narrow)
        if found is None:
            continue
        inner = _INNER_WORD.sub("", found["inner"].strip())
        for part in (inner, *re.split(r"[,、;]", inner)):
            unit = unit_or_none(part)
            if unit is not None:
                return wide[: found.end("name")].strip(), unit
    return wide, None


def bracketed(text: str) -> tuple[str, str] | None:
    """Return a header's name and what stands in brackets at its end.

    Examples
    --------
    >>> bracketed("企业代码（18位）"), bracketed("企业代码")
    (('企业代码', '18位'), None)
    """
    found = _IN_BRACKETS.match(text.translate(_NARROW).strip())
    if found is None:
        return None
    return text.strip()[: found.end("name")].strip(), found["inner"].strip()


def unit_lines(cells: Sequence[str]) -> tuple[Unit, ...]:
    """Return the units that a line above a table gives for the whole sheet.

    Parameters
    ----------
    cells
        The cells of the line: ``["填报单位：某局", "单位：万元、人"]``.

    Returns
    -------
    tuple of Unit
        None of a dimension that is named twice: which would hold?

    Examples
    --------
    >>> [unit.name for unit in unit_lines(["填报单位：某局", "单位：万元、人"])]
    ['1e4_cny', 'persons']
    """
    units: list[Unit] = []
    for cell in cells:
        for found in _UNIT_LINE.finditer(cell.translate(_NARROW)):
            named = (found["units"] or found["english"]).strip()
            whole = unit_or_none(named)
            parts = [whole] if whole else map(unit_or_none, _UNIT_SEPARATORS.split(named))
            units += [unit for unit in parts if unit is not None]
    dimensions = [unit.dimension for unit in units]
    return tuple(unit for unit in units if dimensions.count(unit.dimension) == 1)


def make_header(
    path: Sequence[str], *, row_unit: Unit | None = None, sheet_units: tuple[Unit, ...] = ()
) -> Header:
    """Return the header of a column from its cells, top to bottom.

    Parameters
    ----------
    path
        Non-empty cells; merged ones filled.
    row_unit
        The unit in a row of units below the names.
    sheet_units
        The units given once for the sheet.

    Examples
    --------
    >>> make_header(["经济指标", "利润总额/千元"]).text
    '利润总额'
    """
    if not path:
        return Header("", (), row_unit, sheet_units)
    text, unit = split_unit(path[-1])
    for upper in reversed(path[:-1]):
        unit = unit or row_unit or split_unit(upper)[1]
    return Header(text, tuple(path), unit or row_unit, sheet_units)


def numbered(text: str) -> str:
    """Return a header without the number or the 其中 before it.

    Examples
    --------
    >>> numbered("一、营业收入"), numbered("其中：出口额"), numbered("2025年产值")
    ('营业收入', '出口额', '2025年产值')
    """
    return _LEADING.sub("", text.strip()) or text
