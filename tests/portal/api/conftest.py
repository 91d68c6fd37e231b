"""A portal with a little of everything in it: two enterprises, public figures, a key a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from starlette.testclient import TestClient

from ballast.lake.checks import Known
from ballast.lake.sifting import Cells, sift
from ballast.lake.tables import table
from ballast.state.keys import issue_key
from ballast.state.users import change_user
from ballast.terms.enterprise_code import with_check_character
from ballast.terms.role import Role
from ballast.terms.viewer import operator

OWN = with_check_character("91371500MA3C00001")
OTHER = with_check_character("91371500MA3C00002")
SECRET = "Bronze Secret Works"  # the other enterprise's name: it may appear in no answer
PEER = "370800"


def rows_of(name: str, /, **columns: list[str] | str) -> pl.DataFrame:
    """Return rows of a table from texts, as the loader would make them."""
    height = max(len(v) for v in columns.values() if isinstance(v, list))
    cells = pl.DataFrame(
        {key: v if isinstance(v, list) else [v] * height for key, v in columns.items()}
    )
    sifted = sift(table(name), [Cells(cells)], Known())
    assert sifted.issue_count == 0, sifted.issues()
    return sifted.accepted


def _frames() -> dict[str, pl.DataFrame]:
    return {
        "enterprise": rows_of(
            "enterprise",
            uscc=[OWN, OTHER],
            name=["自家铜业", SECRET],
            valid_from="2020-01-01",
            region="371502",
            industry="3251",
            consent_share=["true", "false"],
        ),
        "enterprise_period": rows_of(
            "enterprise_period",
            uscc=[OWN, OTHER, OWN, OTHER],
            period=["2026-04", "2026-04", "2026-03", "2026-03"],
            above_scale="true",
            output_1e4_cny=["1000.5", "7777.25", "900", "7000"],
        ),
        "region_period": rows_of(
            "region_period",
            region=["371500", "371500", PEER, "370000", "371500"],
            period=["2024", "2025", "2025", "2025", "2025"],
            item=["gdp", "gdp", "gdp", "gdp", "rd_intensity"],
            value=["3000", "3190.5", "5900", "95000", "3.22"],
            status=["final", "preliminary", "final", "final", "final"],
            source="山东省统计局《统计年鉴》",
        ),
        "ranking": rows_of(
            "ranking",
            publisher=["某<b>院"],
            list=["百强市"],
            year=["2025"],
            place=["83"],
            region=["371500"],
        ),
        "region_industry": rows_of(
            "region_industry",
            region=["371500", "371500", "000000", "000000"],
            industry=["32", "34", "32", "34"],
            period="2025",
            employment_persons=["60", "40", "200", "800"],
        ),
        "cluster_definition": rows_of(
            "cluster_definition",
            definition=["own"],
            cluster=["copper"],
            name_zh=["铜产业集群"],
            name_en=["Copper"],
            industry=["325"],
        ),
    }


@dataclass
class Stocked:
    """A portal with data, and a way in for each role."""

    door: Any
    keys: dict[Role, str]
    load_id: str

    def caller(self, role: Role, language: str = "en") -> TestClient:
        """Return a program that calls with a key of a role; without one for the public."""
        client = TestClient(self.door.app, self.door.context.base_url, follow_redirects=False)
        client.headers["accept-language"] = language
        if role in self.keys:
            client.headers["authorization"] = f"Bearer {self.keys[role]}"
        return client

    def fresh_key(self, role: Role) -> str:
        """Return another key of a role, for a test that may spoil it."""
        ends = self.door.clock() + timedelta(days=300)
        return issue_key(self.door.state, self.door.users[role].id, "another", ends)[0]


def stock(door: Any) -> Stocked:
    """Fill a portal and give every role a key."""
    state = door.state
    change_user(state, door.users[Role.ENTERPRISE].id, enterprises=[OWN])
    change_user(state, door.users[Role.OPERATOR].id, clusters=["copper"])
    load_id = door.context.lake.commit(_frames(), operator("loader"), provenance="synthetic")
    ends = door.clock() + timedelta(days=300)
    keys = {
        role: issue_key(state, user.id, "test", ends)[0]
        for role, user in door.users.items()
        if role is not Role.PUBLIC
    }
    return Stocked(door, keys, load_id)


@pytest.fixture(scope="module")
def stocked(shared_door: Any) -> Stocked:
    """Return a filled portal for all tests of a module, which leave it as it was."""
    return stock(shared_door)


@pytest.fixture
def own_stocked(door: Any) -> Stocked:
    """Return a filled portal of the test's own."""
    return stock(door)


@pytest.fixture(scope="session")
def own_code() -> str:
    return OWN


@pytest.fixture(scope="session")
def other_code() -> str:
    return OTHER


@pytest.fixture
def secret() -> str:
    """Return the name of an enterprise that the tests' enterprise may not see."""
    return SECRET
