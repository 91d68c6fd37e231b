"""The wide table, one row an enterprise: how its columns are called, and what a fact in it is.

Long (one row a fact) is how the lake keeps facts; read wide, a rule that asks
for six of them needs no join, and a fact that is not known is a NULL and no
missing row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import ibis.expr.datatypes as dt

from ballast.lake.tables.bureau import TITLE
from ballast.terms.policy_fact import FACTS, FactKind

__all__ = ["ENTERPRISE", "YEARS_BACK", "column_of", "column_types", "fact_columns", "title_column"]

ENTERPRISE = "uscc"
YEARS_BACK = 4
"""So many years stand in the wide table: last year (``_0``) and those before it."""

_TYPES: Mapping[FactKind, dt.DataType] = {
    FactKind.AMOUNT: dt.float64,
    FactKind.COUNT: dt.float64,
    FactKind.FLAG: dt.boolean,
    FactKind.CHOICE: dt.string,
    FactKind.DATE: dt.date,
    FactKind.CODE: dt.string,
}


def column_of(key: str, back: int | None = None) -> str:
    """Return the column of a fact; ``back`` years before last year where it is of a year.

    Examples
    --------
    >>> column_of("staff"), column_of("revenue", 0), column_of("revenue", 1)
    ('staff', 'revenue_0', 'revenue_1')
    """
    return key if back is None else f"{key}_{back}"


def title_column(scheme: str) -> str:
    """Return the column that says whether a title of a scheme is valid on the day."""
    return f"holds_{scheme}"


def fact_columns() -> Iterator[tuple[tuple[str, int | None], str]]:
    """Yield every fact that the wide table holds, key and years back, and its column."""
    for fact in FACTS.values():
        for back in range(YEARS_BACK) if fact.yearly else (None,):
            yield (fact.key, back), column_of(fact.key, back)


def column_types(schemes: Iterable[str]) -> dict[str, dt.DataType]:
    """Return every column of the wide table with its type.

    Parameters
    ----------
    schemes
        Those of the laws; the titles that the lake keeps besides have their columns too.
    """
    facts = {name: _TYPES[FACTS[key].kind] for (key, _), name in fact_columns()}
    kept = (choice.value for choice in TITLE.column("scheme").choices)
    titles = {title_column(scheme): dt.boolean for scheme in sorted({*schemes, *kept})}
    return {ENTERPRISE: dt.string, **facts, **titles}
