"""The tags of a mapping: ``[[tag]]`` one by one, ``[[kind.tag]]`` for every asset of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ballast.errors import InvalidTerm, Refused
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site.addresses import sparkplug_place, topic_name
from ballast.plant.site.entry import Entry, entries, path_of
from ballast.plant.site.reading_assets import Placed
from ballast.plant.site.site import JsonTopic
from ballast.plant.site.tag import JsonSource, SparkplugSource, StateMeaning, Tag, TagRole
from ballast.terms.unit import COUNT, KW, KWH, ONE, Unit, parse_measured

__all__ = ["MOST_TAGS", "read_tags"]

MOST_TAGS = 50_000
_STATES = {state.name.lower(): state for state in MachineState}
_UNITS: dict[TagRole, Unit] = {
    TagRole.STATE: ONE,
    TagRole.PRODUCED: COUNT,
    TagRole.GOOD: COUNT,
    TagRole.SCRAP: COUNT,
    TagRole.REWORK: COUNT,
    TagRole.ENERGY: KWH,
    TagRole.POWER: KW,
}


def read_tags(
    document: Entry,
    assets: Mapping[str, Placed],
    kinds: Mapping[str, Entry],
    topics: dict[str, JsonTopic],
) -> dict[str, Tag]:
    """Return the tags by id; topics that only tags name are added to ``topics``."""
    tags: dict[str, Tag] = {}
    fed: dict[SparkplugSource | tuple[str, str], str] = {}
    for entry, placed in _all(document, assets, kinds):
        tag = _tag(entry, placed, assets, topics)
        entry.done()
        if tag.tag in tags:
            raise Refused(
                "{where}: {name} is there already; give each its own name",
                where=entry.where,
                name=tag.tag,
            )
        if len(tags) == MOST_TAGS:
            raise Refused(
                "the mapping has more than {most} tags; split the site into several homes",
                most=MOST_TAGS,
            )
        tags[tag.tag] = tag
        source = tag.source
        if source is not None:
            at = (source.topic, source.field) if isinstance(source, JsonSource) else source
            if at in fed:
                raise Refused(
                    "{where}: {tag} has the same source as {other}; remove one of the two",
                    where=entry.where,
                    tag=tag.tag,
                    other=fed[at],
                )
            fed[at] = tag.tag
    return tags


def _all(
    document: Entry, assets: Mapping[str, Placed], kinds: Mapping[str, Entry]
) -> Iterator[tuple[Entry, Placed | None]]:
    """Yield each tag's table with the asset it is written for, where it is of a kind."""
    tables = {name: list(entries(kind, "tag", 10_000)) for name, kind in kinds.items()}
    for placed in assets.values():
        for number, table in enumerate(tables.get(placed.kind or "", ()), start=1):
            where = f"[[kind]] {placed.kind}, tag {number}, at {placed.asset.asset}"
            yield Entry(where, table.table), placed
    for entry in entries(document, "tag", MOST_TAGS):
        yield entry, None


def _tag(
    entry: Entry,
    placed: Placed | None,
    assets: Mapping[str, Placed],
    topics: dict[str, JsonTopic],
) -> Tag:
    path = entry.path("tag")
    if path is None:
        raise entry.missing("tag")
    entry.where = f"{entry.where} ({path})"
    if placed is None:
        placed = _owner(entry, path, assets)
    else:
        path = path_of(f"{placed.asset.asset}/{path}", entry.where)
    role = entry.choice("role", TagRole, TagRole.MEASUREMENT)
    unit = _unit(entry, role)
    lower, upper, target = (entry.number(key) for key in ("lower", "upper", "target"))
    ordered = [bound for bound in (lower, target, upper) if bound is not None]
    if sorted(ordered) != ordered or (lower is not None and lower == upper):
        raise Refused(
            "{where}: lower {lower}, target {target} and upper {upper} are not in order; mend them",
            where=entry.where,
            lower=lower,
            target=target,
            upper=upper,
        )
    return Tag(
        tag=path,
        asset=placed.asset.asset,
        name=entry.label("name", path.rpartition("/")[2]),
        quantity=entry.text("quantity", unit.dimension) or unit.dimension,
        unit=unit,
        role=role,
        every_s=entry.number("every_s", above=0),
        states=_states(entry, role),
        lower=lower,
        upper=upper,
        target=target,
        subgroup=entry.whole("subgroup", 1, least=1, most=25),
        handle=entry.handle("handle"),
        source=_source(entry, placed, topics),
    )


