"""Topics by position, and STATE in both spellings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import Refused
from ballast.plant.wire.state import HostState, decode_state, encode_state
from ballast.plant.wire.topic import DataTopic, MessageKind, StateTopic, parse_topic, state_topic

NAMES = st.text(st.characters(exclude_characters="/+#\0", exclude_categories=["Cs"]), min_size=1)


@given(NAMES, st.sampled_from(MessageKind), NAMES, NAMES)
def test_a_topic_that_is_written_is_read_again(
    group: str, kind: MessageKind, node: str, device: str
) -> None:
    topic = DataTopic(group, kind, node, device if kind.of_device else None)
    assert parse_topic(str(topic)) == topic


@given(st.text(max_size=40))
def test_any_text_is_a_topic_or_one_refusal(text: str) -> None:
    with contextlib.suppress(Refused):
        assert str(parse_topic(text)) == text


@pytest.mark.parametrize(
    "wrong",
    [
        "", "spBv1.0", "spBv1.0/g", "spBv1.0/g/NDATA", "spBv1.0/g/NDATA/n/d", "spBv1.0/g/DDATA/n",
        "spBv1.0/g/STATE/n", "spBv1.0/g/ndata/n", "spBv1.0//NDATA/n", "spBv1.0/g/NDATA/+",
        "spAv1.0/g/NDATA/n", "STATE/a/b", "spBv1.0/g/DDATA/n/d/e", "spBv1.0/g/NDATA/" + "n" * 70000,
    ],
)  # fmt: skip
def test_what_is_no_topic_is_refused(wrong: str) -> None:
    with pytest.raises(Refused, match="no Sparkplug topic"):
        parse_topic(wrong)


def test_levels_are_read_by_position_whatever_their_names() -> None:
    assert parse_topic("spBv1.0/STATE/NDATA/STATE") == DataTopic(
        "STATE", MessageKind.NDATA, "STATE"
    )


def test_states_old_and_new_are_read_and_the_new_is_written() -> None:
    assert parse_topic("STATE/h") == StateTopic("h", old=True)
    assert parse_topic("spBv1.0/STATE/h") == StateTopic("h")
    assert state_topic("h") == "spBv1.0/STATE/h"
    with pytest.raises(Refused):
        state_topic("a/b")


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"online", b"[]", b'{"online":1,"timestamp":1}', b'{"online":true}', b"\xff",
        b'{"online":true,"timestamp":-1}', b'{"online":true,"timestamp":true}', b"[" * 4000,
        b'{"online":true,"timestamp":1}' + b" " * 5000,
    ],
)  # fmt: skip
def test_what_is_no_state_is_refused(wrong: bytes) -> None:
    with pytest.raises(Refused, match="STATE message"):
        decode_state(wrong)


@given(st.booleans(), st.integers(0, 2**63 - 1))
def test_a_state_that_is_written_is_read_again(online: bool, timestamp: int) -> None:
    state = HostState(online, timestamp)
    assert decode_state(encode_state(state)) == state
