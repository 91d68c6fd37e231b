"""The shop's mapping is a mapping like any: read whole, and it knows all that the machines say."""

from __future__ import annotations

from datetime import UTC, datetime, time

from ballast.plant.measures.time_model import MachineState
from ballast.plant.site import Level, TagRole, asset_rows, read_site, tag_rows
from ballast.sample.factory.days import DAY_MS
from ballast.sample.factory.mapping import mapping
from ballast.sample.factory.shop import AREAS, GROUP, MACHINES, MEANINGS, PREFIX, USCC
from ballast.sample.factory.signals import tag_of
from ballast.sample.factory.telling import devices_of

SITE = read_site(mapping())


def test_it_says_that_it_is_synthetic() -> None:
    assert SITE.provenance == "synthetic"
    assert "合成样例" in SITE.name.zh
    assert "Synthetic" in SITE.name.en
    assert SITE.uscc == USCC


def test_every_metric_of_every_edge_node_is_a_tag_and_no_other_is() -> None:
    heard = set()
    for area in AREAS:
        for device, signals in devices_of(area).items():
            for signal in signals:
                tag = SITE.sparkplug_tag(GROUP, area, device, signal.metric)
                assert tag is not None, (device, signal.metric)
                assert tag.role is signal.role
                heard.add(tag.tag)
    assert heard == set(SITE.tags)
    assert tag_of(MACHINES[0], devices_of("machining")["lathe-1"][0]) in heard


def test_only_what_makes_something_is_a_machine() -> None:
    machines = {one.asset for one in SITE.assets.values() if one.level is Level.MACHINE}
    assert len(machines) == len(MACHINES) == 10
    for one in machines:
        roles = {tag.role for tag in SITE.tags_of(one)}
        assert {TagRole.STATE, TagRole.PRODUCED, TagRole.SCRAP, TagRole.ENERGY} <= roles
        assert SITE.assets[one].cycle_s
        assert SITE.assets[one].handle.startswith(f"{PREFIX}/")  # type: ignore[union-attr]


def test_every_state_that_a_controller_says_has_its_meaning() -> None:
    (states,) = {tuple(t.states) for t in SITE.tags.values() if t.role is TagRole.STATE}
    assert set(states) == {str(int(code)) for code in MEANINGS}
    tag = SITE.tags["valve-shop/machining/lathe-2/state"]
    assert tag.states["33"].state is MachineState.DELAYED
    assert tag.states["33"].reason == "主轴轴承故障 spindle bearing failed"


def test_the_day_shift_begins_with_the_production_day() -> None:
    assert [shift.start for shift in SITE.shifts] == [time(8), time(20)]
    first = SITE.shift_intervals(20_000 * DAY_MS, 20_001 * DAY_MS)
    assert [one.start for one in first] == [20_000 * DAY_MS, 20_000 * DAY_MS + DAY_MS // 2]
    assert len(first[0].breaks) == 2


def test_the_tariff_has_all_bands_and_says_that_it_is_invented() -> None:
    assert SITE.tariff is not None
    (version,) = SITE.tariff.versions
    assert len(version.prices) == 5
    assert "样例" in version.source
    assert version.since < datetime.now(UTC).date()


def test_a_broker_that_is_named_stands_in_it_and_its_password_does_not() -> None:
    text = mapping(("10.0.0.5", 1884, "shop", "broker.password"))
    broker = read_site(text).broker
    assert broker is not None
    assert (broker.host, broker.port, broker.user) == ("10.0.0.5", 1884, "shop")
    assert broker.password_file == "broker.password"


def test_its_rows_are_of_the_enterprise() -> None:
    assert {row["uscc"] for row in (*asset_rows(SITE), *tag_rows(SITE))} == {USCC}
