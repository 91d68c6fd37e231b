"""Labels: one name in two languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.terms.label import LANGUAGES, Label


def test_a_label_speaks_both_languages() -> None:
    label = Label("区位商", "location quotient")
    assert [label.text(language) for language in LANGUAGES] == ["区位商", "location quotient"]


def test_a_name_without_english_is_shown_in_chinese() -> None:
    assert Label("东阿县", "").text("en") == "东阿县"


@given(st.text(), st.text(min_size=1))
def test_the_chinese_is_never_replaced(zh: str, en: str) -> None:
    assert Label(zh, en).text("zh") == zh
    assert Label(zh, en).text("en") == en


def test_a_label_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Label("省", "province").zh = "市"  # type: ignore[misc]
