"""What anyone may see of a region's picture: published figures, and none of enterprises."""

from __future__ import annotations

from pathlib import Path

from tests.brain.test_picture import ME, THREE, TODAY, A, register, report, reports

from ballast.brain.picture_public import public_picture
from ballast.lake.lake import Lake


def test_a_public_picture_holds_no_figure_of_units(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    lake.commit(
        {"enterprise": register(THREE), "enterprise_period": reports([report(A, "2026-03", 1)])},
        ME,
        provenance="synthetic",
    )
    found = public_picture(lake, "371500", today=TODAY)
    for told in (found.indicators, found.divisions, found.clusters, found.places):
        assert len(told) == 0
    assert found.upgrade is None
