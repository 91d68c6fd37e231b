"""The page beside the machine: what is entered stands in the lake, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ballast.plant.site.example import EXAMPLE
from ballast.portal.identity import session_cookie
from ballast.state.audit import entries as trail
from ballast.state.sessions import open_session
from ballast.state.users import add_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator

USCC = "91371500MA0000000X"
LATHE = "valve-shop/machining/lathe-1"
PAGE = "/factory/entry"
ME = operator("test")


@dataclass
class Shop:
    """A portal whose home has a mapping, and somebody of its enterprise at a phone."""

    door: Any
    phone: TestClient
    csrf: str = ""

    def sit_down(self, name: str, *codes: str) -> None:
        """Let somebody of enterprises sign in at the phone."""
        user = add_user(
            self.door.state, name, role=Role.ENTERPRISE, language="en",
            password="correct horse battery", enterprises=codes,
        )  # fmt: skip
        token, session = open_session(self.door.state, user.id)
        self.phone.cookies.clear()
        self.phone.cookies.set(session_cookie(self.door.context), token)
        self.csrf = session.csrf

    def look(self, machine: str | None = LATHE, lang: str = "en") -> str:
        query = f"?lang={lang}" + (f"&machine={machine}" if machine else "")
        answer = self.phone.get(PAGE + query)
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def send(self, do: str, **fields: str) -> Any:
        """Send one of the page's forms as a browser does: its token in the body."""
        sent = {"csrf": self.csrf, "machine": LATHE, "do": do, **fields}
        return self.phone.post(PAGE + "?lang=en", data=sent)

    def done(self, do: str, **fields: str) -> str:
        answer = self.send(do, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        again = self.phone.get(answer.headers["location"])
        assert 'role="status"' in again.text
        return unescape(again.text)

    def refused(self, do: str, **fields: str) -> str:
        answer = self.send(do, **fields)
        assert answer.status_code in (400, 404)
        said = re.search(r'role="alert" id="wrong">([^<\n]+)</p>', unescape(answer.text))
        assert said is not None
        return said[1]

    def rows(self, name: str) -> list[dict[str, Any]]:
        rows = self.door.context.lake.read(name, ME).to_pyarrow().to_pylist()
        return sorted(rows, key=lambda row: row["start"])


@pytest.fixture
def shop(door: Any) -> Iterator[Shop]:
    folder: Path = door.context.lake.home.path / "plant"
    folder.mkdir()
    (folder / "site.toml").write_text(EXAMPLE, encoding="utf-8")
    with door.browser() as phone:
        made = Shop(door, phone)
        made.sit_down("foreman", USCC)
        yield made


def test_every_machine_is_a_link_with_what_goes_on(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    page = shop.look(None)
    assert "Lathe 1" in page
    assert "Press 1" in page
    assert "Machining" not in page
    assert "It stands since 06-01 16:00: tool change" in page


def test_a_stop_is_one_row_of_one_load_and_ends_with_another(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    shop.door.clock.move(minutes=12)
    assert "It runs again" in shop.look()
    shop.done("run")
    (row,) = shop.rows("downtime")
    assert (row["asset"], row["state"], row["reason"]) == (LATHE, "delayed", "换刀")
    assert (row["uscc"], row["entered_by"]) == (USCC, "person")
    assert (row["end"] - row["start"]).total_seconds() == 720
    ledger = shop.door.context.lake.loads(ME)
    assert ledger["recipe"].to_list() == ["factory-entry", "factory-entry"]
    assert ledger["accepted"].to_list() == [1, 1]
    assert set(ledger["who"]) == {"foreman"}
    assert set(ledger["provenance"]) == {"synthetic"}  # as the mapping says of itself


def test_a_reason_means_a_state_and_an_own_one_can_name_it(shop: Shop) -> None:
    shop.done("stop", reason="计划保养", start="2026-06-01T08:00", end="2026-06-01T09:00")
    shop.done("stop", text="皮带断了", start="2026-06-01T10:00", end="2026-06-01T10:30")
    shop.done("stop", text="停电", state="idle", start="2026-06-01T11:00", end="2026-06-01T11:30")
    assert [(row["reason"], row["state"]) for row in shop.rows("downtime")] == [
        ("计划保养", "planned_stop"), ("皮带断了", "delayed"), ("停电", "idle"),
    ]  # fmt: skip
    assert "皮带断了" in shop.look()  # offered from now on


def test_times_are_those_of_the_shops_clock(shop: Shop) -> None:
    shop.done("stop", reason="休息", start="2026-06-01T12:00", end="2026-06-01T12:30")
    (row,) = shop.rows("downtime")
    assert row["start"].isoformat() == "2026-06-01T04:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "换刀", "start": "2026-06-01T17:00"}, "in the future"),
        ({"reason": "换刀", "start": "2026-04-01T08:00"}, "more than 31 days ago"),
        ({"text": "x", "start": "2026-06-01T12:00", "end": "2026-06-01T11:00"}, "must end later"),
        ({"text": "x", "start": "2026-06-01T12:00", "end": "2026-06-01T12:00"}, "must end later"),
        ({"reason": "换刀", "start": "yesterday"}, "is no time"),
        ({}, "say why the machine stands"),
        ({"text": "x" * 300}, "at most 200 characters"),
        ({"reason": "换刀", "machine": "valve-shop/nothing"}, "no machine"),
        ({"reason": "换刀", "state": "dancing"}, "not understood"),
        ({"reason": "换刀", "state": "producing"}, "does not stand"),
        ({"reason": "换刀", "start": "2026-06-01T09:30", "end": "2026-06-01T11:00"}, "overlaps"),
        ({"reason": "换刀", "start": "2026-06-01T08:00"}, "overlaps"),
    ],
)  # fmt: skip
def test_a_stop_that_cannot_be_is_refused_in_one_line(
    shop: Shop, fields: dict[str, str], said: str
) -> None:
    shop.done("stop", reason="待料", start="2026-06-01T09:00", end="2026-06-01T10:00")
    if "machine" in fields:
        answer = shop.send("stop", **fields)
        assert answer.status_code == 404
        assert said in unescape(answer.text)
    else:
        assert said in shop.refused("stop", **fields)
    assert len(shop.rows("downtime")) == 1


def test_what_was_typed_stands_in_the_form_again_after_a_refusal(shop: Shop) -> None:
    answer = shop.send("stop", text="皮带断了", start="2026-06-01T17:00")
    assert 'value="皮带断了"' in unescape(answer.text)
    assert 'value="2026-06-01T17:00"' in answer.text


def test_pieces_belong_to_the_order_that_goes_on(shop: Shop) -> None:
    shop.done("order", order="PO-7", product="DN15", batch="88.118.8/B-1")
    shop.door.clock.move(minutes=20)
    shop.done("pieces", good="120", scrap="3", reason="泄漏")
    shop.done("pieces", good="10")  # in the same millisecond: neither is lost
    assert "130 good, 3 scrap" in shop.look()
    shop.door.clock.move(minutes=20)
    shop.done("finish")
    rows = shop.rows("production")
    assert [row["order"] for row in rows] == ["PO-7"] * 3
    assert sum(row["good"] for row in rows) == 130
    assert sum(row["produced"] for row in rows) == 133
    assert [row["batch_handle"] for row in rows] == ["88.118.8/B-1"] * 3
    assert (rows[0]["end"] - rows[0]["start"]).total_seconds() == 2400
    assert rows[1]["reason"] == "泄漏"
    assert len({row["start"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "how many pieces"),
        ({"good": "-1"}, "no number of pieces"),
        ({"good": "1.5"}, "no number of pieces"),
        ({"good": "１２"}, "no number of pieces"),
        ({"good": "99999999"}, "how many pieces"),
        ({"scrap": "2"}, "say why"),
        ({"good": "1", "at": "2026-06-02T08:00"}, "in the future"),
    ],
)
def test_pieces_that_cannot_be_are_refused(shop: Shop, fields: dict[str, str], said: str) -> None:
    assert said in shop.refused("pieces", **fields)
    assert shop.rows("production") == []


def test_two_orders_do_not_run_on_one_machine(shop: Shop) -> None:
    shop.done("order", order="PO-7")
    shop.door.clock.move(minutes=5)
    assert "PO-7" in shop.refused("order", order="PO-8")
    shop.done("finish")
    shop.door.clock.move(minutes=5)
    shop.done("order", order="PO-8")
    assert "nothing that could end" in shop.refused("run")


def test_an_entry_is_taken_back_and_an_end_opens_again_what_it_ended(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    shop.door.clock.move(minutes=12)
    shop.done("run")
    page = shop.look()
    (load,) = set(re.findall(r'name="load" value="([^"]+)"', page))
    shop.done("back", load=load)
    assert shop.rows("downtime")[0]["end"] is None
    (load,) = set(re.findall(r'name="load" value="([^"]+)"', shop.look()))
    shop.done("back", load=load)
    assert shop.rows("downtime") == []
    assert "no such entry" in shop.refused("back", load=load)


def test_only_what_was_entered_here_is_taken_back_here(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    other = shop.door.context.lake.commit({}, ME, file="other.csv")
    assert "no such entry" in shop.refused("back", load=other)
    assert "no such entry" in shop.refused("back", load="L'; --")


def test_a_form_sent_twice_is_entered_once(shop: Shop) -> None:
    for _ in range(2):
        assert shop.send("pieces", good="5", once="abc-pieces").status_code == 303
        assert shop.send("stop", reason="换刀", once="abc-stop").status_code == 303
    assert len(shop.rows("production")) == 1
    assert len(shop.rows("downtime")) == 1


def test_people_of_another_enterprise_enter_nothing_and_see_nothing(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    shop.sit_down("stranger", with_check_character("91371500MA0000001"))
    for answer in (shop.phone.get(PAGE), shop.send("stop", reason="换刀")):
        assert answer.status_code == 403
        assert "Lathe" not in answer.text
    assert len(shop.rows("downtime")) == 1


def test_a_post_from_another_site_is_turned_away(shop: Shop) -> None:
    answer = shop.phone.post(PAGE, data={"machine": LATHE, "do": "stop", "reason": "x"})
    assert answer.status_code == 403
    assert shop.rows("downtime") == []


def test_the_page_needs_no_script_and_is_in_both_languages(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    chinese, english = shop.look(lang="zh"), shop.look()
    assert "<script" not in chinese + english
    assert "恢复运行" in chinese
    assert "换刀" in chinese
    assert "tool change" in english
    assert 'name="viewport"' in english


def test_a_hostile_reason_stays_text(shop: Shop) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    shop.send("stop", text=hostile)
    answer = shop.phone.get(f"{PAGE}?machine={LATHE}&lang=en")
    assert "<img" not in answer.text
    assert hostile in unescape(answer.text)


def test_a_home_without_a_mapping_says_so(door: Any) -> None:
    with door.browser() as phone:
        Shop(door, phone).sit_down("foreman", USCC)
        answer = phone.get(PAGE)
        assert answer.status_code == 404
        assert "no mapping" in answer.text


def test_each_entry_is_in_the_audit_trail(shop: Shop) -> None:
    shop.done("stop", reason="换刀")
    told = [one for one in trail(shop.door.state) if one.action == "enter"]
    assert [(one.who, one.what) for one in told] == [("foreman", f"factory-entry: stop {LATHE}")]
