"""What a real sealing says to peers: of when it is, and whose sums it publishes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.brain.enterprise_town import CITY, ME, Town, analyst, code, owner

from ballast.brain.cube.sealing import seal
from ballast.brain.enterprise_profile import profile
from ballast.brain.enterprise_sealing import sealing
from ballast.terms.viewer import Viewer


def test_a_vintage_says_of_when_it_is_and_which_sums_it_publishes(tmp_path: Path) -> None:
    town = Town(count=22)
    for n in (21, 22):
        town.register[n - 1]["industry"] = "1310"  # two mills: too few for a cell
    lake = town.load(tmp_path / "home")
    assert sealing(lake, CITY, 2025) is None
    loaded = lake.ledger.rows()["at"].max()
    seal(lake, ME, now=lake.clock(), years=(2025,))
    found = sealing(lake, CITY, 2025)
    assert found is not None
    assert found.as_of == loaded
    assert found.published
    assert found.published.isdisjoint({"13", "131"})
    assert sealing(lake, CITY, 2024) == replace(found, published=frozenset())  # not sealed
    town.reports[5, "2025-03"]["revenue_1e4_cny"] = Decimal(99999)
    town.load(tmp_path / "home", lake=lake)
    assert sealing(lake, CITY, 2025) == found  # until the next one

    def revenue(viewer: Viewer) -> list[float | None]:
        shown = profile(
            lake, viewer, code(5), region=CITY, today=lake.clock().date()
        ).position.measures
        return [q.value for one in shown if one.key == "revenue" for q in one.quantiles]

    # The city's 345 stands beside two withheld mills, so it may be withheld for their sake.
    assert (revenue(owner(5)) == [None] * 3) == ("345" not in found.published)
    assert None not in revenue(analyst())
