"""The filters of a page, kept in its address: what is shown can be sent to a colleague.

No filter is kept on the server or in the browser: the address alone says
which period, which region, which language, so that two open pages cannot
disturb each other and a link shows what its sender saw (as far as the
receiver's rights go).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from ballast.errors import InvalidTerm
from ballast.terms import region as regions
from ballast.terms.label import LANGUAGES, Language
from ballast.terms.period import Period

__all__ = ["Filters", "filters_of", "go"]

WALL = "wall"
_KEPT = ("period", "region", "lang")
"""Those that a link to another page takes along."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for.

    Parameters
    ----------
    language
        To show the page in.
    region
        A code; the home's own region where the address names none.
    period
        What figures end with; ``None``: the newest.
    wall
        Whether the page hangs on a wall: without navigation, refreshed.
    story
        The figure whose story is open; empty for none.
    query
        The filters as they stand in the address.
    """

    language: Language
    region: str
    period: Period | None = None
    wall: bool = False
    story: str = ""
    query: Mapping[str, str] | None = None

    def link(self, path: str, **changes: str | None) -> str:
        """Return another address with the same filters, some of them changed or left out."""
        held = {name: text for name, text in (self.query or {}).items() if name in _KEPT}
        return go(path, **(held | changes))


def go(path: str, **filters: str | None) -> str:
    """Return an address with filters, empty ones left out.

    Parameters
    ----------
    path
        Of the page.
    **filters
        Name to value.

    Examples
    --------
    >>> go("/city", period="2026-05ytd", region=None, lang="zh")
    '/city?period=2026-05ytd&lang=zh'
    """
    said = urlencode({name: text for name, text in filters.items() if text})
    return f"{path}?{said}" if said else path


def filters_of(query: Mapping[str, str], *, home: str, language: Language) -> Filters:
    """Return the filters of an address.

    Parameters
    ----------
    query
        Its parameters.
    home
        The region that the home is of.
    language
        The reader's, where the address names none.

    Raises
    ------
    InvalidTerm
        If the period cannot be read, or there is no such region.

    Examples
    --------
    >>> found = filters_of({"period": "2026-05ytd", "lang": "en"}, home="371500", language="zh")
    >>> found.language, found.region, str(found.period)
    ('en', '371500', '2026-05ytd')
    """
    asked = query.get("lang", "")
    period, region = query.get("period", ""), query.get("region", "") or home
    if region != home and not _known(region):
        raise InvalidTerm(
            "there is no region {code}: choose one from the list at the top of the page",
            code=region[:40],
        )
    return Filters(
        language=next((known for known in LANGUAGES if known == asked), language),
        region=region,
        period=Period.parse(period[:40]) if period else None,
        wall=query.get("view") == WALL,
        story=query.get("story", "")[:80],
        query=dict(query),
    )


def _known(region: str) -> bool:
    if regions.is_extension(region):
        return regions.exists(regions.extension_parent(region))
    return regions.exists(region)
