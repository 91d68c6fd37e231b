"""Stops, orders and pieces over the interface: the page's rules, with a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ballast.plant.site.example import EXAMPLE
from ballast.terms.role import Role

PATH = "/api/v1/factory/entries"
LATHE = "valve-shop/machining/lathe-1"
PRESS = "valve-shop/press-1"


@pytest.fixture(scope="module")
def shop(stocked: Any, own_code: str) -> Iterator[Any]:
    folder = stocked.door.context.lake.home.path / "plant"
    folder.mkdir()
    text = EXAMPLE.replace("91371500MA0000000X", own_code)
    (folder / "site.toml").write_text(text, encoding="utf-8")
    yield stocked
    (folder / "site.toml").unlink()
    folder.rmdir()


def post(shop: Any, kind: str, role: Role = Role.ENTERPRISE, **body: Any) -> Any:
    return shop.caller(role).post(f"{PATH}/{kind}", json=body)


def listed(shop: Any, machine: str) -> list[dict[str, Any]]:
    answer = shop.caller(Role.ENTERPRISE).get(PATH, params={"machine": machine})
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


def test_a_stop_is_entered_ended_listed_and_taken_back(shop: Any) -> None:
    made = post(shop, "stops", machine=LATHE, reason="换刀", start="2026-06-01T15:00", once="a1")
    assert made.status_code == 201, made.text
    again = post(shop, "stops", machine=LATHE, reason="换刀", start="2026-06-01T15:00", once="a1")
    assert again.json() == made.json()
    ended = post(shop, "ended", machine=LATHE, what="stop", end="2026-06-01T15:10:00+08:00")
    assert ended.status_code == 201, ended.text
    (told,) = listed(shop, LATHE)
    assert (told["kind"], told["reason"], told["state"]) == ("stop", "换刀", "delayed")
    assert (told["start"], told["end"]) == ("2026-06-01T07:00:00Z", "2026-06-01T07:10:00Z")
    browser = shop.caller(Role.ENTERPRISE)
    assert browser.delete(f"{PATH}/{ended.json()['load_id']}").status_code == 200
    assert listed(shop, LATHE)[0]["end"] is None
    assert browser.delete(f"{PATH}/{made.json()['load_id']}").status_code == 200
    assert browser.delete(f"{PATH}/{made.json()['load_id']}").status_code == 404
    assert listed(shop, LATHE) == []


def test_pieces_join_the_order_of_their_moment(shop: Any) -> None:
    assert post(shop, "orders", machine=PRESS, order="PO-9", start="2026-06-01T14:00",
                end="2026-06-01T15:00").status_code == 201  # fmt: skip
    assert post(shop, "pieces", machine=PRESS, good=7, at="2026-06-01T14:30").status_code == 201
    assert post(shop, "pieces", machine=PRESS, good=1, at="2026-06-01T15:30").status_code == 201
    assert [(one["order"], one["good"]) for one in listed(shop, PRESS)] == [
        ("", 1.0), ("PO-9", 7.0), ("PO-9", 0.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "body", "status", "said"),
    [
        ("stops", {"machine": "x", "reason": "y"}, 404, "no machine"),
        ("stops", {"machine": LATHE, "reason": "y", "start": "2027-01-01T00:00"}, 422, "future"),
        ("stops", {"machine": LATHE, "reason": "y", "state": "producing"}, 422, None),
        ("stops", {"machine": LATHE, "reason": "y\u202e"}, 422, "on one line"),
        ("pieces", {"machine": LATHE}, 422, "how many pieces"),
        ("pieces", {"machine": LATHE, "good": -1}, 422, None),
        ("pieces", {"machine": LATHE, "good": 10**12}, 422, "how many pieces"),
        ("ended", {"machine": LATHE, "what": "order"}, 404, "nothing that could end"),
        ("orders", {"machine": LATHE, "order": " "}, 422, "number of the order"),
        ("orders", {"machine": LATHE, "order": "A", "start": "0001-01-01T00:00"}, 422, "no time"),
        ("orders", {"machine": LATHE, "order": "A", "start": "1970-01-01"}, 422, "days ago"),
        ("orders", {"machine": LATHE, "order": "A", "end": "9999-12-31T23:59:59"}, 422, "future"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    shop: Any, what: str, body: dict[str, Any], status: int, said: str | None
) -> None:
    answer = post(shop, what, **body)
    assert answer.status_code == status, answer.text
    if said is not None:
        assert said in answer.json()["detail"]
        assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR, Role.ADMINISTRATOR])
def test_whose_machines_these_are_not_enters_and_lists_nothing(shop: Any, role: Role) -> None:
    assert post(shop, "stops", role, machine=LATHE, reason="x").status_code == 403
    assert shop.caller(role).get(PATH).status_code == 403
