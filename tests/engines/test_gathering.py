"""Facts are gathered alike by both engines: whatever the lake holds of an enterprise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.brain.enterprise_town import ME, TODAY, Town, analyst, code, rows

from ballast.brain.policy.gathering import facts_of_all, wide_facts
from ballast.brain.policy.reading import Laws
from ballast.lake.engine import DuckEngine, SparkEngine
from ballast.lake.home import open_home
from ballast.lake.lake import Lake

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

STATED = (
    ("rd", date(2025, 12, 31), 2025, 50.0, None), ("rd", date(2026, 4, 20), 2025, 55.25, None),
    ("rd", date(2026, 4, 20), 2024, 44.5, None), ("rd", date(2026, 6, 2), 2025, 99.0, None),
    ("net_profit", date(2024, 12, 31), None, -3.25, None),
    ("class1_ip", date(2026, 1, 1), None, 3.0, None),
    ("own_brand", date(2026, 1, 1), None, None, "是"),
    ("six_bases", date(2026, 1, 1), None, None, " FALSE "),
    ("rd_institution", date(2026, 1, 1), None, None, "provincial"),
    ("founded", date(2026, 1, 1), None, None, "2010-02-28"),
    ("fraud_3y", date(2026, 1, 1), None, None, "maybe"),
    ("liabilities", date(2025, 12, 31), 2025, None, "many"),
)  # fmt: skip
OTHERS = (("founded", "2025-02-29"), ("founded", "2024-02-29"), ("founded", "soon"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "home"
    town = Town(count=6)
    del town.reports[3, "2025-07"]
    town.reports[4, "2024"] = town.report(4, "2024", revenue_1e4_cny=Decimal("900.5"))
    titles = rows(
        "title",
        {"uscc": code(1), "scheme": "high_tech", "certificate": "A", "awarded": date(2024, 1, 1)},
    )
    lake = town.load(path, title=titles)
    facts = [
        {"uscc": code(1), "fact": fact, "as_of": day, "year": year, "value_number": number,
         "value_text": text}
        for fact, day, year, number, text in STATED
    ] + [
        {"uscc": code(2 + n), "fact": fact, "as_of": date(2026, 1, 1), "year": None,
         "value_number": None, "value_text": text}
        for n, (fact, text) in enumerate(OTHERS)
    ]  # fmt: skip
    lake.commit({"enterprise_fact": rows("enterprise_fact", *facts)}, ME)
    return path


def test_facts_are_gathered_alike_by_both_engines(home: Path, spark_side: Any) -> None:
    spark: SparkEngine = spark_side.memory.__self__
    lakes = [Lake(open_home(home), engine) for engine in (DuckEngine(), spark)]
    of_duck, of_spark = (dict(facts_of_all(lake, analyst(), TODAY)) for lake in lakes)
    assert of_spark == of_duck
    assert len(of_duck) == 6
    wide_of_duck, wide_of_spark = (
        lake.engine.collect(wide_facts(lake, analyst(), TODAY, Laws({}), examined=False))
        .sort_by("uscc")
        .to_pylist()
        for lake in lakes
    )
    assert wide_of_spark == wide_of_duck
    founded = {row["uscc"]: row["founded"] for row in wide_of_duck}
    assert [founded[code(n)] for n in (1, 2, 3, 4)] == [
        date(2010, 2, 28), None, date(2024, 2, 29), None,
    ]  # fmt: skip
