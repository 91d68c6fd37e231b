"""From settings to a node that is served: its ports, its bounds, what is said of it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.serve.founded import found

from ballast.cli.serving import node_run, node_wanted, serve_node
from ballast.errors import CannotServe, NotFound
from ballast.serve.node_parts import NO_PORT


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")
    for name in ("PORT", "HTTP_PORT", "HTTPS_PORT"):
        monkeypatch.setenv(f"BALLAST_NODE_{name}", "0")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return found(tmp_path / "home")


def test_settings_reach_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("WORKERS", "3"), ("MAP_GIB", "2"), ("CONNECTIONS", "77"), ("IDLE_SECONDS", "9"),
        ("REQUESTS_PER_SECOND", "50"), ("BASIC_OVER_PLAIN", "yes"), ("AMPLIFICATION", "2"),
    ):  # fmt: skip
        monkeypatch.setenv(f"BALLAST_NODE_{name}", value)
    wanted = node_wanted(tmp_path)
    assert (wanted.workers, wanted.map_bytes, wanted.basic_over_plain) == (3, 2 << 30, True)
    assert (wanted.doors.connections, wanted.doors.idle_seconds) == (77, 9.0)
    limits = wanted.limits
    assert (limits.requests_per_second, limits.request_burst, limits.amplification) == (50, 100, 2)


def test_https_is_opened_only_with_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert node_wanted(tmp_path).https_port == NO_PORT
    for name in ("CERTIFICATE", "CERTIFICATE_KEY"):
        monkeypatch.setenv(f"BALLAST_NODE_{name}", str(tmp_path / f"{name}.pem"))
    wanted = node_wanted(tmp_path)
    assert wanted.https_port == 0
    assert wanted.certificate == str(tmp_path / "CERTIFICATE.pem")


def test_a_home_without_a_node_is_told(tmp_path: Path) -> None:
    with node_run(tmp_path) as run:
        assert run is None
    with pytest.raises(NotFound, match=r"no identifier node.*ballast node init"):
        serve_node(tmp_path)


def test_a_busy_port_is_one_line_and_the_demo_takes_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        busy = other.getsockname()[1]
        monkeypatch.setenv("BALLAST_NODE_HTTP_PORT", str(busy))
        with pytest.raises(CannotServe, match=f"port {busy} is taken") as told, node_run(home):
            pass
        assert "\n" not in str(told.value)
        with node_run(home, any_port=True) as run:
            assert run is not None
            assert run.ports.http not in (0, busy)


def test_a_site_that_names_other_ports_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with node_run(home) as run:
        assert run is not None
        said = capsys.readouterr().err
        run.greet()
    assert f"names the ports 2641, 8000, and it answers on {run.ports.native}" in said
    greeting = capsys.readouterr().err
    assert f"the identifier node 88.118 answers at {run.ports.url}" in greeting
    assert f"on port {run.ports.native} (UDP and TCP)" in greeting


def test_a_node_for_everybody_without_tls_says_what_travels_readable(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLAST_NODE_HOST", "0.0.0.0")
    with node_run(home) as run:
        assert run is not None
        assert run.ports.host == "127.0.0.1"
    assert "answers without TLS" in capsys.readouterr().err
