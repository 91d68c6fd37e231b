"""What a hand may write into a law by mistake is refused with its line, never guessed."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.policy.strict_yaml import LONGEST, read_yaml


def fault(text: str) -> tuple[int | None, str]:
    """Return the only fault of a text."""
    found = read_yaml(text).faults
    assert len(found) == 1, [said.text("en") for _, said in found]
    return found[0][0], found[0][1].text("en")


def test_figures_are_exact_decimals_and_words_are_words() -> None:
    read = read_yaml('a: 63.10\nb: "63"\nc: -3\nd: true\ne: 2026-04-01\nf: 工信部\ng:\nh: [1, 2]')
    assert read.data == {
        "a": Decimal("63.10"),
        "b": "63",
        "c": Decimal(-3),
        "d": True,
        "e": date(2026, 4, 1),
        "f": "工信部",
        "g": None,
        "h": [Decimal(1), Decimal(2)],
    }
    assert read.faults == ()


def test_every_thing_knows_its_line() -> None:
    read = read_yaml("a:\n  - b: 1\n    c: 2\n  - d: 3\n")
    assert read.lines["a", 0, "c"] == 3
    assert read.lines["a", 1, "d"] == 4
    assert read.lines["a", 1] == 4


@pytest.mark.parametrize(
    "written",
    ["012", "1_000", "1,000", "0x1F", "1e4", ".5", "5.", "+3", ".nan", "-.inf", "1.2.3", "9" * 40],
)
def test_a_figure_that_could_be_read_in_two_ways_is_refused(written: str) -> None:
    line, said = fault(f"a: 1\nb: {written}")
    assert line == 2
    assert "plain figure" in said


@pytest.mark.parametrize("written", ["yes", "No", "ON", "off", "y", "True", "FALSE"])
def test_only_true_and_false_are_yes_and_no(written: str) -> None:
    assert "true or false" in fault(f"a: {written}")[1]


def test_a_day_that_never_was_is_refused() -> None:
    assert "no day" in fault("a: 2026-02-30")[1]
    assert "no day" in fault("a: 2026-4-1")[1]


def test_a_second_equal_key_is_refused_and_names_the_first() -> None:
    line, said = fault("a: 1\nb: 2\na: 3")
    assert (line, said) == (3, "“a” stands here and in line 1 already; keep one")
    assert fault("a:\n  b: 1\n  c: 2\n  b: {d: 4}\n")[0] == 4


def test_a_page_of_references_is_refused_before_it_unfolds() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    begun = time.perf_counter()
    found = read_yaml(bomb).faults
    assert time.perf_counter() - begun < 10
    assert "references" in found[0][1].text("en")


def test_a_tag_that_would_make_an_object_is_refused() -> None:
    assert "tags are not read" in fault("a: !!python/object/apply:os.system [ls]")[1]
    assert "tags are not read" in fault("a: !!float 1")[1]


def test_deep_nesting_is_refused_without_recursion() -> None:
    line, said = fault("a: " + "[" * 5000)
    assert line == 1
    assert "nested deeper" in said


def test_a_second_document_is_refused() -> None:
    assert fault("a: 1\n---\nb: 2")[0] == 2


def test_a_list_for_a_name_is_refused() -> None:
    assert "cannot be a name" in read_yaml("? [a, b]\n: 1").faults[0][1].text("en")


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    line, said = fault("a: 1\nb: [1, 2\nc: 3\n")
    assert line in (2, 3)
    assert "not YAML" in said
    assert "not YAML" in fault("a:\n\tb: 1")[1]


def test_a_character_of_no_text_is_named_with_its_line() -> None:
    line, said = fault("a: 1\nb: \x07")
    assert line == 2
    assert "character" in said or "not YAML" in said


def test_a_huge_file_is_refused_unread() -> None:
    assert "no law is longer" in fault("a: 1\n" * LONGEST)[1]


def test_an_empty_file_is_nothing() -> None:
    assert read_yaml("").data is None
    assert read_yaml("# a remark only\n").data is None


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    read_yaml(text)


@settings(deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.decimals(
    min_value=-10**9, max_value=10**9, places=3), max_size=6))  # fmt: skip
def test_what_is_written_plainly_is_read_back(values: dict[str, Decimal]) -> None:
    text = "\n".join(f'"{key}": {value:f}' for key, value in values.items())
    read = read_yaml(text)
    assert read.faults == ()
    assert (read.data or {}) == values


def test_full_width_punctuation_is_hinted_at() -> None:
    assert "full-width" in fault("a: 1\nvalue：5000\nb: 2")[1]
    assert "full-width" in fault("{since: 2026-10-01， value: 6000}")[1]


@pytest.mark.parametrize("text", ["? " * 100_000, "- " * 100_000, "{a: " * 100_000, "[" * 400_000])
def test_no_shape_of_a_text_takes_long(text: str) -> None:
    begun = time.process_time()
    assert read_yaml(text).faults
    assert time.process_time() - begun < 5


def test_half_a_character_is_named() -> None:
    assert fault("a: 1\nb: \ud800") == (
        2, "there is a character here that YAML does not allow; take it out",
    )  # fmt: skip
