"""What a number says of its figure, told from the words around it.

A percentage is a level (利润率为4.6%), a growth (增长4.6%), a share (占4.6%) or
a bound of either; the verb decides, and the word nearest to the number is
asked first: 增幅收窄至2.3% is a growth of 2.3 %, not a fall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ballast.brain.claims.mention import Form, Mention
from ballast.brain.claims.statement import Amount, Kind
from ballast.terms.unit import PERCENT, PERCENTAGE_POINTS

__all__ = ["PERCENT_KEYS", "Said", "said"]

#: Figures that are percentages themselves: a percentage of one of these is its level.
PERCENT_KEYS = frozenset({
    "margin", "export_share", "rd_intensity", "rd_intensity_society", "high_tech_share",
})  # fmt: skip

_UP = (
    r"增长|净增加?|增加|提高|提升|上升|扩大|加快|上涨|攀升|增收|多(?:了|出)|新增|"
    r"增(?!速|幅|至|到|加值)|升(?!至|到|级)"
)
_DOWN = r"下降|降低|净?减少|少了|回落|下滑|收窄|缩减|缩小|放缓|萎缩|下跌|减(?!至)|降(?!至|到|转)"
_CHANGE = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})")
_TO = re.compile(
    r"(?:(?:增长|增加|提高|提升|上升|扩大|下降|降低|减少|回落|收窄|下滑|升|增|降)(?:了)?(?:至|到)|达到?|为|至|是)\s*$"
)
_RATE = re.compile(r"增速|增幅|涨幅|降幅|增长率|增长速度")
_FALL_RATE = re.compile(r"降幅")
_RATE_BEHIND = re.compile(r"\s*的?(?:[\u4e00-\u9fff]{0,2})(?:增长率|增速|速度增长|增幅|速度递增)")
_COMPARED = re.compile(
    r"(?P<more>高于|高出|快于|领先|优于|大于|多于)|(?P<less>低于|慢于|落后|少于)"
    r"|比[^，,]{1,12}?(?:(?P<more2>(?<![提升])高|(?<!加)快|(?<!增)多)"
    r"|(?P<less2>(?<![降减])低|(?<![放减])慢|(?<!减)少))(?=[出了约近]?\s*$)"
)
_SHARE = re.compile(r"占(?!地|线|用|据|领|有)|占比|比重|份额")
# A part moves the whole: 拉动全市增长2个百分点, 下拉….
_GIVEN = re.compile(r"(?P<down>下拉|拖累|拉低)|拉动")
_GIVEN_EN = re.compile(
    r"\b(?:(?P<down>took|takes|shaved|subtracted)|gave|gives|contributed|contributes|added)\s*"
    r"(?:about|around|nearly|some)?\s*$",
    re.IGNORECASE,
)
_GROWTH_OF_EN = re.compile(r"\s*(?:of|to|from) (?:the )?growth\b", re.IGNORECASE)
_UP_EN = (
    r"grew|grow[sn]?|rose|risen|rises?|increas\w+|up|expand\w+|climb\w+|gain\w+|widen\w+|"
    r"growth of|added"
)
_DOWN_EN = (
    r"fell|fallen|falls?|declin\w+|dropp?\w*|decreas\w+|down|cut|shrank|shr[iu]nk|contract\w+|"
    r"narrow\w+|lower\w+|reduc\w+|slipp?\w*"
)
_CHANGE_EN = re.compile(rf"\b(?:(?P<up>{_UP_EN})|(?P<down>{_DOWN_EN}))\b", re.IGNORECASE)
_TO_EN = re.compile(
    r"\b(?:to|reached|at|was|were|is|of|stood at)\s*(?:about|around|nearly)?\s*$", re.IGNORECASE
)
_OF_GROWTH_EN = re.compile(r"\bgrowth (?:rate )?of\s*$", re.IGNORECASE)
_COMPARED_EN = re.compile(
    r"\s*(?P<word>above|below|faster than|slower than|higher than|lower than|ahead of|behind|"
    r"more than|less than|fewer than)\b",
    re.IGNORECASE,
)
_EARLIER_EN = re.compile(
    r"\s*(?:more|less|fewer|higher|lower) than (?:a year|in|at|last|the year|one year|the same)",
    re.IGNORECASE,
)
_SHARE_EN = re.compile(
    r"\b(?:account(?:s|ed|ing)? for|share|made up|makes? up|representing)\b", re.IGNORECASE
)
_SHARE_BEHIND_EN = re.compile(r"\s*of (?:the )?(?!which)", re.IGNORECASE)
_BOUND = re.compile(
    r"(?:了|约|近|超过|超|突破|逾|将近|接近|大约|不足|不到|至少|by|about|around|nearly|some)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a number says.

    Parameters
    ----------
    kind, amount
        What it is of its figure, with the sign that the verb gives it.
    of_growth, of_share
        It is of the growth, or of the share.
    compared
        Where in the text the word stands behind which another place is named, in a distance.
    """

    kind: Kind
    amount: Amount
    of_growth: bool = False
    of_share: bool = False
    compared: int | None = None


