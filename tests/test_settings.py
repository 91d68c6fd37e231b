"""Settings are read once, checked at the door, and say which variable is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballast.errors import WrongUsage
from ballast.settings import SETTINGS, read_settings


def test_the_node_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    node = read_settings({}).node
    assert (node.host, node.port, node.http_port) == ("127.0.0.1", 2641, 8000)
    assert not node.basic_over_plain
    assert node.certificate is None


def test_workers_are_chosen_by_cores_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, workers in ((None, 2), (1, 2), (4, 4), (64, 8)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert read_settings({}).node.workers == workers
    assert read_settings({"BALLAST_NODE_WORKERS": "1"}).node.workers == 1


@pytest.mark.parametrize("value", ["", "no"])
def test_a_setting_left_empty_is_its_default(value: str) -> None:
    assert not read_settings({"BALLAST_NODE_BASIC_OVER_PLAIN": value}).node.basic_over_plain


@pytest.mark.parametrize(
    "variable",
    ["BALLAST_PORT", "BALLAST_NODE_PORT", "BALLAST_NODE_WORKERS", "BALLAST_NODE_MAP_GIB",
     "BALLAST_NODE_IDLE_SECONDS", "BALLAST_NODE_AMPLIFICATION"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", "99999999999999", " 7"])
def test_a_number_that_is_none_is_told_with_its_variable_and_bounds(
    variable: str, value: str
) -> None:
    with pytest.raises(WrongUsage, match=rf"{variable} is .* a whole number from \d+ to \d+"):
        read_settings({variable: value})


def test_a_choice_that_is_none_is_told() -> None:
    with pytest.raises(WrongUsage, match="must be one of: no, yes"):
        read_settings({"BALLAST_NODE_BASIC_OVER_PLAIN": "maybe"})


@pytest.mark.parametrize("alone", ["BALLAST_NODE_CERTIFICATE", "BALLAST_NODE_CERTIFICATE_KEY"])
def test_a_certificate_and_its_key_go_together(alone: str) -> None:
    with pytest.raises(WrongUsage, match=rf"{alone} is set and"):
        read_settings({alone: "chain.pem"})
    both = {"BALLAST_NODE_CERTIFICATE": "chain.pem", "BALLAST_NODE_CERTIFICATE_KEY": "key.pem"}
    assert read_settings(both).node.certificate_key == Path("key.pem")


def test_every_setting_of_the_node_is_read() -> None:
    """A row of the table that nothing reads would be documented and do nothing."""
    read = {f"node_{name}" for name in type(read_settings({}).node).__slots__}
    assert read == {name for name in SETTINGS if name.startswith("node_")}


def test_every_setting_of_the_plant_is_read() -> None:
    read = {f"plant_{name}" for name in type(read_settings({}).plant).__slots__}
    assert read == {name for name in SETTINGS if name.startswith("plant_")}


def test_every_setting_is_explained_in_both_languages() -> None:
    for name, setting in SETTINGS.items():
        assert setting.help.zh, name
        assert setting.help.en, name
        assert setting.variable.startswith("BALLAST_"), name
