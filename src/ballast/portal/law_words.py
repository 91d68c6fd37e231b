"""The names of things on the pages about law, and a figure beside its threshold in words.

How a single value, a fact or a state is called stands with the engine, which says the same in a
terminal; here is what only pages need: headings, and the words of forms.
"""

from __future__ import annotations

from decimal import Decimal

from ballast.brain.policy.engine_wording import gap, value_of
from ballast.brain.policy.finding import Finding, Interval, State
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = [
    "CHECK_WORDS",
    "KEPT_WORDS",
    "LAW_WORDS",
    "OPERATORS",
    "QUESTION",
    "WORDS",
    "amount_text",
    "ends_text",
    "margin_text",
]

QUESTION = Label(
    "哪些称号够得着，还差什么？", "Which titles are within reach, and what is missing?"
)

OPERATORS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}

WORDS: dict[str, Label] = {
    "unconfirmed_why": Label(
        "手头没有来源能证实这一条，以官方文本为准",
        "no source at hand confirms this; the official text decides",
    ),
    "waived": Label("免于要求", "waived"),
    "bring": Label("还需补充", "What is missing to bring"),
    "doubts": Label("未采用的数据", "Facts that were not used"),
    "article": Label("条款", "Article"),
    "evidence": Label("证明材料", "Evidence"),
    "facts": Label("所用数据", "Facts used"),
    "note": Label("说明", "Note"),
    "joint": Label("、", ", "),
    "any": Label("满足其一即可", "any one of these"),
}

CHECK_WORDS: dict[str, Label] = {
    "told": Label(
        "填多少算多少：缺的数据会列出来，不会猜。填写的内容不保存，关闭页面即消失。",
        "Write what you know: what is missing is named and never guessed. Nothing that you write "
        "is kept; it is gone when the page is closed.",
    ),
    "no_judgement": Label(
        "本报告按公开的认定条件计算，仅供参考；是否认定由主管部门决定。",
        "The report computes the published criteria; the authority decides.",
    ),
    "overview": Label("总览", "Overview"),
    "scheme": Label("称号", "Title"),
    "verdict": Label("结论", "Verdict"),
    "criteria": Label("各项条件", "Criteria"),
    "form": Label("填写数据", "The figures"),
    "again": Label("修改后再查", "Change something and check again"),
    "all": Label("全部称号", "all titles"),
    "what": Label("查什么", "What to check"),
    "application": Label("申报类型", "Kind of application"),
    "certificate": Label("原证书认定日期（复核时填）", "Day of the certificate (renewals)"),
    "day": Label("按哪一天的规定", "By the law of which day"),
    "short": Label("只填关键条件", "The short form"),
    "long": Label("连评分一起填", "The long form, with scores"),
    "set": Label("重新列出表单", "Lay out the form anew"),
    "submit": Label("生成报告", "Make the report"),
    "sheet": Label("用 Excel 表填写", "Fill in a sheet instead"),
    "sheet_told": Label(
        "下载表格，填好后在这里上传，立即得到报告；文件不保存。",
        "Download the sheet, fill it in and send it here: the report comes at once, the file is "
        "not kept.",
    ),
    "download": Label("下载表格（xlsx）", "Download the sheet (xlsx)"),
    "file": Label("填好的表格", "The filled-in sheet"),
    "upload": Label("上传并生成报告", "Send it and make the report"),
    "choose": Label("未填", "not said"),
    "keep": Label("保存到本企业", "Keep these facts for your enterprise"),
    "keep_told": Label(
        "保存后，企业页上的称号阶梯按这些数据计算；随时可以撤回。称号不在其中，以认定名单为准。",
        "Kept facts are what the ladder on the Enterprise page is computed from; they can be taken "
        "back at any time. Titles are not among them: the lists of the authority hold.",
    ),
    "keep_for": Label("企业", "Enterprise"),
    "keep_do": Label("保存", "Keep"),
    "rules": Label(
        "各称号的规定原文、来源和日历", "The text of each rule, its source, and the calendar"
    ),
    "wrong": Label("有误", "wrong"),
    "joint": Label("、", ", "),
    "of_day": Label("当前", "now"),
}

KEPT_WORDS: dict[str, Label] = {
    "question": Label("本企业保存了哪些自查数据？", "Which facts has my enterprise kept?"),
    "told": Label(
        "企业页上的称号阶梯按这些数据和已报送的数据计算，以日期最近者为准。撤回后不再计入。",
        "The ladder on the Enterprise page is computed from these facts and from what was "
        "reported; the latest day holds. What is taken back no longer counts.",
    ),
    "done": Label("已保存。", "It is kept."),
    "enterprise": Label("去企业页看称号阶梯", "See the ladder on the Enterprise page"),
    "check": Label("再查一次", "Check again"),
    "list": Label("保存的数据", "What was kept"),
    "at": Label("保存时间", "Kept at"),
    "uscc": Label("企业", "Enterprise"),
    "facts": Label("项数", "Facts"),
    "who": Label("账户", "Account"),
    "load": Label("装载编号", "Load"),
    "back": Label("撤回", "Take back"),
    "empty": Label(
        "还没有保存过。在称号自查的报告下方可以保存。",
        "Nothing is kept yet. Below the report of a self-check stands the way to keep it.",
    ),
}

LAW_WORDS: dict[str, Label] = {
    "question": Label(
        "认定条件是什么，出自哪里？", "What do the rules demand, and where does it stand?"
    ),
    "told": Label(
        "条文按官方文件整理成数据；标“未经证实”的地方，手头来源不能证实，以官方文本为准。",
        "The rules are data made from the official documents; what is marked as unconfirmed no "
        "source at hand confirms, and the official text decides.",
    ),
    "calendar": Label("今后十二个月的日历", "The next twelve months"),
}


def amount_text(value: Decimal, unit: str, language: Language) -> str:
    """Return a figure of law in the unit that the law writes.

    Examples
    --------
    >>> amount_text(Decimal(5000), "1e4_cny", "zh"), amount_text(Decimal(5000), "1e4_cny", "en")
    ('5000万元', 'CNY 50 m')
    """
    return value_of(value, unit).text(language)


def ends_text(value: Interval, unit: str, language: Language, beside: Decimal | None = None) -> str:
    """Return a figure, or its two ends where only these are known.

    Parameters
    ----------
    value, unit
        The figure.
    language
        The reader's.
    beside
        The threshold: a figure just short of it is not rounded to it.

    Examples
    --------
    >>> ends_text(Interval(Decimal(55), Decimal(70)), "points", "zh")
    '55–70分'
    >>> ends_text(Interval(Decimal("2.9961"), Decimal("2.9961")), "percent", "en", Decimal(3))
    '2.996%'
    """
    high = value_of(value.high, unit, beside).text(language)
    if value.low == value.high:
        return high
    low = value_of(value.low, unit, beside).text(language)
    bare = value_of(value.low, "none", beside).text(language)
    return f"{bare}–{high}" if low.startswith(bare) else f"{low} – {high}"


def margin_text(found: Finding, language: Language) -> str:
    """Return how much is short of the threshold, or to spare; empty where nothing is compared."""
    if found.margin is None or found.value is None:
        return ""
    amount = gap(abs(found.margin), found.unit).text(language)
    if found.margin >= 0:
        return say("{amount} to spare", language, amount=amount)
    if found.value.low != found.value.high and found.state in (State.UNKNOWN, State.MANUAL):
        return say("at worst {amount} short", language, amount=amount)
    return say("{amount} short", language, amount=amount)
