"""The pool: counts and names for analysts, sealed counts for everybody else, nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.brain.cube.world import framed
from tests.brain.enterprise_town import Town, code, rows
from tests.brain.policy.pool_town import COUNTIES, DAY, town, true_count

from ballast.brain.cube import pool_sealing
from ballast.brain.cube.pool_sealing import seal_pool
from ballast.brain.policy import pool as pool_module
from ballast.brain.policy.pool import pool
from ballast.brain.policy.pool_shape import PUBLISHED, PoolBy, Standing
from ballast.brain.policy.pool_survey import Survey, _rungs, survey, units_of
from ballast.brain.policy.reading import Laws, laws
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, operator, viewer_for

ANALYST = viewer_for(Role.ANALYST, "zhao")
OTHERS = (
    PUBLIC,
    viewer_for(Role.ENTERPRISE, "qian", frozenset({"91371500MA0000001X"})),
    viewer_for(Role.OPERATOR, "sun", frozenset({"91371500MA0000001X"}), frozenset({"bearings"})),
    viewer_for(Role.ADMINISTRATOR, "li"),
)
BOTH = (PoolBy.COUNTY, PoolBy.CLUSTER)


@pytest.fixture(scope="module")
def found() -> Survey:
    return town(1)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, found: Survey) -> Iterator[Lake]:
    path = tmp_path_factory.mktemp("pool") / "home"
    made = Lake.create(path, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    fact = {
        "uscc": "91371500MA0000001X", "fact": "class1_ip", "as_of": DAY, "value_number": 3.0,
        "source": "x",
    }  # fmt: skip
    named = [
        {
            "definition": "own", "cluster": cluster, "name_zh": label.zh, "name_en": label.en,
            "traded": True, "industry_scheme": "gbt4754-2017", "industry": "345",
        }
        for cluster, label in found.clusters.items()
    ]  # fmt: skip
    frames = {
        "enterprise_fact": framed("enterprise_fact", [fact]),
        "cluster_definition": framed("cluster_definition", named),
    }
    made.commit(frames, operator("sealer"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool_sealing, "survey", lambda *_: found)
        patch.setattr(pool_module, "survey", lambda *_: found)
        sealed = seal_pool(
            made, operator("sealer"), laws(), now=datetime(2026, 11, 23, tzinfo=UTC), vintage="one"
        )
        assert sealed is not None
        yield made


def test_an_analyst_gets_every_count_and_the_names_behind_it(lake: Lake, found: Survey) -> None:
    told = pool(lake, ANALYST, laws(), DAY, BOTH)
    assert not told.sealed
    for cell in told.cells:
        for standing, counted in cell.counts:
            row: dict[str, object] = {
                "scheme": cell.scheme, "standing": standing.value, "criterion": "",
                "region": cell.region, "region_kind": cell.region_kind, "cluster": cell.cluster,
            }  # fmt: skip
            assert counted.value == true_count(found, row)
            assert not counted.withheld
    near = [one for one in told.candidates if one.standing is Standing.NEAR]
    assert near
    assert all(one.lacks for one in near)
    assert {one.standing for one in told.candidates} == {Standing.ELIGIBLE, Standing.NEAR}
    for lacking in told.lacking:
        mine = [
            one for one in near if (one.scheme, one.lacks) == (lacking.scheme, lacking.criterion)
        ]
        assert lacking.count.value == len(mine)


def test_every_standing_of_a_rung_adds_up_to_everybody(lake: Lake, found: Survey) -> None:
    told = pool(lake, ANALYST, laws(), DAY, (PoolBy.COUNTY,))
    for rung in told.rungs:
        whole, *counties = told.of(rung.scheme)
        assert whole.whole
        assert sum(c.value or 0 for _, c in whole.counts) == found.rows.height
        assert [cell.region for cell in counties] == sorted(COUNTIES)
        for standing in Standing:
            parts = [cell.count(standing) for cell in counties]
            counted = whole.count(standing)
            assert counted is not None
            assert sum(p.value or 0 for p in parts if p is not None) == counted.value


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.name)
def test_everybody_else_gets_sealed_counts_and_no_name(
    lake: Lake, found: Survey, viewer: Viewer
) -> None:
    told = pool(lake, viewer, laws(), DAY, BOTH)
    assert told.sealed
    assert (told.vintage, told.day, told.synthetic) == ("one", DAY, True)
    assert told.candidates == ()
    assert {s for cell in told.cells for s, _ in cell.counts} <= set(PUBLISHED)
    assert {c.value for cell in told.cells for _, c in cell.counts} & {1, 2} == set()
    assert {c.value for c in (one.count for one in told.lacking)} & {1, 2} == set()
    assert any(c.withheld for cell in told.cells for _, c in cell.counts)
    text = repr(told)
    assert not any(uscc in text for uscc in found.rows["uscc"])
    assert told == pool(lake, PUBLIC, laws(), DAY, BOTH)


def test_who_may_not_read_units_never_sets_off_a_count_of_the_facts(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> Survey:
        raise AssertionError("the facts were asked")

    monkeypatch.setattr(pool_module, "survey", forbidden)
    assert pool(lake, PUBLIC, laws(), DAY).sealed


def test_sealed_cells_stand_in_the_order_of_the_ladder_the_whole_first(lake: Lake) -> None:
    told = pool(lake, PUBLIC, laws(), DAY, BOTH)
    assert [rung.scheme for rung in told.rungs] == ["specialised_sme", "little_giant"]
    for rung in told.rungs:
        whole, *rest = told.of(rung.scheme)
        assert whole.whole
        assert (whole.region, whole.cluster) == ("371500", "")
        assert [cell.region for cell in rest[:5]] == sorted(COUNTIES)
        assert [cell.label.zh for cell in rest[5:]] == ["轴承", "铜加工"]
    assert len(pool(lake, PUBLIC, laws(), DAY).cells) == 2
    only = pool(lake, PUBLIC, laws(), DAY, (), ("little_giant",))
    assert {cell.scheme for cell in only.cells} == {"little_giant"}


def test_a_pool_of_later_is_not_told_of_a_day_before_it(lake: Lake) -> None:
    with pytest.raises(NotFound, match="2026-05-01"):
        pool(lake, PUBLIC, laws(), date(2026, 5, 1))
    assert pool(lake, PUBLIC, laws(), date(2027, 5, 1)).day == DAY


def test_an_unknown_scheme_is_named(lake: Lake) -> None:
    with pytest.raises(NotFound, match="little_giants"):
        pool(lake, PUBLIC, laws(), DAY, (), ("little_giants",))


def test_one_criterion_away_counts_a_group_of_which_one_is_enough_as_one() -> None:
    version = next(v for v in laws().law("little_giant").versions if v.id == "2026-2")
    assert version.criterion is not None
    units = [unit.id for unit in units_of(version.criterion)]
    assert "market_share" in units  # one of share and rank
    assert "niche_share" not in units
    assert "no_fraud" in units  # within the common conditions, all of which must be met
    assert "common" not in units
    assert len(units) == len(set(units))


def test_facts_in_the_lake_become_standings(tmp_path: Path) -> None:
    """Four enterprises and the technology SME: held, eligible, one criterion away, far."""
    law = laws()
    small = Laws({key: law.law(key) for key in ("technology_sme", "size_standard")})
    made = Town(count=4)
    base = {"technical_staff": 60.0, "staff": 100.0, "revenue": 5000.0, "assets": 6000.0}
    last = date(2025, 12, 31)
    facts: list[dict[str, object]] = []
    for number in range(1, 5):
        own = base | {"rd": 400.0, "cost": 4000.0}
        if number == 3:
            own["assets"] = 30000.0
        if number == 4:
            own |= {"assets": 30000.0, "revenue": 30000.0, "main_revenue": 1.0}
        facts += [
            {"uscc": code(number), "fact": key, "as_of": last, "year": 2025, "value_number": value,
             "source": "自评"}
            for key, value in own.items()
        ]  # fmt: skip
        facts += [
            {"uscc": code(number), "fact": key, "as_of": last, "value_number": value,
             "source": "自评"}
            for key, value in {"class1_ip": 2.0, "class2_ip": 5.0}.items()
        ]  # fmt: skip
    title = {
        "uscc": code(1), "scheme": "technology_sme", "certificate": "A",
        "awarded": date(2026, 2, 1), "expires": date(2026, 12, 31),
    }  # fmt: skip
    lake = made.load(
        tmp_path / "home",
        enterprise_fact=rows("enterprise_fact", *facts),
        title=rows("title", title),
    )
    told = survey(lake, operator("a"), small, DAY)
    standing = dict(told.rows.select("uscc", "technology_sme").iter_rows())
    assert standing[code(1)] == "holds"
    assert standing[code(2)] == "eligible"
    assert standing[code(3)] == "near"
    assert standing[code(4)] == "far"
    lacks = dict(told.rows.select("uscc", "technology_sme.lacks").iter_rows())
    assert lacks[code(3)] == "assets"


def test_a_law_that_is_not_in_force_is_named_and_leaves_the_others() -> None:
    rungs, refused = _rungs(laws(), ["little_giant", "technology_sme"], date(2020, 6, 1))
    assert [rung.scheme for rung in rungs] == ["technology_sme"]
    assert [scheme for scheme, _ in refused] == ["little_giant"]
    assert "2020-06-01" in refused[0][1].en
