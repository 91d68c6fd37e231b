"""The demo: from nothing to the picture of a region, and the questions that follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import ibis
import pytest

from ballast.cli.app import run
from ballast.cli.demo_accounts import demo_accounts
from ballast.errors import SignInRefused
from ballast.lake.lake import Lake
from ballast.portal.consent import consenting
from ballast.sample.factory.shop import PREFIX
from ballast.sample.identifier_node import standing
from ballast.state.store import State
from ballast.state.users import change_user, disable_user, user_named, verify_password
from ballast.terms.role import Role
from ballast.terms.viewer import operator

# A demo is made for all of it: in one worker, once.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("demo") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BALLAST_HOME", str(path))
        patch.setenv("BALLAST_LANGUAGE", "en")
        yield path


@pytest.fixture(scope="module")
def printed(home: Path, request: pytest.FixtureRequest) -> str:
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    assert run(["demo", "--no-serve"]) == 0
    told, _ = capture.read_global_capture()
    return str(told)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert run([*arguments, "--format", "json"]) == 0
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


def test_the_page_is_one_file_that_says_it_is_synthetic(printed: str, home: Path) -> None:
    page = (home / "picture.html").read_text(encoding="utf-8")
    assert "synthetic sample" in page
    assert "合成样例" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_second_demo_in_the_same_home_loads_nothing_again(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--no-serve"]) == 0
    shown = capsys.readouterr().out
    assert "synthetic sample" in shown
    assert "32 of 41" in shown
    assert "137 of 207" in shown
    assert len(asked(capsys, "loads")) == 3  # the sample, what of it was sealed, and its pool


def test_the_demo_brings_a_node_whose_events_are_in_the_lake(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = standing(home)
    assert node is not None
    assert node.identifiers == 200_000
    lake = Lake.open(home)
    events = lake.read("handle_event", operator("test"))
    registered = events.filter((events.kind == "registered") & (events.prefix != PREFIX))
    assert registered.count().to_pyarrow().as_py() == 200_000
    (row,) = asked(capsys, "show", "handle_event", "--where", f"handle={node.handle}")
    assert row["provenance"] == "synthetic"
    (held,) = asked(capsys, "show", "enterprise_prefix", "--where", f"prefix={row['prefix']}")
    assert held["uscc"] == row["uscc"]


def test_a_second_demo_registers_nothing_again(printed: str, home: Path) -> None:
    before = Lake.open(home).edition("handle_event")
    assert run(["demo", "--no-serve"]) == 0
    assert Lake.open(home).edition("handle_event") == before


def test_registrations_are_counted_by_division_of_the_enterprise(printed: str, home: Path) -> None:
    lake = Lake.open(home)
    viewer = operator("test")
    events = lake.read("handle_event", viewer).filter(
        (ibis._.kind == "registered") & (ibis._.prefix != PREFIX)
    )
    held = lake.read("enterprise_prefix", viewer).select("prefix", holder="uscc")
    enterprise = lake.read("enterprise", viewer).filter(ibis._.region != "371523")
    joined = events.join(held, "prefix").join(enterprise, ibis._.holder == enterprise.uscc)
    by = joined.group_by(division=joined.industry.left(2)).aggregate(n=joined.count())
    counts = {row["division"]: row["n"] for row in by.to_pyarrow().to_pylist()}
    assert sum(counts.values()) == 200_000
    assert counts["32"] > 20_000, "aluminium and copper"
    assert {"31", "34", "36"} <= counts.keys()


def test_the_ten_clusters_have_tiers(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = asked(capsys, "clusters")
    assert len(rows) == 10
    assert [row["tier"] for row in rows].count("100-billion") == 2


def test_a_county_is_compared_with_the_nation(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = asked(
        capsys, "measure", "location-quotient",
        "--where", "region=茌平", "--where", "industry=32", "--where", "industry_level=division",
    )  # fmt: skip
    (row,) = rows
    assert row["region"] == "371503"
    assert float(str(row["location_quotient"])) > 5


def test_every_answer_from_the_sample_says_that_it_is_invented(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["clusters"], ["measure", "location-quotient"]):
        assert run(command) == 0
        assert "synthetic sample" in capsys.readouterr().err


def test_an_answer_that_is_explained_says_once_that_it_is_invented(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["clusters"], ["measure", "lq"], ["clusters", "--by", "employment"]):
        assert run([*command, "--explain"]) == 0
        told = capsys.readouterr().err
        assert told.count("these figures are invented") == 1
        assert "source: L0000001" in told


@pytest.mark.parametrize("name", ["321", "常用有色金属冶炼", "Smelting of common non-ferrous"])
def test_an_industry_is_found_by_code_and_by_its_names_in_both_languages(
    name: str, printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = asked(capsys, "measure", "lq", "--where", "region=茌平", "--where", f"industry={name}")
    assert [(row["region"], row["industry"]) for row in rows] == [("371503", "321")]


def test_the_region_compared_with_is_the_nation_unless_another_is_named(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["measure", "lq", "--where", "region=Chiping", "--where", "industry=321"]

    def quotient(*more: str) -> object:
        (row,) = asked(capsys, *command, *more)
        return row["location_quotient"]

    nation, province = quotient("--peer", "000000"), quotient("--peer", "370000")
    assert quotient() == nation
    assert len({nation, province, quotient("--peer", "all")}) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["measure", "lq", "--peer", "Beijing"], "holds no cells of 110000"),
        (["measure", "lq", "--peer", "Atlantis"], "no region is called Atlantis"),
        (["measure", "lq", "--where", "industry=alchemy"], "no industry is called alchemy"),
        (["clusters", "--period", "2025-05"], "are of a year, such as 2025"),
        (["clusters", "--period", "2019"], "no enterprise has reported in 2019"),
        (["clusters", "--base", "total"], "add --by employment"),
        (["clusters", "--by", "employment", "--base", "total"], "total is not loaded"),
    ],
)
def test_a_question_without_an_answer_is_one_clear_line(
    arguments: list[str], said: str, printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) != 0
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_industries_too_fine_for_the_cells_are_said(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["clusters", "--by", "employment"]) == 0
    assert "18 industries of the definition have no cells" in capsys.readouterr().err


def test_what_does_not_exist_is_a_word_for_eyes_and_empty_for_programs(
    printed: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["clusters", "--region", "Linqing", "--cluster", "yanggu-copper"]
    assert run(command) == 0
    assert capsys.readouterr().out.count("no data") == 3
    (row,) = asked(capsys, *command)
    assert row["revenue_1e4_cny"] is None


def test_a_users_own_definition_of_clusters_is_used_without_loading_it(
    printed: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "definition,cluster,name_zh,name_en,industry\n"
        "mine,metals,金属,Metals,31\nmine,metals,金属,Metals,32\nmine,all-metal,全部,All,32\n",
        encoding="utf-8",
    )
    rows = asked(capsys, "clusters", "--definition", str(own))
    assert {row["cluster"] for row in rows} == {"metals", "all-metal"}
    assert len(asked(capsys, "loads")) == 3  # the sample, what of it was sealed, and its pool


def test_a_second_demo_gives_the_accounts_new_passwords_and_what_they_were(
    printed: str, home: Path
) -> None:
    lake = Lake.open(home)
    first = demo_accounts(lake, operator("test"), "en", cluster="chiping-aluminium")
    assert [account.role for account in first] == [
        Role.ANALYST, Role.OPERATOR, Role.ENTERPRISE, Role.ADMINISTRATOR,
    ]  # fmt: skip
    assert not any(account.password in repr(first) for account in first)
    with State(home, lake.clock) as state:
        changed = user_named(state, "analyst")
        change_user(state, changed.id, role=Role.PUBLIC)
        disable_user(state, changed.id)
        second = demo_accounts(lake, operator("test"), "zh", cluster="chiping-aluminium")
        for before, after in zip(first, second, strict=True):
            assert verify_password(state, after.name, after.password).role is after.role
            with pytest.raises(SignInRefused):
                verify_password(state, before.name, before.password)
        (uscc,) = user_named(state, "enterprise").enterprises
    members = consenting(lake, frozenset({"chiping-aluminium"}), lake.clock().date())
    assert uscc in members["chiping-aluminium"]
