"""What an enterprise says of itself for a policy: one fact a row.

A wide table with a column for each fact would have to change with every
amendment of a law. Here a fact is a row with its key (``terms.policy_fact``),
its day and its source, and a later row about the same fact leaves the earlier
one standing. Each row is held against the column that its fact would be.
"""

from __future__ import annotations

from collections.abc import Mapping

from ballast.lake.declare import Choice, Column, Folded, Kind, Sensitivity, Table
from ballast.lake.tables.shared_columns import SOURCE, USCC
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS, DeclaredFact, FactKind
from ballast.terms.scheme import IndustryScheme

__all__ = ["ENTERPRISE_FACT"]

_KINDS: Mapping[FactKind, Kind] = {
    FactKind.AMOUNT: Kind.NUMBER,
    FactKind.COUNT: Kind.INTEGER,
    FactKind.FLAG: Kind.FLAG,
    FactKind.CHOICE: Kind.CHOICE,
    FactKind.DATE: Kind.DATE,
    FactKind.CODE: Kind.INDUSTRY,
}


def _column(fact: DeclaredFact) -> Column:
    return Column(
        name=fact.key,
        kind=_KINDS[fact.kind],
        label=fact.label,
        meaning=fact.meaning,
        unit=fact.unit if fact.is_figure else None,
        least=fact.least if fact.is_figure else None,
        most=fact.most if fact.is_figure else None,
        choices=tuple(Choice(value, label) for value, label in fact.choices),
        scheme_column=IndustryScheme.GBT4754_2017 if fact.kind is FactKind.CODE else None,
    )


ENTERPRISE_FACT = Table(
    name="enterprise_fact",
    label=Label("企业政策事实", "facts for policies"),
    meaning=Label(
        "一家企业为申报政策而说明的一项事实：知识产权、研发人员、从业年限、主营占比等；"
        "同一事实以日期最近的一行为准",
        "one fact that an enterprise states for a policy: intellectual property, R&D staff, years "
        "in the niche, main share …; of several about one fact the row of the latest day holds",
    ),
    key=("uscc", "fact", "as_of", "year"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("value_number", "value_text"),),
    folded=Folded(
        item="fact", number="value_number", text="value_text", year="year", day="as_of",
        columns={fact.key: _column(fact) for fact in FACTS.values()},
        yearly=frozenset(fact.key for fact in FACTS.values() if fact.yearly),
    ),
    columns=(
        USCC,
        Column(name="fact", kind=Kind.CHOICE, required=True, choices=tuple(Choice(f.key, f.label) for f in FACTS.values()), label=Label("事实", "fact"), meaning=Label("事实的键或名称，如 class1_ip（Ⅰ类知识产权）", "key or name of the fact, such as class1_ip (Class-I IP)"), synonyms=("事实键", "指标")),
        Column(name="as_of", kind=Kind.DATE, required=True, label=Label("截至日期", "as of"), meaning=Label("事实成立之日；年度事实为该年最后一日，更正时为更正之日", "the day on which it held; of a fact of a year that year's last day, of a correction the day on which it was made"), synonyms=("截止日期", "填报日期")),
        Column(name="year", kind=Kind.YEAR, label=Label("年度", "year"), meaning=Label("年度事实所属年度；空则为截至日期之年，其余事实均如此", "the calendar year of a fact of a year; empty: that of the day, as of any other fact"), synonyms=("所属年度",)),
        Column(name="value_number", kind=Kind.NUMBER, label=Label("数值", "number"), meaning=Label("金额为万元，比例为小数（0.8 即 80%），个数与人数为整数", "money in 10,000 CNY, shares as fractions (0.8 is 80 %), counts and persons whole"), synonyms=("值", "金额", "数量")),
        Column(name="value_text", kind=Kind.TEXT, label=Label("文字值", "text"), meaning=Label("是或否、选项、代码，或日期（2020-05-01）", "yes or no, a choice, a code, or a date (2020-05-01)"), synonyms=("文字", "选项")),
        SOURCE,
    ),
)  # fmt: skip
