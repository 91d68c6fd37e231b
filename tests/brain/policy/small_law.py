"""A law of our own for the engine's tests, and enterprises to put before it.

The figures are none of any real law: what a test shows must not change when a
law does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ballast.brain.policy.engine_criteria import examine
from ballast.brain.policy.engine_examination import Examination, Found
from ballast.brain.policy.fact_doubts import examined
from ballast.brain.policy.facts import Fact, Facts, Held
from ballast.brain.policy.law_shape import Law, Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application
from ballast.terms.label import Label

DAY = date(2026, 5, 1)
SOURCE = Label("企业填报", "the enterprise")

QUANTITIES = {
    "revenue": ("营业收入", "revenue", "1e4_cny", "revenue[last]"),
    "rd_share": ("研发费用占比", "R&D intensity", "percent", "rd[last] / revenue[last]"),
    "rd_total": ("近2年研发费用", "R&D of two years", "1e4_cny", "sum(rd, 2)"),
    "debt": ("资产负债率", "debt ratio", "percent", "liabilities[last] / assets[last]"),
    "growth": ("增长率", "growth", "percent", "cagr(revenue, 2)"),
    "age": ("存续年限", "age", "years", "years_since(founded)"),
    "days": ("存续天数", "days", "days", "days_since(founded)"),
    "ip": ("知识产权", "rights", "count", "class1_ip"),
    "rank": ("排名", "rank", "count", "niche_rank[last]"),
    "share": ("市场占有率", "market share", "percent", "niche_share[last]"),
}
PARAMETERS = {
    "revenue_least": ("1e4_cny", "5000"),
    "revenue_least_yi": ("1e8_cny", "0.5"),
    "rd_share_least": ("percent", "3"),
    "rd_total_least": ("1e4_cny", "1200"),
    "debt_most": ("percent", "75"),
    "growth_least": ("percent", "5"),
    "age_least": ("years", "3"),
    "days_least": ("days", "365"),
    "ip_least": ("count", "4"),
    "rank_most": ("count", "3"),
    "points_least": ("points", "60"),
    "part_least": ("points", "20"),
    "share_least": ("percent", "10"),
}


def words(text: str) -> dict[str, str]:
    return {"zh": f"要求：{text}", "en": text}


def rule(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a criterion as the files write it."""
    return {"kind": kind, "id": name, "label": words(name), "article": "第1条", **more}


def least(name: str, quantity: str, threshold: str, op: str = ">=", **more: Any) -> dict[str, Any]:
    return rule("compare", name, quantity=quantity, threshold=threshold, op=op, **more)


def item(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return rule(kind, name, **more)


def version(criterion: Mapping[str, Any] | None, **more: Any) -> Version:
    return Version.model_validate(
        {
            "id": "1",
            "instrument": "one",
            "applies": [
                {"to": to, "since": "2020-01-01", "why": words("in force")}
                for to in ("new", "renewal")
            ],
            "parameters": {
                name: {
                    "label": words(name),
                    "unit": unit,
                    "values": [{"since": "2020-01-01", "value": value, "article": "第1条"}],
                }
                for name, (unit, value) in PARAMETERS.items()
            },
            "quantities": {
                name: {"label": {"zh": zh, "en": en}, "unit": unit, "formula": formula}
                for name, (zh, en, unit, formula) in QUANTITIES.items()
            },
            "criterion": criterion,
            **more,
        }
    )


def law(scheme: str, one: Version) -> Law:
    return Law.model_validate(
        {
            "scheme": scheme,
            "label": words(scheme),
            "about": words(scheme),
            "instruments": [
                {
                    "id": "one",
                    "number": "〔2020〕1号",
                    "title": words("one"),
                    "issuer": words("the ministry"),
                    "since": "2020-01-01",
                }
            ],
            "versions": [one],
        }
    )


SECTORS = [
    {
        "id": "industry",
        "label": {"zh": "工业", "en": "industry"},
        "article": "第四条",
        "industries": ["B", "C", "D"],
        "units": {"staff": "persons", "revenue": "1e4_cny"},
        "bounds": [
            {"name": "large", "least": {"staff": 1000, "revenue": 40000}},
            {"name": "medium", "least": {"staff": 300, "revenue": 2000}},
            {"name": "small", "least": {"staff": 20, "revenue": 300}},
        ],
        "otherwise": "micro",
    },
    {
        "id": "valves",
        "label": {"zh": "阀门", "en": "valves"},
        "article": "第五条",
        "industries": ["3443"],
        "units": {"staff": "persons"},
        "bounds": [{"name": "large", "least": {"staff": 50}}],
        "otherwise": "small",
    },
]


def laws_of(criterion: Mapping[str, Any] | None) -> Laws:
    """Return a law called little_giant with this criterion, and a size standard beside it."""
    standard = version(None, sectors=SECTORS)
    return Laws(
        {
            "little_giant": law("little_giant", version(criterion)),
            "size_standard": law("size_standard", standard),
        }
    )


def facts(*, titles: Sequence[Held] = (), titles_known: bool = True, **values: Any) -> Facts:
    """Return facts: ``key=value``, or ``key={year: value}``."""
    known: dict[tuple[str, int | None], Fact] = {}
    for key, value in values.items():
        years = value if isinstance(value, dict) else {None: value}
        for year, one in years.items():
            number = isinstance(one, (int, float)) and not isinstance(one, bool)
            known[key, year] = Fact(key, Decimal(str(one)) if number else one, SOURCE, year)
    return Facts(known, tuple(titles), titles_known)


def found(
    criterion: Mapping[str, Any],
    of: Facts,
    day: date = DAY,
    application: Application = Application.NEW,
) -> Found:
    """Return what the engine finds of one criterion."""
    laws = laws_of(criterion)
    one = laws.law("little_giant").versions[0]
    assert one.criterion is not None
    return examine(one.criterion, Examination(laws, one, examined(of, day), day, application))
