"""What a code is called: from the package's own tables, or from what was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ballast.errors import InvalidTerm
from ballast.terms import industry as industries
from ballast.terms import region as regions
from ballast.terms.label import Label
from ballast.terms.region_search import search_regions
from ballast.terms.scheme import IndustryScheme, RegionScheme
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.lake.lake import Lake

__all__ = ["Names", "names"]


class Names:
    """The names of regions and industries, by scheme and code.

    Parameters
    ----------
    loaded_regions, loaded_industries
        (scheme, code) to name, for the schemes that the package does not carry.
    """

    def __init__(
        self,
        loaded_regions: dict[tuple[str, str], Label],
        loaded_industries: dict[tuple[str, str], Label],
    ) -> None:
        self._regions = loaded_regions
        self._industries = loaded_industries

    def region(self, code: str) -> Label:
        """Return the name of a region of any scheme; the code itself where it has none.

        Codes of different schemes never look alike: six digits, a hyphen, five digits.
        """
        for scheme in RegionScheme:
            if (scheme.value, code) in self._regions:
                return self._regions[scheme.value, code]
        try:
            return regions.region(code).label
        except InvalidTerm:
            return Label(code, code)

    def industry(self, scheme: str, code: str) -> Label:
        """Return the name of an industry; the code itself where it has none."""
        if scheme == IndustryScheme.GBT4754_2017 and industries.exists(code):
            return industries.industry(code).label
        return self._industries.get((scheme, code), Label(code, code))

    def find_regions(self, text: str) -> list[str]:
        """Return the codes of regions that are called so: a code, a name, or part of a name."""
        if regions.exists(text) or any(code == text for _, code in self._regions):
            return [text]
        lower = text.lower()
        loaded = [
            code
            for (_, code), label in self._regions.items()
            if lower in label.zh.lower() or lower in label.en.lower()
        ]
        return loaded or list(search_regions(text))

    def find_industries(self, scheme: str, text: str) -> list[str]:
        """Return the codes of industries that are called so: a code, a name, or part of a name.

        A whole name is preferred to a part of many: 制造业 is section C and not
        every division that ends so.
        """
        known = {c: label for (of, c), label in self._industries.items() if of == scheme}
        if scheme == IndustryScheme.GBT4754_2017:
            known |= {each.code: each.label for each in industries.industries()}
        # A prefix of loaded codes is a code too: 3364 of NAICS holds the sixes below it.
        if any(code.startswith(text) for code in known):
            return [text]
        lower = text.lower()
        said = {code: (label.zh.lower(), label.en.lower()) for code, label in known.items()}
        whole = [code for code, both in said.items() if lower in both]
        return whole or [code for code, both in said.items() if any(lower in one for one in both)]


def names(lake: Lake, viewer: Viewer) -> Names:
    """Return the names that the package and the lake know.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    """
    places = lake.read("region", viewer).select("region_scheme", "region", "name", "name_en")
    clusters = lake.read("cluster_definition", viewer)
    titles = clusters.filter(clusters.industry_name.notnull())
    titles = titles.select("industry_scheme", "industry", "industry_name").distinct()
    return Names(
        {
            (row["region_scheme"], row["region"]): Label(row["name"], row["name_en"] or row["name"])
            for row in places.to_pyarrow().to_pylist()
        },
        {
            (row["industry_scheme"], row["industry"]): Label(
                row["industry_name"], row["industry_name"]
            )
            for row in titles.to_pyarrow().to_pylist()
        },
    )
