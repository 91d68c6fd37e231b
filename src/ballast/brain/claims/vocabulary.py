"""The names that a text may use: places, clusters, industries, enterprises.

Drawn from the lake once and handed in, so that reading a text is a pure
function and a test can read with three invented names. Names of enterprises
come through the viewer: whoever may not read units gets none, and then no
name in a text can be told from any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from ballast.errors import NotPermitted
from ballast.lake.lake import Lake
from ballast.terms import industry as industries
from ballast.terms.label import Label
from ballast.terms.region import NATION, children, is_extension, region
from ballast.terms.viewer import PUBLIC, Viewer, operator

__all__ = ["NamedCluster", "Vocabulary", "place_names", "vocabulary"]

_KINDS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "盟")
_KINDS_EN = (" District", " County", " City", " Province")


@dataclass(frozen=True, slots=True)
class NamedCluster:
    """A cluster of the city: its key, its names, the region it counts in (or ``None``)."""

    key: str
    label: Label
    region: str | None


@dataclass(frozen=True)
class Vocabulary:
    """What a reader knows.

    Parameters
    ----------
    home
        The code of the region that 我市 and 全市 mean.
    places
        Name to code.
    clusters
        The clusters of the home.
    enterprises
        Name to code.
    """

    home: str
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    clusters: tuple[NamedCluster, ...] = ()
    enterprises: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def province(self) -> str:
        """The code of the province that 全省 means."""
        return self.home[:2] + "0000" if self.home != NATION else NATION

    @cached_property
    def industries(self) -> Mapping[str, str]:
        """Names of divisions and groups of industry, with and without 业 and 制造, to codes."""
        found: dict[str, str] = {}
        for each in industries.industries():
            if len(each.code) != 2 or not industries.is_industrial(each.code):
                continue
            for name in (each.label.zh, each.label.zh.removesuffix("业")):
                found.setdefault(name, each.code)
                found.setdefault(name.replace("、", "和"), each.code)
        return found

    @cached_property
    def industries_en(self) -> Mapping[str, str]:
        """Whole English names of divisions of industry, in lower case, to codes."""
        return {
            each.label.en.lower(): each.code
            for each in industries.industries()
            if len(each.code) == 2 and industries.is_industrial(each.code) and each.label.en
        }


def place_names(home: str) -> dict[str, str]:
    """Return the names of places that a text written in a region uses, with their codes.

    Provinces and cities of the nation by their whole names; the cities of the
    own province and the parts of the home also without 市, 县, 区.

    Examples
    --------
    >>> found = place_names("371500")
    >>> found["茌平"], found["德州市"], found["Chiping"], "太原" in found
    ('371503', '371400', '371503', False)
    """
    found: dict[str, str] = {"全国": NATION, "我国": NATION, "China": NATION}
    for province in children(NATION):
        _add(found, province, short=True)
        for city in children(province):
            _add(found, city, short=city[:2] == home[:2])
    if home != NATION:
        for part in children(home):
            _add(found, part, short=True)
    return found


def _add(found: dict[str, str], code: str, *, short: bool) -> None:
    label = region(code).label
    found.setdefault(label.zh, code)
    if label.en and label.en != label.zh:
        found.setdefault(label.en, code)
    if not short:
        return
    for kind in _KINDS:
        stem = label.zh.removesuffix(kind)
        if stem != label.zh and len(stem) >= 2:
            found.setdefault(stem, code)
            break
    for kind in _KINDS_EN:
        if label.en.endswith(kind):
            found.setdefault(label.en.removesuffix(kind), code)


def vocabulary(lake: Lake, viewer: Viewer, home: str) -> Vocabulary:
    """Return the names that a home knows, as far as a viewer may.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    home
        The code of the region that the home is about.
    """
    places = place_names(home)
    zones = lake.read("region", PUBLIC).select("region", "name", "name_en", "parent")
    for row in zones.to_pyarrow().to_pylist():
        if row["parent"] == home:
            for name in (row["name"], row["name_en"]):
                if name:
                    places[name] = row["region"]
            places.update(dict.fromkeys(_short_zone(row["name"]), row["region"]))
    nameless = [code for code in _zones(lake, home) if code not in places.values()]
    for code in nameless:  # called by its code
        places.update(dict.fromkeys((region(code).label.zh, region(code).label.en), code))
    defined = lake.read("cluster_definition", PUBLIC)
    named = defined.filter(defined.name_zh.notnull())
    rows = named.select("cluster", "name_zh", "name_en", "region").distinct().order_by("cluster")
    clusters = tuple(
        NamedCluster(row["cluster"], Label(row["name_zh"], row["name_en"] or ""), row["region"])
        for row in rows.to_pyarrow().to_pylist()
        if row["region"] is None or row["region"][:4] == home[:4]
    )
    known = MappingProxyType(_enterprises(lake, viewer))
    return Vocabulary(home, MappingProxyType(places), clusters, known)


def _zones(lake: Lake, home: str) -> list[str]:
    """Return the zones of a home with enterprises; which there are is no secret."""
    rows = lake.read("enterprise", operator("zones of the home")).select("zone").distinct()
    codes: list[str | None] = rows.to_pyarrow()["zone"].to_pylist()
    return sorted(code for code in codes if code and is_extension(code) and code[:6] == home)


def _enterprises(lake: Lake, viewer: Viewer) -> dict[str, str]:
    """Return the names of the enterprises that a viewer may see, with their codes."""
    try:
        rows = lake.read("enterprise", viewer).select("name", "name_en", "uscc").distinct()
    except NotPermitted:
        return {}
    listed = rows.to_pyarrow().to_pylist()
    found = {row["name_en"]: row["uscc"] for row in listed if row["name_en"]}
    return found | {row["name"]: row["uscc"] for row in listed}


def _short_zone(name: str) -> tuple[str, ...]:
    """Return how a zone is called in short.

    Examples
    --------
    >>> _short_zone("聊城高新技术产业开发区"), _short_zone("江北水城旅游度假区")
    (('高新区',), ('度假区',))
    """
    if "高新" in name:
        return ("高新区",)
    if "度假" in name:
        return ("度假区",)
    if name.endswith("开发区"):
        return ("经济开发区", "经开区", "开发区")
    return ()
