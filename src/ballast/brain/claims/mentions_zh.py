"""The numbers of a Chinese text: with unit, bound, and what they are no number of left out.

One pattern reads all amounts, because a second one for 成 or 余 would read the
same characters again. What looks like a number and is none (dates, telephone
numbers, 一批, 第十二届) is sorted out by what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ballast.brain.claims.mention import PLACES, Form, Mention, scaled
from ballast.brain.claims.numerals import ARABIC, CHINESE, MAGNITUDES, last_digit, number
from ballast.brain.claims.statement import Amount, Bound
from ballast.terms.unit import COUNT, PERCENT

__all__ = ["mentions_zh"]

_BEFORE = {
    Bound.MORE: "首次突破 首超 超过 超出 超 突破 逾 多于 高于 大于 越过",
    Bound.NEARLY: "将近 接近 近",
    Bound.ABOUT: "大约 约为 约 大概 大致",
    Bound.LEAST: "至少 不低于 不少于 不小于 迈上 跨上 迈入 站上 首次迈上",
    Bound.LESS: "不到 不足 未到 低于 少于 小于",
    Bound.MOST: "不超过 不高于 最多 至多",
}
_BEHIND = {
    Bound.ABOUT: "左右 上下",
    Bound.LEAST: "以上 及以上",
    Bound.LESS: "以下",
    Bound.MOST: "以内 之内",
    Bound.ODD: "强 多",
}
_BOUNDS = {word: bound for bound, words in _BEFORE.items() for word in words.split()}
_BOUNDS_BEHIND = {word: bound for bound, words in _BEHIND.items() for word in words.split()}
_UNITS: dict[str, tuple[str, ...]] = {
    "per_person": ("元/人", "元每人"),
    "energy_per_money": ("吨标准煤/万元", "吨标煤/万元"),
    "carbon_per_money": ("吨二氧化碳/万元",),
    "usd": ("美元",),
    "cny": ("元人民币", "元"),
    "percent": ("%", "个pct"),
    "points": ("个百分点", "百分点"),
    "tce": ("吨标准煤", "吨标煤"),
    "tco2": ("吨二氧化碳",),
    "kwh": ("千瓦时", "度电", "度"),
    "tonnes": ("吨",),
    "persons": ("人", "名"),
    "times": ("倍",),
    "tenth": ("成半", "成"),
    "count": ("家", "户", "个", "项", "件", "条", "次", "种", "类", "座", "处", "批次"),
}
_OTHER_UNITS = [
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "公里",
    "千米",
    "公顷",
    "亩",
    "株",
    "棵",
    "套",
    "台",
    "辆",
    "只",
    "人次",
    "场",
    "款",
    "艘",
    "架",
    "间",
    "米",
    "公斤",
    "千克",
    "千伏安",
    "兆瓦",
    "千瓦",
    "美金",
    "欧元",
    "日元",
    "港元",
]
_FAMILY = {word: family for family, words in _UNITS.items() for word in words}
_UNIT = "|".join(sorted((*_FAMILY, *_OTHER_UNITS), key=len, reverse=True))
_MAG = "万亿|千万|百万|亿|万|千|百"


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_AMOUNT = re.compile(
    rf"(?P<pre>{_any(_BOUNDS)})?(?P<hundredth>[百千]分之)?\s*(?P<minus>(?<![\d\w])-)?"
    rf"(?P<low>{ARABIC}|{CHINESE}|(?<![\d一-九])数(?=[十百千万亿]))"
    rf"(?P<mag>{_MAG})?(?P<odd>余|多|几|来)?\s*(?P<mag2>{_MAG})?"
    rf"(?:\s*(?:%|{_MAG})?元?[个家]?\s*(?:-|–|—{{1,2}}|~|至|到)\s*(?P<high>{ARABIC}|{CHINESE})(?P<hmag>{_MAG})?)?"
    rf"\s*(?P<unit>(?:{_UNIT})(?!分之))?(?P<odd2>余|多(?![样元种个]))?(?P<post>{_any(_BOUNDS_BEHIND)})?"
)
_FRACTION = re.compile(
    rf"(?P<pre>{_any(_BOUNDS)})?(?P<below>[二三四五六七八九十]|\d+)分之(?P<above>[一二两三四五六七八九]|\d+)"
    rf"(?P<post>{_any(_BOUNDS_BEHIND)})?"
)
_DOUBLED = re.compile(
    r"(?P<near>近)?翻了?(?P<near2>近)?(?P<n>[一两二三四1-4])?(?P<times>番|倍)|倍增(?!计划|行动|工程)|成倍增长"
)
_RISING = re.compile(
    r"(?P<of>\d{1,3})个(?:区域|地区|县市区|县区|市县区)中,?有?"
    r"(?P<n>\d{1,3})个(?:区域|地区|县市区|县区)?(?:同比)?(?:实现|保持)?(?:了)?(?:正)?增长"
)
_FLAT = re.compile(r"(?:基本)?持平")
_ORDINAL = re.compile(
    rf"第(?P<n>{ARABIC}|[一二三四五六七八九十]+)(?P<u>位|名)?"
    r"(?!大?届|季度|期|批|三方|[一二三]?产业|时间|次|章|条|款|个|轮|代|一线|\d)"
)
_LEADING = re.compile(r"(?P<one>首位|榜首|头名)|(?P<top>前列|前茅)")
_FRONT = re.compile(
    r"前(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<u>位|名|强)?(?!\d|个?季度|个?月|年|述|期|款|天|日|者)"
)
_MOVED = re.compile(
    rf"(?P<verb>前移|上升|提升|跃升|前进|提高|晋升|下降|后移|下滑|回落|后退)了?(?P<n>{ARABIC}|[一二两三四五六七八九十]+)"
    r"个?(?:位次|位|名)(?!数)"
)
_RANKING = re.compile(
    r"[居列排位]|名列|排名|跻身|升|降至|保持|进入|前进|位次|名次|夺|稳|挺进|由|从"
)
_LIST = re.compile(
    r"[“《\"‘]?(?P<name>(?:全国|中国|全省|山东|世界|国内)[^，,。；;“”《》\s]{0,14}?(?:百强[市县区镇]?|(?:\d+|[一二三四五六七八九十]+)强[市县区镇]?)(?:榜单?)?)"
)
_NO_UNIT_BEHIND = re.compile(
    r"\s*(?:年|月|日|号|时|点(?!\d)|届|期|岁|周年|天|小时|分钟|秒|楼|室|路|弄|版|世纪|年代|级|线|股|院|链|带)"
)
_NO_NUMBER_BEFORE = re.compile(
    r"(?:第|[A-Za-z]|〔|\[|电话[:：]?|邮编|编号[:：]?|[A-Za-z\d]-|\.)\s*$"
)
# 一个, 一批: an article; 两大, 三个方面: parts of a speech.
_ARTICLES = {"一", "一二"}
_SPEECH = re.compile(r"\s*(?:方面|环节|问题|阶段|层次|维度|关键|重点|原则|“|是|要|抓|篇)")
_STATED = re.compile(r"41个(?:工业)?大类|207个(?:工业)?中类")
_SET_BEHIND = re.compile(r"(?:地级)?(?:市|县|区|省|地区|城市|县区)中")
_SET = re.compile(r"(?:全省|全国|我省|山东|省内)\s*$")


def mentions_zh(text: str) -> Iterator[Mention]:
    """Yield the numbers of a mended Chinese text, in no order; none overlaps another.

    Parameters
    ----------
    text
        Simplified, half-width.

    Examples
    --------
    >>> [(m.form.value, str(m.amount.low), m.amount.bound.value) for m in
    ...  mentions_zh("2000余家企业，增长17.5%，居第3位")]
    [('place', '3', 'exact'), ('amount', '2000', 'odd'), ('percent', '17.5', 'exact')]
    """
    taken: list[tuple[int, int]] = []
    for found in (*_named(text), *_special(text)):
        if not _overlaps(found, taken):
            taken.append((found.start, found.end))
            yield found
    for match in _AMOUNT.finditer(text):
        made = _amount(match, text)
        if made is not None and not _overlaps(made, taken):
            yield made


def _overlaps(found: Mention, taken: list[tuple[int, int]]) -> bool:
    return any(found.start < end and start < found.end for start, end in taken)


def _named(text: str) -> Iterator[Mention]:
    """Yield lists, ranks and in how many places something rose."""
    for match in _RISING.finditer(text):
        amount = Amount(Decimal(match["n"]), None, Bound.EXACT, COUNT, "个")
        yield Mention(*match.span(), Form.RISING, amount)
    for match in _LIST.finditer(text):
        yield Mention(
            *match.span("name"),
            Form.LISTED,
            Amount(None, unit=PLACES),
            match["name"].removesuffix("榜单"),
        )
    for match in _MOVED.finditer(text):
        value = number(match["n"])
        down = match["verb"] in ("下降", "后移", "下滑", "回落", "后退")
        yield _place(match, -value if down else value, Bound.EXACT, Form.PLACES)
    for match in _ORDINAL.finditer(text):
        if match["u"] or _RANKING.search(text[max(0, match.start() - 6) : match.start()]):
            yield _place(match, number(match["n"]), Bound.EXACT)
    for match in _FRONT.finditer(text):
        if match["u"] or _RANKING.search(text[max(0, match.start() - 6) : match.start()]):
            yield _place(match, number(match["n"]), Bound.MOST)
    for match in _LEADING.finditer(text):
        top = match["top"] is not None
        yield _place(match, None if top else Decimal(1), Bound.TOP if top else Bound.EXACT)


def _place(
    match: re.Match[str], value: Decimal | None, bound: Bound, form: Form = Form.PLACE
) -> Mention:
    return Mention(*match.span(), form, Amount(value, None, bound, PLACES, "位"))


def _special(text: str) -> Iterator[Mention]:
    """Yield fractions, doublings and what stayed the same."""
    for match in _FRACTION.finditer(text):
        if match["below"] in ("百", "千"):
            continue
        value = Decimal(100) * number(match["above"]) / number(match["below"])
        bound = _bound(match["pre"], None, match["post"])
        yield Mention(
            *match.span(), Form.PERCENT,
            Amount(value.quantize(Decimal("0.01")), None, bound, PERCENT, "分之", Decimal(1)),
        )  # fmt: skip
    for match in _DOUBLED.finditer(text):
        n = int(number({"两": "二"}.get(match["n"], match["n"]))) if match["n"] else 1
        value = Decimal(100) * (2**n - 1 if match["times"] != "倍" else n)
        bound = Bound.NEARLY if match["near"] or match["near2"] else Bound.EXACT
        yield Mention(
            *match.span(), Form.GROWTH, Amount(value, None, bound, PERCENT, "番", Decimal(1))
        )
    for match in _FLAT.finditer(text):
        bound = Bound.ABOUT if match[0].startswith("基本") else Bound.EXACT
        yield Mention(
            *match.span(), Form.GROWTH, Amount(Decimal(0), None, bound, PERCENT, "", Decimal("0.1"))
        )


def _bound(before: str | None, odd: object, behind: str | None) -> Bound:
    if before:
        return _BOUNDS[before]
    if behind:
        return _BOUNDS_BEHIND[behind]
    return Bound.ODD if odd else Bound.EXACT


def _amount(match: re.Match[str], text: str) -> Mention | None:
    """Return an amount, or nothing where the number is of a date, a telephone, an article."""
    unit, low = match["unit"], match["low"]
    if unit is None and match["hundredth"] is None:
        return None
    if _excluded(match, text):
        return None
    if low == "数":
        low_value = high_value = None
    else:
        low_value = number(low)
        high_value = number(match["high"]) if match["high"] else None
    worth = MAGNITUDES[match["mag"] or ""] * MAGNITUDES[match["mag2"] or ""]
    step = Decimal(1) if low == "数" else last_digit(low)
    bound = _bound(match["pre"], match["odd"] or match["odd2"], match["post"])
    if low_value is None:  # 数百: from two of them to the next magnitude
        low_value, high_value, bound = Decimal(2), Decimal(9), Bound.RANGE
    elif match["odd"] == "几":  # 十几, 几十
        low_value, high_value, bound = low_value, low_value * 2, Bound.RANGE
    elif high_value is not None:
        bound = Bound.RANGE
        worth_high = MAGNITUDES[match["hmag"] or ""] * MAGNITUDES[match["mag2"] or ""]
        if match["hmag"] and not match["mag"]:
            worth = worth_high  # 220至230亿元
        high_value *= worth_high / worth if match["hmag"] else 1
    if match["minus"]:
        low_value = -low_value
    return _in_unit(
        match, low_value * worth, high_value and high_value * worth, step * worth, bound
    )


def _in_unit(
    match: re.Match[str], low: Decimal, high: Decimal | None, step: Decimal, bound: Bound
) -> Mention:
    unit = match["unit"] or ""
    family = _FAMILY.get(unit, "")
    if match["hundredth"]:
        family, tenth = "percent", match["hundredth"] == "千分之"
        low, step = (low / 10, step / 10) if tenth else (low, step)
    if family == "tenth":
        half = Decimal(5) if unit == "成半" else Decimal(0)
        family, low, step = "percent", low * 10 + half, Decimal(5)
        high = None if high is None else high * 10
    form = {
        "percent": Form.PERCENT, "points": Form.POINTS, "times": Form.TIMES,
    }.get(family, Form.AMOUNT)  # fmt: skip
    return Mention(*match.span(), form, scaled(family, low, high, step, bound, unit))


def _excluded(match: re.Match[str], text: str) -> bool:
    start, unit, low = match.start("low"), match["unit"] or "", match["low"]
    before, behind = text[max(0, start - 8) : start], text[match.end() : match.end() + 6]
    if _NO_NUMBER_BEFORE.search(before) and not match["pre"]:
        return True
    if _STATED.match(text, start):
        return True
    if _FAMILY.get(unit) == "count" and (_SET.search(before) or _SET_BEHIND.match(behind)):
        return True  # 全省16个市中
    if unit == "度" and re.match(r"\s*(?:电|假|过)", behind) is None and "电" not in text[:start]:
        return True  # 高度, 三度: a degree of something
    if not low[0].isdigit() or not low[0].isascii():
        return _no_numeral(match, before, behind)
    return unit in ("个", "次", "名", "人") and _NO_UNIT_BEHIND.match(behind) is not None


def _no_numeral(match: re.Match[str], before: str, behind: str) -> bool:
    """Return whether Chinese digits are no number here: 一个, 统一, 三个方面, 百亿级."""
    low, unit = match["low"], match["unit"] or ""
    count = _FAMILY.get(unit) in ("count", "persons", None)
    if match["hundredth"]:
        return False
    if low in _ARTICLES and count and not match["mag"] and not match["odd"]:
        return True
    if count and (_SPEECH.match(behind) or behind.startswith("月")):
        return True
    if unit == "成" and behind[:1] in set("立功为果员本长绩效熟都就品分"):
        return True
    return bool(re.search(r"[统唯万之同专单逐每这那某]$", before)) and len(low) == 1
