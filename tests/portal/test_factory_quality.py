"""Control charts on the page: what breaks a rule is drawn, named, and leads to its batch."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.portal.factory_shop import BATCH, LATHE, NOW, furnish, site
from tests.portal.test_factory_oee import VIEWER

from ballast.errors import InvalidTerm
from ballast.lake.lake import Lake
from ballast.plant.measures.run_rules import Rule
from ballast.plant.reports.charts import ByCount, ByTime, Kind
from ballast.portal.factory_html import View
from ballast.portal.factory_marks import marked, rule_sign, rules_of
from ballast.portal.factory_quality import chart_report
from ballast.portal.factory_quality_view import quality_view
from ballast.portal.factory_span import span_of
from ballast.portal.factory_subjects import Asked, Subject, chosen, subject_of, subjects
from ballast.terms.label import Label, Language

BORE = Subject(f"tag:{LATHE}/bore", Label("阀孔", "bore"), ("xbar_r", "i_mr", "cusum"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("quality") / "home")
    furnish(made, live=False)
    return made


def asked(kind: Kind = "xbar_r", group: str = "", rules: str = "nelson") -> Asked:
    return Asked(BORE, kind, group, rules, span_of("today", site(), NOW))


def viewed(lake: Lake, what: Asked, language: Language = "en") -> View:
    report = chart_report(lake, VIEWER, site(), what)
    return quality_view(report, site(), what, lambda handle: f"/look/{handle}", language)


def text(view: View) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", str(view.markup)))


def test_a_worn_tool_stands_out_with_its_rule_and_its_batch(lake: Lake) -> None:
    view = viewed(lake, asked())
    told = text(view)
    assert "Nelson 1: a point beyond 3σ" in told
    assert "points stand out" in told
    assert f'href="/look/{BATCH}"' in str(view.markup)
    assert "UCL 12.0" in str(view.markup)


def test_capability_comes_with_its_interval_and_a_warning(lake: Lake) -> None:
    told = text(viewed(lake, asked()))
    assert re.search(r"Cpk \d\.\d+ \(\d\.\d+ to \d\.\d+\)", told)
    assert "do not look normal" in told  # two levels of the bore, not one


def test_a_tag_without_limits_says_what_would_give_it_capability(lake: Lake) -> None:
    load = Subject(f"tag:{LATHE}/spindle-load", Label("负载", "load"), ("i_mr",))
    what = Asked(load, "i_mr", "", "nelson", span_of("today", site(), NOW))
    told = text(viewed(lake, what))
    assert "Cpk" not in told
    assert "limit" in told.partition("Capability")[2]


@pytest.mark.parametrize(
    ("kind", "group", "rules"),
    [("i_mr", "", "western"), ("xbar_s", "count:10", "nelson"), ("cusum", "", "nelson"),
     ("ewma", "time:300", "western")],
)  # fmt: skip
def test_every_kind_is_drawn_and_named(lake: Lake, kind: Kind, group: str, rules: str) -> None:
    view = viewed(lake, asked(kind, group, rules), "zh")
    assert str(view.markup).count('class="chart"') >= 2  # a desk's and a phone's
    assert f"--kind {kind}" in view.stories["chart"].lines[-1].texts[0]


def test_the_points_drawn_are_judged_as_the_report_judges_them(lake: Lake) -> None:
    report = chart_report(lake, VIEWER, site(), asked("i_mr"))
    found = marked(report.charts, rules_of("nelson"), 0)
    listed = {(mark.chart, mark.point) for mark in report.marks}
    ours = {(at, point) for at, one in enumerate(found) for point in one.broken}
    assert listed <= ours
    assert len({point for _, point in ours}) == report.marked
    newest = marked(report.charts, rules_of("nelson"), len(report.starts_ms) - 5)
    assert [one.count for one in newest] == [one.count for one in found]
    assert all(point >= len(report.starts_ms) - 5 for one in newest for point in one.broken)


def test_a_home_offers_what_it_can_chart_what_has_a_specification_first(lake: Lake) -> None:
    offered = subjects(lake, VIEWER, site())
    assert offered[0].key == f"tag:{LATHE}/bore"
    assert offered[0].kinds[0] == "xbar_r"
    assert not any("state" in one.key or "good" in one.key for one in offered)
    assert chosen(offered, "") == offered[0]
    assert chosen(offered, "tag:nowhere") is None
    assert chosen((), "") is None


def test_a_subject_of_an_address_is_read_or_refused() -> None:
    for wrong in ("", "tag:", "of:a", "of:|x", "of:a|", "x:y", "<script>"):
        with pytest.raises(InvalidTerm):
            subject_of(wrong)


def test_subgroups_of_an_address_are_what_they_say() -> None:
    assert asked("xbar_r", "count:10").subgroup == ByCount(10)
    assert asked("ewma", "time:60").subgroup == ByTime(60.0)
    assert asked("i_mr", "count:10").subgroup is None


def test_rules_are_short_beside_a_point() -> None:
    assert [rule_sign(rule) for rule in (*rules_of("nelson")[:2], Rule.WESTERN_ELECTRIC_4)] == [
        "1", "2", "W4",
    ]  # fmt: skip