def said(mention: Mention, text: str, start: int, end: int, key: str | None, before: Said | None,
         *, english: bool) -> Said:  # fmt: skip
    """Return what a number says of its figure.

    Parameters
    ----------
    mention
        The number.
    text
        The sentence.
    start, end
        From where on the words belong to this number, and up to where behind it.
    key
        Of the figure, where it is one.
    before
        What the number before it in the same clause said.
    """
    left, right = text[start : mention.start], text[mention.end : end]
    match mention.form:
        case Form.LISTED:
            return Said(Kind.LISTED, mention.amount)
        case Form.PLACE:
            return Said(Kind.RANK, mention.amount, of_growth=bool(_rate_last(left)))
        case Form.RISING:
            return Said(Kind.RISING, mention.amount)
        case Form.PLACES:
            return Said(Kind.CHANGE, mention.amount)
        case Form.GROWTH if key in PERCENT_KEYS and mention.amount.low == 0:
            same = replace(mention.amount, unit=PERCENTAGE_POINTS)  # a percentage that stays
            return Said(Kind.CHANGE, same)
        case Form.GROWTH:
            return Said(Kind.GROWTH, mention.amount)
        case Form.TIMES:
            return _times(mention, left, english)
    reader = _english if english else _chinese
    return reader(mention, left, right, key, before, start)


def _rate_last(left: str) -> bool:
    """Return whether the growth is what is spoken of last: 总量…, 增速居…."""
    return _RATE.search(left) is not None or "growth" in left.lower()


def _signed(amount: Amount, *, down: bool) -> Amount:
    if not down or amount.low is None:
        return amount
    high = None if amount.high is None else -amount.high
    return replace(amount, low=-amount.low, high=high)


def _times(mention: Mention, left: str, english: bool) -> Said:
    changed = list((_CHANGE_EN if english else _CHANGE).finditer(left))
    grew = changed and (_BOUND.fullmatch(left[changed[-1].end() :]) is not None)
    amount = mention.amount
    if grew and not english and amount.low is not None:
        # 增长1.2倍 is 120 % more; 增长到1.2倍 is 1.2 times.
        percent = Amount(
            amount.low * 100, None if amount.high is None else amount.high * 100, amount.bound,
            PERCENT, amount.words, amount.step * 100,
        )  # fmt: skip
        return Said(Kind.GROWTH, _signed(percent, down=changed[-1]["down"] is not None))
    return Said(Kind.RATIO, amount)


def _chinese(
    mention: Mention, left: str, right: str, key: str | None, before: Said | None, start: int
) -> Said:
    amount, form = mention.amount, mention.form
    changes = list(_CHANGE.finditer(left))
    change = changes[-1] if changes else None
    down = change is not None and change["down"] is not None
    compared = _COMPARED.search(left)
    if compared is not None and compared.end() == len(left.rstrip()) and form is Form.PERCENT:
        compared = None  # 高于5%
    rate = _RATE.search(left) is not None
    if compared is not None and form is not Form.PERCENT:
        less = compared["less"] is not None or compared["less2"] is not None
        speed = (
            compared[0][:2] in ("快于", "慢于")
            or compared["more2"] == "快"
            or compared["less2"] == "慢"
        )
        at = start + compared.start()
        return Said(Kind.DISTANCE, _signed(amount, down=less), rate or speed, compared=at)
    reached = _TO.search(left) is not None
    given = _GIVEN.search(left) if form is Form.POINTS else None
    if given is not None:
        return Said(Kind.CONTRIBUTION, _signed(amount, down=given["down"] is not None))
    if form is Form.POINTS:
        if change is None and before is not None and not left.strip("、和及与 "):
            return replace(before, amount=amount)
        return Said(Kind.CHANGE, _signed(amount, down=down), rate,
                    bool(re.search(r"占比|比重|份额", left)))  # fmt: skip
    if form is Form.PERCENT:
        return _percent(amount, left, right, key, before, change, rate=rate, reached=reached)
    if change is not None and not reached and _adjacent(left, change):
        return Said(Kind.CHANGE, _signed(amount, down=down))
    return Said(Kind.LEVEL, amount)


