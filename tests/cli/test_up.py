"""What keeps a portal from being served, one clear line each; serving is tested in a browser."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ballast.cli.app import run
from ballast.lake.lake import Lake


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    monkeypatch.setenv("BALLAST_REGION", "371500")
    return Lake.create(tmp_path / "home").home.path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["up", *arguments]) != 0
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    return said


def test_a_home_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "there is no home here" in refused(capsys, "--home", str(tmp_path / "nothing"))


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} is taken" in refused(capsys, "--home", str(home), "--port", port)


def test_every_address_without_a_name_for_people(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    said = refused(capsys, "--home", str(home), "--host", "0.0.0.0", "--port", "0")
    assert "BALLAST_BASE_URL" in said


def test_a_home_about_no_region(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BALLAST_REGION")
    assert "--region" in refused(capsys, "--home", str(home))
    assert "no region is called" in refused(capsys, "--home", str(home), "--region", "Nowhereville")


@pytest.mark.parametrize("port", ["-1", "65536", "http", "８０８０"])
def test_a_setting_of_the_port_that_is_none(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("BALLAST_PORT", port)
    assert "BALLAST_PORT" in refused(capsys, "--home", str(home))
