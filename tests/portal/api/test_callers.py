"""Tags: the same answer is not sent twice, and one person's tag says nothing to another."""

from __future__ import annotations

from typing import Any

import pytest

from ballast.terms.role import Role
from ballast.terms.viewer import operator

UNITS = "/api/v1/tables/enterprise_period/rows"
PATHS = (UNITS, "/api/v1/tables/region_period/rows?where=item=gdp", "/api/v1/regions?q=茌平")


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_is_held_is_not_sent_again(stocked: Any, path: str) -> None:
    program = stocked.caller(Role.ANALYST)
    first = program.get(path)
    again = program.get(path, headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "Authorization" in again.headers["vary"]


@pytest.mark.parametrize("other", [Role.ENTERPRISE, Role.OPERATOR])
def test_the_tag_of_another_user_opens_nothing(stocked: Any, other: Role, secret: str) -> None:
    tag = stocked.caller(Role.ANALYST).get(UNITS).headers["etag"]
    answer = stocked.caller(other).get(UNITS, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert "7777.25" not in answer.text
    refused = stocked.caller(Role.ADMINISTRATOR).get(UNITS, headers={"if-none-match": tag})
    assert refused.status_code == 403


def test_a_tag_is_of_one_question_and_one_language(stocked: Any) -> None:
    program = stocked.caller(Role.ANALYST)
    tag = program.get(UNITS).headers["etag"]
    for path, language in ((f"{UNITS}?limit=3", "en"), (UNITS, "zh")):
        headers = {"if-none-match": tag, "accept-language": language}
        assert program.get(path, headers=headers).status_code == 200


def test_a_new_load_makes_a_new_tag(own_stocked: Any) -> None:
    program = own_stocked.caller(Role.ANALYST)
    tag = program.get(UNITS).headers["etag"]
    own_stocked.door.context.lake.withdraw(own_stocked.load_id, operator("loader"))
    answer = program.get(UNITS, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.json()["rows"] == []


def test_the_language_with_the_highest_weight_is_spoken(stocked: Any) -> None:
    for wish, word in (
        ("en;q=0.2, zh;q=0.8", "没有"),
        ("fr, en", "there is"),
        ("zh;q=x,en", "there"),
    ):
        answer = stocked.caller(Role.ANALYST, wish).get("/api/v1/tables/none")
        assert word in answer.json()["detail"], wish
