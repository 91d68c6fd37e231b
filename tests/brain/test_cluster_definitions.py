"""What clusters are defined as is open; what the definition says of enterprises is not read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from tests.brain.cluster_town import HOSTILE, settle

from ballast.brain.cluster_definitions import defined_clusters
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC


def test_industries_and_places_are_there_and_leading_enterprises_are_not(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    assert defined_clusters(lake, PUBLIC, "371500").name is None
    settle(lake)
    found = defined_clusters(lake, PUBLIC, "371500")
    assert found.name == "own"
    assert [each.key for each in found.clusters] == ["bearings", "copper"]
    bearings = found.find("bearings")
    assert bearings is not None
    assert [each.code for each in bearings.industries] == ["3393", "345"]
    assert bearings.place is not None
    assert bearings.place.place == "371581"
    assert found.find("nothing") is None
    assert HOSTILE not in str([asdict(each) for each in found.clusters])
