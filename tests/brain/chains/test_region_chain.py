from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.brain.chains.region import (
    BEARINGS,
    CITY,
    COUNTY,
    ME,
    OTHER_CITY,
    RINGS,
    STEEL,
    Firm,
    definition,
    employment,
    load,
)

from ballast.brain.chains.links import ChainLink, LinkRules, LinkStatus
from ballast.brain.chains.region_chain import (
    RegionChain,
    loaded_chains,
    region_chain,
    region_chains,
    whole_years,
)
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, viewer_for

MANY = [Firm(n, STEEL) for n in range(6)] + [Firm(n, BEARINGS) for n in range(10, 14)]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake that tests leave as it is: steel, bearings, two makers of rings."""
    lake = Lake.create(tmp_path_factory.mktemp("settled") / "home")
    load(lake, [*MANY, Firm(20, RINGS), Firm(21, RINGS)], synthetic=True)
    return lake


def asked(lake: Lake, viewer: Viewer = ME, region: str = CITY) -> RegionChain:
    return region_chain(lake, viewer, "bearings", region=region)


def statuses(found: RegionChain) -> dict[str, LinkStatus]:
    return {link.stage.key: link.status for link in found.links}


def test_a_chain_in_a_region_says_what_is_strong_what_is_there_and_what_is_missing(
    lake: Lake,
) -> None:
    load(lake, [*MANY, Firm(20, RINGS)])
    found = asked(lake)
    assert statuses(found) == {
        "steel": LinkStatus.STRONG,
        "rings": LinkStatus.WEAK,
        "balls": LinkStatus.MISSING,
        "bearings": LinkStatus.PRESENT,
    }
    steel = found.link("steel")
    assert (steel.enterprises, steel.above_scale) == (6, 6)
    assert steel.revenue_1e4_cny == 600
    assert found.year == 2025
    assert found.depends is not None
    assert {s.uscc for s in found.depends.suppliers} == {f.uscc for f in MANY[:6]}


def test_an_enterprise_in_two_classes_of_a_stage_stands_on_it_once(lake: Lake) -> None:
    load(lake, [Firm(1, STEEL, others="3120:0.4")])
    [firm] = asked(lake).link("steel").firms
    assert firm.weight == pytest.approx(1.0)
    assert firm.revenue_1e4_cny == 100


def test_an_enterprise_on_two_stages_is_divided_and_never_doubled(lake: Lake) -> None:
    load(lake, [Firm(1, STEEL, others="3451:0.25;2929:0.25")])
    found = asked(lake)
    parts = [found.link(stage).revenue_1e4_cny for stage in ("steel", "bearings")]
    assert parts == [Decimal(50), Decimal(25)]


def test_months_and_a_year_of_one_enterprise_are_not_added(lake: Lake) -> None:
    """The year, its months and a year to date are the same money; the year covers most."""
    load(lake, [Firm(1, STEEL, periods=("2025", "2025-12", "2025-12ytd", "2025-01..02"))])
    assert asked(lake).link("steel").revenue_1e4_cny == 100


def test_the_scope_at_the_end_of_the_year_counts(lake: Lake) -> None:
    firm = Firm(1, STEEL, periods=("2025-11",), above=True)
    load(lake, [firm])
    load_more = replace(firm, periods=("2025-12",), above=False)
    load(lake, [load_more])
    found = asked(lake).link("steel")
    assert (found.enterprises, found.above_scale) == (1, 0)


def test_who_closed_lies_elsewhere_or_makes_something_else_is_not_on_the_stage(lake: Lake) -> None:
    load(
        lake,
        [
            Firm(1, STEEL, closed=date(2025, 12, 31)),
            Firm(2, STEEL, closed=date(2026, 1, 1)),
            Firm(3, STEEL, region=OTHER_CITY),
            Firm(4, "2929"),
        ],
    )
    assert [firm.uscc for firm in asked(lake).link("steel").firms] == [Firm(2, STEEL).uscc]


def test_a_zone_counts_what_lies_in_it(lake: Lake) -> None:
    load(lake, [Firm(1, STEEL, zone="371500-KFQ"), Firm(2, STEEL)])
    assert asked(lake, region="371500-KFQ").link("steel").enterprises == 1
    assert asked(lake, region=COUNTY).link("steel").enterprises == 2


def test_the_quotient_is_that_of_the_groups_the_classes_lie_in(lake: Lake) -> None:
    """LQ of steel: (30/100) / (100/1000) = 3; of bearings: (10/100) / (200/1000) = 0.5."""
    load(lake, MANY)
    employment(
        lake,
        [
            (CITY, "313", 10), (CITY, "312", 20), (CITY, "345", 10), (CITY, "171", 60),
            ("000000", "313", 60), ("000000", "312", 40), ("000000", "345", 200),
            ("000000", "171", 700),
        ],
    )  # fmt: skip
    found = asked(lake)
    assert found.link("steel").quotient == pytest.approx(3.0)
    assert found.link("steel").status is LinkStatus.STRONG
    assert found.link("bearings").quotient == pytest.approx(0.5)
    assert found.link("bearings").status is LinkStatus.WEAK
    assert found.link("balls").quotient is None


def test_a_stage_in_a_classification_of_another_country_is_not_known_and_not_missing(
    lake: Lake,
) -> None:
    load(lake, MANY)
    foreign = definition(industry_scheme="naics-2017", chain="planes")
    lake.commit({"chain_definition": foreign}, ME)
    found = region_chain(lake, ME, "planes", region=CITY)
    assert {link.status for link in found.links} == {LinkStatus.UNKNOWN}
    assert {link.quotient for link in found.links} == {None}


def test_persons_that_are_not_known_make_no_quotient(lake: Lake) -> None:
    load(lake, MANY)
    employment(lake, [(CITY, "313", None), (CITY, "171", 60), ("000000", "171", 700)])
    assert asked(lake).link("steel").quotient is None
    assert asked(lake).link("steel").status is LinkStatus.STRONG


def test_a_register_without_a_whole_year_says_so_and_judges_nothing(lake: Lake) -> None:
    load(lake, [Firm(1, STEEL, periods=("2025-03",))])
    found = asked(lake)
    assert found.year is None
    assert set(statuses(found).values()) == {LinkStatus.UNKNOWN}
    assert "no year" in found.links[0].reasons[0].text("en")


def test_a_lake_without_a_register_misses_nothing_it_knows_nothing(lake: Lake) -> None:
    load(lake, [])
    for viewer in (ME, PUBLIC):
        assert set(statuses(asked(lake, viewer)).values()) == {LinkStatus.UNKNOWN}
    load(lake, [Firm(1, STEEL, region=OTHER_CITY)])
    assert set(statuses(asked(lake)).values()) == {LinkStatus.UNKNOWN}


def test_without_chains_there_are_none_and_a_name_is_answered_with_those_there_are(
    lake: Lake,
) -> None:
    assert region_chains(lake, ME, region=CITY) == ()
    with pytest.raises(NotFound, match="loaded are: –"):
        asked(lake)
    load(lake, MANY)
    assert [chain.key for chain in loaded_chains(lake).chains] == ["bearings"]
    with pytest.raises(NotFound, match="loaded are: bearings"):
        region_chain(lake, ME, "valves", region=CITY)
    assert region_chain(lake, ME, "轴承", region=CITY).chain.key == "bearings"


def test_a_year_that_nobody_reported_wholly_is_refused_with_those_that_are(lake: Lake) -> None:
    load(lake, [Firm(1, STEEL, periods=("2024", "2025-12", "2026-03"))])
    assert whole_years(lake, ME) == (2024, 2025)
    with pytest.raises(NotFound, match="2024, 2025"):
        region_chain(lake, ME, "bearings", region=CITY, year=2026)
    assert region_chain(lake, ME, "bearings", region=CITY, year=2024).year == 2024


def blank(link: ChainLink) -> ChainLink:
    return ChainLink(link.stage, link.status)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ANALYST])
def test_without_unit_rights_nothing_but_statuses_goes_out(settled: Lake, role: Role) -> None:
    found = asked(settled, viewer_for(role, "x"))
    assert found.restricted
    assert found.depends is None
    assert list(found.links) == [blank(link) for link in found.links]
    assert statuses(found) == {
        "steel": LinkStatus.STRONG,
        "rings": LinkStatus.SUPPRESSED,  # two
        "balls": LinkStatus.SUPPRESSED,  # none: not told apart from one or two
        "bearings": LinkStatus.PRESENT,
    }


def test_an_enterprise_finds_itself_and_nobody_else(settled: Lake) -> None:
    mine = Firm(20, RINGS).uscc
    found = asked(settled, viewer_for(Role.ENTERPRISE, "owner", frozenset({mine})))
    seen = [firm.uscc for link in found.links for firm in link.firms]
    assert seen == [mine]
    assert found.link("rings").firms[0].revenue_1e4_cny == 100
    assert found.link("rings") == replace(
        blank(found.link("rings")), firms=found.link("rings").firms
    )


def test_other_cuts_are_refused_to_those_who_could_subtract_them(settled: Lake) -> None:
    for region in (COUNTY, "371500-KFQ", "370000", "000000"):
        with pytest.raises(NotPermitted, match="whole cities"):
            region_chains(settled, PUBLIC, region=region)
    with pytest.raises(NotPermitted):
        region_chains(settled, PUBLIC, region=CITY, year=2025)
    with pytest.raises(NotPermitted):
        region_chains(settled, PUBLIC, region=CITY, rules=LinkRules(few=1, many=1))


def test_a_status_for_all_does_not_move_with_an_enterprise_s_revenue(lake: Lake) -> None:
    """Up to the bound of dominance, who is how large changes nothing that is told."""
    load(lake, MANY)
    before = statuses(asked(lake, PUBLIC))
    load(lake, [replace(MANY[0], revenue="2000")])  # 2000 of 2500: 80 %
    assert statuses(asked(lake, PUBLIC)) == before
    load(lake, [replace(MANY[0], revenue="9000")])  # 9000 of 9500: nearly all of it
    assert statuses(asked(lake, PUBLIC))["steel"] is LinkStatus.SUPPRESSED


def test_what_rests_on_synthetic_loads_says_so_to_everybody(settled: Lake) -> None:
    assert asked(settled).synthetic
    assert asked(settled, PUBLIC).synthetic
