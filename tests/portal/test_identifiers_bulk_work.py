"""Files through the node's bulk path: registered once, refused rows aside, nothing half done."""

from __future__ import annotations

import asyncio
import csv
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from ballast.errors import HomeBusy, LoadConflict, NotPermitted
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.portal.data_uploads import Shelf, Upload
from ballast.portal.identifiers_bulk_files import KINDS
from ballast.portal.identifiers_bulk_work import BulkReport, FirstRows, load_work, look_work
from ballast.portal.identifiers_desk import NodeDesk, acting
from ballast.portal.jobs import Told
from ballast.state.jobs import create_job, request_cancel
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, viewer_for

OWN = with_check_character("91371500MA3C00001")
VIEWER = viewer_for(Role.ENTERPRISE, "sun", frozenset({OWN}))
PREFIX = "88.118.8"


class Place:
    """A home with a node and its writer, and a shelf for files."""

    def __init__(self, door: Any, node: Any) -> None:
        self.door, self.node = door, node
        home = door.context.lake.home.path
        self.desk, self.shelf = NodeDesk(home), Shelf(home / "uploads", suffixes=KINDS)
        self.user = door.users[Role.ENTERPRISE].id

    def send(self, name: str, text: str) -> Upload:
        async def chunks() -> AsyncIterator[bytes]:
            yield text.encode()

        return asyncio.run(self.shelf.receive(chunks(), name, self.user))

    def told(self) -> Told:
        job = create_job(self.door.state, "identifiers", self.user, {})
        return Told(self.door.state, job.id, threading.Event())

    def load(self, upload: Upload, told: Told | None = None, viewer: Viewer = VIEWER) -> BulkReport:
        work = load_work(self.desk, self.shelf, upload, PREFIX, viewer, acting("sun"), "en")
        report, _ = work(self.door.context.lake, told or self.told())
        assert isinstance(report, BulkReport)
        return report

    def total(self) -> int:
        with self.desk.reading() as moment:
            return moment.total()


@pytest.fixture(scope="module")
def place(shared_door: Any, make_node: Callable[[Path], Any]) -> Any:
    node = make_node(shared_door.context.lake.home.path)
    node.put(
        PrefixEntry(PREFIX, PrefixState.HOMED, OWN, "自家铜业"),
        PrefixEntry("88.118.9", PrefixState.HOMED, OWN, "自家铜业"),
    )
    node.start_writer()
    made = Place(shared_door, node)
    yield made
    made.desk.close()


def rows(start: int, count: int) -> str:
    lines = [f"A-{n},https://example.cn/{n}" for n in range(start, start + count)]
    return "标识,网址\n" + "\n".join(lines) + "\n"


def test_the_same_file_sent_twice_registers_once(place: Place) -> None:
    text, before = rows(0, 4500), place.total()
    first = place.load(place.send("a.csv", text))
    assert (first.registered, first.refused, first.already, first.ended) == (4500, 0, False, "")
    again = place.load(place.send("other name.csv", text))
    assert (again.registered, again.already) == (4500, True)
    assert place.total() == before + 4500


def test_refused_rows_are_told_by_their_row_and_put_aside(place: Place) -> None:
    text = rows(10_000, 2) + "A-10000,https://twice\n88.118.9/B,u\n\x07,u\nC,\n"
    report = place.load(place.send("b.csv", text))
    assert (report.registered, report.refused) == (2, 4)
    assert [one.number for one in report.shown] == [4, 5, 6, 7]
    assert "already" in report.shown[0].reason
    assert "not under 88.118.8" in report.shown[1].reason
    assert "control character" in report.shown[2].reason
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8-sig", newline="") as file:
        aside = list(csv.reader(file))
    assert aside[0] == ["row in the file", "why it was refused", "标识", "网址"]
    assert [line[0] for line in aside[1:]] == ["4", "5", "6", "7"]
    mended = "\n".join(",".join(line).replace("A-10000", "A-10002") for line in aside[:2])
    assert place.load(place.send("c.csv", mended + "\n")).registered == 1


def test_lines_of_json_name_what_is_under_the_chosen_prefix_only(place: Place) -> None:
    lines = [
        json.dumps({"handle": handle, "values": [{"index": 1, "type": "URL", "data": "u"}]})
        for handle in ("88.118.8/J-1", "88.118.9/J-2", "0.NA/88.118.8")
    ]
    report = place.load(place.send("d.ndjson", "\n".join([*lines, "{", ""]) + "\n"))
    assert (report.registered, report.refused) == (1, 3)
    assert [one.number for one in report.shown] == [2, 3, 4]
    assert report.refused_file is not None
    assert '"88.118.9/J-2"' in report.refused_file.read_text("utf-8-sig").replace('""', '"')


def test_while_the_writer_is_down_nothing_is_half_done(place: Place) -> None:
    place.node.stop_writer()
    upload, before = place.send("e.csv", rows(20_000, 10)), place.total()
    with pytest.raises(HomeBusy, match="does not run"):
        place.load(upload)
    assert place.total() == before
    assert upload.path.exists()  # to be tried again
    place.node.start_writer()
    assert place.load(upload).registered == 10
    assert not upload.path.exists()


def test_a_load_that_is_stopped_says_so_and_goes_on_when_sent_again(place: Place) -> None:
    text = rows(30_000, 30_000)
    told = place.told()
    upload, before = place.send("f.csv", text), place.total()

    class Stopping(Told):
        """Asks for the stop itself, once something was registered."""

        def at(self, fraction: float, what: Any) -> None:
            if fraction > 0.02:
                request_cancel(place.door.state, self.job_id, place.user)
            super().at(fraction, what)

    stopping = Stopping(place.door.state, told.job_id, threading.Event())
    report = place.load(upload, stopping)
    assert "stopped" in report.ended
    assert 0 < report.registered < 30_000
    assert before + report.registered <= place.total()
    whole = place.load(upload)
    assert (whole.registered, whole.refused, whole.ended) == (30_000, 0, "")
    assert place.total() == before + 30_000


def test_rights_are_judged_when_the_job_runs(place: Place) -> None:
    upload = place.send("g.csv", rows(90_000, 1))
    for role in (Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR):
        stranger = viewer_for(
            role, "zhao", frozenset({OWN}) if role is Role.OPERATOR else frozenset()
        )
        with pytest.raises(NotPermitted):
            place.load(upload, viewer=stranger)


def test_two_loads_of_one_file_at_once_do_not_mix(place: Place) -> None:
    text = rows(100_000, 20_000)
    uploads = [place.send("h.csv", text) for _ in range(2)]
    outcomes: list[object] = []

    def run(upload: Upload) -> None:
        try:
            outcomes.append(place.load(upload).registered)
        except LoadConflict as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=run, args=(upload,)) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert 20_000 in outcomes
    other = next((one for one in outcomes if one != 20_000), 20_000)
    assert other == 20_000 or "under way" in str(other)


def test_looking_at_a_file_registers_nothing(place: Place) -> None:
    before = place.total()
    found, _ = look_work(place.send("i.csv", rows(0, 20)), PREFIX)(
        place.door.context.lake, place.told()
    )
    assert isinstance(found, FirstRows)
    assert (len(found.rows), found.lines) == (8, 20)
    assert place.total() == before
