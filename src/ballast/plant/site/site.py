"""A site as the mapping tells it: everything that ties signals to machines, frozen.

One object is handed to the collector, the reports and the page, instead of
each reading the file in its own way: what a tag means is decided once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from ballast.plant.measures.carbon import EmissionFactor
from ballast.plant.measures.tariff import Tariff
from ballast.plant.site.asset import Asset
from ballast.plant.site.shift import Shift, ShiftInterval, shift_intervals
from ballast.plant.site.tag import JsonSource, SparkplugSource, Tag
from ballast.terms.label import Label

__all__ = ["Broker", "JsonTopic", "Site", "SparkplugHost"]


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT broker of the site.

    Parameters
    ----------
    host, port
        Where it listens.
    version
        4 (MQTT 3.1.1) or 5.
    tls
        Whether the connection is encrypted.
    ca_file, certificate_file, key_file
        Paths as the mapping gives them, relative to its directory.
    user, password_file
        Who connects; the password stands in a file, never in the mapping.
    client_id
        Empty: the collector makes one that stays the same for the home.
    keepalive_s
        Seconds without a message after which the client asks whether the broker lives.
    """

    host: str
    port: int
    version: Literal[4, 5] = 5
    tls: bool = False
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    user: str | None = None
    password_file: str | None = None
    client_id: str = ""
    keepalive_s: int = 30


@dataclass(frozen=True, slots=True)
class SparkplugHost:
    """How the home appears as a Sparkplug host application.

    Parameters
    ----------
    host_id
        Its name on the STATE topic.
    groups
        The groups it hears; empty: all.
    primary
        Whether edge nodes wait for it.
    reorder_ms
        How long a gap in seq may take to fill before a rebirth is asked for.
    cooldown_ms
        Least time between two requests for a rebirth to one edge node.
    """

    host_id: str = "ballast"
    groups: tuple[str, ...] = ()
    primary: bool = True
    reorder_ms: int = 2_000
    cooldown_ms: int = 30_000


@dataclass(frozen=True, slots=True)
class JsonTopic:
    """A topic on which JSON arrives, and where in it time and ordinal stand.

    Parameters
    ----------
    topic
        Without wildcards.
    time_field, ordinal_field
        Paths inside the JSON; ``None``: the time of arrival, ordinal 0.
    time_form
        ``ms`` or ``s`` since 1970 UTC, or ``iso`` (ISO 8601; a time without zone is the site's).
    """

    topic: str
    time_field: str | None = None
    ordinal_field: str | None = None
    time_form: Literal["ms", "s", "iso"] = "ms"


@dataclass(frozen=True)
class Site:
    """A site.

    Parameters
    ----------
    uscc
        The enterprise whose data all of it is.
    name
        Of the site.
    zone
        Whose wall clock shifts, tariff and files without zone mean.
    provenance
        ``synthetic`` wherever the machines are made up; shown wherever the data are.
    assets, tags
        By id, in the order of the mapping (a parent before its children).
    shifts
        In the order of the mapping; empty: the shop is not told by shifts.
    tariff
        Of the electricity, or none.
    carbon
        Emission factors of its own, oldest first; empty: the published ones.
    broker, sparkplug
        How the site is heard; ``broker`` none: only files and people.
    topics
        JSON topics by name.
    """

    uscc: str
    name: Label
    zone: ZoneInfo
    provenance: Literal["real", "synthetic"] = "real"
    assets: Mapping[str, Asset] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()
    tariff: Tariff | None = None
    carbon: tuple[EmissionFactor, ...] = ()
    broker: Broker | None = None
    sparkplug: SparkplugHost | None = None
    topics: Mapping[str, JsonTopic] = field(default_factory=dict)

    @cached_property
    def _by_sparkplug(self) -> dict[tuple[str, str, str | None, str], Tag]:
        return {
            (s.group, s.node, s.device, s.metric): tag
            for tag in self.tags.values()
            if isinstance(s := tag.source, SparkplugSource)
        }

    @cached_property
    def _by_topic(self) -> dict[str, tuple[Tag, ...]]:
        found: dict[str, list[Tag]] = {}
        for tag in self.tags.values():
            if isinstance(tag.source, JsonSource):
                found.setdefault(tag.source.topic, []).append(tag)
        return {topic: tuple(tags) for topic, tags in found.items()}

    def sparkplug_tag(self, group: str, node: str, device: str | None, metric: str) -> Tag | None:
        """Return the tag of a metric, or none where the mapping does not know it."""
        return self._by_sparkplug.get((group, node, device, metric))

    @property
    def json_topics(self) -> Mapping[str, tuple[Tag, ...]]:
        """The tags of every JSON topic, whose time and ordinal stand in ``topics``."""
        return self._by_topic

    def tags_of(self, asset: str) -> tuple[Tag, ...]:
        """Return the tags that belong to an asset itself, in the order of the mapping."""
        return tuple(tag for tag in self.tags.values() if tag.asset == asset)

    def under(self, asset: str) -> tuple[Asset, ...]:
        """Return an asset and all below it, in the order of the mapping."""
        within = {asset}
        for one in self.assets.values():
            if one.parent in within:
                within.add(one.asset)
        return tuple(one for one in self.assets.values() if one.asset in within)

    def shift_intervals(self, start: int, end: int) -> tuple[ShiftInterval, ...]:
        """Return the shifts that overlap a window (epoch ms UTC), whole, in order."""
        return shift_intervals(self.shifts, self.zone, start, end)
