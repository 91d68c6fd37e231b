"""What "About the data" says: which tables are open and why, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ballast.brain.published import PublishedSource, public_sources
from ballast.lake.declare import Sensitivity, Table
from ballast.lake.lake import Lake
from ballast.lake.tables import LOAD, TABLES
from ballast.terms.industry import TRANSLATION_NOTE
from ballast.terms.label import Label, Language
from ballast.terms.viewer import PUBLIC

__all__ = ["About", "TableLine", "about"]

_REASONS: dict[Sensitivity, Label] = {
    Sensitivity.PUBLIC: Label(
        "公开：官方已发布的数据、名录或编码，不含任何单位数据",
        "open: published figures, lists and codes; nothing of any single enterprise",
    ),
    Sensitivity.AGGREGATE: Label(
        "不公开：未经保密处理的汇总数据，小格可能反映单个单位",
        "not open: sums that were not checked for disclosure; a small cell may show one enterprise",
    ),
    Sensitivity.UNIT: Label(
        "不公开：单位数据，仅供有权者和该单位本身查看，查看留痕",
        "not open: what single enterprises reported; for readers with the right and for the "
        "enterprise itself, and every look is written down",
    ),
}
_LEDGER = Label(
    "不公开：记有经办人和文件名；公开数据的装载日期见上表",
    "not open: it names people and files; when open figures were loaded stands above",
)
_EDITIONS = (
    Label(
        "行业：GB/T 4754—2017《国民经济行业分类》。",
        "Industries: GB/T 4754-2017, Industrial classification for national economic activities.",
    ),
    TRANSLATION_NOTE,
    Label(
        "地区：GB/T 2260 县级及以上行政区划代码，按年份核对；开发区等用扩展代码。",
        "Regions: codes of GB/T 2260, held against the year of the figures; zones have extension "
        "codes.",
    ),
)


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table: what it holds, and why it is open or not."""

    name: str
    label: str
    meaning: str
    reason: str
    open: bool


@dataclass(frozen=True, slots=True)
class About:
    """The page in one language."""

    tables: tuple[TableLine, ...]
    sources: tuple[PublishedSource, ...]
    publishers: tuple[str, ...]
    editions: tuple[str, ...]

    @property
    def synthetic(self) -> bool:
        """Whether any open figure is made up."""
        return any(source.synthetic for source in self.sources)


def about(lake: Lake, language: Language) -> About:
    """Return what the page says.

    Parameters
    ----------
    lake
        Read as the public viewer.
    language
        In which it is read.
    """
    order = sorted(TABLES.values(), key=lambda t: t.sensitivity is not Sensitivity.PUBLIC)
    return About(
        tables=tuple(_line(declared, language) for declared in order),
        sources=public_sources(lake),
        publishers=tuple(_publishers(lake)),
        editions=tuple(label.text(language) for label in _EDITIONS),
    )


def _line(declared: Table, language: Language) -> TableLine:
    return TableLine(
        declared.name,
        declared.label.text(language),
        declared.meaning.text(language),
        (_LEDGER if declared is LOAD else _REASONS[declared.sensitivity]).text(language),
        declared.sensitivity is Sensitivity.PUBLIC,
    )


def _publishers(lake: Lake) -> Iterable[str]:
    """Return what the rows of the open tables name as their source."""
    found: set[str] = set()
    for name in ("region_period", "ranking"):
        rows = lake.read(name, PUBLIC)
        column = rows.select("source").distinct().limit(200).to_pyarrow()["source"]
        found |= {text for text in column.to_pylist() if text}
    return sorted(found)
