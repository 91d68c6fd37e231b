"""From settings, mapping and command line to a collector: what goes over what, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.cli.plant_hearing import hearing, parse_broker, plant_run
from ballast.cli.plant_opening import find_site, open_site, site_path
from ballast.errors import NotFound, Refused, UnreadableFile, WrongUsage
from ballast.sample.factory.mapping import mapping


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mqtt://10.0.0.5", ("10.0.0.5", 1883, False, "")),
        ("mqtts://broker.example.org:9999/", ("broker.example.org", 9999, True, "")),
        ("mqtt://shop@[::1]:1884", ("::1", 1884, False, "shop")),
        ("10.0.0.5:1883", ("10.0.0.5", 1883, False, "")),
    ],
)
def test_an_address_is_read(url: str, said: tuple[str, int, bool, str]) -> None:
    found = parse_broker(url)
    assert (found.host, found.port, found.tls, found.user) == said


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.5", "mqtt://", "mqtt://h:0", "mqtt://h:99999", "mqtt://h:x", "mqtt://h/topic",
     "mqtt://[::1", "mqtt://h?user=x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(WrongUsage, match="mqtt://host:1883"):
        parse_broker(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(WrongUsage, match="BALLAST_PLANT_PASSWORD_FILE") as told:
        parse_broker("mqtt://shop:hunter2@h")
    assert "hunter2" not in str(told.value)


def test_the_command_line_goes_over_the_settings_and_these_over_the_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = mapping(("10.0.0.1", 1881, "", ""))
    assert str(hearing(tmp_path, text).address) == "mqtt://10.0.0.1:1881"
    monkeypatch.setenv("BALLAST_PLANT_BROKER", "mqtt://10.0.0.2:1882")
    assert str(hearing(tmp_path, text).address) == "mqtt://10.0.0.2:1882"
    third = hearing(tmp_path, text, "mqtts://someone@10.0.0.3")
    assert str(third.address) == "mqtts://10.0.0.3:8883"
    assert third.address.user == "someone"


def test_settings_reach_the_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text("hunter2\n", encoding="utf-8")
    for name, value in (
        ("BROKER", "mqtt://h"), ("USER", "shop"), ("PASSWORD_FILE", str(secret)),
        ("CLIENT_ID", "me"), ("HOST_ID", "here"), ("PRIMARY", "no"), ("SPOOL_MIB", "64"),
        ("SHIP_SECONDS", "3"),
    ):  # fmt: skip
        monkeypatch.setenv(f"BALLAST_PLANT_{name}", value)
    run = hearing(tmp_path, "")
    orders = run.wanted.orders
    assert (run.address.user, run.address.password, run.address.client_id) == (
        "shop", "hunter2", "me",
    )  # fmt: skip
    assert (orders.host_id, orders.primary, orders.spool_bytes) == ("here", False, 64 << 20)
    assert run.wanted.ship_seconds == 3.0
    assert "hunter2" not in orders.line()
    assert "hunter2" not in repr(run)


def test_a_password_that_others_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n", encoding="utf-8")
    secret.chmod(0o644)
    monkeypatch.setenv("BALLAST_PLANT_PASSWORD_FILE", str(secret))
    with pytest.raises(Refused, match="chmod 600"):
        hearing(tmp_path, "", "mqtt://h")


def test_without_any_broker_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no broker is named"):
        hearing(tmp_path, mapping())


def test_up_hears_a_plant_only_where_a_broker_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plant_run(tmp_path) is None
    path = site_path(tmp_path)
    path.parent.mkdir()
    path.write_text(mapping(), encoding="utf-8")
    assert plant_run(tmp_path) is None
    path.write_text(mapping(("10.0.0.1", 1881, "", "")), encoding="utf-8")
    run = plant_run(tmp_path)
    assert run is not None
    assert len(run.parts()) == 2
    assert len(run.parts(shipper=False)) == 1
    path.unlink()
    monkeypatch.setenv("BALLAST_PLANT_BROKER", "mqtt://10.0.0.2")
    assert plant_run(tmp_path) is not None


def test_what_is_heard_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hearing(tmp_path, mapping(), "mqtt://10.0.0.1").greet()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "mqtt://10.0.0.1:1883" in said
    assert "86" in said


def test_a_mapping_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    assert find_site(tmp_path) is None
    with pytest.raises(NotFound, match="--site FILE"):
        open_site(tmp_path)
    path = site_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes("[site]\nname = '阀门'".encode("gb18030"))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        open_site(tmp_path)
    path.write_bytes(b"#" * (17 << 20))
    with pytest.raises(UnreadableFile, match="too many"):
        open_site(tmp_path)
    path.write_text(mapping(), encoding="utf-8")
    assert len(open_site(tmp_path).tags) == 86
