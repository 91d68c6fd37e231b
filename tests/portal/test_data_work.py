"""Previews and loads as jobs do them: under the sender's name, stopped only while that is true."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ballast.errors import BallastError, Refused, StorageFailed, UnreadableFile
from ballast.lake.lake import Lake
from ballast.lake.loading import LoadReport
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.data_work import Asked, loading_work, preview_work, under_its_name
from ballast.portal.jobs import Told
from ballast.state.jobs import create_job, request_cancel
from ballast.state.store import State
from ballast.state.users import add_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator, viewer_for
from ballast.words import Sentence

CODE = with_check_character("91371500MA0000000")
LOADER = operator("loader")
TOKEN = "0123456789abcdef" * 2


class Listening(Told):
    """Counts what a job says, and asks it to stop at the step of a number."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.said: list[str] = []
        self.steps, self._stop_at = 0, stop_at

    def check(self) -> None:
        self.steps += 1
        if self._stop_at is not None and self.steps >= self._stop_at:
            raise Refused("stopped before anything was changed")

    def at(self, fraction: float, what: Sentence) -> None:
        self.check()
        self.said.append(what.text("en"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


def uploaded(lake: Lake, name: str, content: bytes) -> Upload:
    folder = lake.home.path / "uploads"
    folder.mkdir(exist_ok=True)
    path = folder / f"{TOKEN}{Path(name).suffix}"
    path.write_bytes(content)
    return Upload(TOKEN, 1, path, name, len(content))


def report_of(*values: str) -> bytes:
    lines = ["统一社会信用代码,月份,规上,工业总产值（万元）"]
    lines += [f"{CODE},2026-{n:02},是,{value}" for n, value in enumerate(values, 3)]
    return "\n".join(lines).encode()


def loading(lake: Lake, upload: Upload, told: Told) -> tuple[object, object]:
    asked = Asked("enterprise_period")
    shelf = Shelf(upload.path.parent)
    return loading_work(shelf, upload, asked, LOADER, "zh")(lake, told)


def test_the_ledger_knows_the_file_by_the_name_its_sender_gave(lake: Lake) -> None:
    told = Listening()
    report, noted = loading(lake, uploaded(lake, "3月.csv", report_of("1", "x")), told)
    assert isinstance(report, LoadReport)
    assert lake.loads(LOADER)["file"].to_list() == ["3月.csv"]
    assert noted == {
        "load_id": report.load_id,
        "already": False,
        "accepted": 1,
        "refused": 1,
        "refused_file": f"{TOKEN}.refused.csv",
    }
    assert told.said == ["reading the file", "checking every cell", "writing the rows"]


def test_a_load_stopped_at_any_step_leaves_nothing_until_it_can_no_longer_be(lake: Lake) -> None:
    upload = uploaded(lake, "3月.csv", report_of("1", "2"))
    whole = Listening()
    stopped = 0
    for step in range(1, 20):
        try:
            loading(lake, upload, Listening(stop_at=step))
        except Refused:
            stopped += 1
            assert lake.live_loads() == []
            assert lake.read("enterprise_period", LOADER).count().to_pyarrow().as_py() == 0
        else:
            break
    assert len(lake.live_loads()) == 1
    # Three phases, three steps of the rows, and the one before the ledger's row.
    assert stopped == 7
    report, _ = loading(lake, upload, whole)
    assert isinstance(report, LoadReport)
    assert report.already


def test_who_may_not_load_loads_nothing(lake: Lake) -> None:
    upload = uploaded(lake, "3月.csv", report_of("1"))
    stranger = viewer_for(Role.ADMINISTRATOR, "qian")
    work = loading_work(
        Shelf(upload.path.parent), upload, Asked("enterprise_period"), stranger, "zh"
    )
    with pytest.raises(BallastError, match="may not load"):
        work(lake, Listening())
    assert lake.live_loads() == []


def bomb(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(100):
                sheet.write(b"0" * 1024 * 1024)
    return path.read_bytes()


def test_a_zip_bomb_is_refused_by_its_sender_s_name(lake: Lake, tmp_path: Path) -> None:
    upload = uploaded(lake, "报表.xlsx", bomb(tmp_path / "bomb"))
    assert upload.size < 1024 * 1024
    with pytest.raises(Refused) as refusal:
        preview_work(upload, Asked())(lake, Listening())
    assert "报表.xlsx" in str(refusal.value)
    assert TOKEN not in str(refusal.value)
    assert str(lake.home.path) not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 cut off"),
        ("a.xls", b"<html><table></table></html>"),
        ("a.parquet", b"PAR1"),
        ("a.csv", b"\x00\x01\x02\xff\xfe\x00\x00"),
        ("a.xlsx", b"MZ\x90\x00 a program"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(lake: Lake, name: str, content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        preview_work(uploaded(lake, name, content), Asked())(lake, Listening())
    assert TOKEN not in str(refusal.value)


def test_an_error_keeps_its_kind_and_loses_the_home_s_folders(tmp_path: Path) -> None:
    upload = Upload("t", 1, tmp_path / "uploads" / "t.csv", "我的.csv", 1)
    own = under_its_name(UnreadableFile("{path}: bad", path=upload.path), upload)
    assert isinstance(own, UnreadableFile)
    assert str(own) == "我的.csv: bad"
    beside = tmp_path / "uploads" / "t.refused.csv"
    other = under_its_name(StorageFailed("{path}: full", path=beside), upload)
    assert str(other) == "t.refused.csv: full"


def test_a_job_hears_that_it_is_to_stop(tmp_path: Path, lake: Lake) -> None:
    import threading

    with State(lake.home.path, lambda: datetime.now(UTC)) as state:
        user = add_user(state, "li", role=Role.ANALYST)
        job = create_job(state, "load", user.id)
        told = Told(state, job.id, threading.Event())
        told.check()
        request_cancel(state, job.id, user.id)
        with pytest.raises(Refused):
            loading(lake, uploaded(lake, "3月.csv", report_of("1")), told)
    assert lake.live_loads() == []
