"""The place among peers: by hand in a small town, and told so that it tells of none of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.brain.enterprise_town import CITY, OUTSIDER, PERIODS_2025, Town, analyst, code, owner

from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.enterprise_peers import MEASURES, position
from ballast.brain.enterprise_sealing import Sealing
from ballast.brain.enterprise_shape import PeerMeasure, Position
from ballast.brain.names import names
from ballast.lake.lake import Lake
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, viewer_for

SEALED = Sealing(datetime(2999, 1, 1, tzinfo=UTC), frozenset({"", "34", "345"}))
"""A vintage of all that stands, which publishes every sum."""


def placed(
    lake: Lake,
    n: int,
    viewer: Viewer | None = None,
    year: int | None = 2025,
    sealed: Sealing | None = SEALED,
    rules: PrimaryRules | None = None,
) -> Position:
    viewer = viewer or owner(n)
    return position(
        lake, viewer, code(n), year=year, region=CITY, called=names(lake, viewer),
        rules=rules or PrimaryRules(), sealed=sealed,
    )  # fmt: skip


def measure(found: Position, key: str) -> PeerMeasure:
    return next(one for one in found.measures if one.key == key)


def shown(found: Position, key: str) -> list[float | None]:
    return [one.value for one in measure(found, key).quantiles]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Town().load(tmp_path_factory.mktemp("town") / "home")


def test_the_quarters_are_those_of_the_town_by_hand(lake: Lake) -> None:
    found = placed(lake, 9)
    # Revenue of the year is 1200 n; the windows of 24 are n = 4…8, 10…14, 16…20.
    assert shown(found, "revenue") == [7200.0, 14000.0, 22000.0]
    assert shown(found, "margin") == [6.0, 12.0, 18.0]
    own = measure(found, "revenue")
    assert (own.own, own.quarter) == (10_800.0, 2)
    assert measure(found, "productivity").own == pytest.approx(120)  # 10 800 over 90 persons


def test_the_set_is_named_and_its_size_is_no_count(lake: Lake) -> None:
    peers = placed(lake, 9).peers
    assert peers is not None
    assert (peers.level, peers.industry, str(peers.year)) == ("group", "345", "2025")
    assert "345 " in peers.label.zh
    assert "规上" in peers.label.zh
    assert (peers.members, peers.exact) == (20, False)


def test_places_in_figures_are_for_those_who_may_read_every_peer(lake: Lake) -> None:
    assert {(one.rank, one.of) for one in placed(lake, 9).measures} == {(None, None)}
    found = placed(lake, 9, analyst())
    assert (measure(found, "revenue").rank, measure(found, "revenue").of) == (16, 24)
    assert found.peers is not None
    assert (found.peers.members, found.peers.exact) == (24, True)


def test_every_asker_is_shown_the_same_quantiles(lake: Lake) -> None:
    """Were the asker left out, two of them could compare and take one enterprise out."""
    each = [
        {one.key: shown(found, one.key) for one in MEASURES}
        for found in (
            placed(lake, 1),
            placed(lake, 12),
            placed(lake, 24),
            placed(lake, 3, analyst()),
        )
    ]
    assert all(one == each[0] for one in each)


def test_changing_one_enterprise_says_nothing_of_it_to_another(tmp_path: Path) -> None:
    """Whatever the largest reports, the others' pages stay as they are."""
    town = Town()
    before = placed(town.load(tmp_path / "a"), 5)
    for period in PERIODS_2025:
        town.reports[24, period]["revenue_1e4_cny"] *= 1000
    after = placed(town.load(tmp_path / "b"), 5)
    assert shown(after, "revenue") == shown(before, "revenue")


def test_an_operator_who_sees_most_of_them_is_not_shown_the_rest(lake: Lake) -> None:
    known = frozenset(code(n) for n in range(1, 25) if n not in (12, 18))
    operator = viewer_for(Role.OPERATOR, "operator", known)
    found = placed(lake, 3, operator)
    assert shown(found, "revenue") == [7200.0, None, None]
    assert measure(found, "revenue").quarter is None
    why = measure(found, "revenue").quantiles[1].why
    assert why is not None
    assert "already" in why.text("en")


def test_a_group_that_is_too_small_gives_way_to_its_division(tmp_path: Path) -> None:
    town = Town()
    for row in town.register[:5]:
        row["industry"] = "3443"
    lake = town.load(tmp_path / "home")
    peers = placed(lake, 2).peers
    assert peers is not None
    assert peers == placed(lake, 9).peers  # 19 are left in 345
    assert (peers.level, peers.industry) == ("division", "34")


def test_of_an_industry_whose_sum_is_not_published_no_amount_is_bounded(lake: Lake) -> None:
    hidden = replace(SEALED, published=frozenset({"", "34"}))
    found = placed(lake, 9, sealed=hidden)
    assert shown(found, "revenue") == [None] * 3
    assert measure(found, "revenue").quarter is None
    why = measure(found, "revenue").quantiles[0].why
    assert why is not None
    assert "sealed cube" in why.text("en")
    assert shown(found, "margin") == [6.0, 12.0, 18.0]  # a ratio bounds no sum
    assert shown(placed(lake, 9, analyst(), sealed=hidden), "revenue")[0] == 7200.0


