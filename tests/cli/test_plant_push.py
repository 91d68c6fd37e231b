"""A factory tells its days with consent and a key, over HTTP or by a file; the city takes them."""

from __future__ import annotations

import base64
import json
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ballast.cli.app import run
from ballast.cli.plant_site import keep_site
from ballast.lake.home import create_home
from ballast.lake.lake import Lake
from ballast.plant.site import read_site
from ballast.sample.factory.building import build
from ballast.sample.factory.mapping import mapping
from ballast.sample.factory.shop import USCC
from ballast.serve.ship_once import ship_once
from ballast.state.store import State
from ballast.terms.viewer import operator

ME = operator("test")


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("push") / "factory"
    lake = Lake.create(home)
    text = mapping()
    keep_site(lake, read_site(text), text)
    now = round(datetime.now(UTC).timestamp() * 1000)
    build(lake, ME, home / "plant" / "spool", lambda *_: None, now=now)
    ship_once(lake)
    return home


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return create_home(tmp_path / "city").path


class Line:
    """The command line of a test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, home: Path, *arguments: str) -> tuple[int, str, str]:
        code = run(["plant", arguments[0], "--home", str(home), *arguments[1:]])
        told = self._capsys.readouterr()
        return code, told.out, told.err

    def push(self, home: Path, *arguments: str) -> tuple[int, str, str]:
        """Push one day, which is quicker than three."""
        return self(home, "push", "--days", "1", *arguments)


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    return Line(capsys)


def agreed(line: Line, factory: Path) -> None:
    assert line(factory, "push", "--consent")[0] == 0


def known(line: Line, factory: Path, city: Path) -> None:
    _, out, _ = line(factory, "push", "--show-key")
    told = next(part for part in out.splitlines() if part.startswith("ballast plant trust "))
    assert line(city, "trust", *told.split()[3:])[0] == 0


def test_nothing_is_told_before_somebody_agreed_or_after_it_was_taken_back(
    line: Line, factory: Path, tmp_path: Path
) -> None:
    line(factory, "push", "--withdraw")
    out = tmp_path / "days"
    code, _, err = line.push(factory, "--file", str(out))
    assert (code, out.exists()) == (1, False)
    assert "has not agreed" in err
    agreed(line, factory)
    assert line.push(factory, "--file", str(out))[0] == 0
    code, _, err = line(factory, "push", "--withdraw", "--file", str(tmp_path / "later"))
    assert (code, (tmp_path / "later").exists()) == (1, False)


def test_what_would_be_told_is_shown_first_and_is_no_more_than_sums(
    line: Line, factory: Path
) -> None:
    code, out, _ = line(factory, "push", "--dry-run", "--days", "2")
    told = json.loads(out)
    assert (code, told["uscc"], told["provenance"]) == (0, USCC, "synthetic")
    yesterday = (datetime.now(read_site(mapping()).zone) - timedelta(days=1)).date()
    days = {day["day"] for day in told["days"]}
    assert days == {str(yesterday), str(yesterday - timedelta(days=1))}
    whole = [day for day in told["days"] if day["asset_group"] == "plant"]
    assert all(0 < day["oee"] < 1 and day["machines"] > 3 for day in whole)
    groups = [day for day in told["days"] if day["day"] == str(yesterday)]
    assert sum(day["machines"] for day in groups) == 2 * groups[0]["machines"]
    assert "lathe" not in out


def test_a_file_goes_from_the_factory_to_the_city_and_into_its_lake(
    line: Line, factory: Path, city: Path, tmp_path: Path
) -> None:
    agreed(line, factory)
    known(line, factory, city)
    out = tmp_path / "days.json"
    assert line.push(factory, "--file", str(out))[0] == 0
    code, _, err = line(city, "receive", str(out))
    assert code == 0, err
    assert f"lines of {USCC} taken in" in err
    rows = Lake.open(city).read("plant_daily", ME).to_pyarrow().to_pylist()
    assert {row["uscc"] for row in rows} == {USCC}
    assert len(rows) >= 3
    assert "had this message already" in line(city, "receive", str(out))[2]
    assert Lake.open(city).read("plant_daily", ME).count().to_pyarrow().as_py() == len(rows)


def test_a_file_that_was_changed_or_whose_key_is_unknown_is_refused(
    line: Line, factory: Path, city: Path, tmp_path: Path
) -> None:
    agreed(line, factory)
    out = tmp_path / "days.json"
    line.push(factory, "--file", str(out))
    code, _, err = line(city, "receive", str(out))
    assert code == 1
    assert "no factory is known" in err
    known(line, factory, city)
    envelope = json.loads(out.read_text())
    body = base64.b64decode(envelope["body"]).replace(b'"machines": 1', b'"machines": 2')
    out.write_text(json.dumps(envelope | {"body": base64.b64encode(body).decode()}))
    code, _, err = line(city, "receive", str(out))
    assert (code, "signature does not fit" in err) == (1, True)
    assert line(city, "receive", str(tmp_path / "none"))[0] == 1
    (tmp_path / "large").write_bytes(b"x" * 300_000)
    code, _, err = line(city, "receive", str(tmp_path / "large"))
    assert (code, "too large" in err) == (1, True)


def test_a_key_is_listed_and_withdrawn(line: Line, factory: Path, city: Path) -> None:
    known(line, factory, city)
    _, out, _ = line(city, "trust")
    name = out.split()[0]
    assert USCC in out
    assert line(city, "trust", "--withdraw", name)[0] == 0
    assert "–" in line(city, "trust")[1]
    assert line(city, "trust", USCC, "no key")[0] == 1
    assert line(city, "trust", USCC)[0] == 2


def test_the_days_to_come_and_days_without_records_are_not_told(line: Line, factory: Path) -> None:
    today = datetime.now(UTC).date() + timedelta(days=1)
    code, _, err = line(factory, "push", "--dry-run", "--day", str(today))
    assert (code, "not over yet" in err) == (1, True)
    code, _, err = line(factory, "push", "--dry-run", "--day", "2020-01-01")
    assert (code, "nothing is recorded" in err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [(), ("--consent", "--withdraw"), ("--to", "http://127.0.0.1:9"), ("--to", "ftp://x")],
)
def test_what_makes_no_sense_is_wrong_usage(
    line: Line, factory: Path, arguments: tuple[str, ...]
) -> None:
    agreed(line, factory)
    assert line(factory, "push", *arguments)[0] == 2


class Portal(BaseHTTPRequestHandler):
    """A city's portal that answers what the test wants, and notes what it was sent."""

    answer: ClassVar[tuple[int, bytes]] = (201, b'{"repeated": false}')
    sent: ClassVar[list[tuple[str, str, bytes]]]
    url: ClassVar[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.sent.append((self.path, self.headers["authorization"], body))
        status, said = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[type[Portal]]:
    class Mine(Portal):
        sent: ClassVar[list[tuple[str, str, bytes]]] = []

    server = HTTPServer(("127.0.0.1", 0), Mine)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    Mine.url = f"http://127.0.0.1:{server.server_port}"
    yield Mine
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_text("bk_secret\n")
    return path


def test_a_message_is_sent_with_the_key_of_the_account(
    line: Line, factory: Path, portal: Any, key_file: Path
) -> None:
    agreed(line, factory)
    code, _, err = line.push(factory, "--to", portal.url, "--api-key-file", str(key_file))
    assert code == 0, err
    assert f"{portal.url}: took" in err
    ((path, key, body),) = portal.sent
    assert (path, key) == ("/api/v1/plant-days", "Bearer bk_secret")
    assert json.loads(body).keys() == {"key", "signature", "body"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((422, b'{"detail": "the signature does not\\u001b[31m fit"}'), "does not [31m fit"),
        ((500, b"<html>"), "(500): –"),
        ((201, b"[]"), "(201)"),
        ((302, b""), "(302)"),
    ],
)
def test_what_the_city_says_against_it_is_told_in_one_line(
    line: Line, factory: Path, portal: Any, key_file: Path, answer: tuple[int, bytes], said: str
) -> None:
    agreed(line, factory)
    portal.answer = answer
    code, _, err = line.push(factory, "--to", portal.url, "--api-key-file", str(key_file))
    assert code == 1
    assert said in err
    assert "bk_secret" not in err


def test_a_city_that_is_away_is_no_reason_to_worry(
    line: Line, factory: Path, key_file: Path
) -> None:
    agreed(line, factory)
    code, _, err = line.push(factory, "--to", "http://127.0.0.1:9", "--api-key-file", str(key_file))
    assert (code, "sent again at any time" in err) == (1, True)


def test_keys_do_not_travel_readable_and_are_not_readable_by_others(
    line: Line, factory: Path, key_file: Path
) -> None:
    agreed(line, factory)
    asked = ("--to", "http://192.0.2.1", "--api-key-file", str(key_file))
    code, _, err = line.push(factory, *asked)
    assert (code, "https" in err) == (2, True)
    key_file.chmod(0o644)
    code, _, err = line.push(factory, "--to", "https://192.0.2.1", *asked[2:])
    assert (code, "other users" in err) == (1, True)
    line(factory, "push", "--show-key")
    path = factory / "plant" / "keys" / "push-key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_agreed_is_written_down(line: Line, factory: Path) -> None:
    from ballast.state.plant_consent import standing_consent

    agreed(line, factory)
    with State(factory, lambda: datetime.now(UTC)) as state:
        said = standing_consent(state, USCC)
    assert said is not None
    assert said.given
    assert said.who
