from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ballast.node.servers.http.record_json import record_body, rendered
from ballast.node.servers.http.value_input import values_of_json
from ballast.node.wire.admin import Admin, AdminPermission
from ballast.node.wire.value import Reference, Value, values_to_wire

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NUMBER = st.integers(0, 0xFFFFFFFF)
VALUES = st.lists(
    st.builds(
        Value,
        index=NUMBER,
        type=TEXT,
        data=st.binary(max_size=60) | TEXT.map(str.encode),
        permissions=st.integers(0, 15),
        ttl=NUMBER,
        ttl_absolute=st.booleans(),
        timestamp=NUMBER,
        references=st.lists(st.builds(Reference, TEXT, NUMBER), max_size=2).map(tuple),
    ),
    max_size=5,
)


def plainly(value: Value) -> dict[str, Any]:
    """Return what a value looks like in JSON, said once more without any haste."""

    def instant(seconds: int) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    try:
        text = value.data.decode()
        hidden = any((c < " " and c not in "\t\n\r") or c == "\x7f" for c in text)
    except UnicodeDecodeError:
        hidden = True
    if hidden:
        data = {"format": "base64", "value": base64.b64encode(value.data).decode()}
    else:
        data = {"format": "string", "value": text}
    told: dict[str, Any] = {"index": value.index, "type": value.type, "data": data}
    if value.permissions != 0b1110:
        told["permissions"] = f"{value.permissions:04b}"
    told["ttl"] = instant(value.ttl) if value.ttl_absolute else value.ttl
    told["timestamp"] = instant(value.timestamp)
    if value.references:
        told["references"] = [{"handle": r.handle, "index": r.index} for r in value.references]
    return told


@given(TEXT, VALUES)
def test_a_record_is_rendered_value_by_value(handle: str, values: list[Value]) -> None:
    body, _ = record_body(handle.encode(), values_to_wire(values), len(values))
    told = json.loads(body)
    assert told == {"responseCode": 1, "handle": handle, "values": [plainly(v) for v in values]}
    assert list(told) == ["responseCode", "handle", "values"]


@given(VALUES, st.integers(0, 0xFFFFFFFF))
def test_it_may_be_kept_as_long_as_the_value_that_ends_first(values: list[Value], now: int) -> None:
    _, ttl = rendered(values_to_wire(values), len(values), now)
    each = [max(0, v.ttl - now) if v.ttl_absolute else v.ttl for v in values]
    assert ttl == min(each, default=0)


def test_an_administrator_is_shown_member_by_member() -> None:
    admin = Admin(AdminPermission(0x07F3), "0.NA/88.118.8", 200)
    body, _ = rendered(Value(100, "HS_ADMIN", admin.to_wire()).to_wire(), 1)
    assert json.loads(body)[0]["data"] == {
        "format": "admin",
        "value": {"handle": "0.NA/88.118.8", "index": 200, "permissions": "011111110011"},
    }


def test_an_administrator_that_cannot_be_read_is_shown_as_it_is() -> None:
    body, _ = rendered(Value(100, "HS_ADMIN", b"\0").to_wire(), 1)
    assert json.loads(body)[0]["data"] == {"format": "base64", "value": "AA=="}


@given(VALUES)
def test_what_was_shown_can_be_sent_back_and_changes_nothing(values: list[Value]) -> None:
    kept = {v.index: v for v in values if v.type and v.type.upper() != "HS_SECKEY"}
    shown, _ = rendered(values_to_wire(kept.values()), len(kept))
    again = values_of_json(shown)
    expected = [replace(value, timestamp=0) for value in kept.values()]
    assert values_to_wire(again) == values_to_wire(expected)
