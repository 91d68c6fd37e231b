"""A small picture, made by hand, with a hostile name; and a portal on an empty home."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI
from starlette.testclient import TestClient

from ballast.brain.picture import (
    Change,
    ClusterSize,
    Coverage,
    Indicator,
    IndustrySize,
    MacroItemPicture,
    MacroLine,
    PlaceSize,
    Point,
    RankingPlace,
    RegionPicture,
    Source,
    Specialisation,
    UpgradeInvestment,
)
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.lake.lake import Lake
from ballast.node.registry.entries import PrefixEntry
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import Record, pack_record
from ballast.node.service.founding import PREFIX_META
from ballast.node.writer.local import writer_answers
from ballast.node.writer.socket_path import SOCKET_NAME
from ballast.portal.app import PortalContext, create_app
from ballast.portal.identity import session_cookie
from ballast.sample.synthetic import typed
from ballast.state import passwords
from ballast.state.sessions import open_session
from ballast.state.store import State
from ballast.state.users import User, add_user
from ballast.terms import unit
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.industry import industry
from ballast.terms.label import Label
from ballast.terms.period import Period, month, whole_year
from ballast.terms.role import Role
from ballast.terms.viewer import operator
from ballast.words.numbers import Absence

HOSTILE = '<script>alert("x")</script>&\'名'
TO_DATE = Period.parse("2026-05ytd")
BASE = TO_DATE.same_period_last_year()


@pytest.fixture(scope="session")
def hostile() -> str:
    """Return a name that would be a script in a page that does not escape."""
    return HOSTILE


def _indicator(name: str, zh: str, en: str, value: Decimal | None, **more: object) -> Indicator:
    plain = Indicator(
        name=name,
        label=Label(zh, en),
        value=value,
        unit=unit.CNY_1E4,
        period=TO_DATE,
        published=Change(6.05, unit.PERCENT, BASE),
        comparable=Change(5.95, unit.PERCENT, BASE, 1900),
        series=tuple(Point(month(2026, m), float(m)) for m in range(1, 6)),
        coverage=Coverage(1990, 2000),
        formula=Label("之和", "a sum"),
        sample=Label("规上企业", "above-scale enterprises"),
        tables=("enterprise_period",),
        command="ballast demo --no-serve",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


# longer than 60 lines because it is one value, written out, with no step in it
@pytest.fixture(scope="session")
def small_picture() -> RegionPicture:
    """Return a picture with every part filled."""
    size = Decimal("8537884.8527")
    copper = IndustrySize("32", None, industry("32").label, 3, size, size, 0.9, 7.35, 2.88)
    bearings = IndustrySize("34", None, industry("34").label, 5, Decimal(5), None, 0.1, None, -0.5)
    years = tuple(Point(whole_year(2022 + i), 100.0 * 1.175**i) for i in range(4))
    region = Label("测试市", "Testville")
    return RegionPicture(
        region="371500",
        label=region,
        as_of=date(2026, 6, 20),
        latest=month(2026, 5),
        period=TO_DATE,
        year=whole_year(2025),
        indicators=(
            _indicator(
                "enterprises",
                "规上工业企业",
                "Above-scale enterprises",
                Decimal(2028),
                unit=unit.COUNT,
                noun=Label("家", ""),
                comparable=None,
                coverage=Coverage(1800, 2000),
            ),
            _indicator("output", "工业总产值", "Gross output", Decimal("21544091.4064")),
            _indicator(
                "margin",
                "营业收入利润率",
                "Profit margin",
                None,
                unit=unit.PERCENT,
                absence=Absence.UNDEFINED,
                published=Change(None, unit.PERCENTAGE_POINTS, BASE, absence=Absence.UNDEFINED),
            ),
            _indicator("exports", "出口交货值", "Exports", None, absence=Absence.NO_DATA),
        ),
        divisions=(copper, bearings),
        groups=(
            replace(copper, code="325", parent="32", label=industry("325").label),
            replace(bearings, code="345", parent="34", label=Label(HOSTILE, HOSTILE)),
        ),
        clusters=(
            ClusterSize(
                "copper", Label(HOSTILE, HOSTILE), region, TIER_LABELS[Tier.HUNDRED_BILLION],
                Decimal(12_000_000), 80, 20_000, 6.04, 2, 6.6,
            ),
            ClusterSize(
                "none", Label("无数", "Nothing known"), None, None, None, 0, None, None, None, None,
                Absence.NO_DATA,
            ),
        ),
        cluster_definition="own",
        specialisations=(
            Specialisation("325", industry("325").label, 12.9, 0.05, 0.004, 5000),
            Specialisation("345", industry("345").label, None, 0.01, None, None),
        ),
        division_quotients=(Specialisation("32", industry("32").label, 6.0, 0.3, 0.05, 9000),),
        reference=Label("全国", "China"),
        specialisation_period=whole_year(2025),
        places=(
            PlaceSize("371503", Label("茌平区", "Chiping District"), size, 0.8, 9, 10.1),
            PlaceSize("371521", Label("阳谷县", "Yanggu County"), None, None, 1, None),
        ),
        macro=(
            MacroItemPicture(
                "rd_intensity", Label("研发强度", "R&D over GDP"), unit.PERCENT,
                (MacroLine("371500", region, True, years),), 3, 16, Label("山东省", "Shandong"),
            ),
        ),
        upgrade=UpgradeInvestment(17.5, years, unit.CNY_1E8, 1800),
        rankings=(RankingPlace("某机构", "百强市", 2025, 83),),
        sources=(
            Source("L0000001-abc", datetime(2026, 6, 1, tzinfo=UTC), ("enterprise",), None, True),
        ),
    )  # fmt: skip


START = datetime(2026, 6, 1, 8, tzinfo=UTC)
PASSWORD = "correct horse battery"


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Door:
    """A portal on an empty home, with an account of each role named after it."""

    context: PortalContext
    clock: HandClock
    users: dict[Role, User]
    app: FastAPI

    @property
    def state(self) -> State:
        return self.context.state

    def browser(self, role: Role = Role.PUBLIC, **more: Any) -> TestClient:
        """Return a browser in which somebody of a role has signed in."""
        client = TestClient(self.app, self.context.base_url, follow_redirects=False, **more)
        client.headers["accept-language"] = "en"
        return self.become(client, role)

    def become(self, client: TestClient, role: Role) -> TestClient:
        """Let somebody else sit down at a browser: pages live in the loop it was opened with."""
        client.cookies.clear()
        client.headers.pop("x-csrf-token", None)
        if role is not Role.PUBLIC:
            token, session = open_session(self.state, self.users[role].id)
            client.cookies.set(session_cookie(self.context), token)
            client.headers["x-csrf-token"] = session.csrf
        return client

    def again(self, **changes: Any) -> Door:
        """Return the same portal with another context."""
        context = replace(self.context, **changes)
        return replace(self, context=context, app=create_app(context))


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


def _made(home: Path, clock: HandClock) -> Iterator[Door]:
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", cheap)
        patched.setattr(passwords, "_NOBODY", cheap.hash("nobody"))
        lake = Lake.create(home, clock=clock)
        with State(lake.home.path, clock) as state:
            users = {
                role: add_user(state, f"the-{role}", role=role, language="en", password=PASSWORD)
                for role in Role
            }
            context = PortalContext(
                lake=lake,
                state=state,
                region="371500",
                base_url="http://portal.test",
                secure_cookies=False,
                oidc=None,
                clock=clock,
            )
            yield Door(context, clock, users, create_app(context))


@pytest.fixture
def door(tmp_path: Path, hand_clock: HandClock) -> Iterator[Door]:
    """Return a portal that one can knock at; hashing costs nothing in it."""
    yield from _made(tmp_path / "home", hand_clock)


@pytest.fixture(scope="module")
def shared_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Return one for all tests of a module, which leave it as it was."""
    yield from _made(tmp_path_factory.mktemp("shared") / "home", HandClock())


