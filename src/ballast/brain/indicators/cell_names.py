"""What a cell is called, and which cell is meant: codes of every dimension to names and back.

``brain.names`` knows regions and industries. A cut may also be by cluster, size or
tier, each named in a place of its own; pages and commands ask here and need not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from ballast.brain.indicators.dimensions import DIMENSION_LABELS, Dimension
from ballast.brain.names import Names, names
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.lake.tables import TABLES
from ballast.terms.label import Label
from ballast.terms.region import NATION
from ballast.terms.region_search import search_regions
from ballast.terms.scheme import IndustryScheme
from ballast.terms.viewer import Viewer

__all__ = ["CellNames", "cell_names"]

_REGIONS = frozenset(
    {Dimension.PROVINCE, Dimension.CITY, Dimension.REGION, Dimension.ZONE, Dimension.PLACE}
)
_INDUSTRIES = {
    Dimension.INDUSTRY_SECTION: 1,
    Dimension.INDUSTRY_DIVISION: 2,
    Dimension.INDUSTRY_GROUP: 3,
    Dimension.INDUSTRY_CLASS: 4,
}
_CHOICES = {
    Dimension.SIZE_CLASS: ("enterprise", "size_class"),
    Dimension.OWNERSHIP: ("enterprise", "ownership"),
    Dimension.TIER: ("title", "tier"),
}
_NONE = {
    Dimension.ZONE: Label("不在功能区内", "in no zone"),
    Dimension.PARTNER: Label("未知", "unknown"),
}
_UNKNOWN = Label("未知", "unknown")


class CellNames:
    """The names of cells.

    Parameters
    ----------
    called
        Of regions and industries.
    groupings
        Of clusters and chains: dimension to code to name.
    """

    def __init__(self, called: Names, groupings: Mapping[Dimension, Mapping[str, Label]]) -> None:
        self.called = called
        self._listed = {
            **groupings,
            **{dimension: _choices(*where) for dimension, where in _CHOICES.items()},
        }

    def label(self, dimension: Dimension, code: str) -> Label:
        """Return the name of a cell along a dimension; the code itself where it has none."""
        if not code:
            return _NONE.get(dimension, _UNKNOWN)
        if dimension in _REGIONS:
            return self.called.region(code)
        if dimension in _INDUSTRIES:
            return self.called.industry(IndustryScheme.GBT4754_2017, code)
        return self._listed.get(dimension, {}).get(code, Label(code, code))

    def find(self, dimension: Dimension, text: str) -> tuple[str, ...]:
        """Return the codes that are meant by a code, a name, or part of a name; at least one.

        Raises
        ------
        NotFound
            If nothing is called so along this dimension.
        """
        if dimension in _REGIONS:
            # A zone bears the name of its city; whoever says the city means all of it.
            named = dict.fromkeys((*search_regions(text), *self.called.find_regions(text)))
            found = _outermost([code for code in named if _fits(dimension, code)])
        elif dimension in _INDUSTRIES:
            codes = self.called.find_industries(IndustryScheme.GBT4754_2017, text)
            found = [code for code in codes if len(code) == _INDUSTRIES[dimension]]
        else:
            found = self._search(dimension, text)
        if found:
            return tuple(found)
        known = self._listed.get(dimension, {})
        raise NotFound(
            "no {dimension} is called {text}; {known}",
            dimension=DIMENSION_LABELS[dimension],
            text=text,
            known=", ".join(f"{code} {label.zh}" for code, label in list(known.items())[:12])
            or "–",
        )

    def _search(self, dimension: Dimension, text: str) -> list[str]:
        known = self._listed.get(dimension)
        if known is None:
            return [text.upper()]  # partners are countries by their ISO code, of which none is kept
        if text in known:
            return [text]
        lower = text.lower()
        both = {code: (label.zh.lower(), label.en.lower()) for code, label in known.items()}
        whole = [code for code, names_ in both.items() if lower in names_]
        return whole or [code for code, names_ in both.items() if any(lower in n for n in names_)]


def cell_names(lake: Lake, viewer: Viewer) -> CellNames:
    """Return the names that the package and the lake know.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    """
    clusters = lake.read("cluster_definition", viewer)
    chains = lake.read("chain_definition", viewer)
    listed = {
        Dimension.CLUSTER: clusters.select(
            code=clusters.cluster, zh=clusters.name_zh, en=clusters.name_en
        ),
        Dimension.CHAIN: chains.select(code=chains.chain, zh=chains.chain_zh, en=chains.chain_en),
    }
    return CellNames(
        names(lake, viewer),
        {
            dimension: {
                row["code"]: Label(row["zh"] or row["code"], row["en"] or row["code"])
                for row in rows.distinct().order_by("code").to_pyarrow().to_pylist()
            }
            for dimension, rows in listed.items()
        },
    )


def _choices(table: str, column: str) -> dict[str, Label]:
    declared = next(c for c in TABLES[table].columns if c.name == column)
    return {choice.value: choice.label for choice in declared.choices}


def _fits(dimension: Dimension, code: str) -> bool:
    """Return whether a code is of the level of a cut; a restriction by region takes any level."""
    match dimension:
        case Dimension.ZONE:
            return "-" in code
        case Dimension.PROVINCE:
            return code.endswith("0000") and code != NATION
        case Dimension.CITY:
            return code.endswith("00") and not code.endswith("0000")
        case _:
            return True


def _outermost(codes: list[str]) -> list[str]:
    """Return the regions that lie in no other of them."""
    return [
        code
        for code in codes
        if not any(code != other and code.startswith(_stem(other)) for other in codes)
    ]


def _stem(code: str) -> str:
    """Return what the codes of all parts of a region begin with; a zone has none."""
    if "-" in code:
        return code
    if code == NATION:
        return ""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