def _adjacent(left: str, change: re.Match[str]) -> bool:
    """Return whether a verb of change is about the number: next to it, or 新增 before its noun."""
    if change[0] == "新增":
        return True
    return _BOUND.fullmatch(left[change.end() :]) is not None


def _percent(
    amount: Amount, left: str, right: str, key: str | None, before: Said | None,
    change: re.Match[str] | None, *, rate: bool, reached: bool,
) -> Said:  # fmt: skip
    down = change is not None and change["down"] is not None
    share = _SHARE.search(left)
    if rate:
        return Said(Kind.GROWTH, _signed(amount, down=_FALL_RATE.search(left) is not None))
    if _RATE_BEHIND.match(right):
        return Said(Kind.GROWTH, amount)
    if key in PERCENT_KEYS and (change is None or reached):
        return Said(Kind.LEVEL, amount)
    if share is not None and (change is None or change.start() < share.start() or reached):
        return Said(Kind.SHARE, amount)
    if change is not None and not reached:
        return Said(Kind.GROWTH, _signed(amount, down=down))
    if before is not None and not left.strip("、和及与 "):
        return replace(before, amount=amount)
    if amount.words in ("成", "成半", "分之"):
        return Said(Kind.SHARE, amount)
    return Said(Kind.LEVEL, amount)


def _english(
    mention: Mention, left: str, right: str, key: str | None, before: Said | None, start: int
) -> Said:
    amount, form = mention.amount, mention.form
    changes = list(_CHANGE_EN.finditer(left))
    change = changes[-1] if changes else None
    down = change is not None and change["down"] is not None
    earlier = _EARLIER_EN.match(right)
    compared = None if earlier else _COMPARED_EN.match(right)
    if compared is not None and form is not Form.PERCENT:
        word = compared["word"].lower()
        less = word in ("below", "slower than", "lower than", "behind", "less than", "fewer than")
        speed, at = word in ("faster than", "slower than"), start + len(left)
        return Said(Kind.DISTANCE, _signed(amount, down=less), speed, compared=at)
    given = _GIVEN_EN.search(left) if form is Form.POINTS else None
    if given is not None and _GROWTH_OF_EN.match(right):
        return Said(Kind.CONTRIBUTION, _signed(amount, down=given["down"] is not None))
    if form is Form.POINTS:
        return Said(Kind.CHANGE, _signed(amount, down=down), bool(re.search("growth", left)))
    if form is Form.PERCENT:
        if _OF_GROWTH_EN.search(left) or re.search(r"\brate of\s*$", left):
            return Said(Kind.GROWTH, amount)
        if key in PERCENT_KEYS and (change is None or _TO_EN.search(left)):
            return Said(Kind.LEVEL, amount)
        if change is not None and not re.search(r"\bto\s*$", left):
            return Said(Kind.GROWTH, _signed(amount, down=down))
        if _SHARE_EN.search(left) or _SHARE_BEHIND_EN.match(right):
            return Said(Kind.SHARE, amount)
        if before is not None and not left.strip(" ,and"):
            return replace(before, amount=amount)
        return Said(Kind.LEVEL, amount)
    if earlier is not None:
        less = earlier[0].split()[0] in ("less", "fewer", "lower")
        return Said(Kind.CHANGE, _signed(amount, down=less))
    if change is not None and re.search(
        r"\b(?:by|up|down|added|gained|lost)\s*$", left, re.IGNORECASE
    ):
        return Said(Kind.CHANGE, _signed(amount, down=down))
    return Said(Kind.LEVEL, amount)
