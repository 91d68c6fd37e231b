"""The Law page: the pool as far as its reader may know it, the rules whole, the calendar."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from nicegui import Client

from ballast.brain.policy.pool_shape import (
    Candidate,
    Count,
    Lacking,
    Pool,
    PoolCell,
    Rung,
    Standing,
)
from ballast.brain.policy.reading import laws
from ballast.brain.policy.shape import All, AtLeast, Score
from ballast.brain.policy.shape import Any as AnyOf
from ballast.errors import NotFound
from ballast.portal.law_pool import pool_answer, pool_markup
from ballast.portal.law_text import law_markup
from ballast.state.audit import entries
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Right, Viewer

DAY = date(2026, 6, 1)
HOSTILE = '<script>alert("x")</script>&\'名'
LABEL = Label("小巨人", "little giant")


def made_pool(*, names: bool) -> Pool:
    counts = (
        (Standing.HOLDS, Count(12)),
        (Standing.ELIGIBLE, Count(None, withheld=True)),
        (Standing.REVIEW, Count(0)),
        (Standing.NEAR, Count(7)),
    )
    place = Label(HOSTILE, HOSTILE)
    whole = PoolCell("little_giant", "371500", "city", "", Label("全市", "city"), counts, True)
    county = PoolCell("little_giant", "371581", "county", "", place, counts)
    cluster = PoolCell("little_giant", "371500", "city", "bearings", place, counts)
    candidate = Candidate("little_giant", "91371500MA0000000X", HOSTILE, Standing.NEAR, "371581",
                          lacks="debt")  # fmt: skip
    return Pool(
        DAY,
        (Rung("little_giant", LABEL, 4, "v2026", "工信部企业〔2026〕2号", False),),
        (whole, county, cluster),
        (Lacking("little_giant", "debt", Label("负债率", "debt"), "第2项", Count(3)),),
        (candidate,) if names else (),
        sealed=not names,
        vintage=None if names else "2026-05.1",
        synthetic=True,
    )


def drawn(pool: Pool, language: Language = "en") -> str:
    return str(pool_markup(pool, "", language, lambda key: f"/law?scheme={key}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_enterprises_and_places_are_text(language: Language) -> None:
    page = drawn(made_pool(names=True), language)
    assert "<script" not in page
    assert "&lt;script" in page


def test_a_count_that_is_withheld_is_a_word_with_its_reason_and_never_a_zero() -> None:
    pool = made_pool(names=False)
    (said,) = pool_answer(pool, "en")
    assert "12 hold it" in said
    assert "suppressed more meet every criterion" in said
    assert "7 lack a single one" in said
    page = drawn(pool)
    assert re.search(r'<abbr class="missing" title="[^"]+">suppressed</abbr>', page)
    assert "edition 2026-05.1" in page
    assert "synthetic sample" in page


def test_a_pool_of_nothing_is_drawn() -> None:
    assert pool_markup(Pool(DAY, (), ()), "", "en", lambda key: key)


@pytest.fixture
def browser(shared_door: Any) -> Iterator[Any]:
    with shared_door.browser() as opened:
        yield opened


def whole(door: Any, browser: Any, role: Role, query: str) -> str:
    """Return the page as somebody of a role sees it, once all that it fills in later is there."""
    door.become(browser, role)
    before = set(Client.instances)
    answer = browser.get(f"/law?lang=en{query}")
    assert answer.status_code == 200
    (made,) = set(Client.instances) - before
    page = Client.instances[made]
    deadline = time.monotonic() + 60
    while any(str(e.props.get("aria-busy")) == "true" for e in list(page.elements.values())):
        assert time.monotonic() < deadline
        browser.portal.call(asyncio.sleep, 0.02)
    return "\n".join(str(getattr(e, "content", "") or "") for e in page.elements.values())


@pytest.fixture
def read(shared_door: Any, browser: Any) -> Callable[[Role, str], str]:
    return lambda role, query: whole(shared_door, browser, role, query)


@pytest.fixture(autouse=True)
def pooled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pool be known at once; what it is made of is tested where it is made."""

    def known(_: object, viewer: Viewer, *__: object) -> Pool:
        return made_pool(names=viewer.may(Right.READ_UNITS))

    monkeypatch.setattr("ballast.portal.law.pool", known)


def test_an_analyst_sees_names_and_the_look_is_written_down(
    shared_door: Any, read: Callable[[Role, str], str]
) -> None:
    page = read(Role.ANALYST, "")
    assert "91371500MA0000000X" in page
    assert "Where enterprises stand before each title" in page
    seen = [one for one in entries(shared_door.state) if one.what.startswith("law: pool")]
    assert [one.count for one in seen] == [1]


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.ADMINISTRATOR])
def test_everybody_else_sees_published_counts_and_no_name(
    read: Callable[[Role, str], str], role: Role
) -> None:
    page = read(role, "&scheme=little_giant")
    assert "12 hold it" in page
    assert "91371500MA0000000X" not in page


def test_a_pool_that_is_not_there_says_why(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> Pool:
        raise NotFound("nothing is sealed yet")

    monkeypatch.setattr("ballast.portal.law.pool", refused)
    with door.browser() as opened:
        assert "nothing is sealed yet" in whole(door, opened, Role.OPERATOR, "")


def test_rules_and_calendar_are_open_to_every_account_and_wrong_names_are_refused(
    read: Callable[[Role, str], str],
) -> None:
    assert "工信部企业〔2026〕2号" in read(Role.ENTERPRISE, "&part=rules&scheme=little_giant")
    assert "2026-12-31" in read(Role.OPERATOR, "&part=calendar")
    assert "there is no scheme" in read(Role.ANALYST, "&part=rules&scheme=nobel")
    assert "<script" not in read(Role.ANALYST, "&part=rules&scheme=<script>")
    assert "12 hold it" in read(Role.ANALYST, "&part=<script>")


@pytest.mark.parametrize("scheme", laws().schemes)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_stands_in_the_text_with_its_figure_and_its_mark(
    scheme: str, language: Language
) -> None:
    law = laws().law(scheme)
    page = unescape(str(law_markup(laws(), scheme, DAY, language, lambda key: f"?{key}")))
    for instrument in law.instruments:
        assert instrument.number in page
    for version in law.versions:
        assert f'id="version-{version.id}"' in page
        rules = [version.criterion] if version.criterion is not None else []
        while rules:
            rule = rules.pop()
            label = rule.label.text if hasattr(rule.label, "text") else rule.label
            said = label.zh if language == "zh" else label.en
            assert said[1:] in page, rule.id
            if isinstance(rule, All | AnyOf | AtLeast):
                rules += rule.of
            if isinstance(rule, Score):
                for group in rule.groups:
                    for item in group.items:
                        assert (item.label.zh if language == "zh" else item.label.en)[1:] in page
            rules += [part for part in (rule.when, rule.waived_by) if part is not None]
    marks = law.model_dump_json().count('"confirmed":false')
    assert page.count('class="badge" title=') >= marks - unused_marks(scheme)


def unused_marks(scheme: str) -> int:
    """Return how many marks stand at figures that no rule of the text shows."""
    law = laws().law(scheme)
    shown = law.model_dump_json(include={"versions": {"__all__": {"criterion", "sectors"}}})
    hidden = 0
    for version in law.versions:
        for name, parameter in version.parameters.items():
            if f'"{name}"' not in shown:
                hidden += sum(not value.confirmed for value in parameter.values)
            else:
                held = [one for one in parameter.values if one.since <= DAY]
                hidden += sum(not v.confirmed for v in parameter.values if v not in held[-1:])
    return hidden
