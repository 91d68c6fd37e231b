"""The Users page: for administrators alone, nothing typed becomes markup, secrets shown once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nicegui import Client

from ballast.portal.users import account_rows
from ballast.portal.users_audit import ACTIONS, day_bounds, entry_rows
from ballast.portal.users_form import codes_of
from ballast.state.audit import entries, record
from ballast.state.keys import issue_key, list_keys, user_of_key
from ballast.state.users import add_user, disable_user, find_user, list_users, user_named
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import PUBLIC

CODE = with_check_character("91371500MA0000000")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def administrator(door: Any) -> Iterator[Any]:
    with door.browser(Role.ADMINISTRATOR) as opened:
        yield opened


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("part", ["accounts", "audit"])
def test_the_page_is_for_administrators_alone(door: Any, role: Role, part: str) -> None:
    with door.browser(role) as client:
        answer = client.get(f"/users?part={part}")
    assert answer.status_code in (303, 403)
    assert "the-analyst" not in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_account_is_listed_with_its_role(administrator: Any, lang: str) -> None:
    page = administrator.get(f"/users?lang={lang}").text
    for role in Role:
        assert f"the-{role}" in page
    assert ("cluster operator" if lang == "en" else "集群运营方") in page


def test_a_name_that_is_markup_is_shown_as_it_was_typed(door: Any, administrator: Any) -> None:
    add_user(door.state, "guest", role=Role.ANALYST, display=HOSTILE, language="en")
    rows = account_rows(list_users(door.state), "en")
    assert any(HOSTILE in [str(cell) for cell in row] for row in rows)
    page = administrator.get("/users?lang=en").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page or "&amp;lt;img src=x" in page


def test_codes_are_listed_and_an_account_that_is_shut_says_so(door: Any) -> None:
    user = add_user(door.state, "owner", role=Role.ENTERPRISE, enterprises=[CODE])
    disable_user(door.state, user.id)
    row = next(r for r in account_rows(list_users(door.state), "en") if r[1] == "owner")
    assert row[3] == CODE
    assert row[6] == "disabled"


def test_an_account_that_is_not_there_is_a_sentence(administrator: Any) -> None:
    assert "There is no such account." in administrator.get("/users?account=9999&lang=en").text


def handler(page: Client, words: str) -> Any:
    """Return what a button of a page does."""
    for element in page.elements.values():
        if getattr(element, "tag", "") == "button" and getattr(element, "text", "") == words:
            (listener,) = element._event_listeners.values()
            return listener.handler
    raise AssertionError(f"there is no button {words}")


def opened(browser: Any, address: str) -> Client:
    before = set(Client.instances)
    assert browser.get(address).status_code == 200
    (number,) = set(Client.instances) - before
    return Client.instances[number]


def press(browser: Any, page: Client, words: str) -> None:
    """Press a button in the loop of the portal that answers."""
    work = handler(page, words)

    async def in_its_place() -> None:
        with page:
            await work()

    browser.portal.call(in_its_place)


def shown(page: Client) -> str:
    return "\n".join(
        str(getattr(element, "content", "") or getattr(element, "text", ""))
        for element in page.elements.values()
    )


def account(door: Any, role: Role = Role.ANALYST) -> str:
    return f"/users?account={door.users[role].id}&lang=en"


def test_a_new_password_is_shown_once_and_every_session_ends(door: Any, administrator: Any) -> None:
    watcher = door.browser(Role.ANALYST)
    assert watcher.get("/data/template/region.xlsx").status_code == 200
    page = opened(administrator, account(door))
    press(administrator, page, "Make a new password")
    assert "shown this once" in shown(page)
    assert watcher.get("/data/template/region.xlsx").status_code == 401
    assert entries(door.state)[0].action == "user-password"
    again = opened(administrator, account(door))
    assert "shown this once" not in shown(again)


def test_an_account_is_disabled_and_let_in_again(door: Any, administrator: Any) -> None:
    page = opened(administrator, account(door))
    press(administrator, page, "Disable the account")
    assert find_user(door.state, door.users[Role.ANALYST].id).disabled
    press(administrator, page, "Let it in again")
    assert not find_user(door.state, door.users[Role.ANALYST].id).disabled
    assert [e.action for e in entries(door.state)[:2]] == ["user-enable", "user-disable"]


def test_the_last_administrator_cannot_shut_everybody_out(door: Any, administrator: Any) -> None:
    page = opened(administrator, account(door, Role.ADMINISTRATOR))
    press(administrator, page, "Disable the account")
    assert "no administrator would be left" in shown(page)
    assert not find_user(door.state, door.users[Role.ADMINISTRATOR].id).disabled


def test_a_page_left_open_does_nothing_once_its_session_is_over(
    door: Any, administrator: Any
) -> None:
    page = opened(administrator, account(door))
    identity = page.request.scope["state"]["identity"]
    page.request.scope["state"]["identity"] = type(identity)(
        user=identity.user,
        viewer=PUBLIC,
        csrf=None,
        language="en",
        how=identity.how,
        context=identity.context,
    )
    press(administrator, page, "Disable the account")
    assert not find_user(door.state, door.users[Role.ANALYST].id).disabled
    assert "not open to your account" in shown(page)


def test_a_key_is_taken_back(door: Any, administrator: Any) -> None:
    analyst = door.users[Role.ANALYST]
    secret, _ = issue_key(
        door.state, analyst.id, "night copy", door.state.clock() + timedelta(days=3)
    )
    assert user_of_key(door.state, secret).name == analyst.name
    page = opened(administrator, account(door))
    press(administrator, page, "Take back the key “night copy”")
    assert list_keys(door.state, analyst.id)[0].revoked_at is not None
    assert "taken back" in shown(page)
    assert secret not in shown(page)


def test_an_account_is_added_with_a_password_made_up(door: Any, administrator: Any) -> None:
    page = opened(administrator, "/users?lang=en")
    press(administrator, page, "Add the account")
    assert "cannot be the name of an account" in shown(page)
    assert len(list_users(door.state)) == len(Role)


def test_codes_may_be_pasted_as_they_stand() -> None:
    assert codes_of(f" {CODE}\n{CODE}；x，y\t") == {CODE, "x", "y"}
    assert codes_of(" ,; ") == frozenset()


def test_a_day_of_the_trail_is_a_day_and_no_more(door: Any) -> None:
    start, end = day_bounds("2026-06-01")
    assert start is not None
    assert end is not None
    assert end - start == timedelta(days=1)
    for at in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
        record(door.state, at.astimezone(UTC), "li", "analyst", "read", f"at {at}", 2, "::1")
    assert len(entries(door.state, since=start, until=end, who="li")) == 2
    assert day_bounds("2026-13-01") == (None, None)
    assert day_bounds("") == (None, None)


def test_the_trail_is_told_in_words(door: Any) -> None:
    at = datetime(2026, 6, 1, 8, tzinfo=UTC)
    record(door.state, at, "li", "analyst", "download", HOSTILE, 1234, "10.0.0.1")
    row = entry_rows(entries(door.state), "en")[0]
    assert row[1:4] == ["li", "analyst", "download"]
    assert row[4] == HOSTILE
    assert entry_rows(entries(door.state), "zh")[0][2:4] == ["分析人员", "下载"]
    assert {"sign-in", "sign-out", "read", "download"} <= set(ACTIONS)


def test_the_trail_opens_for_an_administrator(door: Any, administrator: Any) -> None:
    record(door.state, door.state.clock(), "li", "analyst", "read", HOSTILE, 3, "")
    page = administrator.get("/users?part=audit&lang=en").text
    assert "<img src=x" not in page
    assert user_named(door.state, "the-analyst").name in page
