"""The sealed pool: what is written of it, that a year stays as it was, what a second one tells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.brain.cube.world import SEALER, framed
from tests.brain.disclosure.standings import LEAST, Attacker, in_doubt, possible_beside
from tests.brain.policy.pool_town import DAY, changed, code, town, true_count

from ballast.brain.cube import pool_sealing
from ballast.brain.cube.pool_sealing import POOL_TABLE, PoolSealed, seal_pool, tallied
from ballast.brain.disclosure.census import count, targets
from ballast.brain.disclosure.swaps import withhold
from ballast.brain.policy.pool_shape import Standing
from ballast.brain.policy.pool_survey import Survey
from ballast.brain.policy.reading import laws
from ballast.lake.lake import Lake
from ballast.terms.viewer import PUBLIC

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return a lake in which somebody has stated a fact for policies."""
    made = Lake.create(tmp_path / "home", clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    fact = {"uscc": code(1), "fact": "class1_ip", "as_of": DAY, "value_number": 3.0, "source": "x"}
    made.commit({"enterprise_fact": framed("enterprise_fact", [fact])}, SEALER)
    return made


@pytest.fixture
def surveyed(monkeypatch: pytest.MonkeyPatch) -> list[Survey]:
    """Return what the next survey will find."""
    found = [town(1)]
    monkeypatch.setattr(pool_sealing, "survey", lambda *_: found[0])
    return found


def seal(lake: Lake, name: str, *, anew: bool = False, now: datetime = NOW) -> PoolSealed:
    sealed = seal_pool(lake, SEALER, laws(), now=now, vintage=name, anew=anew)
    assert sealed is not None
    return sealed


def public(lake: Lake, vintage: str) -> pl.DataFrame:
    rows = lake.read(POOL_TABLE, PUBLIC)
    return pl.DataFrame(lake.engine.collect(rows.filter(rows.vintage == vintage)))


def test_a_census_counts_what_the_rows_say() -> None:
    found = town(3)
    tally = tallied(found)
    values = count(tally.census)
    for mark, (scheme, standing, criterion) in enumerate(tally.marks):
        for area, (region, kind, cluster) in enumerate(tally.areas):
            row: dict[str, object] = {
                "scheme": scheme, "standing": standing.value, "criterion": criterion,
                "region": region, "region_kind": kind, "cluster": cluster,
            }  # fmt: skip
            assert values[mark, area] == true_count(found, row)
    assert tally.census.size.sum() == found.rows.height


def test_published_counts_are_true_none_is_of_one_or_two_and_withheld_ones_have_no_number(
    lake: Lake, surveyed: list[Survey]
) -> None:
    sealed = seal(lake, "2026-05.1")
    rows = public(lake, "2026-05.1")
    assert (sealed.published, sealed.suppressed) == (
        rows.filter(pl.col("status") == "published").height,
        rows.filter(pl.col("status") == "suppressed").height,
    )
    assert sealed.suppressed > 5
    assert sealed.published > sealed.suppressed
    for row in rows.iter_rows(named=True):
        true = true_count(surveyed[0], row)
        if row["status"] == "published":
            assert row["enterprises"] == true
            assert true not in (1, 2)
        else:
            assert row["enterprises"] is None
    assert rows["synthetic"].all()
    assert set(rows["day"].to_list()) == {DAY}
    assert rows["made_from"].to_list()[0].startswith("L0000001")


def test_no_row_of_the_sealed_pool_names_an_enterprise(lake: Lake, surveyed: list[Survey]) -> None:
    seal(lake, "2026-05.1")
    told = str(public(lake, "2026-05.1").to_dicts())
    assert not any(uscc in told for uscc in surveyed[0].rows["uscc"])
    assert not any(name in told for name in surveyed[0].rows["name"])


def test_criteria_are_counted_over_the_whole_alone(lake: Lake, surveyed: list[Survey]) -> None:
    seal(lake, "2026-05.1")
    rows = public(lake, "2026-05.1").filter(pl.col("criterion") != "")
    assert rows.height >= 3
    assert set(rows["region"]) == {"371500"}
    assert set(rows["cluster"]) == {""}


def test_a_second_vintage_of_a_year_is_the_first_whatever_has_happened_since(
    lake: Lake, surveyed: list[Survey]
) -> None:
    seal(lake, "2026-05.1")
    one = surveyed[0].rows.filter(pl.col("little_giant") == "near")["uscc"][0]
    surveyed[0] = changed(surveyed[0], one, "little_giant", Standing.ELIGIBLE)
    again = seal(lake, "2026-06.1", now=datetime(2026, 12, 1, tzinfo=UTC))
    assert again.kept
    what = ["scheme", "standing", "criterion", "region", "cluster", "status", "enterprises", "day"]
    first, second = (public(lake, name).select(what) for name in ("2026-05.1", "2026-06.1"))
    assert first.equals(second)


def test_a_withdrawn_vintage_is_known_all_the_same(lake: Lake, surveyed: list[Survey]) -> None:
    first = seal(lake, "2026-05.1")
    before = public(lake, "2026-05.1")
    lake.withdraw(first.load_id, SEALER)
    surveyed[0] = town(2)
    assert seal(lake, "2026-05.2").kept
    own = ["vintage", "load_id"]
    assert public(lake, "2026-05.2").drop(own).equals(before.drop(own))


def test_sealed_anew_a_count_that_changed_by_one_is_withheld_and_stays_in_doubt(
    lake: Lake, surveyed: list[Survey]
) -> None:
    """The difference of the two vintages would be the one enterprise that moved."""
    seal(lake, "2026-05.1")
    before = public(lake, "2026-05.1")
    whole = (
        (pl.col("scheme") == "specialised_sme") & (pl.col("standing") == "eligible")
        & (pl.col("region") == "371500") & (pl.col("cluster") == "")
    )  # fmt: skip
    assert before.filter(whole)["status"].to_list() == ["published"]
    one = surveyed[0].rows.filter(pl.col("specialised_sme") == "far")["uscc"][0]
    surveyed[0] = changed(surveyed[0], one, "specialised_sme", Standing.ELIGIBLE)
    sealed = seal(lake, "2026-05.2", anew=True)
    assert not sealed.kept
    after = public(lake, "2026-05.2")
    assert after.filter(whole)["status"].to_list() == ["suppressed"]
    key = ["scheme", "standing", "criterion", "region", "region_kind", "cluster"]
    both = before.join(after, on=key, suffix="_after")
    told = both.filter(pl.col("status") == "published", pl.col("status_after") == "published")
    assert not ((told["enterprises"] - told["enterprises_after"]).abs().is_in([1, 2])).any()
    kept = both.filter(pl.col("status") == "suppressed")
    assert set(kept["status_after"]) == {"suppressed"}


def test_another_year_is_sealed_by_itself(lake: Lake, surveyed: list[Survey]) -> None:
    seal(lake, "2026-05.1")
    found = town(2)
    surveyed[0] = Survey(
        date(2027, 2, 1), found.rows, found.rungs, found.criteria, found.root, found.clusters,
        found.definition, found.refused, found.synthetic,
    )  # fmt: skip
    assert not seal(lake, "2027-01.1", now=datetime(2027, 2, 1, tzinfo=UTC)).kept
    assert set(public(lake, "2027-01.1")["period"]) == {"2027"}


def test_where_nobody_stated_facts_there_is_no_pool(tmp_path: Path) -> None:
    bare = Lake.create(tmp_path / "home")
    assert seal_pool(bare, SEALER, laws(), now=NOW, vintage="x") is None


@pytest.mark.parametrize("seed", range(6))
def test_every_small_count_of_a_town_can_be_protected_and_little_is_lost(seed: int) -> None:
    census = tallied(town(seed)).census
    found = withhold(census, 3)
    assert found.told == ()
    assert len(targets(census, 3)) > 5
    free = (count(census) >= 3) & census.shown & ~found.sensitive
    assert (found.mask & free).sum() < 0.5 * free.sum()


@pytest.mark.parametrize("seed", range(2))
def test_whoever_counts_in_whole_numbers_finds_no_small_count_of_a_town(seed: int) -> None:
    """He knows who stands in which county and cluster, and which standings can occur together."""
    census = tallied(town(seed, enterprises=250)).census
    found = withhold(census, LEAST)
    attacker = Attacker(census, found.mask, possible=possible_beside(census))
    tried = targets(census, LEAST)
    assert len(tried) > 10
    for target in tried:
        assert in_doubt(census, target, attacker.bounds(target)), target


def test_the_same_attacker_wins_where_small_counts_alone_are_withheld() -> None:
    census = tallied(town(0, enterprises=250)).census
    values = count(census)
    naive = (values > 0) & (values < LEAST)
    attacker = Attacker(census, naive, possible=possible_beside(census))
    exact = [target for target in targets(census, LEAST) if len(set(attacker.bounds(target))) == 1]
    assert len(exact) > 3
