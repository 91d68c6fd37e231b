"""The desk: a mapping is read when it changes, answers are kept for those with the same rights."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.portal.factory_shop import MAPPING, NOW, tell_live
from tests.portal.test_factory_oee import VIEWER

from ballast.errors import Refused, UnreadableFile
from ballast.lake.lake import Lake
from ballast.portal import factory_desk
from ballast.portal.factory_desk import FactoryDesk
from ballast.portal.factory_rights import sees_machines
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer, operator, viewer_for


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "home")


@pytest.fixture
def desk(lake: Lake) -> FactoryDesk:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=NOW)
    return FactoryDesk(lake, lambda: moment)


def mapped(lake: Lake, text: str = MAPPING) -> Path:
    folder = lake.home.path / "plant"
    folder.mkdir(exist_ok=True)
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_home_without_a_plant_has_neither_mapping_nor_values(desk: FactoryDesk) -> None:
    assert not desk.exists
    assert desk.site() is None
    assert desk.live() is None


def test_a_mapping_is_read_again_when_its_file_changes(lake: Lake, desk: FactoryDesk) -> None:
    path = mapped(lake)
    first = desk.site()
    assert first is not None
    assert desk.site() is first
    mapped(lake, MAPPING.replace("Lathe 1", "Lathe One"))
    changed = desk.site()
    assert changed is not None
    assert changed.assets["valve-shop/machining/lathe-1"].name.en == "Lathe One"
    path.unlink()
    assert desk.site() is None


@pytest.mark.parametrize("spoilt", [b"\xff\xfe\x00", b"x" * (9 << 20)])
def test_a_mapping_that_cannot_be_read_says_so(
    lake: Lake, desk: FactoryDesk, spoilt: bytes
) -> None:
    mapped(lake).write_bytes(spoilt)
    with pytest.raises(UnreadableFile):
        desk.site()


def test_a_mapping_that_is_wrong_is_refused_and_mended(lake: Lake, desk: FactoryDesk) -> None:
    mapped(lake, "[site]\n")
    with pytest.raises(Refused):
        desk.site()
    mapped(lake)
    assert desk.site() is not None


def test_the_live_picture_is_read_once_for_all_who_ask(
    lake: Lake, desk: FactoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lake.home.path / "plant" / "spool").mkdir(parents=True)
    tell_live(lake, NOW)
    first = desk.live()
    assert first is not None
    assert first.at == NOW
    assert all(desk.live() is first for _ in range(50))
    monkeypatch.setattr(factory_desk, "_LIVE_SECONDS", -1.0)
    tell_live(lake, NOW + 1000)
    later = desk.live()
    assert later is not None
    assert later.at == NOW + 1000


def test_an_answer_is_made_once_and_never_for_another(desk: FactoryDesk) -> None:
    made: list[str] = []

    def work_for(viewer: Viewer) -> str:
        def work(_: Lake) -> str:
            made.append(viewer.name)
            return viewer.name

        return desk.ask(viewer, ("q",), work).result(20)

    other = viewer_for(Role.ENTERPRISE, "other", frozenset({"91371500MA1111111F"}))
    assert [work_for(one) for one in (VIEWER, VIEWER, other, operator("root"))] == [
        "boss", "boss", "other", "root",
    ]  # fmt: skip
    assert made == ["boss", "other", "root"]


def test_who_asks_meanwhile_waits_for_the_same(desk: FactoryDesk) -> None:
    gate, calls = threading.Event(), []

    def work(_: Lake) -> int:
        gate.wait(20)
        calls.append(1)
        return 7

    asked = [desk.ask(VIEWER, ("slow",), work) for _ in range(10)]
    gate.set()
    assert {one.result(20) for one in asked} == {7}
    assert len(calls) == 1


def test_what_failed_is_tried_again_and_a_closed_desk_opens_again(desk: FactoryDesk) -> None:
    def fail(_: Lake) -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        desk.ask(VIEWER, ("x",), fail).result(20)
    assert desk.ask(VIEWER, ("x",), lambda _: 1).result(20) == 1
    desk.close()
    assert desk.ask(VIEWER, ("x",), lambda _: 2).result(20) == 2


def test_a_load_makes_answers_old_and_so_does_the_mapping(
    lake: Lake, desk: FactoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factory_desk, "_LOOK_SECONDS", -1.0)
    count = iter(range(10))

    def ask(*, settled: bool) -> int:
        return desk.ask(VIEWER, ("n", settled), lambda _: next(count), settled=settled).result(20)

    assert [ask(settled=False), ask(settled=False), ask(settled=True)] == [0, 0, 1]
    mapped(lake)
    assert [ask(settled=False), ask(settled=True), ask(settled=True)] == [2, 3, 3]


def test_machines_are_seen_by_the_people_of_their_enterprise_alone(
    lake: Lake, desk: FactoryDesk
) -> None:
    mapped(lake)
    site = desk.site()
    code = frozenset({"91371500MA0000000X"})
    assert sees_machines(viewer_for(Role.ENTERPRISE, "a", code), site)
    for role in Role:
        others = viewer_for(role, "b", frozenset({"91371500MA1111111F"}), code)
        assert not sees_machines(others, site)
        if role is not Role.ENTERPRISE:
            assert not sees_machines(viewer_for(role, "c", code, code), site)
    assert not sees_machines(viewer_for(Role.ENTERPRISE, "a", code), None)
