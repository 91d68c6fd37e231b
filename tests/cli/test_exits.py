"""With ``--public`` every command answers as anyone is answered: from the cube, and from no unit.

Two homes that differ in nothing but what others reported must print the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.portal.twin_homes import (
    CITY,
    LOADER,
    VINTAGE,
    WITHHELD_PLACE,
    frames,
    seal,
    seal_pool,
    sealed_amount,
)

from ballast.cli.app import run
from ballast.lake.lake import Lake

WALKS: tuple[tuple[str, ...], ...] = (
    ("picture", CITY),
    ("picture", WITHHELD_PLACE),
    ("picture", CITY, "--period", "2025-03"),
    ("clusters",),
    ("clusters", "--region", CITY, "--format", "json"),
    ("clusters", "--by", "employment"),
    ("measure", "output"),
    ("measure", "output", "--by", "region", "--growth", "--explain"),
    ("measure", "margin", "--by", "division", "--rank", "--period", "2026-03"),
    ("measure", "output", "--by", "size-class"),
    ("measure", "output", "--where", f"region={WITHHELD_PLACE}", "--format", "csv"),
    ("measure", "output", "--where", f"region={CITY}", "--peer", "siblings"),
    ("measure", "cluster-revenue"),
    ("measure", "titles", "--period", "2026-03"),
    ("measure", "gdp", "--where", f"region={CITY}"),
    ("measure", "location-quotient"),
    ("policy", "pool"),
    ("policy", "pool", "--by", "county", "--by", "cluster", "--format", "json"),
    ("policy", "pool", "--lacking"),
    ("policy", "pool", "--scheme", "technology_sme"),
)


LAID = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ballast.lake.ledger.secrets.token_hex", lambda _: "0" * 8)
        for world in (0, 1):
            home = tmp_path_factory.mktemp(f"world{world}") / "home"
            lake = Lake.create(home, clock=lambda: LAID)
            lake.commit(frames(world), LOADER, provenance="synthetic")
            seal(lake)
            seal_pool(lake)
            made.append(home)
    return made[0], made[1]


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("BALLAST_LANGUAGE", "en")

    def asked(home: Path, *arguments: str) -> tuple[int, str, str]:
        code = run([*arguments, "--home", str(home)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return asked


@pytest.mark.parametrize("walk", WALKS, ids=" ".join)
def test_what_others_reported_changes_nothing_that_anyone_is_told(
    homes: tuple[Path, Path], said: Any, walk: tuple[str, ...]
) -> None:
    first, second = (said(home, *walk, "--public") for home in homes)
    assert first == second
    assert first[0] in (0, 1, 2)
    assert "fault" not in first[2]


@pytest.mark.parametrize(
    "walk",
    [
        ("picture", CITY),
        ("clusters", "--by", "revenue", "--period", "2026"),
        ("measure", "output", "--by", "size-class"),
    ],
    ids=" ".join,
)
def test_without_it_the_same_commands_tell_the_homes_apart(
    homes: tuple[Path, Path], said: Any, walk: tuple[str, ...]
) -> None:
    first, second = (said(home, *walk) for home in homes)
    assert (first[0], second[0]) == (0, 0)
    assert first[1] != second[1]


def test_the_picture_says_its_vintage_and_what_is_withheld(
    homes: tuple[Path, Path], said: Any
) -> None:
    code, out, _ = said(homes[0], "picture", CITY, "--public")
    assert code == 0
    assert f"vintage {VINTAGE}, data as of 2026-06-01" in out
    assert "suppressed" in out
    assert "synthetic sample" in out


def test_clusters_print_the_published_revenue(homes: tuple[Path, Path], said: Any) -> None:
    code, out, err = said(homes[0], "clusters", "--public", "--format", "json")
    assert code == 0
    (row,) = json.loads(out)
    published = sealed_amount("revenue", (CITY, "city", "", "", "copper"), "2025")
    assert row["revenue_1e4_cny"] == pytest.approx(float(published), abs=1e-3)
    assert VINTAGE in err


def test_what_the_cube_does_not_hold_is_refused_with_what_it_holds(
    homes: tuple[Path, Path], said: Any
) -> None:
    code, out, err = said(homes[0], "measure", "output", "--by", "size-class", "--public")
    assert (code, out) == (1, "")
    assert "they are cut by city, county or zone" in err
    code, _, err = said(homes[0], "clusters", "--by", "employment", "--public")
    assert code == 2
    assert "no employment" in err


def test_the_next_command_asks_with_every_right_again(homes: tuple[Path, Path], said: Any) -> None:
    assert said(homes[0], "measure", "output", "--by", "size-class", "--public")[0] == 1
    assert said(homes[0], "measure", "output", "--by", "size-class")[0] == 0
    assert said(homes[0], "loads")[0] == 0
