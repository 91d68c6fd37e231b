"""What an enterprise says of itself for a policy: one fact a row.

A wide table with a column for each fact would have to change with every
amendment of a law. Here a fact is a row with its key (declared with the laws,
in ``brain.policy.fact_catalogue``, which the lake cannot see), its day and its
source, and a later row about the same fact leaves the earlier one standing.
"""

from __future__ import annotations

from ballast.lake.declare import Column, Kind, Sensitivity, Table
from ballast.lake.tables.shared_columns import SOURCE, USCC
from ballast.terms.label import Label

__all__ = ["ENTERPRISE_FACT"]

ENTERPRISE_FACT = Table(
    name="enterprise_fact",
    label=Label("企业政策事实", "facts for policies"),
    meaning=Label(
        "一家企业为申报政策而说明的一项事实：知识产权、研发人员、从业年限、主营占比等；"
        "同一事实以日期最近的一行为准",
        "one fact that an enterprise states for a policy: intellectual property, R&D staff, years "
        "in the niche, main share …; of several about one fact the row of the latest day holds",
    ),
    key=("uscc", "fact", "as_of"),
    subject="uscc",
    sensitivity=Sensitivity.UNIT,
    one_of=(("value_number", "value_text"),),
    columns=(
        USCC,
        Column(name="fact", kind=Kind.CODE, required=True, label=Label("事实", "fact"), meaning=Label("事实的键，如 ip_class1，见政策参考页", "key of the fact, such as ip_class1; the policy reference lists them"), synonyms=("事实键", "指标")),
        Column(name="as_of", kind=Kind.DATE, required=True, label=Label("截至日期", "as of"), meaning=Label("事实成立之日；年度事实为该年最后一日，更正时为更正之日", "the day on which it held; of a fact of a year that year's last day, of a correction the day on which it was made"), synonyms=("截止日期", "填报日期")),
        Column(name="year", kind=Kind.YEAR, label=Label("年度", "year"), meaning=Label("年度事实所属年度；空则为截至日期之年", "the calendar year of a fact of a year; empty: that of the day"), synonyms=("所属年度",)),
        Column(name="value_number", kind=Kind.NUMBER, label=Label("数值", "number"), meaning=Label("金额为万元，比例为小数（0.8 即 80%），个数与人数为整数", "money in 10,000 CNY, shares as fractions (0.8 is 80 %), counts and persons whole"), synonyms=("值", "金额", "数量")),
        Column(name="value_text", kind=Kind.TEXT, label=Label("文字值", "text"), meaning=Label("是否（true 或 false）、选项、代码，或日期（2020-05-01）", "true or false, a choice, a code, or a date (2020-05-01)"), synonyms=("文字", "选项")),
        SOURCE,
    ),
)  # fmt: skip
