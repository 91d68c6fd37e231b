"""When: the periods that a text names, and what it compares with.

A text says 上半年 and means that of the year in which it is written, says
前三季度 in July and means last year's. So the day of writing is an argument.
A period behind 比 or 较 is no period of the figure but the base of a
comparison; a day (6月7日) is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ballast.errors import InvalidTerm
from ballast.terms.period import Period, half, joined, month, quarter, whole_year, year_to_date

__all__ = ["TimeToken", "times"]


@dataclass(frozen=True, slots=True)
class TimeToken:
    """One word for a time.

    Parameters
    ----------
    start, end
        Where it stands in the mended text.
    period
        What it means; ``None`` of a number of years.
    since
        Of a stretch of years its first.
    base
        It is what is compared with.
    years, months
        How many years or months run together.
    """

    start: int
    end: int
    period: Period | None = None
    since: Period | None = None
    base: bool = False
    years: int | None = None
    months: int | None = None


_N = r"[0-9]{1,2}|[一二两三四五六七八九十]{1,2}"
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "十一": 11, "十二": 12}
_YEAR = (
    r"(?P<y>(?:19|20|21)\d\d)\s*年度?|(?P<rel>今年|去年|上年|前年|本年|当年|前一年)(?!来|以来|第)"
)
_BASE = r"(?P<base>比|较|与|同|是|相比|相当于|由|从)?"
_ZH = re.compile(
    rf"(?P<span>(?P<y1>20\d\d)年?\s*(?:-|–|—{{1,2}}|~|至|到)\s*(?P<y2>20\d\d)年)"
    rf"|(?P<plan>[“\"]?十(?P<five>[二三四五])五[”\"]?(?:规划)?(?:时期|期间)?(?P<on>以来|时期|期间)?)"
    rf"|(?P<run>(?:连续|近|过去|累计|不到|前)?(?P<yn>{_N})(?:个)?年(?:来|间|时间|累计|前|内|多)?(?!级|度|会|前端|行动|计划|规划|轮))"
    rf"|(?P<mrun>连续(?P<mn>{_N})个月)"
    r"|(?P<from>(?:自|从)(?P<fy>20\d\d)年(?:开始|以来|起))"
    rf"|{_BASE}(?:(?:{_YEAR})\s*)?(?P<part>"
    r"(?:1|一|元)月?\s*(?:-|–|—{1,2}|~|至|到)\s*(?P<to>\d{1,2}|[二三四五六七八九十]{1,2})月份?(?!\d|[一二三四五六七八九十]{1,3}日)"
    r"|前(?P<first>\d{1,2}|[二三四五六七八九十]{1,2})个月"
    r"|(?P<h>上|下)半年|第?(?P<q>[一二三四1-4])季度|前(?P<q3>三|3)(?:个)?季度"
    r"|(?P<m>\d{1,2})月份?(?!\s*\d{1,2}日|-)(?P<end>末|底|当月)?"
    r"|年初|(?P<ye>年末|年底|末|底)|全年"
    r")?(?(y)|(?(rel)|(?(part)|(?!))))"
)
_DAY = re.compile(r"(?:(?:19|20|21)\d\d年)?\d{1,2}月\d{1,2}日")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join(_MONTHS)
_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_NUM_EN = r"\d{1,2}|" + "|".join(_WORDS)
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_Y = r"(?P<{}>(?:19|20|21)\d\d)"
_EN = re.compile(
    rf"(?:between|from)\s+{_Y.format('y1')}\s+(?:and|to)\s+{_Y.format('y2')}"
    rf"|(?P<span>{_Y.format('y3')}\s*(?:-|–|—)\s*{_Y.format('y4')})"
    rf"|{_Y.format('ty')} to (?:the end of )?(?P<tm>{_MONTH})"
    rf"|(?:the )?first (?P<first>{_NUM_EN}) months(?: of {_Y.format('fy')})?"
    rf"|year to (?P<ytd>{_MONTH})(?: {_Y.format('yy')})?"
    rf"|(?P<hn>first|second) half(?: of {_Y.format('hy')})?"
    rf"|(?P<qn>first|second|third|fourth) quarter(?: of {_Y.format('qy')})?"
    rf"|(?P<past>(?:over |in |for |within )?(?:the )?(?:past|last)? ?(?P<yn>{_NUM_EN})"
    r"(?: consecutive| straight| successive)? years?)"
    r"|(?P<run>(?P<rn>second|third|fourth|fifth) "
    r"(?:consecutive year|year running|straight year|year in a row))"
    rf"|\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?"
    rf"|(?P<m>{_MONTH})(?! \d{{1,2}}\b)(?: {_Y.format('my')})?"
    r"|(?P<last>last year|the previous year)|(?P<this>this year)"
    rf"|(?P<base>since |than in |compared with |on |from )?(?<![\d,.])(?<!\d-){_Y.format('y')}"
    r"(?![\d,.]\d|%)",
    re.IGNORECASE,
)


def times(text: str, written: date, *, english: bool) -> Iterator[TimeToken]:
    """Yield the words for times in a mended text, in order.

    Parameters
    ----------
    text
        Mended.
    written
        The day on which it was written.
    english
        Which language it is in.

    Examples
    --------
    >>> found = times("上半年比2020年增长45%，去年连续三年第3", date(2026, 7, 10), english=False)
    >>> [(str(t.period), t.base, t.years) for t in found]
    [('2026H1', False, None), ('2020', True, None), ('2025', False, None), ('None', False, 3)]
    """
    if english:
        yield from _english(text, written)
        return
    days = [m.span() for m in _DAY.finditer(text)]
    for match in _ZH.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in days):
            continue
        found = _chinese(match, written)
        if found is not None:
            yield found


def _chinese(match: re.Match[str], written: date) -> TimeToken | None:
    span = match.span()
    if match["span"]:
        first, last = int(match["y1"]), int(match["y2"])
        return TimeToken(*span, whole_year(last), since=whole_year(first))
    if match["plan"]:
        # The years of the n-th five-year plan: the 14th began in 2021, its base is the year before.
        base = 2020 + 5 * ("二三四五".index(match["five"]) - 2)
        return TimeToken(*span, since=whole_year(base)) if match["on"] else None
    if match["run"]:
        count = _number(match["yn"])
        return TimeToken(*span, years=count) if 2 <= count <= 20 else None
    if match["from"]:
        return TimeToken(*span, since=whole_year(int(match["fy"])))
    if match["mrun"]:
        return TimeToken(*span, months=_number(match["mn"]))
    if not (match["y"] or match["rel"]) and match["part"] in ("年末", "年底", "末", "底", "全年"):
        return None  # which year it is of is said elsewhere
    if match["part"] == "年初" and not (match["y"] or match["rel"]):
        return TimeToken(*span, whole_year(written.year - 1), base=True)
    try:
        period = _period(match, written)
    except InvalidTerm:
        return None
    dated = bool(match["y"] or match["rel"])
    # 由2021年…增长到2025年… names both ends; 是2020年的2倍 compares.
    compares = match["base"] in ("比", "较", "与", "相比", "相当于")
    compares = compares or (match["base"] == "是" and dated)
    return TimeToken(*span, period, base=compares)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _DIGITS.get(text, 0)


def _period(match: re.Match[str], written: date) -> Period | None:
    said = match["y"] or match["rel"]
    relative = {"去年": 1, "上年": 1, "前一年": 2, "前年": 2}
    year = int(match["y"]) if match["y"] else written.year - relative.get(match["rel"] or "", 0)

    def latest(make: Callable[[int], Period]) -> Period:
        """Of a period without a year the newest that had begun, and for one of months ended."""
        found = make(year)
        return found if said or found.start <= written else make(year - 1)

    part = match["part"]
    if match["to"] or match["first"]:
        last = _number(match["to"] or match["first"])
        is_joined = last == 2
        return latest(lambda y: joined(y) if is_joined else year_to_date(y, last))
    if match["h"]:
        return latest(lambda y: half(y, 1 if match["h"] == "上" else 2))
    if match["q"]:
        return latest(lambda y: quarter(y, _number(match["q"])))
    if match["q3"]:
        return latest(lambda y: year_to_date(y, 9)) if said or written.month > 9 else year_to_date(
            year - 1, 9
        )  # fmt: skip
    if match["m"]:
        return latest(lambda y: month(y, int(match["m"])))
    if part == "年初":
        return whole_year(year - 1)
    return whole_year(year)


def _english(text: str, written: date) -> Iterator[TimeToken]:
    for match in _EN.finditer(text):
        try:
            found = _one_english(match, written)
        except InvalidTerm:
            continue
        if found is not None:
            yield found


def _one_english(match: re.Match[str], written: date) -> TimeToken | None:
    span, year = match.span(), written.year

    def of(said: str | None) -> int:
        return int(said) if said else year

    if match["y1"] or match["y3"]:
        first, last = match["y1"] or match["y3"], match["y2"] or match["y4"]
        return TimeToken(*span, whole_year(int(last)), since=whole_year(int(first)))
    if match["tm"]:
        return TimeToken(*span, year_to_date(int(match["ty"]), _month(match["tm"])))
    if match["first"]:
        return TimeToken(*span, year_to_date(of(match["fy"]), _counted(match["first"])))
    if match["ytd"]:
        return TimeToken(*span, year_to_date(of(match["yy"]), _month(match["ytd"])))
    if match["hn"]:
        return TimeToken(*span, half(of(match["hy"]), _NTH[match["hn"].lower()]))
    if match["qn"]:
        return TimeToken(*span, quarter(of(match["qy"]), _NTH[match["qn"].lower()]))
    if match["past"]:
        return TimeToken(*span, years=_counted(match["yn"]))
    if match["run"]:
        return TimeToken(*span, years={**_NTH, "fifth": 5}[match["rn"].lower()])
    if match["m"]:
        number = _month(match["m"])
        if match["m"] == "may":  # it may rise
            return None
        made = month(of(match["my"]), number)
        return TimeToken(*span, made if match["my"] or made.start <= written else made - 12)
    if match["last"] or match["this"]:
        return TimeToken(*span, whole_year(year - bool(match["last"])))
    if match["y"]:
        return TimeToken(*span, whole_year(int(match["y"])), base=match["base"] is not None
                         and match["base"].strip().lower() != "from")  # fmt: skip
    return None


def _counted(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS.index(text.lower()) + 2


def _month(text: str) -> int:
    return [m.lower() for m in _MONTHS].index(text.lower()) + 1
