"""Many identifiers over the interface: own prefixes only, each line answered, registered once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.portal.identifiers_desk import node_of
from ballast.state.audit import entries
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role

PATH = "/api/v1/identifiers/bulk"


@pytest.fixture(scope="module")
def noded(stocked: Any, make_node: Callable[[Path], Any]) -> Any:
    own, other = (with_check_character(f"91371500MA3C0000{n}") for n in (1, 2))
    node = make_node(stocked.door.context.lake.home.path)
    node.put(
        PrefixEntry("88.118.8", PrefixState.HOMED, own, "自家铜业"),
        PrefixEntry("88.118.9", PrefixState.HOMED, other, "别家"),
    )
    stocked.node = node
    node.start_writer()
    return stocked


def line(handle: str) -> str:
    value = {"index": 1, "type": "URL", "data": "https://example.cn"}
    return json.dumps({"handle": handle, "values": [value]})


def send(noded: Any, lines: list[str], key: str = "", role: Role = Role.ENTERPRISE) -> Any:
    headers = {"content-type": "application/x-ndjson"} | ({"idempotency-key": key} if key else {})
    return noded.caller(role).post(PATH, content="\n".join(lines) + "\n", headers=headers)


def results(answer: Any) -> list[tuple[int, int]]:
    assert answer.status_code == 200, answer.text
    told = [json.loads(one) for one in answer.text.splitlines()]
    return [(one["line"], one["code"]) for one in told]


def total(noded: Any) -> int:
    with node_of(noded.door.context).reading() as moment:
        return moment.total()


def test_each_line_is_answered_and_what_is_anothers_is_refused(noded: Any) -> None:
    lines = [line("88.118.8/K-1"), "{", line("88.118.9/K"), line("0.NA/88.118.8"), "",
             line("88.118.8/K-2"), line("88.118.8/k-1")]  # fmt: skip
    before = total(noded)
    answer = send(noded, lines)
    assert results(answer) == [(1, 1), (2, 4), (3, 401), (4, 401), (6, 1), (7, 101)]
    assert "may not register" in json.loads(answer.text.splitlines()[2])["message"]
    assert total(noded) == before + 2
    newest = entries(noded.door.state, who="the-enterprise", limit=1)[0]
    assert (newest.action, newest.what) == ("register", "identifiers: bulk, 6 lines")


def test_a_line_that_names_two_handles_is_judged_as_the_one_that_is_registered(
    noded: Any,
) -> None:
    hidden = line("88.118.8/ok").replace('"values"', '"handle": "88.118.9/stolen", "values"')
    assert results(send(noded, [hidden])) == [(1, 401)]
    shown = line("88.118.9/stolen").replace('"values"', '"handle": "88.118.8/ok", "values"')
    assert results(send(noded, [shown])) == [(1, 1)]


def test_the_same_load_under_its_key_is_registered_once(noded: Any) -> None:
    lines = [line(f"88.118.8/L-{n}") for n in range(5000)] + [line("88.118.9/L")]
    first = send(noded, lines, "one")
    stand = total(noded)
    again = send(noded, lines, "one")
    assert results(first) == results(again) == [
        *((n, 1) for n in range(1, 5001)), (5001, 401),
    ]  # fmt: skip
    assert total(noded) == stand
    other = send(noded, [line("88.118.8/M")], "one")
    assert other.status_code == 409
    assert "new key" in other.json()["detail"]


def test_only_an_enterprise_registers_and_only_lines_are_taken(noded: Any) -> None:
    for role in (Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR):
        assert send(noded, [line("88.118.8/N")], role=role).status_code == 403
    answer = noded.caller(Role.ENTERPRISE).post(PATH, json={})
    assert answer.status_code == 415


def test_while_the_writer_is_down_a_load_is_refused_before_it_begins(noded: Any) -> None:
    noded.node.stop_writer()
    answer = send(noded, [line("88.118.8/O")], "down")
    assert answer.status_code == 503
    assert "does not run" in answer.json()["detail"]
    noded.node.start_writer()
    assert results(send(noded, [line("88.118.8/O")], "down")) == [(1, 1)]


def test_a_sheet_is_drawn_of_what_the_account_sees(noded: Any) -> None:
    send(noded, [line("88.118.8/P-1"), line("88.118.8/P-2")])
    program = noded.caller(Role.ENTERPRISE)
    drawn = program.get("/api/v1/identifiers/sheet", params={"begins": "88.118.8/P", "columns": 2})
    assert drawn.status_code == 200
    assert drawn.headers["content-type"].startswith("text/html")
    assert (drawn.text.count("<svg"), drawn.text.count("88.118.8/P-")) == (2, 2)
    listed = program.post("/api/v1/identifiers/sheet", json={"handles": ["88.118.8/p-2"]})
    assert listed.text.count("<svg") == 1
    nothing = program.get("/api/v1/identifiers/sheet", params={"begins": "88.118.9/"})
    assert nothing.status_code in (403, 404)
    assert nothing.headers["content-type"] == "application/problem+json"
