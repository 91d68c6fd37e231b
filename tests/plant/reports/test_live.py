"""What the machines do now: states, stale marks, and why nothing is known."""

from __future__ import annotations

from tests.plant.reports.small_plant import site_of

from ballast.plant.measures.time_model import MachineState
from ballast.plant.reports.live import SILENT_MS, MachineNow, machines_now
from ballast.plant.spool.live import CollectorStatus, LastValue, Live

NOW = 1_780_000_000_000
STATUS = CollectorStatus("broker:1883", 0, 1.0, 1.0, 0, 0)


def value(tag: str, said: float | str, *, age_ms: int = 1000, stale: int | None = None,
          quality: int = 192) -> LastValue:  # fmt: skip
    text = said if isinstance(said, str) else None
    number = float("nan") if isinstance(said, str) else said
    return LastValue(tag, NOW - age_ms, NOW - age_ms, number, text, quality, stale)


def now(
    *values: LastValue, at: int = NOW, every_s: float | None = None, **more: object
) -> MachineNow:
    live = Live(at, STATUS, values)
    site = site_of("m", every_s=every_s)
    return machines_now(site, live, NOW, **more)[0]  # type: ignore[arg-type]


def test_the_state_tag_says_what_a_machine_does_and_since_when() -> None:
    found = now(value("m/state", 3.0, age_ms=5000), orders={"m": "A-17"})
    assert (found.state, found.reason) == (MachineState.DELAYED, "故障")
    assert found.since_ms == NOW - 5000
    assert found.order == "A-17"
    assert not found.stale
    assert found.line == "shop"
    assert now(value("m/state", "1"), since={"m": NOW - 99_000}).since_ms == NOW - 99_000


def test_what_is_stale_is_no_state_and_says_why() -> None:
    for found, why in (
        (now(value("m/state", 1.0, stale=NOW - 100)), "its state tag is stale"),
        (now(value("m/state", 1.0, quality=0)), "its state tag is stale"),
        (now(value("m/state", 1.0, age_ms=40_000), every_s=10), "its state tag is stale"),
        (now(value("m/state", 1.0), at=NOW - SILENT_MS - 1), "the collector is not running"),
        (now(value("m/state", 77.0)), "has no meaning in the mapping"),
        (now(value("m/good", 1.0)), "has said nothing yet"),
        (machines_now(site_of("m"), None, NOW)[0], "no collector has run yet"),
    ):
        assert found.state is None
        assert found.since_ms is None
        assert found.why is not None
        assert why in found.why.text("en")


def test_values_stand_with_their_marks() -> None:
    found = now(value("m/state", 1.0), value("m/good", 5.0, stale=NOW - 7))
    good = next(one for one in found.values if one.tag == "m/good")
    assert (good.value, good.text, good.stale_since_ms) == (5.0, None, NOW - 7)
    assert found.stale
    assert found.state is MachineState.PRODUCING


def test_without_a_mapping_values_stand_under_the_path_of_their_tag() -> None:
    live = Live(NOW, STATUS, (value("sparkplug:g/n//temp", 4.0), value("a/b/speed", "fast")))
    found = machines_now(None, live, NOW)
    assert {one.asset for one in found} == {"sparkplug:g/n/", "a/b"}
    assert all(one.state is None and one.why is not None for one in found)
