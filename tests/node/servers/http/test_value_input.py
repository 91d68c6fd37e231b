from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import BadValue
from ballast.node.servers.http.value_input import values_of_json
from ballast.node.wire.value import Reference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["values", "index", "type", "data", "format", "value", "ttl"]), inner
        )
    ),
    max_leaves=12,
)


def test_a_list_an_object_and_a_single_value_are_taken() -> None:
    one = {"index": 1, "type": "URL", "data": "https://a.cn"}
    for body in ([one], {"values": [one]}, {"values": [one], "handle": "x"}, one):
        assert [v.index for v in values_of_json(json.dumps(body).encode())] == [1]


def test_what_is_not_said_is_as_usual() -> None:
    value, secret = values_of_json(
        b'[{"index":1,"type":"URL","data":"x"},{"index":"2","type":"HS_SECKEY","data":"x"}]'
    )
    assert (value.permissions, value.ttl, value.ttl_absolute) == (0b1110, 86400, False)
    # A secret that is not said to be secret is one all the same.
    assert (secret.index, secret.permissions) == (2, 0b1100)


def test_everything_that_is_said_is_kept() -> None:
    (value,) = values_of_json(
        b'[{"index":3,"type":"X","data":{"format":"hex","value":"00ff"},"permissions":"1111",'
        b'"ttl":"2030-01-01T00:00:00Z","timestamp":"2001-11-21T16:21:35Z",'
        b'"references":[{"handle":"a/b","index":1}]}]'
    )
    assert value.data == b"\0\xff"
    assert (value.permissions, value.ttl, value.ttl_absolute) == (15, 1_893_456_000, True)
    assert (value.timestamp, value.references) == (0, (Reference("a/b", 1),))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"  ", b"null", b"3", b'"x"', b"{}", b'{"values":null}', b'[{"index":1}]',
        b'[{"index":-1,"type":"X","data":"x"}]', b'[{"index":4294967296,"type":"X","data":"x"}]',
        b'[{"index":1,"type":"","data":"x"}]', b'[{"index":1,"type":"X","data":3}]',
        b'[{"index":1,"type":"X","data":"x","color":"red"}]',
        b'[{"index":1,"type":"X","data":"x","permissions":"11"}]',
        b'[{"index":1,"type":"X","data":"x","ttl":-1}]',
        b'[{"index":1,"type":"X","data":"x","ttl":"2030-01-01T00:00:00"}]',
        b'[{"index":1,"type":"X","data":"x","ttl":"tomorrow"}]',
        b'[{"index":1,"type":"X","data":"x"},{"index":1,"type":"Y","data":"y"}]',
        b'[{"index":1,"type":"HS_ADMIN","data":"x"}]',
        b'[{"index":1,"type":"X","data":{"format":"rot13","value":"x"}}]',
        b'[{"index":1,"type":"X","data":"\\ud800"}]',
    ],
)  # fmt: skip
def test_what_describes_no_values_is_refused(body: bytes) -> None:
    with pytest.raises(BadValue):
        values_of_json(body)


def test_more_values_than_a_handle_can_have_are_refused() -> None:
    body = [{"index": i, "type": "X", "data": ""} for i in range(1, 2051)]
    with pytest.raises(BadValue):
        values_of_json(json.dumps(body).encode())


@given(JSON)
def test_no_json_breaks_it(body: object) -> None:
    with contextlib.suppress(BadValue):
        values_of_json(json.dumps(body).encode())


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    with contextlib.suppress(BadValue):
        values_of_json(body)
