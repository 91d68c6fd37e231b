"""The board: every state has its sign and word, and what is stale is not believed."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from tests.portal.factory_shop import LATHE, MINUTE, NOW, site

from ballast.plant.measures.time_model import STATE_LABELS, MachineState
from ballast.plant.reports.live import MachineNow, ValueNow
from ballast.plant.spool.live import CollectorStatus, Live
from ballast.portal.factory_board import (
    SILENT_MS,
    finding,
    lasting,
    machine_tile,
    pulse,
)
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.words import Sentence

ZONE = ZoneInfo("Asia/Shanghai")
VALUE = ValueNow(
    f"{LATHE}/spindle-load", Label("主轴负载", "Spindle load"), "%", "measurement", 41.5, None,
    NOW - 300, None, beyond=False,
)  # fmt: skip
LATHE_NOW = MachineNow(
    LATHE, Label("1号数控车床", "Lathe 1"), "valve-shop/machining", MachineState.DELAYED,
    "刀具断裂", NOW - 12 * MINUTE, "GD-1", (VALUE,), stale=False, why=None,
)  # fmt: skip
STATUS = CollectorStatus("mqtt://127.0.0.1:1883", NOW - 60 * MINUTE, 4.0, 12.0, 0, 7)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", MachineState)
def test_every_state_has_a_sign_and_its_word(state: MachineState, language: Language) -> None:
    tile = machine_tile(replace(LATHE_NOW, state=state), site(), NOW, language)
    assert STATE_LABELS[state].text(language) in tile.body
    assert 'aria-hidden="true"' in tile.body  # the sign; a screen reader has the word


def test_signs_and_looks_tell_all_states_apart() -> None:
    tiles = [machine_tile(replace(LATHE_NOW, state=s), site(), NOW, "en") for s in MachineState]
    assert len({tile.style for tile in tiles}) == len(MachineState)
    signs = {tile.body.partition("</i>")[0] for tile in tiles}
    assert len(signs) == len(MachineState)


def test_a_tile_tells_reason_order_and_since_when() -> None:
    body = machine_tile(LATHE_NOW, site(), NOW, "en").body
    assert "刀具断裂" in body
    assert "order GD-1" in body
    assert "since 15:48:00 (12 min)" in body
    assert "41.5 %" in body


def test_a_state_that_nobody_knows_says_why_and_is_no_state() -> None:
    unknown = replace(LATHE_NOW, state=None, since_ms=None, why=Sentence("its state tag is stale"))
    tile = machine_tile(unknown, site(), NOW, "en")
    assert tile.style == "fa-unknown"
    assert "state not known" in tile.body
    assert "its state tag is stale" in tile.body


def test_a_stale_value_is_struck_and_named_and_not_judged() -> None:
    old = replace(VALUE, stale_since_ms=NOW - MINUTE, beyond=True)
    body = machine_tile(replace(LATHE_NOW, values=(old,), stale=True), site(), NOW, "en").body
    assert 'class="fa-old"' in body
    assert "stale since 15:59:00" in body
    assert "beyond" not in body
    assert (
        "beyond its limits"
        in machine_tile(
            replace(LATHE_NOW, values=(replace(VALUE, beyond=True),)), site(), NOW, "en"
        ).body
    )


def test_what_machines_write_is_text_and_bounded(hostile: str) -> None:
    loud = replace(
        LATHE_NOW,
        name=Label(hostile, hostile),
        reason=hostile,
        order=hostile * 100,
        values=tuple(
            replace(VALUE, name=Label(hostile, hostile), text=hostile, value=None)
            for _ in range(50)
        ),
    )
    body = machine_tile(loud, site(), NOW, "en").body
    assert "<script" not in body
    assert "&lt;script" in body
    assert "and 42 more" in body
    assert len(body) < 8_000


@pytest.mark.parametrize(
    ("value", "told"),
    [(float("nan"), "NaN"), (float("inf"), "∞"), (1e300, "1.000e+300"), (0.1 + 0.2, "0.3")],
)
def test_numbers_that_are_none_are_said_as_they_came(value: float, told: str) -> None:
    body = machine_tile(
        replace(LATHE_NOW, values=(replace(VALUE, value=value),)), site(), NOW, "en"
    ).body
    assert told in body


def test_the_finding_names_who_stands_longest() -> None:
    short = replace(LATHE_NOW, asset="b", name=Label("乙", "b"), since_ms=NOW - MINUTE)
    works = replace(LATHE_NOW, asset="c", state=MachineState.PRODUCING)
    said = finding([short, LATHE_NOW, works], NOW, "en")
    assert said == ["1 of 3 machines are producing.", "Lathe 1 has stood for 12 min: 刀具断裂"]
    assert finding([], NOW, "en") == []


def test_the_words_for_a_length_change_at_most_once_a_minute() -> None:
    assert len({lasting(seconds * 1000, "zh") for seconds in range(3600)}) == 60
    assert lasting(-5, "en") == "under a minute"
    assert lasting(3 * 86_400_000, "en") == "3 days"


def test_the_pulse_tells_a_collector_that_works_from_one_that_does_not() -> None:
    cases = {
        "No collector has written yet": None,
        "silent since 15:59": Live(NOW - SILENT_MS - 1, STATUS, ()),
        "Not connected": Live(NOW, replace(STATUS, connected_since=None), ()),
    }
    for told, live in cases.items():
        text, good = pulse(live, NOW, ZONE, "en")
        assert told in text
        assert not good
    text, good = pulse(Live(NOW, STATUS, ()), NOW, ZONE, "en")
    assert good
    assert "7 values wait" in text
