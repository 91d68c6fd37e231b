"""A text checked over the API: each account is answered from what it may see, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from ballast.portal.claims import MOST_CHARACTERS
from ballast.state.audit import entries
from ballast.terms.role import Role

PATH = "/api/v1/claims"
GDP = "2025年全市地区生产总值3190.5亿元，比上年增长6.35%。"
OUTPUT = "2026年4月全市规上工业总产值8777.75万元。"


def asked(stocked: Any, role: Role, text: str, **more: Any) -> Any:
    return stocked.caller(role).post(PATH, json={"text": text, **more})


def verdicts(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["verdict"] for one in answer.json()["statements"]]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PUBLIC])
def test_published_figures_answer_everybody_who_is_signed_in(stocked: Any, role: Role) -> None:
    answer = asked(stocked, role, GDP)
    assert verdicts(answer) == ["consistent", "consistent"]
    assert answer.json()["synthetic"]
    assert answer.headers["cache-control"].startswith("private")


def test_what_enterprises_reported_answers_the_analyst_alone(stocked: Any) -> None:
    before = len(entries(stocked.door.state))
    assert verdicts(asked(stocked, Role.ANALYST, OUTPUT)) == ["consistent"]
    assert len(entries(stocked.door.state)) == before + 1
    for role in (Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR):
        answer = asked(stocked, role, OUTPUT)
        assert verdicts(answer) == ["unchecked"]
        assert "8777" not in answer.text.replace("8777.75万元", "").replace('"8777.75"', "")


def test_no_account_learns_of_another_enterprise_by_naming_it(stocked: Any) -> None:
    there = "某某青铜有限公司2026年4月工业总产值7777.25万元。"
    other = "并无此家有限公司2026年4月工业总产值7777.25万元。"
    for role in (Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR):
        answers = [asked(stocked, role, text).json()["statements"][0] for text in (there, other)]
        assert [a["verdict"] for a in answers] == ["unchecked", "unchecked"]
        assert answers[0]["reason"].replace("某某青铜", "并无此家") == answers[1]["reason"]


def test_an_enterprise_is_answered_from_its_own_reports(stocked: Any, own_code: str) -> None:
    text = "自家铜业有限公司"  # not registered so
    assert verdicts(asked(stocked, Role.ENTERPRISE, f"{text}2026年4月工业总产值1000.5万元。")) == [
        "unchecked"
    ]
    assert own_code not in asked(stocked, Role.ENTERPRISE, text).text


def test_nobody_is_answered_without_signing_in(stocked: Any) -> None:
    assert stocked.caller(Role.PUBLIC).post(PATH, json={"text": GDP}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "增" * (MOST_CHARACTERS + 1)}, {"text": GDP, "written": "soon"},
     {"text": GDP, "more": 1}, {"text": 5}],
)  # fmt: skip
def test_what_is_no_text_is_refused(stocked: Any, body: dict[str, Any]) -> None:
    answer = stocked.caller(Role.ANALYST).post(PATH, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_day_of_writing_decides_what_last_year_is(stocked: Any) -> None:
    text = "去年全市地区生产总值3190.5亿元。"
    assert verdicts(asked(stocked, Role.ANALYST, text, written="2026-03-01")) == ["consistent"]
    assert verdicts(asked(stocked, Role.ANALYST, text, written="2025-03-01")) == ["fails"]


def test_a_text_without_statements_has_none(stocked: Any) -> None:
    assert asked(stocked, Role.ANALYST, "抓落实。").json() == {"synthetic": False, "statements": []}