class Two:
    """Two enterprises of the region with two months each: one's own, and another's."""

    own, other = (with_check_character(f"91371500MA{n:07d}") for n in range(2))
    secret = "7777777.7700"  # what the other one reported; no viewer of the first may meet it
    me = operator("test")

    def load(self, lake: Lake, output: str = "100") -> str:
        """Load them, and return the load."""
        register = typed(
            "enterprise",
            {
                "uscc": [self.own, self.other],
                "valid_from": date(2020, 1, 1),
                "name": ["临清轴承100%有限公司", "=cmd|'/c calc'!A1 <b>阀门</b>厂"],
                "region_scheme": "gb2260",
                "region": ["371581", "371521"],
                "industry_scheme": "gbt4754-2017",
                "industry": ["3451", "3252"],
            },
        )
        money = pl.Series([Decimal(v) for v in (output, self.secret) * 2], dtype=pl.Decimal(24, 4))
        reports = typed(
            "enterprise_period",
            {
                "uscc": [self.own, self.other] * 2,
                "period": ["2025-03", "2025-03", "2026-03", "2026-03"],
                "above_scale": True,
                "output_1e4_cny": money,
                "revenue_1e4_cny": money,
                "employment_persons": [10] * 4,
            },
        )
        return lake.commit({"enterprise": register, "enterprise_period": reports}, self.me)


@pytest.fixture(scope="session")
def two() -> Two:
    return Two()


@dataclass
class NodeMade:
    """A node in a portal's home: prefixes and records as they are put, a writer when it is asked.

    Its registry is written by the test itself, so that most tests need no second process.
    """

    home: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def put(self, *entries: PrefixEntry, records: Iterable[Record] = ()) -> None:
        """Put prefixes and records into the registry, made where there is none."""
        folder = self.home / "node" / "registry"
        with LmdbStore.open(folder, map_bytes=1 << 28) as store, store.write() as transaction:
            transaction.put_meta(PREFIX_META, b"88.118")
            for entry in entries:
                transaction.put_prefix(entry)
            for one in records:
                transaction.put_record(one.key, pack_record(one))

    def start_writer(self) -> None:
        """Start the writer's process and wait until it answers."""
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "ballast.node.writer.process"],
                stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        process = self.running[-1]
        assert process.stdin is not None
        orders = {"home": str(self.home), "language": "en", "map_bytes": 1 << 28}
        process.stdin.write((json.dumps(orders) + "\n").encode())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not writer_answers(self.home / "node" / SOCKET_NAME):
            assert process.poll() is None, "the writer ended while it started"
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop_writer(self) -> None:
        """End what was started."""
        for process in self.running:
            process.kill()
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
        self.running.clear()


@pytest.fixture(scope="module")
def make_node() -> Iterator[Callable[[Path], NodeMade]]:
    """Return what makes a node in a home; writers it starts end with the module."""
    made: list[NodeMade] = []

    def make(home: Path) -> NodeMade:
        made.append(NodeMade(home))
        return made[-1]

    yield make
    for one in made:
        one.stop_writer()
