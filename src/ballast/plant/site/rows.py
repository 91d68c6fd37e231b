"""A site as rows of the tables ``asset`` and ``tag``: what the lake keeps of the mapping."""

from __future__ import annotations

from ballast.plant.site.site import Site
from ballast.plant.site.states import states_text
from ballast.plant.site.tag import JsonSource, SparkplugSource, Tag

__all__ = ["asset_rows", "tag_rows"]


def asset_rows(site: Site) -> list[dict[str, object]]:
    """Return the rows of the table ``asset``."""
    return [
        {
            "asset": one.asset,
            "uscc": site.uscc,
            "parent": one.parent,
            "level": one.level.value,
            "name": one.name.zh,
            "name_en": one.name.en,
            "handle": one.handle,
            "cycle_s": one.cycle_s,
            "asset_group": one.group,
        }
        for one in site.assets.values()
    ]


def _source(tag: Tag) -> str | None:
    match tag.source:
        case SparkplugSource(group, node, device, metric):
            return f"sparkplug:{group}/{node}/{device or ''}/{metric}"
        case JsonSource(topic, field):
            return f"json:{topic}#{field}"
    return None


def tag_rows(site: Site) -> list[dict[str, object]]:
    """Return the rows of the table ``tag``."""
    return [
        {
            "tag": one.tag,
            "asset": one.asset,
            "uscc": site.uscc,
            "name": one.name.zh,
            "name_en": one.name.en,
            "quantity": one.quantity,
            "unit": one.unit.label.en,
            "role": one.role.value,
            "states": states_text(one.states),
            "every_s": one.every_s,
            "lower": one.lower,
            "upper": one.upper,
            "target": one.target,
            "subgroup": one.subgroup,
            "handle": one.handle,
            "source": _source(one),
        }
        for one in site.tags.values()
    ]
