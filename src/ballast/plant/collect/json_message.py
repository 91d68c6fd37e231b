"""A JSON message read by the mapping: which values it holds, of which tag and time.

One walk for a plain value, an object with several fields, and arrays of
samples at any depth: where a path meets an array and does not number its
element, it goes on in every element. What the mapping does not name is not
looked at. The bytes come from anybody: their size, depth and number are bounded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import msgspec

from ballast.errors import Refused
from ballast.plant.collect.instants import TimeForm, instant
from ballast.plant.site import JsonTopic, Tag
from ballast.plant.site.tag import JsonSource

__all__ = ["EXACT", "JsonPlan", "JsonRows", "plan_of", "read_json"]

MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 200_000
MAX_TEXT = 65_536
# Up to here every integer is a float64.
EXACT = 1 << 53

_ABSENT = object()
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One tag of a topic, its paths taken apart."""

    place: int
    value: tuple[str, ...]
    time: tuple[str, ...] | None
    ordinal: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class JsonPlan:
    """How the messages of one topic are read.

    Parameters
    ----------
    topic
        Without wildcards.
    tags
        Names of the tags; a row tells its tag by the place in here.
    form
        What a number that tells the time counts.
    zone
        Of the site.
    """

    topic: str
    tags: tuple[str, ...]
    form: TimeForm
    zone: ZoneInfo | None
    wanted: tuple[_Wanted, ...] = field(repr=False, default=())


@dataclass(slots=True)
class JsonRows:
    """What one message holds; lists run side by side.

    Parameters
    ----------
    places
        Of the tag, in the plan.
    times
        Epoch ms, or None where none was told.
    ordinals
        As told, or None.
    values
        float; nan where it is none.
    texts
        What a float cannot hold exactly, or None.
    nulls
        Whether the source said that there is no value.
    bad_times
        How many told a time that is none; they stand in the lists without a time.
    """

    places: list[int] = field(default_factory=list)
    times: list[int | None] = field(default_factory=list)
    ordinals: list[int | None] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    nulls: list[bool] = field(default_factory=list)
    bad_times: int = 0


def plan_of(topic: JsonTopic, tags: Sequence[Tag], zone: ZoneInfo | None) -> JsonPlan:
    """Return how the messages of a topic are read.

    Parameters
    ----------
    topic
        As the mapping has it.
    tags
        Those that come on it.
    zone
        Of the site.
    """
    wanted = []
    for place, tag in enumerate(tags):
        source = tag.source
        if isinstance(source, JsonSource):
            time = source.time_field or topic.time_field
            ordinal = source.ordinal_field or topic.ordinal_field
            wanted.append(_Wanted(place, _parts(source.field) or (), _parts(time), _parts(ordinal)))
    names = tuple(tag.tag for tag in tags)
    return JsonPlan(topic.topic, names, topic.time_form, zone, tuple(wanted))


def read_json(payload: bytes, plan: JsonPlan) -> JsonRows:
    """Return what a message holds.

    Parameters
    ----------
    payload
        As received. Beside JSON, the bare NaN and Infinity of some programs are
        read, and for a tag that is the whole payload any short text.
    plan
        Of its topic.

    Raises
    ------
    Refused
        The bytes cannot be read, or hold none of the tags.

    Examples
    --------
    >>> plan = JsonPlan("t", ("a",), "ms", None, (_Wanted(0, ("v",), ("at",), None),))
    >>> rows = read_json(b'[{"at": 7, "v": 1.5}, {"at": 8, "v": null}]', plan)
    >>> rows.times, rows.values, rows.nulls
    ([7, 8], [1.5, nan], [False, True])
    """
    if len(payload) > MAX_BYTES:
        raise Refused(
            "a JSON message of {size} bytes is over the bound of {bound}; publish fewer samples "
            "at once",
            size=len(payload),
            bound=MAX_BYTES,
        )
    document = _document(payload, plain=any(not one.value for one in plan.wanted))
    rows = JsonRows()
    for one in plan.wanted:
        _walk(document, one, one.value, _Context(plan, one.time, one.ordinal), rows)
    if not rows.places:
        raise Refused(
            "a message on {topic} holds none of the fields that the mapping names",
            topic=plan.topic[:200],
        )
    return rows


