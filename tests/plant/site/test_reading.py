"""The mapping: what is written is what the site is, and what is wrong is said in one line."""

from __future__ import annotations

import contextlib
import time as clock
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.measures.tariff import Band
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Level, Site, SparkplugSource, StateMeaning, TagRole, read_site
from ballast.plant.site.example import EXAMPLE
from ballast.plant.site.reading import MAX_MAPPING_BYTES
from ballast.words import explain

HEAD = '[site]\nname = "车间"\nuscc = "91371500MA0000000X"\n'
SHOP = HEAD + '[[asset]]\nasset = "shop"\nlevel = "site"\n'
LATHE = (
    SHOP + '[[asset]]\nasset = "shop/lathe"\nlevel = "machine"\n'
    'sparkplug = { group = "g", node = "n", device = "d" }\ntopic = "shop/lathe"\n'
)


def tag(lines: str, name: str = "shop/lathe/x") -> str:
    return f'{LATHE}[[tag]]\ntag = "{name}"\n{lines}\n'


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read_site(text)
    assert "\n" not in str(caught.value)
    chinese = explain(caught.value, "zh")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    return str(caught.value)


def test_the_example_that_a_shop_copies_is_read() -> None:
    site = read_site(EXAMPLE)
    lathe = "valve-shop/machining/lathe-1"
    assert site.provenance == "synthetic"
    assert site.assets[lathe].level is Level.MACHINE
    assert site.assets[lathe].parent == "valve-shop/machining"
    assert site.assets[lathe].group == "valve-shop/machining"
    assert site.tags[f"{lathe}/state"].states["3"] == StateMeaning(MachineState.DELAYED, "刀具断裂")
    assert site.tags[f"{lathe}/energy"].unit.name == "kwh"
    assert site.tags[f"{lathe}/bore"].source == SparkplugSource(
        "valve-shop", "machining", "lathe-1", "Gauge/Bore"
    )
    assert [found.tag for found in site.json_topics["shop/press-1"]] == [
        "valve-shop/press-1/oil-temperature"
    ]
    assert site.topics["shop/press-1"].ordinal_field == "n"
    assert [shift.start for shift in site.shifts] == [time(8), time(20)]
    assert site.tariff is not None
    assert site.tariff.versions[0].seasons[0].bands[14 * 4] is Band.SHARP
    assert site.broker is not None
    assert site.broker.port == 1883


def test_the_least_mapping_is_a_name_and_a_code() -> None:
    site = read_site(HEAD)
    assert (site.name.zh, site.provenance, str(site.zone)) == ("车间", "real", "Asia/Shanghai")
    assert not site.assets
    assert not site.tags
    assert site.broker is None
    assert site.sparkplug is None


def test_parents_come_before_their_children_whatever_the_order() -> None:
    text = HEAD + (
        '[[asset]]\nasset = "a/b/c"\nlevel = "machine"\n'
        '[[asset]]\nasset = "z"\nlevel = "line"\nparent = "a"\n'
        '[[asset]]\nasset = "a/b"\nlevel = "area"\n'
        '[[asset]]\nasset = "a"\nlevel = "site"\n'
    )
    site = read_site(text)
    assert list(site.assets) == ["a", "a/b", "a/b/c", "z"]
    assert site.assets["a/b/c"].group == "a/b"
    assert [one.asset for one in site.under("a/b")] == ["a/b", "a/b/c"]


def test_a_tag_belongs_to_the_nearest_asset_above_it() -> None:
    site = read_site(tag('unit = "°C"', "shop/lathe/head/temperature"))
    assert site.tags["shop/lathe/head/temperature"].asset == "shop/lathe"
    assert site.tags_of("shop/lathe") == tuple(site.tags.values())


def test_a_metric_stands_at_the_place_of_its_asset_and_the_host_is_there() -> None:
    site = read_site(tag('unit = "%"\nmetric = "Load"'))
    assert site.sparkplug_tag("g", "n", "d", "Load") is site.tags["shop/lathe/x"]
    assert site.sparkplug_tag("g", "n", None, "Load") is None
    assert site.sparkplug is not None


def test_counters_know_their_units() -> None:
    site = read_site(tag('role = "energy"'))
    assert site.tags["shop/lathe/x"].unit.name == "kwh"
    assert read_site(tag('role = "good"')).tags["shop/lathe/x"].role is TagRole.GOOD


