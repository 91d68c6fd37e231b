"""Anomalies of recordings and of tags of the lake, told as people read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from tests.plant.reports.plant_lake import VIEWER, at, tell

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.collect.recording import Recording, read_recording
from ballast.plant.reports.detecting import Asked, Method, detect, detect_in_tags
from ballast.plant.reports.tag_rows import tags_as_recording
from ballast.plant.reports.window import Window

START = 1_795_420_800_000


def recording(tags: int = 3, rows: int = 900) -> Recording:
    """Return a recording of which the second tag is off by five deviations in rows 600 to 699."""
    values = np.random.default_rng(5).normal(size=(rows, tags))
    values[600:700, min(1, tags - 1)] += 5.0
    labels = np.zeros(rows, dtype=np.bool_)
    labels[600:700] = True
    times = START + np.arange(rows, dtype=np.int64) * 1000
    return Recording("press.csv", tuple("abcdefgh"[:tags]), times, values, labels)


def test_an_episode_has_its_time_its_height_and_the_tag_that_makes_it() -> None:
    report = detect([recording()])
    one = report.detected[0]
    assert one.method is Method.PCA
    assert len(one.findings.severity) == 500
    long = max(one.episodes, key=lambda episode: episode.last - episode.first)
    assert 600 <= long.first <= 610
    assert 690 <= long.last <= 715
    assert long.start == START + long.first * 1000
    assert long.severity > 2.0
    assert long.tags[0][0] == "b"
    assert sum(share for _, share in long.tags) == pytest.approx(1.0)


def test_labels_are_compared_and_never_learnt_from() -> None:
    one = recording()
    assert one.labels is not None
    wrong = replace(one, labels=~one.labels)
    found, other = detect([one]), detect([wrong])
    assert (
        found.detected[0].findings.severity.tobytes()
        == other.detected[0].findings.severity.tobytes()
    )
    assert found.agreement is not None
    assert found.agreement.f1 is not None
    assert found.agreement.f1 > 0.85
    assert other.agreement is not None
    assert other.agreement.true_alarms == found.agreement.false_alarms
    assert found.always is not None
    assert found.always.f1 == pytest.approx(2 * 0.2 / 1.2)


def test_one_tag_is_judged_by_distance_and_several_by_components_unless_asked_otherwise() -> None:
    one = recording(tags=1)
    assert detect([one]).detected[0].method is Method.DISTANCE
    assert detect([one], Asked(method=Method.PCA)).detected[0].method is Method.PCA
    with pytest.raises(Refused, match=r"press.csv cannot be judged: distance judges one tag"):
        detect([recording()], Asked(method=Method.DISTANCE))


def test_windows_are_hit_or_not() -> None:
    windows = [(START + 600_000, START + 700_000), (START + 800_000, START + 850_000)]
    hits = detect([recording()], windows=windows).detected[0].hits
    assert hits is not None
    assert hits.windows[0] is not None
    assert hits.windows[0] > 80
    assert hits.hit >= 1


@pytest.mark.parametrize("train", [0, 900, 5000])
def test_rows_must_be_left_to_be_judged(train: int) -> None:
    with pytest.raises(Refused, match="leave rows to be judged"):
        detect([recording()], Asked(train=train))


def test_why_a_recording_cannot_be_judged_is_said_with_its_name_in_both_languages() -> None:
    with pytest.raises(Refused) as caught:
        detect([replace(recording(), values=np.ones((900, 3)))])
    assert str(caught.value).startswith("press.csv cannot be judged: none of 3 tags can be judged")


def at_two_steps(lake: Lake) -> Window:
    """Tell two tags, one every second and one every other second, with a hole and a bad value."""
    rng = np.random.default_rng(3)
    fast = [(START + 1000 * n, float(rng.normal())) for n in range(1200)]
    slow = [(START + 2000 * n + 300, 5.0 + float(rng.normal())) for n in range(600)]
    fast = [(ms, value + 8.0 * (900 <= (ms - START) / 1000 < 1000)) for ms, value in fast]
    tell(
        lake,
        {"m/fast": fast, "m/slow": slow[:300] + slow[330:]},
        quality={("m/fast", START + 1000 * 50): 0},
    )
    return Window(at(START), at(START + 1_200_000), UTC)


def test_tags_of_the_lake_are_rows_on_the_clock_of_the_slowest(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    window = at_two_steps(lake)
    found = tags_as_recording(lake, VIEWER, ["m/fast", "m/slow"], window)
    assert found.name == "m"
    assert tags_as_recording(lake, VIEWER, ["m/fast"], window).name == "m/fast"
    assert found.times[0] == START + 300
    assert set(np.diff(found.times)) == {2000}
    # At the 26th row, 50.3 s in, the last value of the fast tag is not vouched for.
    assert np.isnan(found.values[25, 0])
    assert np.isfinite(found.values[24, 0])
    # The slow tag is silent for 60 s; for ten of its steps its last value still counts.
    missing = np.flatnonzero(np.isnan(found.values[:, 1]))
    assert missing.tolist() == [*range(310, 330)]


def test_an_anomaly_of_tags_of_the_lake_is_found(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    window = at_two_steps(lake)
    one = detect_in_tags(lake, VIEWER, ["m/fast", "m/slow"], window, Asked(train=250)).detected[0]
    long = max(one.episodes, key=lambda episode: episode.last - episode.first)
    assert long.tags[0][0] == "m/fast"
    assert abs(long.start - (START + 900_000)) < 30_000
    assert one.findings.unknown > 0  # while the slow tag was silent


def test_tags_without_samples_are_told_with_where_to_look(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "home")
    window = at_two_steps(lake)
    with pytest.raises(Refused, match="m/none: there are 0 samples"):
        detect_in_tags(lake, VIEWER, ["m/none"], window)
    with pytest.raises(Refused, match="each once"):
        detect_in_tags(lake, VIEWER, ["m/fast", "m/fast"], window)


def test_the_valve_recordings_reach_what_is_claimed_of_them(shared_data: Path) -> None:
    """SKAB, valve 1: trained on the first 400 rows of each file; counts of all files together.

    The settings were chosen with the labels of the files of even number in view.
    """
    folder = shared_data / "telemetry" / "skab_valve1"
    files = sorted(folder.glob("*.csv"), key=lambda path: int(path.stem))
    found = detect(
        [read_recording(path, label="anomaly", without=("changepoint",)) for path in files]
    )
    assert len(files) == 16
    assert found.agreement is not None
    assert found.agreement.f1 == pytest.approx(0.836, abs=0.002)
    assert found.agreement.false_alarm_rate == pytest.approx(0.126, abs=0.002)
    assert found.agreement.missed_alarm_rate == pytest.approx(0.203, abs=0.002)
    assert found.always is not None
    assert found.always.f1 == pytest.approx(0.698, abs=0.001)