def _document(payload: bytes, *, plain: bool) -> object:
    try:
        return _decode(payload)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        text = payload.decode("utf-8")
        return json.loads(text)  # NaN and Infinity, which are not JSON and are sent all the same
    except UnicodeDecodeError:
        text = ""
    except (ValueError, RecursionError):
        pass
    if plain and 0 < len(text) <= MAX_TEXT and text.isprintable():
        return text
    raise Refused(
        "a message of {size} bytes is not JSON; see what publishes on that topic",
        size=len(payload),
    )


def _parts(path: str | None) -> tuple[str, ...] | None:
    return None if path is None else tuple(path.split(".")) if path else ()


@dataclass(frozen=True, slots=True)
class _Context:
    """Where time and ordinal are still to be found, or what was found."""

    plan: JsonPlan
    time: tuple[str, ...] | None
    ordinal: tuple[str, ...] | None
    found_time: object = _ABSENT
    found_ordinal: object = _ABSENT

    def step(self, node: object, part: str) -> _Context:
        """Return the context below ``part``: what leaves its path is looked up here."""
        if self.time is None and self.ordinal is None:
            return self
        time, found_time = _follow(self.time, self.found_time, node, part)
        ordinal, found_ordinal = _follow(self.ordinal, self.found_ordinal, node, part)
        return _Context(self.plan, time, ordinal, found_time, found_ordinal)


def _follow(
    path: tuple[str, ...] | None, found: object, node: object, part: str
) -> tuple[tuple[str, ...] | None, object]:
    if path is None:
        return None, found
    if len(path) > 1 and path[0] == part:
        return path[1:], found
    return None, _get(node, path)


def _walk(
    node: object, wanted: _Wanted, path: tuple[str, ...], context: _Context, rows: JsonRows
) -> None:
    while path:
        if isinstance(node, list):
            if not path[0].isdecimal():
                for element in node:
                    _walk(element, wanted, path, context, rows)
                return
        elif not isinstance(node, dict):
            return
        context = context.step(node, path[0])
        node, path = _get(node, path[:1]), path[1:]
    if node is _ABSENT:
        return
    for element in node if isinstance(node, list) else (node,):
        _take(element, wanted, context, rows)


def _take(value: object, wanted: _Wanted, context: _Context, rows: JsonRows) -> None:
    if len(rows.places) >= MAX_ROWS:
        raise Refused(
            "a JSON message of more than {bound} samples; publish fewer at once", bound=MAX_ROWS
        )
    told = context.found_time if context.time is None else _ABSENT
    ordinal = context.found_ordinal if context.ordinal is None else _ABSENT
    time: int | None = None
    if told is not _ABSENT and told is not None:
        try:
            time = instant(told, context.plan.form, context.plan.zone)
        except Refused:
            rows.bad_times += 1
    number, text = _number(value)
    rows.places.append(wanted.place)
    rows.times.append(time)
    whole = isinstance(ordinal, int) and not isinstance(ordinal, bool) and 0 <= ordinal < 2**31
    rows.ordinals.append(ordinal if whole else None)  # type: ignore[arg-type]  # it is an int
    rows.values.append(number)
    rows.texts.append(text)
    rows.nulls.append(value is None)


def _number(value: object) -> tuple[float, str | None]:
    """Return a value as a float, and as text where the float is not all of it."""
    if isinstance(value, float):
        return value, None
    if isinstance(value, bool):
        return float(value), None
    if isinstance(value, int):
        try:
            return float(value), None if -EXACT <= value <= EXACT else str(value)
        except (OverflowError, ValueError):  # longer than any float, or than Python writes out
            return math.nan, None
    if value is None:
        return math.nan, None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        number = float(text) if text is value and len(text) <= 64 else math.nan
    except ValueError:
        number = math.nan
    if len(text) > MAX_TEXT:
        raise Refused(
            "a text of {size} characters is over the bound of {bound}; see what publishes it",
            size=len(text),
            bound=MAX_TEXT,
        )
    return number, text


def _get(node: object, path: tuple[str, ...]) -> object:
    for part in path:
        if isinstance(node, dict):
            node = node.get(part, _ABSENT)
        elif isinstance(node, list) and part.isdecimal() and int(part[:9]) < len(node):
            node = node[int(part[:9])]
        else:
            return _ABSENT
    return node