def _owner(entry: Entry, path: str, assets: Mapping[str, Placed]) -> Placed:
    named = entry.path("asset")
    owner = named
    if owner is None:
        owner = path.rpartition("/")[0]
        while owner and owner not in assets:
            owner = owner.rpartition("/")[0]
    if not owner or owner not in assets:
        raise Refused(
            "{where}: it belongs to no asset; add an [[asset]] {asset}, or name one under asset",
            where=entry.where,
            asset=named or path.rpartition("/")[0] or "…",
        )
    return assets[owner]


def _unit(entry: Entry, role: TagRole) -> Unit:
    written = entry.text("unit")
    usual = _UNITS.get(role)
    if written is None:
        if usual is None:
            raise entry.missing("unit")
        return usual
    try:
        unit = parse_measured(written)
    except InvalidTerm as error:
        raise entry.because("unit", error) from error
    if role in (TagRole.ENERGY, TagRole.POWER) and usual and unit.dimension != usual.dimension:
        raise Refused(
            "{where}: a tag of role {role} is in {right} or a multiple of it, not in {unit}; "
            "mend unit or role",
            where=entry.where,
            role=role.value,
            right=usual.label,
            unit=unit.label,
        )
    return unit


def _states(entry: Entry, role: TagRole) -> dict[str, StateMeaning]:
    written = entry.raw("states")
    if written is None:
        if role is TagRole.STATE:
            raise entry.missing("states")
        return {}
    right = 'states = { "1" = "producing", "2" = { state = "delayed", reason = "…" } }'
    if not isinstance(written, dict) or not 1 <= len(written) <= 1_000:
        raise entry.wrong("states", right)
    if role is not TagRole.STATE:
        raise Refused(
            '{where}: it has states but is of role {role}; write role = "state"',
            where=entry.where,
            role=role.value,
        )
    found: dict[str, StateMeaning] = {}
    for value, meaning in written.items():
        where = f"{entry.where}, states, {value[:40]}"
        inner = Entry(where, meaning if isinstance(meaning, dict) else {"state": meaning})
        name = inner.must_text("state")
        if name not in _STATES:
            raise inner.wrong("state", " | ".join(_STATES))
        reason = inner.text("reason", "") or ""
        if set(value) & set("=;；") or set(reason) & set(";；"):  # they part a cell of the table
            raise entry.wrong("states", right)
        found[value] = StateMeaning(_STATES[name], reason)
        inner.done()
    return found


def _source(
    entry: Entry, placed: Placed, topics: dict[str, JsonTopic]
) -> SparkplugSource | JsonSource | None:
    given = [key for key in ("sparkplug", "metric", "json", "field") if key in entry]
    if len(given) > 1:
        raise Refused(
            "{where}: {keys} name two sources; a tag has one, so keep one of them",
            where=entry.where,
            keys=", ".join(given),
        )
    if "metric" in entry:
        return _metric(entry, placed)
    if "field" in entry:
        return _field(entry, placed, topics)
    if "sparkplug" in entry:
        return _sparkplug(entry)
    if "json" not in entry:
        return None
    inner = Entry(f"{entry.where}, json", entry.raw("json"))
    topic = topic_name(inner, "topic")
    if topic is None:
        raise inner.missing("topic")
    field = inner.text("field", "") or ""
    inner.done()
    return _json(topic, field, topics)


def _metric(entry: Entry, placed: Placed) -> SparkplugSource:
    metric = entry.must_text("metric")
    if placed.sparkplug is None:
        raise Refused(
            "{where}: a metric is named, but asset {asset} says nothing of where it speaks; "
            "give the asset sparkplug = {example}",
            where=entry.where,
            asset=placed.asset.asset,
            example='{ group = "…", node = "…", device = "…" }',
        )
    return SparkplugSource(*placed.sparkplug, metric)


def _field(entry: Entry, placed: Placed, topics: dict[str, JsonTopic]) -> JsonSource:
    found = entry.raw("field")
    field = "" if found == "" else entry.must_text("field")
    if placed.topic is None:
        raise Refused(
            "{where}: a field is named, but asset {asset} has no topic; give the asset "
            "topic = {example}",
            where=entry.where,
            asset=placed.asset.asset,
            example='"shop/press-1/state"',
        )
    return _json(placed.topic, field, topics)


def _sparkplug(entry: Entry) -> SparkplugSource:
    table = entry.raw("sparkplug")
    inner = Entry(f"{entry.where}, sparkplug", table)
    metric = inner.must_text("metric")
    rest = {key: value for key, value in inner.table.items() if key != "metric"}
    place = sparkplug_place(Entry(entry.where, {"sparkplug": rest}))
    if place is None:
        raise entry.missing("sparkplug")
    return SparkplugSource(*place, metric)


def _json(topic: str, field: str, topics: dict[str, JsonTopic]) -> JsonSource:
    form = topics.setdefault(topic, JsonTopic(topic))
    return JsonSource(topic, field, form.time_field, form.ordinal_field)
