"""Vintages of the cube: two together tell no more than each, and one is whole or is not there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.cube.reading import vintages
from ballast.brain.cube.sealing import seal
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.errors import HomeBusy
from ballast.lake.lake import Lake

from .world import (
    NOW,
    SEALER,
    Attacker,
    Enterprise,
    assert_in_doubt,
    frames,
    loaded,
    public,
    region,
    truth,
    withheld,
)

RULES = PrimaryRules()
MONTHS = ("2026-01..02", "2026-03")
SUBJECTS = ("revenue", "exports")


def later(enterprises: list[Enterprise], seed: int) -> list[Enterprise]:
    """Return the region a month later: everybody reports on, and newcomers fill small cells."""
    more = region(seed + 100, enterprises=25, periods=("2026-04",))
    for number, one in enumerate(more):
        one.code = f"91371500MB{number:07d}X"
    for one in enterprises:
        if len(one.places) == 1:
            one.amounts["2026-04"] = {k: v * 1.02 for k, v in one.amounts[MONTHS[-1]].items()}
    # Of the months before, late reports: small cells of them are small no longer.
    for one in more[:15]:
        one.amounts = {period: dict(one.amounts["2026-04"]) for period in (*MONTHS, "2026-04")}
    return [*enterprises, *more]


def two_vintages(path: Path, seed: int) -> tuple[list[Enterprise], list[Enterprise], Lake]:
    first = region(seed, periods=MONTHS)
    lake = loaded(path, first)
    seal(lake, SEALER, now=NOW, rules=RULES)
    second = later(region(seed, periods=MONTHS), seed)
    lake.commit(frames(second), SEALER)
    seal(lake, SEALER, now=NOW.replace(month=9), rules=RULES)
    return first, second, lake


def test_two_vintages_together_tell_no_more_than_each(tmp_path: Path) -> None:
    """Late reports of the months before do not enter: the difference would be who reported late."""
    first, second, lake = two_vintages(tmp_path / "home", 1)
    rows = public(lake)
    assert sorted(rows["vintage"].unique()) == ["2026-03.1", "2026-04.1"]
    old, new = (rows.filter(pl.col("vintage") == name) for name in ("2026-03.1", "2026-04.1"))
    key = ["indicator", "region", "region_kind", "industry", "cluster", "period"]
    both = old.join(new, on=key, suffix="_new")
    assert both.height == old.height
    assert both.filter(
        pl.col("status") != "published", pl.col("status_new") == "published"
    ).is_empty()
    told = both.filter(pl.col("status_new") == "published")
    assert told["numerator"].to_list() == told["numerator_new"].to_list()
    known = {one.code for one in first}
    late = [one for one in second if one.code not in known]
    for one in late:  # of the second vintage they are in the newest month alone
        one.amounts = {"2026-04": one.amounts["2026-04"]}
    attacker = Attacker(second, rows, ("revenue",))
    tried = 0
    for row in withheld(new, "revenue")[::2]:
        value, is_sensitive = truth(second, "revenue", row)
        if is_sensitive and value > 0:
            assert_in_doubt(attacker, "revenue", row, value)
            tried += 1
    assert tried > 20


def test_two_vintages_that_know_nothing_of_each_other_would_tell(tmp_path: Path) -> None:
    """So that the test above can fail: sealed apart, they open cells that each withholds."""
    first = region(1, periods=MONTHS)
    second = later(region(1, periods=MONTHS), 1)
    alone = []
    for number, enterprises in enumerate((first, second)):
        lake = loaded(tmp_path / str(number), enterprises)
        seal(lake, SEALER, now=NOW, rules=RULES)
        rows = public(lake).filter(pl.col("period") == MONTHS[0], pl.col("indicator") == "revenue")
        alone.append(rows.with_columns(pl.lit(str(number)).alias("vintage")))
    members = {"0": {one.code for one in first}, "1": {one.code for one in second}}
    attacker = Attacker(second, pl.concat(alone), ("revenue",), of=members)
    opened = 0
    for row in withheld(alone[1], "revenue"):
        value, is_sensitive = truth(second, "revenue", row)
        if is_sensitive and value > 0:
            least, greatest = attacker.bounds("revenue", row)
            opened += greatest - least < 0.01 * value
    assert opened > 0


def sealing(home: Path, step: str) -> subprocess.Popen[str]:
    program = Path(__file__).with_name("seal_and_die.py")
    return subprocess.Popen(
        [sys.executable, str(program), str(home), step], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    "step", ["before the sync of indicator_value", "after the rows of indicator_value"]
)
def test_a_sealing_that_is_killed_leaves_the_vintage_before_it(tmp_path: Path, step: str) -> None:
    few = region(1, enterprises=25, periods=MONTHS[:1])
    lake = loaded(tmp_path / "home", few)
    seal(lake, SEALER, now=NOW)
    before = public(lake)
    with sealing(tmp_path / "home", step) as process:
        assert process.wait(60) == -signal.SIGKILL
    after = Lake.open(tmp_path / "home")
    assert [each.name for each in vintages(after)] == ["2026-01..02.1"]
    assert public(after).sort(pl.all()).equals(before.sort(pl.all()))
    assert set(after.unfinished_rows()) == {"indicator_value"}
    seal(after, SEALER, now=NOW)
    assert [each.name for each in vintages(after)] == ["2026-01..02.1", "2026-01..02.2"]


def test_of_two_sealers_at_once_the_second_is_refused(tmp_path: Path) -> None:
    lake = loaded(tmp_path / "home", region(1, enterprises=25, periods=MONTHS[:1]))
    with sealing(tmp_path / "home", "hold") as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            with pytest.raises(HomeBusy, match="another process seals"):
                seal(lake, SEALER, now=NOW)
        finally:
            process.kill()
    assert seal(lake, SEALER, now=NOW).rows > 0