def test_a_byte_order_mark_of_an_editor_is_no_matter() -> None:
    assert read_site("\ufeff" + HEAD).name.zh == "车间"


# Each: what is wrong, what the line must name.
WRONG = {
    "no site at all": ("", ["[site]", "name"]),
    "no enterprise": ('[site]\nname = "x"', ["[site]", "uscc"]),
    "a code with a typing error": (HEAD.replace("X", "Y"), ["[site]", "uscc", "check character"]),
    "no such zone": (HEAD + 'zone = "Mars/Base"', ["[site]", "zone", "Asia/Shanghai"]),
    "a zone that is a path": (HEAD + 'zone = "../../etc/passwd"', ["[site]", "zone"]),
    "a misspelt key": (HEAD + 'provenence = "real"', ["provenence", "provenance"]),
    "an unknown table": (HEAD + '[[assets]]\nasset = "x"', ["assets", "asset"]),
    "no TOML": (HEAD + "[[tag]\n", ["line 4"]),
    "a password": (
        HEAD + '[broker]\nhost = "h"\npassword = "secret"', ["password", "password_file"],
    ),
    "certificates without TLS": (HEAD + '[broker]\nhost = "h"\nca_file = "x"', ["tls"]),
    "a port beyond all": (HEAD + '[broker]\nhost = "h"\nport = 70000', ["port", "70000"]),
    "one table for several": (HEAD + '[asset]\nasset = "x"', ["[[asset]]"]),
    "an asset twice": (
        SHOP + '[[asset]]\nasset = "shop"\nlevel = "site"', ["[[asset]] 2", "shop"],
    ),
    "an asset without one above": (
        SHOP + '[[asset]]\nasset = "ship/x"\nlevel = "machine"', ["[[asset]] 2", "ship"],
    ),
    "a parent that is none": (
        SHOP + '[[asset]]\nasset = "x"\nparent = "y"\nlevel = "machine"', ["x", "y"],
    ),
    "assets in a ring": (
        HEAD + '[[asset]]\nasset = "a"\nparent = "b"\nlevel = "machine"\n'
        '[[asset]]\nasset = "b"\nparent = "a"\nlevel = "machine"',
        ["below itself", "a < b < a"],
    ),
    "a site below a machine": (
        HEAD + '[[asset]]\nasset = "m"\nlevel = "machine"\n'
        '[[asset]]\nasset = "m/s"\nlevel = "site"',
        ["m/s", "site", "machine"],
    ),
    "an id with a blank": (HEAD + '[[asset]]\nasset = "a b"\nlevel = "site"', ["a b", "no id"]),
    "an id like an automatic one": (
        HEAD + '[[asset]]\nasset = "sparkplug:a"\nlevel = "site"', ["no id"],
    ),
    "an unknown unit": (tag('unit = "furlong"'), ["[[tag]] 1", "shop/lathe/x", "unit", "furlong"]),
    "a measurement without a unit": (tag(""), ["shop/lathe/x", "unit", "missing"]),
    "energy in degrees": (tag('role = "energy"\nunit = "°C"'), ["energy", "kWh", "°C"]),
    "a tag of no asset": (tag('unit = "%"', "nowhere/x"), ["nowhere/x", "no asset", "nowhere"]),
    "a tag of an asset that is not": (tag('unit = "%"\nasset = "shop/drill"'), ["shop/drill"]),
    "a tag twice": (tag('unit = "%"') + '[[tag]]\ntag = "shop/lathe/x"\nunit = "%"', ["[[tag]] 2"]),
    "two tags on one metric": (
        tag('unit = "%"\nmetric = "M"')
        + '[[tag]]\ntag = "shop/y"\nunit = "%"\n'
        'sparkplug = { group = "g", node = "n", device = "d", metric = "M" }',
        ["shop/lathe/x", "shop/y", "same source"],
    ),
    "two tags on one field": (
        tag('unit = "%"\nfield = "v"')
        + '[[tag]]\ntag = "shop/y"\nunit = "%"\njson = { topic = "shop/lathe", field = "v" }',
        ["shop/lathe/x", "shop/y", "same source"],
    ),
    "two sources": (tag('unit = "%"\nmetric = "M"\nfield = "v"'), ["metric, field"]),
    "a metric of an asset without a place": (
        SHOP + '[[tag]]\ntag = "shop/x"\nunit = "%"\nmetric = "M"', ["shop", "sparkplug ="],
    ),
    "a field of an asset without a topic": (
        SHOP + '[[tag]]\ntag = "shop/x"\nunit = "%"\nfield = "v"', ["shop", "topic ="],
    ),
    "a wildcard": (
        tag('unit = "%"\njson = { topic = "shop/+/x", field = "v" }'), ["topic", "shop/+/x"],
    ),
    "Sparkplug as JSON": (
        tag('unit = "%"\njson = { topic = "spBv1.0/g/NDATA/n", field = "v" }'), ["topic"],
    ),
    "limits the wrong way round": (tag('unit = "mm"\nlower = 2\nupper = 1'), ["not in order"]),
    "a target outside": (tag('unit = "mm"\nlower = 1\nupper = 2\ntarget = 3'), ["not in order"]),
    "an infinite limit": (tag('unit = "mm"\nupper = inf'), ["upper"]),
    "a limit beyond floats": (tag('unit = "mm"\nupper = 1e999'), ["upper"]),
    "no time at all between samples": (tag('unit = "mm"\nevery_s = 0'), ["every_s"]),
    "a state tag without states": (tag('role = "state"'), ["states", "missing"]),
    "a state that there is not": (tag('role = "state"\nstates = { "1" = "dancing" }'), ["dancing"]),
    "states of a measurement": (tag('unit = "1"\nstates = { "1" = "idle" }'), ['role = "state"']),
    "a handle that is none": (tag('unit = "1"\nhandle = "x"'), ["handle", "prefix/suffix"]),
    "a kind that is not": (
        SHOP + '[[asset]]\nasset = "shop/x"\nlevel = "machine"\nkind = "k"', ["[[kind]] k"],
    ),
    "a wrong key in a kind": (HEAD + '[[kind]]\nkind = "k"\ntags = []', ["tags"]),
    "a wrong tag of a kind": (
        SHOP + '[[asset]]\nasset = "shop/x"\nlevel = "machine"\nkind = "k"\n'
        '[[kind]]\nkind = "k"\n[[kind.tag]]\ntag = "t"\nunit = "furlong"',
        ["[[kind]] k", "shop/x", "furlong"],
    ),
    "shifts that overlap": (
        HEAD + '[[shift]]\nshift = "a"\nstart = "08:00"\nend = "16:00"\n'
        '[[shift]]\nshift = "b"\nstart = "15:00"\nend = "23:00"',
        ["a", "b", "not ended"],
    ),
    "a shift that overlaps itself over the week": (
        HEAD + '[[shift]]\nshift = "a"\nstart = "20:00"\nend = "08:00"\ndays = ["sun"]\n'
        '[[shift]]\nshift = "b"\nstart = "06:00"\nend = "14:00"\ndays = ["mon"]',
        ["a", "b", "not ended"],
    ),
    "a time that is none": (
        HEAD + '[[shift]]\nshift = "a"\nstart = "25:00"\nend = "16:00"', ["start", "25:00"],
    ),
    "a day that is none": (
        HEAD + '[[shift]]\nshift = "a"\nstart = "8:00"\nend = "16:00"\ndays = ["monday"]', ["days"],
    ),
    "a name that hides": (HEAD + '[[asset]]\nasset = "a\\u202e"\nlevel = "site"', ["nobody sees"]),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused_in_one_line_that_names_the_place(what: str) -> None:
    text, named = WRONG[what]
    said = refusal(text)
    assert [word for word in named if word not in said] == [], said


TARIFF = HEAD + (
    "[[tariff]]\nsince = 2024-01-01\n"
    'prices = { sharp = "1.2", peak = 1.0, flat = "0.6", valley = "0.3" }\n'
)


@pytest.mark.parametrize(
    ("season", "named"),
    [
        ("", "season"),
        ('[[tariff.season]]\npeak = ["08:10-09:00"]', "peak"),
        ('[[tariff.season]]\npeak = ["8-9"]', "peak"),
        ('[[tariff.season]]\npeak = ["08:00-10:00"]\nvalley = ["09:00-11:00"]', "09:00"),
        ("[[tariff.season]]\nmonths = [1, 2]", "month 3"),
        ("[[tariff.season]]\nmonths = [13]", "months"),
        ('[[tariff.season]]\ndays = ["sat", "sun"]', "mon"),
        ('[[tariff.season]]\ndeep_valley = ["10:00-12:00"]', "deep_valley"),
        ('[[tariff.season]]\nrest = "cheap"', "rest"),
    ],
)
def test_a_tariff_with_a_gap_or_a_clash_is_refused(season: str, named: str) -> None:
    assert named in refusal(TARIFF + season)


@pytest.mark.parametrize("price", ['"-1"', "nan", "1e9", '"0.123456789"', "true", '"1,2"', "1e-30"])
def test_a_price_is_an_exact_amount(price: str) -> None:
    text = HEAD + f"[[tariff]]\nsince = 2024-01-01\nprices = {{ flat = {price} }}\n"
    assert "flat" in refusal(text + "[[tariff.season]]")


def test_a_valley_over_midnight_is_both_ends_of_the_day() -> None:
    site = read_site(TARIFF + '[[tariff.season]]\nvalley = ["23:00-07:00"]')
    assert site.tariff is not None
    bands = site.tariff.versions[0].seasons[0].bands
    assert [bands[q] for q in (0, 27, 28, 91, 92, 95)] == [
        Band.VALLEY, Band.VALLEY, Band.FLAT, Band.FLAT, Band.VALLEY, Band.VALLEY,
    ]  # fmt: skip


def test_a_mapping_beyond_all_bounds_is_refused_before_it_is_read() -> None:
    started = clock.monotonic()
    assert "MB" in refusal(HEAD + "#" * MAX_MAPPING_BYTES)
    assert "MB" in refusal(HEAD + "#车" * (MAX_MAPPING_BYTES // 4))
    assert clock.monotonic() - started < 1


@pytest.mark.parametrize(
    "hostile",
    ["x = " + "[" * 100_000, "x = " + "9" * 10_000, "x = 1e" + "9" * 30, "x = " + "{a=" * 50_000],
)
def test_what_a_parser_chokes_on_is_refused(hostile: str) -> None:
    refusal(HEAD + hostile)


def test_ten_thousand_tags_are_read_in_seconds() -> None:
    text = SHOP + '[[kind]]\nkind = "k"\n' + "".join(
        f'[[kind.tag]]\ntag = "t{n}"\nunit = "%"\nmetric = "M/{n}"\n' for n in range(100)
    )  # fmt: skip
    text += "".join(
        f'[[asset]]\nasset = "shop/m{n}"\nlevel = "machine"\nkind = "k"\n'
        f'sparkplug = {{ group = "g", node = "n{n}" }}\n'
        for n in range(100)
    )
    started = clock.monotonic()
    site = read_site(text)
    assert len(site.tags) == 10_000
    assert clock.monotonic() - started < 5


simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates()


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return (
            '"' + "".join(f"\\U{ord(c):08X}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
        )
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return "0" if value is None else str(value)


KEYS = st.sampled_from(
    """site name uscc zone provenance asset tag kind level parent handle cycle_s group sparkplug
    topic metric field json unit role states lower upper target subgroup every_s quantity shift
    start end days tariff season since prices months dates sharp peak flat valley rest demand_price
    source broker host port tls user password_file device node time_field time_form carbon
    kg_per_kwh""".split()  # noqa: SIM905
)
TABLES = "site broker sparkplug asset tag kind shift tariff topic carbon"
values = st.recursive(
    simple,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [
            "site",
            "broker",
            "sparkplug",
            "asset",
            "tag",
            "kind",
            "shift",
            "tariff",
            "topic",
            "carbon",
        ]
    ),
    st.dictionaries(KEYS, values, max_size=8),
    st.booleans(),
)
def test_whatever_stands_in_a_table_it_is_a_site_or_one_clear_line(
    table: str, content: dict[str, object], several: bool
) -> None:
    mark = f"[[{table}]]" if several else f"[{table}]"
    start = "" if table == "site" else LATHE
    text = start + f"{mark}\n" + "".join(f"{_toml(k)} = {_toml(v)}\n" for k, v in content.items())
    with contextlib.suppress(Refused):
        assert isinstance(read_site(text), Site)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_whatever_text_is_a_site_or_one_clear_line(text: str) -> None:
    with contextlib.suppress(Refused):
        read_site(text)
    with contextlib.suppress(Refused):
        read_site(EXAMPLE + text)
