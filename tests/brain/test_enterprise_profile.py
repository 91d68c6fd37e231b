"""A profile is of what its reader may see; many titles multiply nothing; days and names add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.brain.enterprise_town import (
    CITY,
    ME,
    TODAY,
    Town,
    analyst,
    code,
    handle_day,
    owner,
    plant_day,
    prefix,
    rows,
    stream,
)

from ballast.brain.enterprise_profile import enterprises, made_up, profile
from ballast.brain.enterprise_shape import EnterpriseProfile
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC, Viewer, viewer_for


def title(n: int, certificate: str, expires: date | None) -> dict[str, Any]:
    return {
        "uscc": code(n), "scheme": "high_tech", "certificate": certificate, "tier": "national",
        "awarded": date(2023, 5, 1), "expires": expires,
    }  # fmt: skip


def project(n: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "project": name, "name": f"项目{name}", "uscc": code(n), "project_kind": "upgrade",
        "region_scheme": "gb2260", "region": "371581", "industry_scheme": "gbt4754-2017",
        "industry": "3451", "planned_1e4_cny": Decimal(100), "invested_1e4_cny": Decimal(50),
        "status": "building",
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    town = Town(count=21)
    town.register.append(town.entry(1, valid_from=date(2026, 9, 1), region="371502"))
    town.register.append(town.entry(3, valid_from=date(2021, 1, 1), name="第3轴承改名"))
    del town.reports[2, "2026-03"], town.reports[4, "2026-04"]
    lake = town.load(
        tmp_path_factory.mktemp("town") / "home",
        title=rows(
            "title",
            title(1, "A", TODAY - timedelta(days=1)), title(1, "B", TODAY),
            title(1, "C", TODAY + timedelta(days=180)), title(1, "D", TODAY + timedelta(days=181)),
            title(1, "E", None), title(2, "Z", None),
        ),
        project=rows(
            "project",
            project(1, "P1", planned_end=TODAY - timedelta(days=10)),
            project(1, "P2", status="finished", planned_end=date(2025, 1, 1),
                    finished=date(2025, 1, 31)),
            project(1, "P3", status="planned", planned_start=TODAY - timedelta(days=5)),
            project(1, "P4", status="cancelled", planned_end=date(2020, 1, 1)),
            project(1, "P5", planned_end=TODAY + timedelta(days=1)),
            project(2, "Q1"),
        ),
        chain_definition=rows(
            "chain_definition",
            *(
                {"chain": chain, "chain_zh": f"{chain}链", "stage": stage, "product_zh": stage,
                 "feeds": feeds, "industry_scheme": "gbt4754-2017", "industry": industry,
                 "import_dependent": imported, "cluster": cluster}
                for chain, stage, feeds, industry, imported, cluster in (
                    ("a-tools", "spindle", None, "34", False, None),
                    ("rings", "steel", "ring", "3130", False, "bearings"),
                    ("rings", "ring", "seat", "3451", True, "bearings"),
                    ("rings", "seat", None, "3670", False, "bearings"),
                )
            ),
        ),
    )  # fmt: skip
    days = [TODAY - timedelta(days=back) for back in (1, 2, 29, 30)]
    stream(
        lake, "plant_daily",
        *(plant_day(1, day) for day in days),
        # Groups beside the whole: they are in it already.
        plant_day(1, days[0], asset_group="press", energy_kwh=4.0),
        # Another day, of groups alone, the longer one with the lower OEE.
        plant_day(1, TODAY, asset_group="press", oee=1.0, planned_busy_s=1800.0),
        plant_day(1, TODAY, asset_group="lathe", oee=0.0, planned_busy_s=5400.0),
        plant_day(2, days[0], energy_kwh=999.0),
    )  # fmt: skip
    stream(
        lake, "handle_daily",
        *(handle_day(1, day) for day in days), handle_day(2, days[0], registered=999),
    )  # fmt: skip
    stream(
        lake, "enterprise_prefix",
        prefix(1, "88.118.1", 1), prefix(1, "88.118.7", 2), prefix(2, "88.118.7", 3),
        prefix(1, "88.118.8", 4), prefix(1, "88.118.8", 5, "withdrawn"),
    )  # fmt: skip
    return lake


def of(
    lake: Lake, n: int, viewer: Viewer | None = None, until: str | None = None
) -> EnterpriseProfile:
    return profile(
        lake, viewer or owner(n), code(n), region=CITY, today=TODAY,
        until=None if until is None else Period.parse(until),
    )  # fmt: skip


@pytest.fixture(scope="module")
def first(lake: Lake) -> EnterpriseProfile:
    return of(lake, 1)


def test_another_s_profile_is_told_like_one_that_is_not_there(lake: Lake) -> None:
    said = []
    for wanted in (code(2), code(999), "nonsense", "", "' or 1=1 --"):
        with pytest.raises(NotFound) as caught:
            profile(lake, owner(1), wanted, region=CITY, today=TODAY)
        said.append((caught.value.template, set(caught.value.values)))
    assert len({template for template, _ in said}) == 1


@pytest.mark.parametrize(
    "viewer",
    [PUBLIC, viewer_for(Role.ADMINISTRATOR, "a"), viewer_for(Role.ENTERPRISE, "e"),
     viewer_for(Role.OPERATOR, "o", frozenset({code(2)}), frozenset({"bearings"}))],
    ids=["public", "administrator", "enterprise-of-none", "operator-of-another"],
)  # fmt: skip
def test_who_may_not_see_it_sees_nothing(lake: Lake, viewer: Viewer) -> None:
    with pytest.raises(NotFound):
        of(lake, 1, viewer)
    assert code(1) not in {one.uscc for one in enterprises(lake, viewer, today=TODAY, limit=50)}


def test_many_titles_and_projects_multiply_no_revenue(first: EnterpriseProfile) -> None:
    revenue = first.figure("revenue")
    assert revenue is not None
    assert len(first.titles) == 5
    assert len(first.projects) == 5
    assert revenue.value == Decimal("440.0000")  # 110 a month, four months
    assert revenue.change == pytest.approx(10)


def test_it_is_what_the_register_says_today(lake: Lake, first: EnterpriseProfile) -> None:
    assert first.standing.place.zh == "临清市"  # the move is of September
    assert (first.standing.changes, first.standing.industry_code) == (1, "3451")
    assert of(lake, 3).standing.name.zh == "第3轴承改名"
    assert not first.standing.shares


def test_titles_hold_until_their_last_day(first: EnterpriseProfile) -> None:
    states = {one.certificate: one.state for one in first.titles}
    assert states == {"A": "expired", "B": "ending", "C": "ending", "D": "held", "E": "held"}
    assert first.titles[-1].certificate == "A"


def test_a_project_is_late_against_its_plan(first: EnterpriseProfile) -> None:
    late = {one.project: one.late for one in first.projects}
    assert late == {"P1": 10, "P2": 30, "P3": 5, "P4": None, "P5": None}
    assert {one.project for one in first.projects[-2:]} == {"P2", "P4"}


def test_days_of_a_plant_count_once(first: EnterpriseProfile) -> None:
    held = first.plant_days
    assert (held.connected, held.told, held.last_day) == (True, 4, TODAY)
    # Three days of 0.5 over an hour each; today 0.25 over two hours; the 30th day back is over.
    assert held.oee == pytest.approx((0.5 * 3 + 0.25 * 2) / 5)
    assert held.energy_kwh == pytest.approx(10 * 3 + 20)
    assert held.series[-1] == (TODAY, 0.25)
    assert held.machines == 6


def test_identifiers_are_those_of_its_own_prefixes(first: EnterpriseProfile) -> None:
    held = first.identifiers
    assert held.prefixes == ("88.118.1",)  # one passed on, one withdrawn
    assert (held.registered, held.deleted) == (28, 4)
    assert (held.recent_registered, held.recent_resolved) == (21, 60)


def test_it_says_what_was_left_out_and_what_is_awaited(lake: Lake) -> None:
    second, fourth = of(lake, 2), of(lake, 4)
    assert [str(p) for p in second.missing] == ["2026-03"]
    assert second.awaited is None
    assert (str(fourth.latest), str(fourth.awaited)) == ("2026-03", "2026-04")
    assert of(lake, 4, until="2026-03").awaited is None


def test_it_stands_in_the_clusters_of_its_industry(first: EnterpriseProfile) -> None:
    assert [(one.cluster, one.weight) for one in first.clusters] == [("bearings", 1.0)]


def test_it_stands_on_the_stages_of_chains_that_its_industry_makes(
    first: EnterpriseProfile,
) -> None:
    own, other = first.chains
    assert (own.chain, own.product.zh, own.imported, own.own_cluster) == (
        "rings", "ring", True, True,
    )  # fmt: skip
    assert [one.zh for one in (*own.takes_from, *own.goes_to)] == ["steel", "seat"]
    assert (other.chain, other.product.zh, other.own_cluster) == ("a-tools", "spindle", False)


def test_all_of_it_says_that_it_is_made_up(lake: Lake, first: EnterpriseProfile) -> None:
    assert first.synthetic
    assert made_up(lake)
    assert all(source.file is None for source in first.sources)


def test_only_the_loads_that_brought_something_of_it_are_its_sources(tmp_path: Path) -> None:
    town = Town(count=2)
    lake = town.load(tmp_path / "home")
    lake.commit({"title": rows("title", title(2, "Z", None))}, ME, file="of the second.xlsx")
    assert [len(of(lake, n).sources) for n in (1, 2)] == [1, 2]
    assert not of(lake, 2).sources[-1].synthetic


def test_an_analyst_reads_the_same_figures_as_the_owner(
    lake: Lake, first: EnterpriseProfile
) -> None:
    found = of(lake, 1, analyst())
    assert found.figures == first.figures
    assert found.titles == first.titles


def test_a_list_holds_whom_the_reader_may_see(lake: Lake) -> None:
    def listed(viewer: Viewer, text: str = "", **more: int) -> list[str]:
        found = enterprises(lake, viewer, text, today=TODAY, **({"limit": 50} | more))
        return [one.uscc for one in found]

    assert len(listed(analyst())) == 21
    assert listed(owner(1, 2)) == [code(1), code(2)]
    assert listed(owner(1), "第2") == []
    assert listed(analyst(), "BEARING works no. 21") == [code(21)]
    assert listed(analyst(), code(5).lower()[:17]) == [code(5)]
    assert listed(analyst(), "%") == []
    pages = [listed(analyst(), limit=8, offset=at) for at in (0, 8, 16)]
    assert [one for page in pages for one in page] == listed(analyst())


def test_a_withdrawn_load_leaves_no_profile(tmp_path: Path) -> None:
    town = Town(count=2)
    lake = town.load(tmp_path / "home")
    [load_id] = lake.live_loads()
    assert of(lake, 1).figures
    lake.withdraw(load_id, ME)
    with pytest.raises(NotFound):
        of(lake, 1)


def test_an_enterprise_that_never_reported_has_a_page_all_the_same(tmp_path: Path) -> None:
    town = Town(count=2)
    town.reports = {key: row for key, row in town.reports.items() if key[0] == 2}
    found = of(town.load(tmp_path / "home"), 1)
    assert (found.latest, found.figures, found.rows) == (None, (), ())
    assert found.position.why is not None
    assert not found.identifiers.prefixes
    assert found.plant_days.last_day is None
