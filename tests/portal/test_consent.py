"""An operator reads the enterprises of its clusters that agreed, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from ballast.lake.lake import Lake
from ballast.portal.consent import Consent, consenting
from ballast.terms.viewer import operator

ME = operator("tests")
WITHIN, SILENT, TOOK_BACK, ELSEWHERE = "within", "silent", "took back", "elsewhere"


def enterprises() -> pl.DataFrame:
    rows = [
        (WITHIN, date(2020, 1, 1), "3451", True),
        (SILENT, date(2020, 1, 1), "3451", False),
        (TOOK_BACK, date(2020, 1, 1), "3451", True),
        (TOOK_BACK, date(2026, 5, 1), "3451", False),
        (ELSEWHERE, date(2020, 1, 1), "1511", True),
    ]
    return filled(
        "enterprise",
        [
            {
                "uscc": code, "valid_from": day, "name": code, "region_scheme": "gb2260",
                "region": "371500", "industry_scheme": "gbt4754-2017", "industry": industry,
                "consent_share": shares, "consent_publish": False,
            }
            for code, day, industry, shares in rows
        ],
    )  # fmt: skip


def definitions() -> pl.DataFrame:
    rows = [("own", "bearings", "345"), ("own", "drinks", "15"), ("other", "bearings", "3451")]
    return filled(
        "cluster_definition",
        [
            {
                "definition": of, "cluster": cluster, "traded": True, "region_scheme": "",
                "region": "", "industry_scheme": "gbt4754-2017", "industry": industry,
            }
            for of, cluster, industry in rows
        ],
    )  # fmt: skip


def filled(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows with every declared column."""
    from ballast.lake.declare import PROVENANCE
    from ballast.lake.tables import table

    schema = table(name).stored_schema
    whole = pl.from_arrow(schema.empty_table())
    assert isinstance(whole, pl.DataFrame)
    whole = whole.drop(PROVENANCE)
    return pl.DataFrame(rows, schema_overrides=whole.schema).pipe(
        lambda given: pl.concat([whole, given], how="diagonal_relaxed")
    )


def loaded(lake: Lake) -> str:
    lake.commit({"cluster_definition": definitions()}, ME)
    return lake.commit({"enterprise": enterprises()}, ME)


def test_only_members_that_agreed_last_are_read(door: Any) -> None:
    lake = door.context.lake
    loaded(lake)
    found = consenting(lake, frozenset({"bearings", "unknown"}), date(2026, 6, 1))
    assert found == {"bearings": frozenset({WITHIN}), "unknown": frozenset()}
    earlier = consenting(lake, frozenset({"bearings"}), date(2026, 4, 30))
    assert earlier == {"bearings": frozenset({WITHIN, TOOK_BACK})}


def test_consent_follows_the_loads(door: Any) -> None:
    consent = Consent(door.context)
    assert consent.enterprises(frozenset({"bearings"})) == frozenset()
    load = loaded(door.context.lake)
    assert consent.enterprises(frozenset({"bearings"})) == {WITHIN}
    assert consent.enterprises(frozenset({"bearings", "drinks"})) == {WITHIN, ELSEWHERE}
    assert consent.enterprises(frozenset()) == frozenset()
    door.context.lake.withdraw(load, ME)
    assert consent.enterprises(frozenset({"bearings"})) == frozenset()


def test_it_is_worked_out_once_for_each_state_of_the_lake(door: Any, monkeypatch: Any) -> None:
    loaded(door.context.lake)
    consent = Consent(door.context)
    first = consent.enterprises(frozenset({"bearings"}))
    monkeypatch.setattr("ballast.portal.consent.consenting", None)
    assert consent.enterprises(frozenset({"bearings"})) == first
