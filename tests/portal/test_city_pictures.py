"""A picture is computed once for those who may see the same, and for nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ballast.brain import picture as brain
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import Pictures
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer

UNITS = frozenset({Right.READ_UNITS, Right.READ_AGGREGATES})
ANALYST = Viewer("a", UNITS)
CITY = "371500"


@pytest.fixture
def pictures(tmp_path: Path, two: Any) -> Iterator[Pictures]:
    two.load(Lake.create(tmp_path / "home"))
    made = Pictures(tmp_path / "home", lambda: datetime(2026, 6, 20, tzinfo=UTC), CITY)
    yield made
    made.close()


def test_two_with_the_same_rights_share_one(pictures: Pictures) -> None:
    mine = pictures.picture(ANALYST, CITY, None)
    assert pictures.picture(Viewer("b", UNITS), CITY, None) is mine
    assert mine.result().indicator("output") is not None


def test_who_may_read_one_enterprise_gets_published_figures_alone(
    pictures: Pictures, two: Any
) -> None:
    pictures.picture(ANALYST, CITY, None).result()
    owner = Viewer("o", enterprises=frozenset({two.own}))
    found = pictures.picture(owner, CITY, None).result()
    kinds = (found.indicators, found.divisions, found.places, found.clusters)
    assert [len(kind) for kind in kinds] == [0, 0, 0, 0]
    assert pictures.choices(owner).result().periods == ()


def test_each_period_and_region_has_its_own(pictures: Pictures) -> None:
    newest = pictures.picture(ANALYST, CITY, None)
    for region, period in ((CITY, Period.parse("2025-03")), ("371581", None)):
        assert pictures.picture(ANALYST, region, period) is not newest


def test_a_load_and_its_withdrawal_are_seen_at_once(
    pictures: Pictures, tmp_path: Path, two: Any
) -> None:
    lake = Lake.open(tmp_path / "home")

    def output() -> float:
        indicator = pictures.picture(ANALYST, "371581", None).result().indicator("output")
        assert indicator is not None
        return float(indicator.value or 0)

    assert output() == 100
    second = two.load(lake, output="250")
    assert output() == 250
    lake.withdraw(second, two.me)
    assert output() == 100


def test_what_failed_is_tried_again(pictures: Pictures) -> None:
    first = pictures.picture(ANALYST, "371502", None)
    with pytest.raises(NotFound):
        first.result()
    again = pictures.picture(ANALYST, "371502", None)
    with pytest.raises(NotFound):
        again.result()
    assert again is not first


def test_a_page_that_is_closed_cancels_the_picture_for_nobody_else(pictures: Pictures) -> None:
    async def close_one() -> None:
        waiting = asyncio.ensure_future(asyncio.wrap_future(pictures.picture(ANALYST, CITY, None)))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(close_one())
    assert pictures.picture(ANALYST, CITY, None).result(timeout=60).region == CITY


def test_the_view_waits_for_the_picture_without_making_another(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    real = brain.picture

    def counted(*args: object, **more: object) -> object:
        made.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("ballast.portal.city_pictures.picture", counted)
    view = pictures.view(ANALYST, CITY, None, "en").result(timeout=60)
    assert "card-structure" in view.sections
    assert made == [1]
