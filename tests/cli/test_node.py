"""The node at the command line: made, filled, asked, kept, as its operator does it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ballast.cli.app import run
from ballast.node.registry.lmdb_store import LmdbStore

USCC = "91350581MA2XXXXX1J"


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a node, made once: two RSA keys take their time."""
    home = tmp_path_factory.mktemp("founded") / "home"
    given = {"BALLAST_HOME": str(home), "BALLAST_LANGUAGE": "en"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        assert run(["node", "init", "88.118", "--title", "石狩节点"]) == 0
        enterprise = ["--uscc", USCC, "--enterprise", "阀门厂"]
        assert run(["node", "prefix", "allot", "88.118.8", *enterprise]) == 0
    return home


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    return tmp_path / "home"


@pytest.fixture
def home(empty: Path, founded: Path) -> Path:
    shutil.copytree(founded, empty)
    return empty


class Line:
    """The command line of a test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = run(["node", *arguments])
        told = self._capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        code, out, err = self(*arguments, "--format", "json")
        assert code == 0, err
        found: list[dict[str, object]] = json.loads(out)
        return found


@pytest.fixture
def node(capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys)


def test_one_command_makes_a_node_and_shows_no_secret(empty: Path, node: Line) -> None:
    code, out, err = node("init", "88.118", "--address", "192.0.2.1", "--address", "2001:db8::1")
    assert (code, out) == (0, "")
    keys = empty / "node" / "keys"
    secret = (keys / "admin-secret").read_text().strip()
    assert secret not in err
    assert str(keys / "admin-secret") in err
    assert "300:0.NA/88.118" in err
    assert "this machine alone" not in err
    assert stat.S_IMODE((keys / "admin-key.pem").stat().st_mode) == 0o600
    _, out, _ = node("resolve", "0.na/88.118")
    assert "192.0.2.1 TCP 2641" in out
    assert "2001:db8::1" in out
    assert "HS_SECKEY" not in out


def test_a_node_that_only_this_machine_reaches_is_told_so(empty: Path, node: Line) -> None:
    _, _, err = node("init", "88.118")
    assert "this machine alone" in err


def test_a_second_node_in_a_home_is_refused_and_nothing_is_changed(home: Path, node: Line) -> None:
    before = (home / "node" / "keys" / "admin-key.pem").read_bytes()
    code, _, err = node("init", "88.119")
    assert code == 1
    assert "88.118" in err
    assert (home / "node" / "keys" / "admin-key.pem").read_bytes() == before


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "example.cn", "300.1.1.1"])
def test_an_address_that_nobody_can_go_to_is_wrong_usage(
    empty: Path, node: Line, address: str
) -> None:
    code, _, err = node("init", "88.118", "--address", address)
    assert code == 2
    assert err.count("\n") == 1
    assert not (empty / "node").exists()


def test_a_prefix_that_is_none_is_refused(empty: Path, node: Line) -> None:
    assert node("init", "88/118")[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["resolve", "88.118/x"],
        ["register", "88.118/x", "--url", "http://x"],
        ["prefix", "list"],
        ["prefix", "withdraw", "88.118"],
        ["stats"],
        ["audit"],
        ["export", "x.parquet"],
        ["backup", "x.mdb"],
        ["serve"],
    ],
)
def test_where_there_is_no_node_one_line_says_how_to_make_one(
    empty: Path, node: Line, arguments: list[str]
) -> None:
    code, out, err = node(*arguments)
    assert (code, out) == (1, "")
    assert "ballast node init" in err
    assert err.count("\n") == 1
    assert not (empty / "node").exists()


def test_what_is_registered_is_resolved(home: Path, node: Line) -> None:
    code, out, _ = node(
        "register", "88.118.8/A-1", "--url", "https://example.cn/a", "--value", "2:DESC=阀门=2",
    )  # fmt: skip
    assert (code, out) == (0, "88.118.8/A-1\n")
    code, out, _ = node("resolve", "88.118.8/a-1")
    assert code == 0
    assert "https://example.cn/a" in out
    assert "阀门=2" in out
    code, out, _ = node("resolve", "88.118.8/A-1", "--type", "desc", "--format", "json")
    told = json.loads(out)
    assert told["handle"] == "88.118.8/A-1"
    (value,) = told["values"]
    assert value["data"] == {"format": "string", "value": "阀门=2"}
    code, out, _ = node("resolve", "88.118.8/A-1", "--index", "1", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["data"] for row in rows] == ["https://example.cn/a"]


def test_a_handle_that_exists_is_replaced_only_when_that_is_said(home: Path, node: Line) -> None:
    node("register", "88.118.8/A-1", "--url", "https://example.cn/a")
    code, _, err = node("register", "88.118.8/A-1", "--url", "https://example.cn/b")
    assert code == 1
    assert "101" in err
    assert node("register", "88.118.8/A-1", "--url", "https://example.cn/b", "--overwrite")[0] == 0
    assert "example.cn/b" in node("resolve", "88.118.8/A-1")[1]


def test_a_minted_handle_is_printed_for_a_program(home: Path, node: Line) -> None:
    code, out, _ = node("register", "88.118.8/M-", "--mint", "--url", "https://example.cn/m")
    assert code == 0
    assert re.fullmatch(r"88\.118\.8/M-[0-9a-f-]{36}\n", out)
    assert node("resolve", out.strip())[0] == 0


def test_a_record_ends_in_the_future_or_not_at_all(home: Path, node: Line) -> None:
    code, _, err = node("register", "88.118.8/E", "--url", "https://x", "--expires", "2020-01-01")
    assert code == 1
    assert "in the past" in err
    ends = ["--expires", "2040-01-01"]
    assert node("register", "88.118.8/E", "--url", "https://x", *ends)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["register", "88.118.8/x"], 2),
        (["register", "88.118.8/x", "--value", "nonsense"], 2),
        (["register", "88.118.8/x", "--value", "0:URL=x"], 2),
        (["register", "88.118.8/x", "--value", "99999999999:URL=x"], 2),
        (["register", "88.118.8/x", "--value", "1:URL=x", "--url", "y"], 1),
        (["register", "99.1/x", "--url", "y"], 1),
        (["register", "noslash", "--url", "y"], 1),
        (["register", "88.118.8/" + "x" * 3000, "--url", "y"], 1),
        (["register", "88.118.8/x", "--url", "y", "--expires", "soon"], 2),
        (["resolve", "88.118.8/none"], 1),
        (["resolve", "99.1/none"], 1),
        (["resolve", "88.118.8/x", "--index", "-1"], 2),
        (["resolve", "88.118.8/x", "--type", ""], 2),
        (["resolve", "88.118.8/x", "--restricted", "--server", "x:1"], 2),
        (["resolve", "88.118.8/x", "--server", "x:y"], 2),
        (["resolve", "88.118.8/x", "--server", "127.0.0.1:1"], 1),
        (["prefix", "withdraw", "88.77"], 1),
        (["prefix", "withdraw", "88.118"], 1),
        (["prefix", "delegate", "88.118.8", "--address", "x"], 2),
        (["prefix", "delegate", "88.77", "--address", "192.0.2.1"], 1),
        (["bulk", "missing.ndjson"], 1),
        (["export", "missing/../x.parquet", "--prefix", "88.77"], 1),
        (["stats", "--prefix", "88.77"], 1),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    home: Path, node: Line, arguments: list[str], code: int
) -> None:
    found, out, err = node(*arguments)
    assert (found, out) == (code, ""), err
    if code == 1:
        assert err.count("\n") == 1


def test_a_secret_is_taken_from_no_argument_and_shown_to_nobody(home: Path, node: Line) -> None:
    code, _, err = node("register", "88.118.8/x", "--value", "3:hs_seckey=hidden")
    assert code == 2
    assert "hidden" not in err
    secret = (home / "node" / "keys" / "admin-secret").read_text().strip()
    _, out, _ = node("resolve", "0.NA/88.118", "--restricted")
    assert "HS_SECKEY" in out
    assert secret not in out
    _, out, _ = node("resolve", "0.NA/88.118", "--restricted", "--format", "json")
    assert secret not in out
    assert "HS_SECKEY" not in node("resolve", "0.NA/88.118")[1]


def test_a_backup_goes_back_into_a_home_that_has_no_registry(
    home: Path, node: Line, tmp_path: Path
) -> None:
    node("register", "88.118.8/A-1", "--url", "https://example.cn/a")
    code, _, err = node("backup", "saved.mdb")
    assert code == 0
    assert "keys" in err
    assert stat.S_IMODE((tmp_path / "saved.mdb").stat().st_mode) == 0o600
    assert node("backup", "saved.mdb")[0] == 1
    assert node("restore", "saved.mdb")[0] == 1
    shutil.rmtree(home / "node" / "registry")
    code, _, err = node("restore", "saved.mdb")
    assert code == 0, err
    assert "example.cn/a" in node("resolve", "88.118.8/A-1")[1]
    assert node("audit", "--verify")[0] == 0
    shutil.rmtree(home / "node")
    assert "put them back" in node("restore", "saved.mdb")[2]
    (tmp_path / "broken.mdb").write_bytes((tmp_path / "saved.mdb").read_bytes()[:9000])
    shutil.rmtree(home / "node")
    code, _, err = node("restore", "broken.mdb")
    assert code == 1
    assert not (home / "node" / "registry" / "records.mdb").exists()


def test_an_export_is_a_table_for_others(home: Path, node: Line, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    node("register", "88.118.8/A-1", "--url", "https://example.cn/a")
    assert node("export", "all.parquet")[0] == 0
    assert node("export", "one.parquet", "--prefix", "88.118.8")[0] == 0
    handles = pq.read_table(tmp_path / "one.parquet")["handle"].to_pylist()
    assert handles == ["88.118.8/A-1"]
    assert set(pq.read_table(tmp_path / "all.parquet")["handle"].to_pylist()) > set(handles)
    assert node("export", "all.parquet")[0] == 1


def test_the_days_are_counted(home: Path, node: Line) -> None:
    for number in range(3):
        node("register", f"88.118.8/A-{number}", "--url", "https://example.cn/a")
    (day,) = node.rows("stats")
    assert day["registered"] == 3
    assert node.rows("stats", "--by-prefix", "--prefix", "88.118.8") == [
        {"prefix": "88.118.8", "registered": 3, "changed": 0, "deleted": 0, "resolved": 0}
    ]
    assert node.rows("stats", "--prefix", "88.118") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["resolve", "0.NA/88.118"],
        ["resolve", "88.118.8/none"],
        ["register", "88.118.8/x", "--url", "http://x"],
        ["register", "88.118.8/x"],
        ["prefix", "list"],
        ["stats"],
        ["audit"],
        ["audit", "--verify"],
        ["audit", "--seal"],
        ["bulk", "missing"],
        ["backup", "x.mdb"],
        ["init", "88.118"],
    ],
)
def test_every_command_speaks_chinese(
    home: Path, node: Line, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "zh")
    _, out, err = node(*arguments)
    assert re.search(r"[\u4e00-\u9fff]", out + err)


def test_a_running_node_takes_what_the_command_line_gives_it(home: Path, node: Line) -> None:
    """Processes as in production: a writer, a worker; the commands go through the writer."""
    environment = os.environ | {
        "BALLAST_NODE_PORT": "0", "BALLAST_NODE_HTTP_PORT": "0", "BALLAST_NODE_WORKERS": "1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "ballast", "node", "serve"],
        env=environment, stderr=subprocess.PIPE, text=True,
    ) as served:  # fmt: skip
        try:
            assert served.stderr is not None
            greeting = next(line for line in served.stderr if "answers at" in line)
            port = re.search(r"on port (\d+)", greeting)
            assert port is not None
            server = f"127.0.0.1:{port[1]}"
            assert node("register", "88.118.8/R-1", "--url", "https://example.cn/r")[0] == 0
            Path("more.ndjson").write_text(
                '{"handle":"88.118.8/R-2","values":[{"index":1,"type":"URL","data":"x"}]}\n'
            )
            assert node("bulk", "more.ndjson", "--key", "k")[0] == 0
            for handle in ("88.118.8/R-1", "88.118.8/R-2"):
                code, out, err = node("resolve", handle, "--server", server)
                assert code == 0, err
                assert "URL" in out
            code, _, err = node("resolve", "88.118.8/R-3", "--server", server)
            assert code == 1
            assert "does not know" in err
            code, _, err = node("init", "88.119")
            assert code == 1
            assert "88.118" in err
        finally:
            served.send_signal(signal.SIGINT)
            deadline = time.monotonic() + 20
            while served.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
            if served.poll() is None:
                served.kill()
    assert served.returncode == 0
    registry = LmdbStore.open(home / "node" / "registry", readonly=True)
    with registry as store, store.snapshot() as snapshot:
        assert snapshot.count(b"88.118.8") == 2
