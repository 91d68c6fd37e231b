"""What the lake knows of an enterprise, as facts for the rules: each with its source.

The enterprise would have to type everything again that it reported: its form
already holds revenue and R&D, the register the day it was founded. So four
tables are asked, of several statements about one fact the one of the latest
day holds, and of one day what was stated for a policy before the form, the
form before the register. `gathering_statements` finds the statements for one
enterprise and for all of them, so that both engines stand on the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.types as ir
import polars as pl

from ballast.brain.policy.columns import without_doubts
from ballast.brain.policy.columns_facts import ENTERPRISE, YEARS_BACK, column_of, title_column
from ballast.brain.policy.fact_doubts import examined as without_contradictions
from ballast.brain.policy.facts import Doubt, Fact, Facts, Held, Value
from ballast.brain.policy.gathering_statements import NO, YES, Origin, Rows, statements
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.lake.tables.bureau import TITLE
from ballast.lake.tables.fact import ENTERPRISE_FACT
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, DeclaredFact, FactKind
from ballast.terms.viewer import Right, Viewer
from ballast.words import visible

if TYPE_CHECKING:
    from ballast.brain.policy.reading import Laws

__all__ = ["fact_rows", "facts_of", "facts_of_all", "wide_facts"]


def facts_of(lake: Lake, viewer: Viewer, uscc: str, day: date) -> Facts:
    """Return what is known of an enterprise on a day.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    uscc
        The enterprise.
    day
        Of the decision: nothing stated of a later day counts.

    Raises
    ------
    NotFound
        If nothing is known under that code, or the viewer may not see it: who may not see an
        enterprise is not told whether there is one.
    """
    absent = NotFound(
        "there is no enterprise {code} that you may see; look for it by its name or its code",
        code=uscc[:40],
    )
    if not (viewer.may(Right.READ_UNITS) or uscc in viewer.enterprises):
        raise absent
    rows = _rows(lake, viewer).of(uscc)
    held = lake.read(TITLE.name, viewer)
    titles = lake.engine.collect(held.filter(held.uscc == uscc)).to_pylist()
    stated = lake.engine.collect(statements(rows, day)).to_pylist()
    if not stated and not titles:
        raise absent
    return _facts(stated, titles, day, _Origins.of(lake))


def facts_of_all(lake: Lake, viewer: Viewer, day: date) -> Iterator[tuple[str, Facts]]:
    """Yield what is known of every enterprise that the viewer may see, with its code, in order.

    Parameters
    ----------
    lake, viewer, day
        As for `facts_of`.

    Raises
    ------
    NotPermitted
        If the viewer may read no unit data.
    """
    stated = lake.engine.collect(statements(_rows(lake, viewer), day)).to_pylist()
    titles = lake.engine.collect(lake.read(TITLE.name, viewer)).to_pylist()
    origins = _Origins.of(lake)
    of, held = _by_enterprise(stated), _by_enterprise(titles)
    for uscc in sorted(of.keys() | held.keys()):
        yield uscc, _facts(of.get(uscc, []), held.get(uscc, []), day, origins)


def wide_facts(
    lake: Lake, viewer: Viewer, day: date, laws: Laws, *, examined: bool = True
) -> ir.Table:
    """Return the facts of all enterprises that the viewer may see, one row each.

    Parameters
    ----------
    lake, viewer, day
        As for `facts_of`.
    laws
        Whose schemes become columns.
    examined
        Whether facts in doubt are null; false leaves them as they were stated, for whoever asks
        ``decide_all`` to find them among the few columns that a rule reads.

    Returns
    -------
    ir.Table
        ``uscc``; facts without a year as ``<key>``; yearly facts as ``<key>_0`` (last year) to
        ``<key>_3``; ``holds_<scheme>``, null where it is not known. An
        enterprise that was closed by the day has no row.

    Raises
    ------
    NotPermitted
        If the viewer may read no unit data.
    """
    rows = _rows(lake, viewer)
    stated = statements(rows, day)
    wide = stated.aggregate(
        **{name: _value(stated, fact, back, day) for name, fact, back in _columns()},
        by=[ENTERPRISE],
    )
    wide = wide.mutate(**{n: wide[n] == 1 for n, f, _ in _columns() if f.kind is FactKind.FLAG})
    register = rows.enterprise
    closed = register.filter(register.closed <= ibis.literal(day)).select(ENTERPRISE).distinct()
    wide = wide.anti_join(closed, ENTERPRISE)
    wide = _with_titles(wide, lake, viewer, day, laws)
    return without_doubts(wide, day) if examined else wide


def fact_rows(facts: Facts, uscc: str, day: date) -> pl.DataFrame:
    """Return facts as rows of ``enterprise_fact``: what an enterprise keeps of a self-check.

    Parameters
    ----------
    facts
        As read from a form or a sheet; titles are no facts and are left out.
    uscc
        Whose they are.
    day
        On which they were stated. A fact of a year that is over is as of that year's last day: it
        is what the form of that year would say, and no correction of it.

    Returns
    -------
    pl.DataFrame
        The declared columns, for ``Lake.commit({"enterprise_fact": …})``.
    """
    return pl.DataFrame([_row(fact, uscc, day) for fact in facts], schema=_SCHEMA)


_SCHEMA = {
    "uscc": pl.String, "fact": pl.String, "as_of": pl.Date, "year": pl.Int32,
    "value_number": pl.Float64, "value_text": pl.String, "source": pl.String,
}  # fmt: skip


def _row(fact: Fact, uscc: str, day: date) -> dict[str, object]:
    number = text = None
    match fact.value:
        case bool():
            text = "true" if fact.value else "false"
        case Decimal():
            number = float(fact.value)
        case date():
            text = fact.value.isoformat()
        case str():
            text = fact.value
    over = fact.year is not None and fact.year < day.year
    as_of = date(fact.year, 12, 31) if over and fact.year is not None else fact.as_of or day
    values = (uscc, fact.key, as_of, fact.year or as_of.year, number, text, fact.source.zh)
    return dict(zip(_SCHEMA, values, strict=True))


def _rows(lake: Lake, viewer: Viewer) -> Rows:
    return Rows(
        lake.read("enterprise", viewer),
        lake.read("enterprise_period", viewer),
        lake.read(ENTERPRISE_FACT.name, viewer),
    )


def _by_enterprise(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[ENTERPRISE], []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Origins:
    """Which loads are made up, and whether anybody loaded titles at all."""

    synthetic: frozenset[str]
    made_up_forms: bool
    titles_known: bool

    @classmethod
    def of(cls, lake: Lake) -> _Origins:
        # The ledger itself, as for every dossier: that a load stands and is made up is no secret.
        live = lake.ledger.live().select("load_id", "tables", "provenance").to_dicts()
        made_up = {row["load_id"] for row in live if row["provenance"] == "synthetic"}
        forms = {r["load_id"] for r in live if "enterprise_period" in r["tables"].split(",")}
        return cls(
            frozenset(made_up),
            bool(forms & made_up),
            any(TITLE.name in row["tables"].split(",") for row in live),
        )

    def source(self, row: dict[str, Any]) -> Label:
        """Return where a statement comes from, as shown to people."""
        written = row["source"] or ""
        match Origin(row["origin"]):
            case Origin.REGISTER:
                label = Label("企业登记", "the register")
            case Origin.FORM:
                label = Label(f"{row['year']}年企业报表", f"the forms of {row['year']}")
            case Origin.STATED:
                label = Label(written or "企业填报", written or "stated by the enterprise")
        form = row["origin"] == Origin.FORM
        made_up = self.made_up_forms if form else row["load_id"] in self.synthetic
        if not made_up or "合成" in written:
            return label
        return Label(f"{label.zh}（合成样例）", f"{label.en} (synthetic sample)")


def _facts(
    stated: Iterable[dict[str, Any]],
    titles: Iterable[dict[str, Any]],
    day: date,
    origins: _Origins,
) -> Facts:
    known: dict[tuple[str, int | None], Fact] = {}
    unread = []
    for row in sorted(stated, key=lambda one: (one["fact"], one["year"] or 0)):
        key = row["fact"], row["year"]
        value = _read(row)
        if value is None:
            unread.append(Doubt((key,), _unreadable(row)))
        else:
            known[key] = Fact(key[0], value, origins.source(row), key[1], row["as_of"])
    held = (_held(row) for row in titles)
    awarded = sorted((t for t in held if t.awarded <= day), key=lambda t: (t.scheme, t.awarded))
    facts = Facts(known, tuple(awarded), origins.titles_known, tuple(unread))
    return without_contradictions(facts, day)


def _held(row: dict[str, Any]) -> Held:
    return Held(row["scheme"], row["awarded"], row["expires"], row["certificate"])


def _read(row: dict[str, Any]) -> Value | None:
    """Return the value of a statement, or None where its kind cannot be read from it."""
    fact = FACTS.get(row["fact"])
    number, text = row["value_number"], row["value_text"]
    match fact and fact.kind:
        case FactKind.AMOUNT | FactKind.COUNT:
            return _exact(number) if number is not None and isfinite(number) else None
        case FactKind.FLAG:
            said = (text or "").lower()
            return True if said in YES else False if said in NO else None
        case FactKind.CHOICE:
            choices = fact.choices if fact else ()
            return text if text in [value for value, _ in choices] else None
        case FactKind.DATE:
            day: date | None = row["value_date"]
            return day
        case FactKind.CODE:
            return text or None
    return None


def _exact(number: float) -> Decimal:
    """Return the shortest decimal that is this float: what was typed."""
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))


def _unreadable(row: dict[str, Any]) -> Label:
    fact = FACTS.get(row["fact"])
    written = visible(str(row["value_text"] or row["value_number"]))[:_SHOWN]
    if fact is None:
        return Label(
            f"没有规则使用“{visible(row['fact'])[:_SHOWN]}”这一事实",
            f"no rule knows a fact {visible(row['fact'])[:_SHOWN]!r}",
        )
    return Label(
        f"“{fact.label.zh}”无法读取“{written}”，请按{_EXPECTED[fact.kind].zh}填写",
        f"{fact.label.en}: {written!r} cannot be read; write {_EXPECTED[fact.kind].en}",
    )


_SHOWN: Final = 40
_EXPECTED: Final = {
    FactKind.AMOUNT: Label("数值", "a number"),
    FactKind.COUNT: Label("数值", "a number"),
    FactKind.FLAG: Label("是或否", "yes or no"),
    FactKind.CHOICE: Label("所列选项", "one of the choices"),
    FactKind.DATE: Label("日期（2020-05-01）", "a date (2020-05-01)"),
    FactKind.CODE: Label("代码", "a code"),
}


def _columns() -> Iterator[tuple[str, DeclaredFact, int | None]]:
    """Yield the columns of facts: name, fact, and how many years before last year."""
    for fact in FACTS.values():
        for back in range(YEARS_BACK) if fact.yearly else (None,):
            yield column_of(fact.key, back), fact, back


def _value(stated: ir.Table, fact: DeclaredFact, back: int | None, day: date) -> ir.Value:
    """Return the value of a fact among the statements of one enterprise; of a flag 1 or 0."""
    mine = stated.fact == fact.key
    if back is not None:
        mine &= stated.year == day.year - 1 - back
    match fact.kind:
        case FactKind.AMOUNT | FactKind.COUNT:
            return stated.value_number.max(where=mine & ~stated.value_number.isinf())
        case FactKind.FLAG:
            said = stated.value_text.lower()
            read = ibis.cases((said.isin(YES), 1), (said.isin(NO), 0), else_=ibis.null("int32"))
            return read.max(where=mine)
        case FactKind.CHOICE:
            listed = stated.value_text.isin([value for value, _ in fact.choices])
            return stated.value_text.max(where=mine & listed)
        case FactKind.DATE:
            return stated.value_date.max(where=mine)
        case FactKind.CODE:
            return stated.value_text.max(where=mine)


def _with_titles(wide: ir.Table, lake: Lake, viewer: Viewer, day: date, laws: Laws) -> ir.Table:
    """Return the facts with a column for each scheme that is known: whether it is held."""
    schemes = sorted({*laws.schemes, *(c.value for c in TITLE.column("scheme").choices)})
    if not _Origins.of(lake).titles_known:
        return wide.mutate(**{title_column(one): ibis.null("boolean") for one in schemes})
    titles, on = lake.read(TITLE.name, viewer), ibis.literal(day)
    titles = titles.filter(titles.awarded <= on, titles.expires.isnull() | (titles.expires >= on))
    held = titles.aggregate(
        **{title_column(one): (titles.scheme == one).cast("int32").max() for one in schemes},
        by=[ENTERPRISE],
    )
    joined = wide.left_join(held, ENTERPRISE)
    found = {title_column(one): joined[title_column(one)].fill_null(0) == 1 for one in schemes}
    return joined.select(*wide.columns, **found)
