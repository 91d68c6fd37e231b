"""Text on its way into the file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.state.texts import json_text, storable

bodies = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(st.text(st.characters(exclude_categories=())))
def test_anything_can_be_stored(text: str) -> None:
    storable(text).encode("utf-8")


@given(st.text())
def test_text_that_can_be_stored_stays(text: str) -> None:
    assert storable(text) == text


@given(bodies)
def test_what_json_holds_comes_back(body: object) -> None:
    assert json.loads(json_text(body)) == body


def test_no_number_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text({"share": float("nan")})
