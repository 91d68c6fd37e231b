"""Looks and commits as jobs do them: as seen or not at all, one clear line for a hostile file."""

from __future__ import annotations

import asyncio
import io
import threading
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from tests.brain.projects.conftest import CLERK, VALVES, small_tables

from ballast.brain.projects.changing import change_project
from ballast.brain.projects.deciding import Decisions
from ballast.brain.projects.ledger import ledger
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.jobs import Told
from ballast.portal.projects_sheet_files import KINDS, MOST_BYTES
from ballast.portal.projects_sheet_report import LookView
from ballast.portal.projects_sheet_view import (
    changes_markup,
    doubt_markup,
    figures_markup,
    missing_markup,
    refused_markup,
)
from ballast.portal.projects_sheet_work import Asked, Committed, Looked, commit_work, look_work
from ballast.state.jobs import create_job
from ballast.terms.label import LANGUAGES
from ballast.terms.role import Role
from ballast.terms.viewer import viewer_for

HEADS = "项目编号,项目名称,统一社会信用代码,总投资（万元）,当月完成投资（万元）,状态\n"
ROWS = (
    "JG-1,阀门生产线技术改造,,,50,停滞\n"
    f"XM-4,数字化车间建设<b>,{VALVES},80,,在建\n"
    f"XM-5,关键设备更新,{VALVES},70,5,\n"
    "JG-2,余热回收利用,,,二十,在建\n"
)
VIEWER = viewer_for(Role.ANALYST, "clerk", frozenset())
MAY = Asked("2026-05", decisions=Decisions(ask=True))


class Desk:
    """A home with the small ledger, and a shelf."""

    def __init__(self, door: Any) -> None:
        self.door = door
        door.clock.move(days=20)
        self.lake: Lake = door.context.lake
        self.lake.commit(small_tables(), CLERK)
        self.shelf = Shelf(self.lake.home.path / "uploads", MOST_BYTES, KINDS)
        self.user = door.users[Role.ANALYST].id
        self.today = (door.clock() + timedelta()).date()

    def send(self, content: str | bytes, name: str = "五月.csv") -> Upload:
        async def chunks() -> AsyncIterator[bytes]:
            yield content.encode() if isinstance(content, str) else content

        return asyncio.run(self.shelf.receive(chunks(), name, self.user))

    def told(self) -> Told:
        job = create_job(self.door.state, "projects-look", self.user, {})
        return Told(self.door.state, job.id, threading.Event())

    def look(self, upload: Upload, asked: Asked = MAY) -> Looked:
        found, _ = look_work(upload, asked, VIEWER, "en", self.today)(self.lake, self.told())
        assert isinstance(found, Looked)
        return found

    def commit(self, upload: Upload, seen: Looked, asked: Asked = MAY) -> object:
        work = commit_work(self.shelf, upload, seen.look, asked, VIEWER, "en", self.today)
        return work(self.lake, self.told())[0]


@pytest.fixture
def desk(door: Any) -> Desk:
    return Desk(door)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_look_tells_matches_changes_doubts_and_refusals(desk: Desk, language: Any) -> None:
    seen = desk.look(desk.send(HEADS + ROWS)).look
    zh = language == "zh"
    changes = changes_markup(seen.update.changing, language)
    assert ("在建 → <strong>停滞" if zh else "under way → <strong>stalled") in changes
    assert "500 → <strong>550</strong>" in changes
    sure, unsure = (doubt_markup(one, language) for one in seen.update.rows if one.match.candidates)
    assert "JG-3" in sure
    assert "数字化车间建设&lt;b&gt;" in sure
    assert ("计划总投资不符：70 与 1000" if zh else "not agree: 70 and 1000") in unsure
    refused = refused_markup(seen, language)
    assert "二十" in refused
    assert "XM-" not in refused
    assert "JG-2" in missing_markup(seen, language)
    assert ("不采用" if zh else "not taken") in figures_markup(seen, language)
    assert LookView(Looked(seen), language, None, None, None)._first == {"3": "", "4": ""}  # type: ignore[arg-type]


def test_a_commit_writes_what_was_decided_and_leaves_the_rest(desk: Desk) -> None:
    upload = desk.send(HEADS + ROWS)
    asked = replace(MAY, decisions=Decisions({"3": "JG-3"}, out=frozenset({"4"}), ask=True))
    seen = desk.look(upload, asked)
    done = desk.commit(upload, seen, asked)
    assert isinstance(done, Committed)
    of = ledger(desk.lake, CLERK)
    assert of.projects["JG-1"].status.value == "stalled"
    assert "XM-5" not in {alias for one in of.projects.values() for alias in one.aliases}
    assert list(desk.shelf.folder.iterdir()) == []
    loads = desk.lake.loads(CLERK)
    assert (loads["file"][-1], loads["who"][-1], loads["recipe"][-1]) == (
        "五月.csv", "clerk", "projects",
    )  # fmt: skip


def test_two_clerks_at_once_the_slower_one_is_shown_the_ledger_as_it_is_now(desk: Desk) -> None:
    first, second = desk.send(HEADS + ROWS), desk.send(HEADS + ROWS.replace("50", "60"))
    seen, late = desk.look(first), desk.look(second)
    assert isinstance(desk.commit(first, seen), Committed)
    loads = desk.lake.live_loads()
    answer = desk.commit(second, late)
    assert isinstance(answer, Looked)
    assert answer.stale
    assert desk.lake.live_loads() == loads
    [problem] = [one for one in answer.look.update.problems if one.asks == "correction"]
    assert problem.row.place == "2"
    assert second.path.exists()


def test_a_change_by_hand_between_look_and_commit_is_noticed(desk: Desk) -> None:
    upload = desk.send(HEADS + ROWS)
    seen = desk.look(upload)
    one = ledger(desk.lake, CLERK).projects["JG-4"]
    change_project(desk.lake, CLERK, one, {"aliases": "老"}, reason="更名", today=desk.today)
    answer = desk.commit(upload, seen)
    assert isinstance(answer, Looked)
    assert isinstance(desk.commit(upload, answer), Committed)


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    return held.getvalue()


def formula() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目编号", "当月完成投资（万元）", "状态"])
    sheet.append(["=cmd|'/c calc'!A1", "=1/0", "在建"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


HOSTILE: dict[str, tuple[str, Any]] = {
    "bomb": ("五月.xlsx", bomb),
    "formula": ("五月.xlsx", formula),
    "html": ("五月.xlsx", lambda: b"<html><table><tr><td>JG-1</td></tr></table></html>"),
    "wide": ("五月.csv", lambda: (",".join(f"列{n}" for n in range(300)) + "\n1\n").encode()),
    "other": ("五月.csv", lambda: "企业,产值\n甲,1\n".encode()),
    "cut off": ("五月.xlsx", lambda: b"PK\x03\x04" + bytes(2000)),
    "no month": ("五月.csv", lambda: (HEADS + ROWS).encode()),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_wrong_or_hostile_file_is_one_clear_line_and_changes_nothing(
    desk: Desk, kind: str
) -> None:
    name, made = HOSTILE[kind]
    asked = Asked() if kind == "no month" else MAY
    upload = desk.send(made(), name)
    try:
        seen = desk.look(upload, asked)
    except BallastError as error:
        text = str(error)
        assert "\n" not in text
        assert upload.token not in text
        assert str(desk.lake.home.path) not in text
    else:
        # A formula's last result is what a workbook holds of it; here there is none.
        assert kind == "formula"
        assert seen.look.update.changing == ()
    assert len(desk.lake.live_loads()) == 1
