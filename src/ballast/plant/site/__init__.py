"""What a site is: its assets, tags, shifts and tariff, read from one mapping file."""

from __future__ import annotations

from ballast.plant.site.asset import LEVEL_LABELS, Asset, Level
from ballast.plant.site.reading import read_site
from ballast.plant.site.rows import asset_rows, tag_rows
from ballast.plant.site.shift import Shift, ShiftInterval, shift_intervals
from ballast.plant.site.site import Broker, JsonTopic, Site, SparkplugHost
from ballast.plant.site.tag import (
    ROLE_LABELS,
    JsonSource,
    SparkplugSource,
    StateMeaning,
    Tag,
    TagRole,
    automatic_tag,
)

__all__ = [
    "LEVEL_LABELS",
    "ROLE_LABELS",
    "Asset",
    "Broker",
    "JsonSource",
    "JsonTopic",
    "Level",
    "Shift",
    "ShiftInterval",
    "Site",
    "SparkplugHost",
    "SparkplugSource",
    "StateMeaning",
    "Tag",
    "TagRole",
    "asset_rows",
    "automatic_tag",
    "read_site",
    "shift_intervals",
    "tag_rows",
]
