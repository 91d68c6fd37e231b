"""The sheet of codes: what the squares say, how many fit, who sees what, nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno

from ballast.errors import WrongUsage
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.records import RecordState, record_of
from ballast.node.wire.value import Value
from ballast.portal.identifiers_desk import NodeDesk
from ballast.portal.identifiers_sheet import MOST_CODES, Choice, chosen, made_sheet, sheet_html
from ballast.state.audit import entries
from ballast.state.users import change_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

AT = 1_780_000_000
OWN = with_check_character("91371500MA3C00001")
OTHER = with_check_character("91371500MA3C00002")
VIEWER = viewer_for(Role.ENTERPRISE, "sun", frozenset({OWN}))
URL = "https://id.example.cn"
NAME = [Value(1, "URL", b"https://x.cn"), Value(2, "NAME", "<b>阀门</b>".encode())]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, make_node: Callable[[Path], Any]) -> Path:
    folder = tmp_path_factory.mktemp("sheet")
    fill(make_node(folder))
    return folder


def fill(node: Any) -> None:
    node.put(
        PrefixEntry("88.118.8", PrefixState.HOMED, OWN, "自家铜业"),
        PrefixEntry("88.118.9", PrefixState.HOMED, OTHER, "别家"),
        records=[
            *(record_of(f"88.118.8/N-{n:04}".encode(), NAME, AT) for n in range(MOST_CODES + 5)),
            record_of(b"88.118.8/gone", NAME, AT, state=RecordState.REVOKED),
            record_of("88.118.8/阀门 1&2".encode(), NAME, AT),
            record_of(b"88.118.9/A", NAME, AT),
        ],
    )


def matrix_of(drawn: str) -> list[list[int]]:
    """Return the squares that a picture draws: its path is made of horizontal strokes."""
    size = re.search(r'viewBox="0 0 (\d+) \1"', drawn)
    path = re.search(r'<path[^>]* stroke="#000"[^>]* d="([^"]+)"', drawn) or re.search(
        r'd="(M[^"]+h[^"]+m[^"]+)"', drawn
    )
    assert size is not None
    assert path is not None
    across = int(size[1])
    found = [[0] * across for _ in range(across)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path[1]):
        steps = [float(number) for number in numbers.replace(",", " ").split()]
        if command == "M":
            x, y = steps
        elif command == "m":
            x, y = x + steps[0], y + steps[1]
        else:
            for place in range(int(x), int(x + steps[0])):
                found[int(y)][place] = 1
            x += steps[0]
    return found


@pytest.mark.parametrize("handle", ["88.118.8/N-0001", "88.118.8/阀门 1&2"])
def test_a_code_says_where_its_identifier_is_resolved(home: Path, handle: str) -> None:
    desk = NodeDesk(home, URL)
    sheet = made_sheet(desk, VIEWER, Choice(listed=(handle,)), AT + 1)
    desk.close()
    drawn = matrix_of(str(sheet.codes[0].picture))
    quoted = {"88.118.8/N-0001": "88.118.8/N-0001"}.get(
        handle, "88.118.8/%E9%98%80%E9%97%A8%201%262"
    )
    wanted = segno.make(f"{URL}/{quoted}", error="m", micro=False)
    assert drawn == [list(row) for row in wanted.matrix_iter(border=4)]


def test_a_sheet_is_full_at_its_bound_and_says_that_there_are_more(home: Path) -> None:
    desk = NodeDesk(home, URL)
    sheet = made_sheet(desk, VIEWER, Choice("88.118.8/n-"), AT + 1)
    desk.close()
    assert (len(sheet.codes), sheet.more) == (MOST_CODES, True)
    assert "There are more" in sheet_html(sheet, Choice(), "en")


def test_what_is_revoked_or_not_ones_own_is_left_out_and_said(home: Path) -> None:
    desk = NodeDesk(home)
    listed = ("88.118.8/gone", "88.118.9/A", "nothing", "88.118.8/N-0000")
    sheet = made_sheet(desk, VIEWER, Choice(listed=listed), AT + 1)
    desk.close()
    assert [code.handle for code in sheet.codes] == ["88.118.8/N-0000"]
    assert (sheet.ended, [handle for handle, _ in sheet.left_out]) == (1, ["88.118.9/A", "nothing"])
    page = sheet_html(sheet, Choice(), "zh")
    assert "88.118.9/A" in page
    assert "BALLAST_NODE_BASE_URL" in page


def test_nothing_on_a_sheet_runs_or_becomes_markup(home: Path) -> None:
    desk = NodeDesk(home, "http://127.0.0.1:8000")
    sheet = made_sheet(desk, VIEWER, Choice(listed=("88.118.8/N-0000",)), AT + 1)
    desk.close()
    page = sheet_html(sheet, Choice(columns=7), "en")
    assert "&lt;b&gt;阀门" in page
    assert "<script" not in page
    assert "only this machine" in page


def test_a_list_may_be_pasted_in_any_shape_but_not_be_too_long() -> None:
    assert chosen("", "a/1，a/2\ta/1\r\n\n a/3 ", "", "").listed == ("a/1", "a/2", "a/3")
    with pytest.raises(WrongUsage, match="too many"):
        chosen("", "\n".join(f"a/{n}" for n in range(MOST_CODES + 1)), "", "")
    with pytest.raises(WrongUsage, match="cannot be chosen"):
        chosen("a/", "", "1", "")
    with pytest.raises(WrongUsage, match="cannot be chosen"):
        chosen("a/", "", "4", "31")


def test_the_page_prints_for_who_may_and_writes_it_down(
    door: Any, make_node: Callable[[Path], Any]
) -> None:
    browser = door.browser(Role.ENTERPRISE)
    assert "ballast node init" in browser.get("/identifiers/sheet?begins=88.118.8/").text
    fill(make_node(door.context.lake.home.path))
    change_user(door.state, door.users[Role.ENTERPRISE].id, enterprises=[OWN])
    drawn = browser.get("/identifiers/sheet?begins=88.118.8/N-000&columns=3")
    assert (drawn.status_code, drawn.text.count("<svg")) == (200, 10)
    assert "script-src" not in drawn.headers["content-security-policy"]
    assert "default-src 'none'" in drawn.headers["content-security-policy"]
    newest = entries(door.state, who="the-enterprise", limit=1)[0]
    assert (newest.action, newest.count) == ("download", 1)
    token = browser.headers.pop("x-csrf-token")
    form = {"listed": "88.118.8/N-0001\n88.118.8/n-0002"}
    assert browser.post("/identifiers/sheet", data=form).status_code == 403
    listed = browser.post("/identifiers/sheet", data=form | {"csrf": token})
    assert listed.text.count("<svg") == 2
    assert browser.get("/identifiers/sheet?begins=88.118.9/").status_code in (403, 404)
    assert browser.get("/identifiers/sheet").status_code == 400