def test_without_a_sealing_only_who_reads_all_units_is_told(lake: Lake) -> None:
    found = placed(lake, 9, sealed=None)
    assert found.peers is None
    assert found.why is not None
    assert "sealed" in found.why.text("en")
    assert placed(lake, 9, analyst(), sealed=None).peers is not None


def test_what_came_in_after_the_sealing_moves_nothing(tmp_path: Path) -> None:
    """Else two looks, one before and one after, would tell what came in."""
    town = Town()
    lake = town.load(tmp_path / "home")
    sealed = replace(SEALED, as_of=lake.clock())
    before = placed(lake, 5, sealed=sealed)
    for n in (10, 11, 12):
        for period in PERIODS_2025:
            town.reports[n, period]["revenue_1e4_cny"] *= 50
    town.load(tmp_path / "home", lake=lake)
    assert placed(lake, 5, sealed=sealed).measures == before.measures
    assert placed(lake, 5).measures != before.measures
    now = placed(lake, 5, analyst(), sealed=sealed)  # who may read them all reads them as they are
    assert shown(now, "revenue") == shown(placed(lake, 5), "revenue")


def test_all_of_industry_stands_in_where_a_division_is_too_small(tmp_path: Path) -> None:
    town = Town()
    town.register[0]["industry"] = "1310"
    peers = placed(town.load(tmp_path / "home"), 1).peers
    assert peers is not None
    assert (peers.level, peers.industry) == ("all", "")


def test_a_town_of_nineteen_shows_nothing(tmp_path: Path) -> None:
    found = placed(Town(count=19).load(tmp_path / "home"), 3)
    assert found.peers is None
    assert found.measures == ()
    assert found.why is not None
    assert "fewer than 20" in found.why.text("en")


def test_who_left_out_a_month_is_in_no_year(tmp_path: Path) -> None:
    town = Town(count=25)
    del town.reports[7, "2025-06"]
    lake = town.load(tmp_path / "home")
    for viewer, said in (
        (analyst(), "did not report the whole of 2025"),
        (owner(7), "does not hold the whole of 2025 of it"),
    ):
        found = placed(lake, 7, viewer)
        assert found.why is not None
        assert said in found.why.text("en")
    peers = placed(lake, 8, analyst()).peers
    assert peers is not None
    assert peers.members == 24


def test_who_is_below_scale_is_compared_with_those_below_scale(tmp_path: Path) -> None:
    town = Town(count=45)
    for (n, _), row in town.reports.items():
        row["above_scale"] = n > 22
    lake = town.load(tmp_path / "home")
    below, above = placed(lake, 3, analyst()).peers, placed(lake, 30, analyst()).peers
    assert below is not None
    assert above is not None
    assert (below.members, above.members) == (22, 23)
    assert "规下" in below.label.zh


def test_enterprises_elsewhere_are_no_peers(tmp_path: Path) -> None:
    town = Town()
    town.register.append(town.entry(1, uscc=OUTSIDER, region="370800"))
    for period in PERIODS_2025:
        town.reports[99, period] = town.report(1, period, uscc=OUTSIDER)
    lake = town.load(tmp_path / "home")
    peers = placed(lake, 3, analyst()).peers
    assert peers is not None
    assert peers.members == 24
    found = position(
        lake, analyst(), OUTSIDER, year=2025, region=CITY, called=names(lake, analyst()),
        rules=PrimaryRules(), sealed=SEALED,
    )  # fmt: skip
    assert found.peers is None


def test_a_ratio_to_zero_is_undefined_and_counts_for_nobody(tmp_path: Path) -> None:
    town = Town()
    for period in PERIODS_2025:
        town.reports[3, period] |= {"revenue_1e4_cny": Decimal(0), "output_1e4_cny": Decimal(0)}
    lake = town.load(tmp_path / "home")
    found = placed(lake, 3, analyst())
    margin = measure(found, "margin")
    assert margin.own is None
    assert str(margin.absence) == "undefined"
    assert measure(found, "revenue").own == 0.0
    assert measure(found, "energy_intensity").rank is None
    assert measure(placed(lake, 4, analyst()), "margin").of == 23


def test_who_moved_within_the_year_counts_where_it_was_at_its_end(tmp_path: Path) -> None:
    town = Town()
    town.register.append(
        town.entry(4, valid_from=date(2025, 7, 1), region="371502", industry="3443")
    )
    lake = town.load(tmp_path / "home")
    peers = placed(lake, 4, analyst()).peers
    assert peers is not None
    assert peers.level == "division"
    assert peers.members == 24  # once, although it stands in the register twice


def test_no_whole_year_is_no_place(lake: Lake) -> None:
    found = placed(lake, 3, year=None)
    assert found.why is not None
    assert found.peers is None


def test_rules_that_ask_for_more_show_less(lake: Lake) -> None:
    stricter = replace(PrimaryRules(), least=5)  # windows of 7, sets of 28
    assert placed(lake, 3, rules=stricter).peers is None
