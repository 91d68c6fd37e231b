"""The Chain page: each reader is shown what it may see, in words where there is no figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import escape
from tests.brain.chains.region import BEARINGS, CITY, RINGS, STEEL, Firm, load

from ballast.brain.chains.links import LinkRules
from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.portal.chain import ChainsRead, chain_body, read_chains
from ballast.portal.chain_view import why_suppressed
from ballast.portal.factory_html import capital
from ballast.portal.frame_address import Filters, filters_of
from ballast.portal.identity import Identity
from ballast.state.audit import entries
from ballast.state.users import User
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, viewer_for

FIRMS = [
    *(Firm(n, STEEL) for n in range(6)),
    *(Firm(n, BEARINGS) for n in range(10, 14)),
    Firm(20, RINGS, revenue="77777.7"),
    Firm(21, RINGS),
]
SECRET = FIRMS[-2]
Shown = Callable[..., str]


@pytest.fixture(scope="module")
def loaded(shared_door: Any) -> Any:
    load(shared_door.context.lake, FIRMS, synthetic=True)
    return shared_door


def identity(door: Any, role: Role, *, own: str = "", language: Language = "en") -> Identity:
    user: User = door.users[role]
    viewer = viewer_for(role, user.name, frozenset({own} if own else ()))
    return Identity(user, viewer, None, language, "session", "", door.context)


@pytest.fixture(scope="module")
def shown(loaded: Any) -> Shown:
    """Return what makes the page of a role, as text."""
    read: dict[Viewer, ChainsRead] = {}

    def make(role: Role, *, own: str = "", language: Language = "en", **query: str) -> str:
        reader = identity(loaded, role, own=own, language=language)
        if reader.viewer not in read:
            lake: Lake = loaded.context.lake
            read[reader.viewer] = read_chains(lake, reader.viewer, CITY, None)
        filters: Filters = filters_of(query, home=CITY, language=language)
        return str(chain_body(read[reader.viewer], reader, filters))

    return make


def test_all_chains_stand_beside_each_other_first(shown: Shown) -> None:
    page = shown(Role.ANALYST)
    assert "Liaocheng has 1 chains with 4 stages: 1 strong, 1 present, 1 weak, 1 missing" in page
    assert "import-dependent: 1" in page
    assert 'href="/chain?chain=bearings"' in page
    assert "synthetic sample" in page
    assert "陶瓷球" in page  # what nobody here makes


def test_a_chain_shows_its_flow_its_stages_and_on_whom_it_depends(shown: Shown) -> None:
    page = shown(Role.ANALYST, chain="bearings")
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == 2  # for a desk, for a phone
    assert "Nobody here makes: 陶瓷球" in page
    assert "of what is made downstream (estimate)" in page
    assert "no deliveries are known" in page
    assert "weak: fewer than 3" not in page
    assert "Weak: fewer than 3 enterprises above scale" in page
    assert "no persons employed are known" in page
    assert "synthetic sample" in page


def test_a_stage_tells_its_story_to_those_who_may_read_units(shown: Shown) -> None:
    page = shown(Role.ANALYST, chain="bearings", stage="rings")
    assert 'id="stage"' in page
    assert "2 enterprises, 2 above scale, 2 of them all have reported" in page
    assert "3484" in page
    assert SECRET.uscc in page
    assert f'href="/enterprise?code={SECRET.uscc}"' in page
    assert "ballast chain bearings --region 371500 --period 2025" in page
    assert "not suppressed" in page


def told_of_the_region(page: str) -> str:
    """Return a page without the rules, which are the same for every region."""
    always = [rule.text("en") for rule in LinkRules().sentences] + [why_suppressed("en")]
    for sentence in always:
        for written in (sentence, capital(sentence)):
            page = page.replace(str(escape(written)), "")
    return page


@pytest.mark.parametrize(
    ("role", "stage"),
    [
        *((Role.OPERATOR, stage) for stage in ("", "steel", "rings", "balls", "bearings")),
        (Role.ENTERPRISE, "rings"),
        (Role.ADMINISTRATOR, "rings"),
    ],
)
def test_without_unit_rights_no_figure_and_no_name_is_in_the_page(
    shown: Shown, role: Role, stage: str
) -> None:
    query = {"chain": "bearings"} | ({"stage": stage} if stage else {})
    for whole in (shown(role, **query), shown(role)):
        page = told_of_the_region(whole)
        assert not any(firm.uscc in page for firm in FIRMS)
        assert re.search(r"企业\d+<", page) is None
        assert "CNY" not in page
        assert ">missing<" not in page
        assert re.search(r"\d (missing|weak|above scale|enterprises)|\d%", page) is None


def test_none_and_two_are_both_suppressed_and_say_why(shown: Shown) -> None:
    page = shown(Role.OPERATOR, chain="bearings")
    assert "1 strong, 1 present, 2 suppressed" in page
    assert "fewer than 3 enterprises have reported, none included" in page


def test_an_owner_finds_his_own_enterprise_and_no_other(shown: Shown) -> None:
    page = shown(Role.ENTERPRISE, own=SECRET.uscc, chain="bearings", stage="rings")
    assert "Enterprises on this stage that you may see" in page
    assert SECRET.uscc in page
    assert not any(firm.uscc in page for firm in FIRMS if firm is not SECRET)
    assert "suppressed" in page


def test_who_saw_names_is_written_down_and_who_saw_none_is_not(shown: Shown, loaded: Any) -> None:
    def seen() -> list[tuple[str, int]]:
        return [(row.what, row.count) for row in entries(loaded.state, limit=500)]

    before = len(seen())
    shown(Role.OPERATOR, chain="bearings", stage="rings")
    shown(Role.ANALYST)
    assert len(seen()) == before
    shown(Role.ANALYST, chain="bearings", stage="rings")
    assert len(seen()) == before + 1
    assert ("chain bearings rings", 8) in seen()  # two on the stage, six suppliers of steel


def test_both_languages_say_the_same_chain(shown: Shown) -> None:
    page = shown(Role.ANALYST, language="zh", chain="bearings", stage="balls")
    assert "轴承产业链：4 个环节中，1 强、1 一般、1 弱、1 缺失；进口依赖：1" in page
    assert "本地无人生产：陶瓷球" in page
    assert "合成样例" in page


def test_a_chain_or_a_stage_that_is_not_there_is_answered_with_what_is(shown: Shown) -> None:
    page = shown(Role.ANALYST, chain="<b>valves</b>")
    assert "There is no chain &lt;b&gt;valves&lt;/b&gt;" in page
    assert 'href="/chain?chain=bearings"' in page
    assert 'id="stage"' not in shown(Role.ANALYST, chain="bearings", stage="nowhere")


def test_names_that_would_be_a_script_stay_names(shown: Shown, loaded: Any, hostile: str) -> None:
    reader = identity(loaded, Role.ANALYST)
    read = read_chains(loaded.context.lake, reader.viewer, CITY, None)
    bad = Label(hostile, hostile)
    chain = read.chains[0]
    named = replace(
        chain,
        chain=replace(
            chain.chain,
            label=bad,
            stages=tuple(replace(stage, label=bad) for stage in chain.chain.stages),
        ),
        links=tuple(replace(each, stage=replace(each.stage, label=bad)) for each in chain.links),
    )
    for query in ({}, {"chain": "bearings", "stage": "rings"}):
        filters = filters_of(query, home=CITY, language="en")
        assert "<script" not in str(chain_body(ChainsRead(bad, (named,)), reader, filters))


def test_the_year_follows_the_period_for_those_who_may_choose_and_for_no_other(
    loaded: Any,
) -> None:
    lake = loaded.context.lake
    asked = Period.parse("2026-05ytd")
    for role in (Role.ANALYST, Role.OPERATOR):
        read = read_chains(lake, viewer_for(role, "x"), CITY, asked)
        assert read.chains[0].year == 2025
    before = Period.parse("2019")
    assert read_chains(lake, viewer_for(Role.ANALYST, "x"), CITY, before).chains[0].year == 2025


@pytest.mark.parametrize(
    ("role", "way"), [(Role.ANALYST, True), (Role.ADMINISTRATOR, True), (Role.ENTERPRISE, False)]
)
def test_without_chains_the_page_says_what_would_fill_it(door: Any, role: Role, way: bool) -> None:
    reader = identity(door, role)
    read = read_chains(door.context.lake, reader.viewer, CITY, None)
    page = str(chain_body(read, reader, filters_of({}, home=CITY, language="en")))
    assert "No chain is written down yet" in page
    assert ("/data/template/chain_definition.xlsx" in page) is way


def test_the_page_opens_for_those_who_are_signed_in_alone(loaded: Any) -> None:
    with loaded.browser(Role.PUBLIC) as client:
        assert client.get("/chain").status_code == 303
        for role in set(Role) - {Role.PUBLIC}:
            opened = loaded.become(client, role).get("/chain?chain=bearings")
            assert opened.status_code == 200
            assert "Which links are strong" in opened.text
            assert "企业20" not in opened.text


def test_a_chain_that_contradicts_itself_is_named_above_those_that_do_not(
    loaded: Any,
) -> None:
    reader = identity(loaded, Role.OPERATOR)
    read = read_chains(loaded.context.lake, reader.viewer, CITY, None)
    [chain] = read.chains
    of_a_cluster = replace(chain, chain=replace(chain.chain, cluster="linqing-bearings"))
    fault = Refused("no year is wholly reported yet")
    told = ChainsRead(read.region, (of_a_cluster,), (fault,))
    filters = filters_of({}, home=CITY, language="en")
    page = str(chain_body(told, reader, filters))
    assert "no year is wholly reported yet" in page
    assert 'href="/chain?chain=bearings"' in page
    one = filters_of({"chain": "bearings"}, home=CITY, language="en")
    assert 'href="/clusters?key=linqing-bearings"' in str(chain_body(told, reader, one))
    alone = str(chain_body(ChainsRead(read.region, (), (fault,)), reader, filters))
    assert "no year is wholly" in alone
    assert "No chain is written down" not in alone
