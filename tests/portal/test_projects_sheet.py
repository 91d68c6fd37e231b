"""The monthly sheet on the Projects page: who may send one, what is taken, what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from tests.brain.projects.conftest import CLERK, VALVES, small_tables

from ballast.portal.projects_sheet_files import MOST_BYTES, shelf_of
from ballast.state.users import change_user
from ballast.terms.label import LANGUAGES
from ballast.terms.role import Role

OTHERS = [role for role in Role if role is not Role.ANALYST]


@pytest.fixture(scope="module")
def town(shared_door: Any) -> Any:
    shared_door.context.lake.commit(small_tables(), CLERK)
    change_user(shared_door.state, shared_door.users[Role.ENTERPRISE].id, enterprises=[VALVES])
    return shared_door


@pytest.fixture
def as_role(town: Any) -> Any:
    with town.browser() as opened:
        yield lambda role: town.become(opened, role)


def send(browser: Any, name: str, content: bytes) -> Any:
    headers = {"x-file-name": quote(name)}
    return browser.post("/projects/upload", content=content, headers=headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_load_finds_the_part_and_nobody_else(
    as_role: Callable[[Role], Any], language: str
) -> None:
    page = as_role(Role.ANALYST).get(f"/projects?part=sheet&lang={language}")
    assert page.status_code == 200
    assert "ps-file" in page.text
    assert "/projects/template.xlsx" in page.text
    own = as_role(Role.ENTERPRISE).get(f"/projects?part=sheet&lang={language}")
    assert own.status_code == 200
    assert "ps-file" not in own.text
    assert "part=sheet&" not in as_role(Role.ENTERPRISE).get("/projects").text


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sends_a_sheet_or_takes_the_template(
    town: Any, as_role: Callable[[Role], Any], role: Role
) -> None:
    before = list((town.context.lake.home.path / "uploads").glob("*"))
    answer = send(as_role(role), "五月.csv", b"a,b\n1,2\n")
    assert answer.status_code in (401, 403)
    assert list((town.context.lake.home.path / "uploads").glob("*")) == before
    assert as_role(role).get("/projects/template.xlsx").status_code in (401, 403)


def test_a_session_needs_its_token_to_send(as_role: Callable[[Role], Any]) -> None:
    browser = as_role(Role.ANALYST)
    del browser.headers["x-csrf-token"]
    assert send(browser, "五月.csv", b"a,b\n1,2\n").status_code == 403


def test_a_sheet_is_kept_under_a_random_name_for_its_sender_alone(
    town: Any, as_role: Callable[[Role], Any]
) -> None:
    answer = send(as_role(Role.ANALYST), "../../五月.csv", "项目编号,状态\n".encode())
    assert answer.status_code == 200, answer.text
    shelf, user = shelf_of(town.context), town.users[Role.ANALYST].id
    upload = shelf.find(answer.json()["token"], user)
    assert (upload.name, upload.path.parent) == ("五月.csv", shelf.folder)
    assert "五月" not in upload.path.name
    shelf.discard(upload.token)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"PAR1", "save it as .xlsx, .xls or .csv"),
        ("a.exe", b"MZ", "save it as"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"x" * (MOST_BYTES + 1), ""),
    ],
)
def test_what_is_no_sheet_or_too_large_is_not_kept(
    town: Any, as_role: Callable[[Role], Any], name: str, content: bytes, said: str
) -> None:
    answer = send(as_role(Role.ANALYST), name, content)
    assert answer.status_code in (400, 413)
    assert said in answer.text
    assert list((town.context.lake.home.path / "uploads").glob("*")) == []


def test_the_template_is_a_workbook(as_role: Callable[[Role], Any]) -> None:
    answer = as_role(Role.ANALYST).get("/projects/template.xlsx?lang=zh")
    assert "%E9%A1%B9" in answer.headers["content-disposition"]
    assert zipfile.is_zipfile(io.BytesIO(answer.content))
    first = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert first["A1"].value == "项目编号"
