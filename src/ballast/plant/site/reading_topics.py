"""The JSON topics of a mapping: ``[[topic]]``, and ``topic`` of an asset with its kind's fields."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from ballast.errors import Refused
from ballast.plant.site.addresses import topic_name
from ballast.plant.site.entry import Entry, entries
from ballast.plant.site.reading_assets import MOST_ASSETS, Placed
from ballast.plant.site.site import JsonTopic

__all__ = ["read_topics"]

_FORMS: dict[str, Literal["ms", "s", "iso"]] = {"ms": "ms", "s": "s", "iso": "iso"}


class _Form(StrEnum):
    MS = "ms"
    S = "s"
    ISO = "iso"


def _fields(entry: Entry, topic: str) -> JsonTopic:
    return JsonTopic(
        topic,
        entry.text("time_field"),
        entry.text("ordinal_field"),
        _FORMS[entry.choice("time_form", _Form, _Form.MS)],
    )


def read_topics(
    document: Entry, assets: Mapping[str, Placed], kinds: Mapping[str, Entry]
) -> dict[str, JsonTopic]:
    """Return the topics by name; tags add those that need no more than a name."""
    topics: dict[str, JsonTopic] = {}
    for entry in entries(document, "topic", MOST_ASSETS):
        topic = topic_name(entry, "topic")
        if topic is None:
            raise entry.missing("topic")
        if topic in topics:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=topic,
            )
        topics[topic] = _fields(entry, topic)
        entry.done()
    for kind in kinds.values():
        _fields(kind, "")  # its keys are known, and right, even where no asset has a topic
    for placed in assets.values():
        if placed.topic is None:
            continue
        kind_entry = kinds.get(placed.kind or "")
        if placed.topic not in topics:
            topics[placed.topic] = (
                JsonTopic(placed.topic) if kind_entry is None else _fields(kind_entry, placed.topic)
            )
    return topics
