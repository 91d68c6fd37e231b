from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.node.servers.http.accepting import language_of, wants_json


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/json", True),
        ("text/html", False),
        ("*/*", False),
        ("", False),
        ("application/*;q=0.5, text/html;q=0.4", True),
        ("application/json;q=0.1, text/html", False),
        ("application/json;q=0", False),
        ("application/json;q=nan", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
    ],
)
def test_json_is_given_to_who_would_rather_have_it(accept: str, wanted: bool) -> None:
    assert wants_json(accept) is wanted


@pytest.mark.parametrize(
    ("asked", "accept", "language"),
    [
        ("", "", "zh"),
        ("", "en", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "de,en;q=0.5", "en"),
        ("", "de-DE", "en"),
        ("", "ko;q=0", "zh"),
        ("", "*", "zh"),
        ("en", "zh", "en"),
        ("zh-CN", "en", "zh"),
        ("fr", "en", "en"),
    ],
)
def test_the_language_asked_for_counts_before_the_browser_s(
    asked: str, accept: str, language: str
) -> None:
    assert language_of(asked, accept) == language


@given(st.text(max_size=300))
def test_no_header_breaks_it(text: str) -> None:
    assert wants_json(text) in (True, False)
    assert language_of(text, text) in ("zh", "en")
