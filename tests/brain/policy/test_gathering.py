"""Facts from four tables: the newest of a day holds, and one enterprise reads as all do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.brain.enterprise_town import ME, TODAY, Town, analyst, code, owner, rows
from tests.brain.policy.many_enterprises import Question, expected
from tests.brain.policy.many_enterprises import differences as said_otherwise

from ballast.brain.policy.columns import decide_all, without_doubts
from ballast.brain.policy.columns_facts import YEARS_BACK, column_of, column_types, title_column
from ballast.brain.policy.facts import Fact, Facts
from ballast.brain.policy.gathering import fact_rows, facts_of, facts_of_all, wide_facts
from ballast.brain.policy.reading import Laws, laws
from ballast.brain.policy.shape import Application
from ballast.errors import NotFound, NotPermitted
from ballast.lake.lake import Lake
from ballast.lake.tables.bureau import TITLE
from ballast.sample.region import load as load_sample
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS
from ballast.terms.viewer import PUBLIC, operator

D = Decimal
NO_LAWS = Laws({})
Row = dict[str, Any]


def stated(n: int, fact: str, value: object, as_of: date, year: int | None = None) -> Row:
    """Return a row of ``enterprise_fact``."""
    column = "value_text" if isinstance(value, str) else "value_number"
    return {
        "uscc": code(n), "fact": fact, "as_of": as_of, "year": year, column: value,
        "source": "企业自评表",
    }  # fmt: skip


def title(n: int, scheme: str, certificate: str, awarded: date, expires: date | None) -> Row:
    return {
        "uscc": code(n), "scheme": scheme, "certificate": certificate, "awarded": awarded,
        "expires": expires,
    }  # fmt: skip


END_2025, END_2024 = date(2025, 12, 31), date(2024, 12, 31)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    town = Town(count=6)
    town.register[1] |= {"founded": date(2011, 3, 4)}
    town.register.append(town.entry(6, valid_from=date(2021, 1, 1), closed=date(2026, 5, 1)))
    del town.reports[3, "2025-07"]  # the year of the third is not whole
    town.reports[4, "2024"] = town.report(4, "2024", revenue_1e4_cny=D("900.5"))
    facts = rows(
        "enterprise_fact",
        # The first: an audited figure of the year holds against the form of the same day …
        stated(1, "rd", 50.0, END_2025, 2025),
        # … a correction against both, but not before it was made …
        stated(1, "rd", 55.0, date(2026, 4, 20), 2025),
        stated(1, "rd", 99.0, date(2026, 6, 2), 2025),
        # … two years corrected on one day stand beside each other …
        stated(1, "rd", 44.0, date(2026, 4, 20), 2024),
        stated(1, "rd", 33.0, date(2026, 4, 20), 2023),
        # … and without a year, the day tells it.
        stated(1, "net_profit", -3.25, END_2024),
        stated(1, "class1_ip", 2.0, date(2025, 6, 1)),
        stated(1, "class1_ip", 3.0, date(2026, 1, 1)),
        stated(1, "own_brand", "是", date(2026, 1, 1)),
        stated(1, "six_bases", " FALSE ", date(2026, 1, 1)),
        stated(1, "rd_institution", "provincial", date(2026, 1, 1)),
        stated(1, "founded", "2010-02-28", date(2026, 1, 1)),
        stated(1, "industry", "3452", date(2026, 1, 1)),
        # The second: what cannot be read, and what no rule knows.
        stated(2, "own_brand", "maybe", date(2026, 1, 1)),
        stated(2, "class1_ip", "three", date(2026, 1, 1)),
        stated(2, "rd_institution", "heavenly", date(2026, 1, 1)),
        stated(2, "founded", "2025-02-29", date(2026, 1, 1)),
        stated(2, "no_such_fact", 1.0, date(2026, 1, 1)),
        # The fourth contradicts itself: more R&D staff than staff.
        stated(4, "rd_staff", 400.0, END_2025, 2025),
        stated(4, "revenue", 1.0, date(2020, 12, 31), 2020),
    )
    titles = rows(
        "title",
        title(1, "innovative_sme", "A", date(2022, 6, 2), date(2025, 6, 1)),
        title(1, "innovative_sme", "B", date(2025, 6, 2), date(2028, 6, 1)),
        title(1, "little_giant", "C", date(2026, 6, 2), None),
        title(2, "high_tech", "D", date(2023, 6, 2), TODAY),
        title(3, "high_tech", "E", date(2020, 6, 2), date(2023, 6, 1)),
    )
    lake = town.load(tmp_path_factory.mktemp("town") / "home", title=titles)
    lake.commit({"enterprise_fact": facts}, ME)
    return lake


def value(facts: Facts, key: str, year: int | None = None) -> object:
    found = facts.get(key, year)
    return None if found is None else found.value


def differences(lake: Lake, day: date) -> Iterator[tuple[object, ...]]:
    """Yield where the wide table and the facts of single enterprises say different things."""
    single = dict(facts_of_all(lake, analyst(), day))
    wide = lake.engine.collect(wide_facts(lake, analyst(), day, NO_LAWS)).to_pylist()
    return apart(single, wide, day)


def apart(
    single: Mapping[str, Facts], wide: Sequence[Row], day: date
) -> Iterator[tuple[object, ...]]:
    """Yield where rows of the wide table say other things than the facts of each enterprise."""
    assert len(wide) == len({row["uscc"] for row in wide})
    for row in wide:
        facts = single[row["uscc"]]
        for fact in FACTS.values():
            for back in range(YEARS_BACK) if fact.yearly else (None,):
                own = value(facts, fact.key, None if back is None else day.year - 1 - back)
                own = float(own) if isinstance(own, Decimal) else own
                if own != row[column_of(fact.key, back)]:
                    yield row["uscc"], fact.key, back, own, row[column_of(fact.key, back)]
        for choice in TITLE.column("scheme").choices:
            held = any(
                t.scheme == choice.value and (t.expires is None or t.expires >= day)
                for t in facts.titles
            )
            if row[title_column(choice.value)] is not (held if facts.titles_known else None):
                yield row["uscc"], choice.value


def test_the_newest_statement_of_a_day_holds(lake: Lake) -> None:
    def rd(day: date) -> object:
        return value(facts_of(lake, analyst(), code(1), day), "rd", 2025)

    assert rd(date(2026, 4, 19)) == D(50)
    assert rd(date(2026, 4, 20)) == rd(TODAY) == D(55)
    assert rd(date(2026, 6, 2)) == D(99)


def test_two_years_corrected_on_one_day_are_both_read(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(1), date(2026, 4, 20))
    read = [value(facts, "rd", year) for year in (2025, 2024, 2023)]
    assert read == [D(55), D(44), D(33)]


def test_of_two_loads_that_name_a_year_and_leave_it_to_the_day_the_newest_holds(
    tmp_path: Path,
) -> None:
    lake = Town(count=1).load(tmp_path / "home")
    for number, year in enumerate((None, 2025, None)):
        row = stated(1, "cost", float(number), END_2025, year)
        lake.commit({"enterprise_fact": rows("enterprise_fact", row)}, ME)
        assert value(facts_of(lake, owner(1), code(1), TODAY), "cost", 2025) == number
    wide = wide_facts(lake, owner(1), TODAY, NO_LAWS, examined=False)
    assert lake.engine.collect(wide.select("cost_0"))[0].to_pylist() == [2]


def test_facts_of_a_year_come_from_the_forms_where_nothing_else_was_said(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(2), TODAY)
    assert value(facts, "revenue", 2025) == D(2400)  # 100 n a month
    assert value(facts, "rd", 2025) == D(48)
    assert value(facts, "staff", 2025) == D(20)
    assert value(facts, "revenue", 2024) is None
    assert value(facts, "revenue", 2026) is None  # a year that is not over
    fact = facts.get("revenue", 2025)
    assert fact is not None
    assert (fact.as_of, fact.source.en) == (END_2025, "the forms of 2025 (synthetic sample)")


def test_a_year_of_which_a_month_is_missing_has_no_sum(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(3), TODAY)
    assert value(facts, "revenue", 2025) is None
    assert value(facts, "staff", 2025) == D(30)  # of December, which is there


def test_every_kind_of_value_is_read_with_its_source(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(1), TODAY)
    assert value(facts, "class1_ip") == D(3)
    assert value(facts, "own_brand") is True
    assert value(facts, "six_bases") is False
    assert value(facts, "rd_institution") == "provincial"
    assert value(facts, "founded") == date(2010, 2, 28)
    assert value(facts, "industry") == "3452"
    assert value(facts, "net_profit", 2024) == D("-3.25")
    fact = facts.get("own_brand")
    assert fact is not None
    assert fact.source == Label("企业自评表", "企业自评表")


def test_the_register_says_industry_and_foundation(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(2), TODAY)
    assert value(facts, "industry") == "3451"
    fact = facts_of(lake, analyst(), code(2), date(2025, 12, 1)).get("founded")
    assert fact is not None
    assert fact.value == date(2011, 3, 4)
    assert fact.source.zh == "企业登记（合成样例）"


def test_what_cannot_be_read_is_named_and_not_replaced_by_what_was_said_before(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(2), TODAY)
    said = {key: doubt.reason.en for doubt in facts.doubts for key in doubt.keys}
    assert said["own_brand", None] == "own brand: 'maybe' cannot be read; write yes or no"
    assert said["class1_ip", None] == "Class-I IP: 'three' cannot be read; write a number"
    assert said["founded", None].startswith("registered on: '2025-02-29' cannot be read")
    assert "one of the choices" in said["rd_institution", None]
    assert said["no_such_fact", None] == "no rule knows a fact 'no_such_fact'"
    # The register knows the day of foundation, but the later word about it is no day.
    assert value(facts, "founded") is None


def test_facts_that_contradict_each_other_are_not_used(lake: Lake) -> None:
    facts = facts_of(lake, analyst(), code(4), TODAY)
    assert ("rd_staff", 2025) in facts.known
    assert value(facts, "rd_staff", 2025) is None
    assert any(("rd_staff", 2025) in doubt.keys for doubt in facts.doubts)
    assert ("revenue", 2020) not in facts.known  # no rule looks back so far
    assert value(facts, "revenue", 2024) == D("900.5")


def test_titles_are_those_given_by_the_day(lake: Lake) -> None:
    titles = facts_of(lake, analyst(), code(1), TODAY).titles
    assert [(t.scheme, t.certificate) for t in titles] == [
        ("innovative_sme", "A"), ("innovative_sme", "B"),
    ]  # fmt: skip
    assert titles[0].expires == date(2025, 6, 1)


@pytest.mark.parametrize("day", [TODAY, date(2025, 6, 1)])
def test_all_enterprises_at_once_read_as_each_by_itself(lake: Lake, day: date) -> None:
    assert list(differences(lake, day)) == []


def test_one_enterprise_reads_as_it_does_among_all(lake: Lake) -> None:
    everybody = dict(facts_of_all(lake, analyst(), TODAY))
    assert sorted(everybody) == [code(n) for n in range(1, 7)]
    for uscc, facts in everybody.items():
        assert facts_of(lake, analyst(), uscc, TODAY) == facts


def test_the_wide_table_has_its_columns_and_types_and_no_closed_enterprise(lake: Lake) -> None:
    wide = wide_facts(lake, analyst(), TODAY, NO_LAWS, examined=False)
    schemes = tuple(sorted(choice.value for choice in TITLE.column("scheme").choices))
    assert dict(wide.schema().items()) == column_types(schemes)
    found = {row["uscc"]: row for row in lake.engine.collect(wide).to_pylist()}
    assert sorted(found) == [code(n) for n in range(1, 6)]  # the sixth closed in May
    assert found[code(1)]["holds_innovative_sme"] is True
    assert found[code(1)]["holds_little_giant"] is False  # given a day later
    assert found[code(2)]["holds_high_tech"] is True  # its last day
    assert found[code(3)]["holds_high_tech"] is False


def test_an_enterprise_reads_its_own_facts_and_nobody_elses(lake: Lake) -> None:
    assert value(facts_of(lake, owner(1), code(1), TODAY), "rd", 2025) == D(55)
    wide = lake.engine.collect(wide_facts(lake, owner(1), TODAY, NO_LAWS, examined=False))
    assert wide["uscc"].to_pylist() == [code(1)]


@pytest.mark.parametrize("uscc", [code(2), code(99), "x" * 200])
def test_who_may_not_see_an_enterprise_is_not_told_whether_there_is_one(
    lake: Lake, uscc: str
) -> None:
    for viewer in (owner(1), PUBLIC):
        with pytest.raises(NotFound, match="that you may see"):
            facts_of(lake, viewer, uscc, TODAY)
    with pytest.raises(NotPermitted):
        lake.engine.collect(wide_facts(lake, PUBLIC, TODAY, NO_LAWS))
    with pytest.raises(NotPermitted):
        dict(facts_of_all(lake, PUBLIC, TODAY))


def test_nobody_who_loads_no_titles_is_said_to_hold_none(tmp_path: Path) -> None:
    lake = Town(count=2).load(tmp_path / "home")
    assert not facts_of(lake, analyst(), code(1), TODAY).titles_known
    wide = wide_facts(lake, analyst(), TODAY, NO_LAWS, examined=False)
    assert lake.engine.collect(wide.select("holds_high_tech"))[0].to_pylist() == [None, None]


def test_facts_that_are_kept_are_read_again_as_they_were(tmp_path: Path) -> None:
    lake = Town(count=1).load(tmp_path / "home")
    source = Label("自评", "self-check")
    given: Mapping[tuple[str, int | None], Fact] = {
        (fact.key, fact.year): fact
        for fact in (
            Fact("liabilities", D("12.3456"), source, 2025),
            Fact("liabilities", D("12.3457"), source, 2024),
            Fact("own_brand", False, source),
            Fact("rd_institution", "none", source),
            Fact("founded", date(2001, 1, 31), source),
            Fact("class1_ip", D(4), source),
        )
    }
    frame = fact_rows(Facts(given), code(1), TODAY)
    lake.commit({"enterprise_fact": frame}, ME)
    found = facts_of(lake, owner(1), code(1), TODAY)
    assert {key: value(found, *key) for key in given} == {k: f.value for k, f in given.items()}
    assert found.known["liabilities", 2024].as_of == END_2024
    assert found.known["own_brand", None].as_of == TODAY


def test_no_fact_is_no_row() -> None:
    assert fact_rows(Facts(), code(1), TODAY).shape == (0, 7)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.create(tmp_path_factory.mktemp("sample") / "home")
    load_sample(lake, operator("clerk"))
    return lake


@pytest.fixture(scope="module")
def everybody(sample: Lake) -> dict[str, Facts]:
    return dict(facts_of_all(sample, analyst(), TODAY))


@pytest.fixture(scope="module")
def wide(sample: Lake) -> pa.Table:
    """Return the facts of the whole sample as they were stated."""
    every = wide_facts(sample, analyst(), TODAY, laws(), examined=False)
    return sample.engine.collect(every)


def test_in_the_sample_every_enterprise_reads_as_it_does_by_itself(
    sample: Lake, everybody: dict[str, Facts], wide: pa.Table
) -> None:
    with sample.engine.lent(wide) as rows:
        sound = sample.engine.collect(without_doubts(rows, TODAY))
    assert list(apart(everybody, sound.to_pylist(), TODAY)) == []


@pytest.mark.parametrize("scheme", laws().schemes)
def test_in_the_sample_each_scheme_says_of_all_at_once_what_it_says_of_each(
    scheme: str, sample: Lake, everybody: dict[str, Facts], wide: pa.Table
) -> None:
    with sample.engine.lent(wide) as rows:
        decided = sample.engine.collect(decide_all(laws(), scheme, rows, TODAY)).to_pylist()
    found = drawn(decided)
    assert {row["state"] for row in found} == {row["state"] for row in decided}
    question = Question(laws(), scheme, TODAY, Application.NEW)
    wanted = [expected(question, row["uscc"], everybody[row["uscc"]]) for row in found]
    assert said_otherwise(found, wanted) == []


def drawn(decided: Sequence[dict[str, Any]], at_least: int = 300) -> list[dict[str, Any]]:
    """Return some rows, the same each time: of every state of every criterion two, then any."""
    order = sorted(decided, key=lambda row: sha256(row["uscc"].encode()).digest())
    often: Counter[tuple[str, object]] = Counter()
    chosen: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for row in order:
        says = [(name, cell) for name, cell in row.items() if isinstance(cell, int | str)]
        says = [each for each in says if each[0] != "uscc"]
        is_new = any(often[each] < 2 for each in says)
        (chosen if is_new else rest).append(row)
        if is_new:
            often.update(says)
    return chosen + rest[: max(0, at_least - len(chosen))]
