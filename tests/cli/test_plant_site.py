"""A mapping becomes its home's own: once, whole, and none of the one before it lives on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.cli.plant_opening import site_path
from ballast.cli.plant_site import keep_site
from ballast.lake.lake import Lake
from ballast.plant.site import read_site
from ballast.sample.factory.mapping import mapping
from ballast.terms.viewer import operator


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


def keep(lake: Lake, text: str) -> bool:
    return keep_site(lake, read_site(text), text)


def names(lake: Lake, table: str) -> set[str]:
    rows = lake.read(table, operator("test")).to_pyarrow()
    return set(rows[table].to_pylist())


def without_labeller(text: str) -> str:
    parts = text.split("\n[[asset]]\n")
    return "\n[[asset]]\n".join(one for one in parts if "packing/labeller-1" not in one)


def test_file_and_tables_hold_the_mapping(lake: Lake) -> None:
    assert keep(lake, mapping())
    assert site_path(lake.home.path).read_text(encoding="utf-8") == mapping()
    assert names(lake, "tag") == set(read_site(mapping()).tags)
    assert names(lake, "asset") == set(read_site(mapping()).assets)
    (row,) = lake.ledger.live().iter_rows(named=True)
    assert row["provenance"] == "synthetic"


def test_the_same_again_changes_nothing(lake: Lake) -> None:
    keep(lake, mapping())
    before = lake.ledger.rows().height
    assert not keep(lake, mapping())
    assert lake.ledger.rows().height == before


def test_what_is_taken_out_does_not_live_on_and_comes_back(lake: Lake) -> None:
    shorter = without_labeller(mapping())
    # The kinds stand behind the last asset; without it they must still be there.
    if "[[kind]]" not in shorter:
        shorter += mapping()[mapping().index("[[kind]]") :]
    keep(lake, mapping())
    assert keep(lake, shorter)
    assert not any("labeller" in tag for tag in names(lake, "tag"))
    assert len(names(lake, "tag")) == 79
    assert keep(lake, mapping())
    assert len(names(lake, "tag")) == 86
    assert lake.ledger.live().height == 1


def test_a_file_that_was_lost_is_written_again(lake: Lake) -> None:
    keep(lake, mapping())
    site_path(lake.home.path).unlink()
    assert keep(lake, mapping())
    assert site_path(lake.home.path).is_file()
