"""Cursors: opaque, bound to their question, harmless when made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import WrongUsage
from ballast.portal.api.cursors import page, read_cursor, write_cursor

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner),
    max_leaves=5,
)


@given(JSON, JSON)
def test_what_is_written_is_read(question: Any, after: Any) -> None:
    assert read_cursor(question, write_cursor(question, after)) == after


@given(st.text(max_size=200))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage):
        read_cursor("question", text)


@given(st.lists(st.integers(), max_size=40), st.integers(1, 7))
def test_pages_together_are_the_list(items: list[int], limit: int) -> None:
    seen: list[int] = []
    kept, more = page(items, "q", limit, None)
    while True:
        seen += kept
        assert len(kept) <= limit
        if more is None:
            break
        kept, more = page(items, "q", limit, more)
    assert seen == items


@pytest.mark.parametrize("after", [-1, 99, True, "1", None, [1]])
def test_a_cursor_that_leads_nowhere_is_refused(after: object) -> None:
    with pytest.raises(WrongUsage):
        page([1, 2, 3], "q", 2, write_cursor("q", after))


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(WrongUsage, match="not of this question"):
        read_cursor("b", write_cursor("a", 1))
