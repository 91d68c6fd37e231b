"""Bulk loads at the command line: each line has its result, and a load can be sent again."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from .test_node import Line, empty, founded, home, node

__all__ = ["empty", "founded", "home", "node"]  # fixtures


def line(number: int, handle: str = "88.118.8/B-{}") -> str:
    values = [{"index": 1, "type": "URL", "data": f"https://example.cn/{number}"}]
    return json.dumps({"handle": handle.format(number), "values": values}) + "\n"


def written(path: Path, *lines: str) -> str:
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


def results(path: Path) -> list[dict[str, object]]:
    return [json.loads(one) for one in path.read_text("utf-8").splitlines()]


def test_every_line_is_registered(home: Path, node: Line, tmp_path: Path) -> None:
    source = written(tmp_path / "a.ndjson", *(line(n) for n in range(500)))
    code, out, err = node("bulk", source, "--results", "r.ndjson")
    assert (code, out) == (0, "")
    assert "500 registered, 0 refused" in err
    assert [one["line"] for one in results(tmp_path / "r.ndjson")] == list(range(1, 501))
    assert "example.cn/77" in node("resolve", "88.118.8/b-77")[1]


def test_wrong_lines_are_refused_each_with_its_reason(
    home: Path, node: Line, tmp_path: Path
) -> None:
    source = written(
        tmp_path / "a.ndjson", line(1), "nonsense\n", line(2, "99.1/{}"), line(1), line(3)
    )
    code, _, err = node("bulk", source, "--results", "r.ndjson")
    assert code == 1
    assert "2 registered, 3 refused" in err
    told = [one.partition(":")[0] for one in err.splitlines() if one.startswith("line ")]
    assert told == ["line 2", "line 3", "line 4"]
    codes = [one["code"] for one in results(tmp_path / "r.ndjson")]
    assert codes[0] == codes[4] == 1
    assert 1 not in codes[1:4]
    assert node("resolve", "88.118.8/B-3")[0] == 0


def test_many_wrong_lines_do_not_fill_the_screen(home: Path, node: Line, tmp_path: Path) -> None:
    source = written(tmp_path / "a.ndjson", *["nonsense\n"] * 100)
    code, _, err = node("bulk", source)
    assert code == 1
    assert len(err.splitlines()) < 30
    assert "and 80 more" in err


def test_a_load_with_a_key_can_be_sent_again(home: Path, node: Line, tmp_path: Path) -> None:
    source = written(tmp_path / "a.ndjson", *(line(n) for n in range(20)))
    assert node("bulk", source, "--key", "monday")[0] == 0
    code, _, err = node("bulk", source, "--key", "monday")
    assert code == 0
    assert "20 registered, 0 refused" in err
    other = written(tmp_path / "b.ndjson", *(line(n) for n in range(50, 60)))
    code, _, err = node("bulk", other, "--key", "monday")
    assert code == 1
    assert node("resolve", "88.118.8/B-55")[0] == 1


def test_handles_that_exist_are_replaced_only_when_that_is_said(
    home: Path, node: Line, tmp_path: Path
) -> None:
    source = written(tmp_path / "a.ndjson", line(1))
    assert [node("bulk", source)[0] for _ in range(2)] == [0, 1]
    assert node("bulk", source, "--overwrite")[0] == 0


def test_lines_can_come_from_a_pipe(
    home: Path, node: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = io.TextIOWrapper(io.BytesIO((line(1) + line(2)).encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    code, _, err = node("bulk", "-")
    assert code == 0
    assert "2 registered" in err


def test_an_empty_file_a_folder_and_its_own_results_are_refused(
    home: Path, node: Line, tmp_path: Path
) -> None:
    source = written(tmp_path / "a.ndjson", line(1))
    assert node("bulk", source, "--results", source)[0] == 2
    assert (tmp_path / "a.ndjson").read_text() == line(1)
    assert node("bulk", source, "--results", "missing/r.ndjson")[0] == 1
    assert node("bulk", str(tmp_path))[0] == 1
    assert node("bulk", written(tmp_path / "empty.ndjson"))[0] == 1


def test_an_export_can_be_loaded_into_a_node(home: Path, node: Line, tmp_path: Path) -> None:
    with_all = ["--url", "https://x", "--value", "7:DESC=阀门", "--expires", "2040-01-02"]
    node("register", "88.118.8/P-1", *with_all)
    node("register", "88.118.8/P-2", "--url", "https://y")
    node("export", "all.parquet")
    before = [node("resolve", f"88.118.8/P-{n}", "--format", "csv")[1] for n in (1, 2)]
    code, _, err = node("bulk", "all.parquet", "--overwrite")
    assert code == 0, err
    assert "2 registered" in err
    assert "left out, of prefixes or revoked: 2" in err

    def without_moments(told: str) -> list[str]:
        return [row.rpartition(",")[0] for row in told.splitlines()]

    after = [node("resolve", f"88.118.8/P-{n}", "--format", "csv")[1] for n in (1, 2)]
    assert list(map(without_moments, after)) == list(map(without_moments, before))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    assert node("bulk", "broken.parquet")[0] == 1
