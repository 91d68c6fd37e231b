"""The line of an open page: its own session's, and cut when that ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from nicegui import Client
from starlette.websockets import WebSocketDisconnect

from ballast.portal.identity import session_cookie
from ballast.portal.live import _concerns
from ballast.state.sessions import close_session
from ballast.state.users import change_user, disable_user
from ballast.terms.role import Role

PONG = "3"


@pytest.fixture
def browser(door: Any) -> Iterator[Any]:
    with door.browser(Role.ANALYST) as opened:
        yield opened


def opened_page(browser: Any) -> str:
    """Open a page and return its number."""
    before = set(Client.instances)
    assert browser.get("/city").status_code == 200
    (number,) = set(Client.instances) - before
    return number


def line(browser: Any, page: str, **headers: str) -> Any:
    query = f"EIO=4&transport=websocket&client_id={page}&implicit_handshake=false"
    headers = {"host": "portal.test", "upgrade": "websocket"} | headers
    return browser.websocket_connect(f"/_nicegui_ws/socket.io/?{query}", headers=headers)


def refused(browser: Any, page: str, **headers: str) -> bool:
    try:
        with line(browser, page, **headers) as socket:
            socket.receive_text()
    except WebSocketDisconnect:
        return True
    return False


def talk(socket: Any) -> None:
    """Open the line as NiceGUI's script does."""
    assert socket.receive_text().startswith("0{")
    socket.send_text("40")
    assert socket.receive_text().startswith("40")


def cut(socket: Any, said: str) -> bool:
    """Return whether the page is sent to the sign-in and its line cut."""
    socket.send_text(said)
    last = ""
    try:
        while True:
            last = socket.receive_text()
    except WebSocketDisconnect as error:
        return error.code == 4401 and json.loads(last[2:])[1]["path"] == "/signin"


def test_a_page_talks_to_its_own_session(browser: Any) -> None:
    with line(browser, opened_page(browser), origin="http://portal.test") as socket:
        talk(socket)


def test_nobody_else_takes_the_line(door: Any, browser: Any) -> None:
    page = opened_page(browser)
    assert refused(door.browser(), page)
    assert refused(door.browser(Role.ADMINISTRATOR), page)
    assert refused(door.browser(Role.ANALYST), page)  # the same person, another session
    assert refused(browser, "no-such-page")
    assert refused(browser, page, origin="https://evil.example")
    assert refused(browser, page, host="evil.example")


def test_there_is_no_line_by_request(browser: Any) -> None:
    page = opened_page(browser)
    query = f"?EIO=4&transport=polling&client_id={page}"
    assert browser.get(f"/_nicegui_ws/socket.io/{query}").status_code == 404
    assert browser.post(f"/_nicegui_ws/socket.io/{query}", content="40").status_code == 404


def test_a_sign_out_cuts_the_line_of_a_page_at_which_nobody_sits(door: Any, browser: Any) -> None:
    page = opened_page(browser)
    with line(browser, page) as socket:
        talk(socket)
        socket.send_text(PONG)
        close_session(door.state, browser.cookies[session_cookie(door.context)])
        assert cut(socket, PONG)
    assert refused(browser, page)


def test_a_disabled_account_and_a_lost_role_cut_it_too(door: Any, browser: Any) -> None:
    user = door.users[Role.ANALYST]
    with line(browser, opened_page(browser)) as socket:
        talk(socket)
        change_user(door.state, user.id, role=Role.PUBLIC)
        assert cut(socket, PONG)
    change_user(door.state, user.id, role=Role.ANALYST)
    with line(browser, opened_page(browser)) as socket:
        talk(socket)
        disable_user(door.state, user.id)
        assert cut(socket, PONG)


def test_an_open_page_does_not_keep_a_session_from_going_idle(door: Any, browser: Any) -> None:
    with line(browser, opened_page(browser)) as socket:
        talk(socket)
        for _ in range(3):
            door.clock.move(minutes=19)
            socket.send_text(PONG)
        door.clock.move(minutes=5)
        assert cut(socket, PONG)


def test_what_somebody_does_keeps_it(door: Any, browser: Any) -> None:
    page = opened_page(browser)
    event = "42" + json.dumps(["event", {"id": 999_999, "client_id": page, "args": []}])
    with line(browser, page) as socket:
        talk(socket)
        for _ in range(5):
            door.clock.move(minutes=19)
            socket.send_text(event)
        socket.send_text(PONG)
        close_session(door.state, browser.cookies[session_cookie(door.context)])
        assert cut(socket, PONG)


def test_a_line_speaks_for_its_own_page_alone(browser: Any) -> None:
    mine, other = opened_page(browser), opened_page(browser)
    with line(browser, mine) as socket:
        talk(socket)
        assert cut(socket, "42" + json.dumps(["event", {"id": 1, "client_id": other}]))


@pytest.mark.parametrize(
    "said",
    ['451-["event",{}]', "42", "42[", "42{}", '42["event", 3]', "5", "", "42" + "[" * 100_000],
)
def test_what_no_page_sends_is_not_passed_on(said: str) -> None:
    assert not _concerns(said, "a")
