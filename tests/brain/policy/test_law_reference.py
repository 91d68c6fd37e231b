"""The pages of the law say what the files say: every figure, every article, every mark."""

from __future__ import annotations

import pytest

from ballast.brain.policy.engine_wording import value_of
from ballast.brain.policy.law_reference import index_page, law_page
from ballast.brain.policy.law_rules import places
from ballast.brain.policy.lint import unconfirmed
from ballast.brain.policy.reading import laws


@pytest.mark.parametrize("scheme", laws().schemes)
def test_every_figure_stands_on_the_page_with_its_day_and_article(scheme: str) -> None:
    law = laws().law(scheme)
    page = law_page(law)
    for version in law.versions:
        for parameter in version.parameters.values():
            for dated in parameter.values:
                rows = [row for row in page.splitlines() if parameter.label.zh in row]
                shown = value_of(dated.value, parameter.unit).zh
                assert any(
                    shown in row and str(dated.since) in row and dated.article in row
                    for row in rows
                ), parameter.label.zh


@pytest.mark.parametrize("scheme", laws().schemes)
def test_every_rule_and_item_stands_on_the_page(scheme: str) -> None:
    law = laws().law(scheme)
    page = law_page(law)
    for version in law.versions:
        for _, inside in places(version):
            if hasattr(inside, "label") and hasattr(inside, "article"):
                assert inside.label.zh in page
                assert inside.article in page
            if getattr(inside, "note", None) is not None:
                assert inside.note.zh in page  # type: ignore[attr-defined]


def test_what_is_not_confirmed_is_marked_on_the_pages() -> None:
    index = index_page(laws())
    assert f"({len(unconfirmed(laws()))})" in index
    for one in unconfirmed(laws()):
        assert one.what.zh in index
    for scheme in laws().schemes:
        assert "未核实 unconfirmed" in law_page(laws().law(scheme))


def test_a_table_has_as_many_cells_in_every_row() -> None:
    for page in (index_page(laws()), *(law_page(law) for law in laws().by_scheme.values())):
        width = None
        for line in page.splitlines():
            if not line.startswith("|"):
                width = None
                continue
            cells = line.count("|")
            assert width in (None, cells), line
            width = cells
