"""The search finds an enterprise for those who may see it, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from ballast.state.audit import entries
from ballast.terms.role import Role


def found(program: Any, text: str, **more: Any) -> set[tuple[str, str]]:
    answer = program.get("/api/v1/search", params={"q": text, **more})
    assert answer.status_code == 200, answer.text
    return {(hit["kind"], hit["code"]) for hit in answer.json()["hits"]}


def test_every_kind_is_found(stocked: Any, own_code: str) -> None:
    hits = found(stocked.caller(Role.ANALYST), "铜")
    assert ("enterprise", own_code) in hits
    assert ("cluster", "copper") in hits
    assert any(kind == "industry" for kind, _ in hits)
    assert ("region", "371503") in found(stocked.caller(Role.ANALYST), "茌平")
    assert {kind for kind, _ in found(stocked.caller(Role.ANALYST), "铜", kind="cluster")} == {
        "cluster"
    }


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.ADMINISTRATOR])
def test_another_enterprise_is_not_found_by_name_or_code(
    stocked: Any, role: Role, other_code: str, secret: str
) -> None:
    program = stocked.caller(role)
    for text in (secret, secret[:6].lower(), other_code):
        assert not [hit for hit in found(program, text) if hit[0] == "enterprise"], text


def test_a_found_enterprise_is_written_down(stocked: Any, secret: str) -> None:
    found(stocked.caller(Role.ANALYST), secret)
    newest = entries(stocked.door.state, who="the-analyst", limit=1)[0]
    assert secret in newest.what
    assert newest.count == 1
