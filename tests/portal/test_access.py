"""Every cell of the table of access, with the real portal, and that nothing stands outside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from ballast.errors import WrongUsage
from ballast.portal.access import ACCESS, EVERYONE, SIGNED_IN, Access, check_routes, find, may
from ballast.portal.identity import session_cookie
from ballast.terms.label import Label
from ballast.terms.role import Role

ROWS = [row for row in ACCESS if row.method != "*"]
DOORS_WORDS = ("not open to your account", "sign in first", "sign in, or send a key")


def address(row: Access) -> str:
    """Return an address that the row covers, its places filled."""
    return re.sub(r"\{[^}]*\}", "1", row.path)


def refused_by_the_door(answer: Any) -> bool:
    return answer.status_code in (401, 403) and any(words in answer.text for words in DOORS_WORDS)


@pytest.fixture(scope="module")
def sit_down(shared_door: Any) -> Iterator[Callable[[Role], Any]]:
    with shared_door.browser() as browser:
        yield lambda role: shared_door.become(browser, role)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_each_role_opens_what_its_row_says_and_nothing_else(
    sit_down: Callable[[Role], Any], row: Access, role: Role
) -> None:
    answer = sit_down(role).request(row.method, address(row))
    to_sign_in = answer.headers.get("location", "").startswith("/signin?next=")
    if role in row.roles:
        assert not refused_by_the_door(answer)
        assert not to_sign_in
    elif role is not Role.PUBLIC:
        assert answer.status_code == 403
        assert refused_by_the_door(answer)
    elif row.method == "GET" and row.kind != "api":
        assert answer.status_code == 303
        assert to_sign_in
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.roles != EVERYONE], ids=lambda row: f"{row.method} {row.path}"
)
def test_an_invented_session_or_key_opens_nothing(
    sit_down: Callable[[Role], Any], row: Access
) -> None:
    browser = sit_down(Role.PUBLIC)
    cookie = session_cookie(browser.app.state.context)
    for headers in (
        {"authorization": "Bearer bk_guessed"},
        {"authorization": "Basic dGhlLWFuYWx5c3Q6eA=="},
        {"cookie": f"{cookie}=guessed"},
        {"cookie": f"{cookie}=" + "a" * 5000},
    ):
        answer = browser.request(row.method, address(row), headers=headers)
        assert answer.status_code in (303, 401)


def test_an_address_without_a_row_is_open_to_nobody() -> None:
    assert not any(may(role, "GET", "/nowhere") for role in Role)
    assert not any(may(role, "DELETE", "/signin") for role in Role)


def test_an_exact_address_goes_before_one_with_places() -> None:
    row = find("GET", "/api/v1/openapi.json")
    assert row is not None
    assert row.path == "/api/v1/openapi.json"


def test_a_slash_in_a_place_does_not_reach_another_row() -> None:
    assert find("GET", "/signin/../city") is None
    assert find("GET", "//signin") is None


def small_app() -> FastAPI:
    app = FastAPI(openapi_url=None)
    inner = APIRouter()

    @app.get("/a")
    def first() -> Response:
        return Response()

    @inner.post("/b/{name}")
    def second(name: str) -> Response:
        return Response(name)

    app.include_router(inner, prefix="/in")
    return app


ROW_A = Access("GET", "/a", EVERYONE, Label("甲", "a"), "public")
ROW_B = Access("POST", "/in/b/{name}", SIGNED_IN, Label("乙", "b"), "api")


def test_a_table_that_fits_its_routes_is_accepted() -> None:
    check_routes(small_app(), (ROW_A, ROW_B))


def test_a_route_without_a_row_does_not_start() -> None:
    with pytest.raises(WrongUsage, match=r"routes without a row: POST /in/b/\{name\}"):
        check_routes(small_app(), (ROW_A,))


def test_a_row_without_a_route_does_not_start() -> None:
    dead = replace(ROW_A, path="/gone")
    with pytest.raises(WrongUsage, match="rows without a route: GET /gone"):
        check_routes(small_app(), (ROW_A, ROW_B, dead))


def test_a_row_that_stands_twice_does_not_start() -> None:
    with pytest.raises(WrongUsage, match="stand twice: GET /a"):
        check_routes(small_app(), (ROW_A, ROW_B, replace(ROW_A, roles=SIGNED_IN)))


def test_the_portal_itself_is_checked(door: Any) -> None:
    check_routes(door.app)
    with pytest.raises(WrongUsage, match="routes without a row"):
        check_routes(door.app, ACCESS[1:])
