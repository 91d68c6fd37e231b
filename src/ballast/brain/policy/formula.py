"""Read the formulas of the law: ``rd[last] / revenue[last]``, ``cagr(revenue, 2)``.

Python's own grammar would read them too, but then a law could ask for an
attribute, a power with a million digits or a call that nobody has checked.
This grammar has nothing but facts, figures, four operations and seven
functions, is bounded in length and depth, and gives frozen nodes that the
engine for one enterprise (``amounts``) and the engine for columns both walk.

What a node means, on both paths:

- a fact that is not known makes the whole unknown;
- a divisor within 5·10⁻¹⁰ of zero counts as zero, and a quotient by zero is
  undefined, never infinite;
- `Series` repeats its expression over years, each time shifted one year back;
- no node rounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from ballast.errors import Refused
from ballast.terms.label import Label

__all__ = [
    "Expression",
    "Extreme",
    "FactOf",
    "Number",
    "Operation",
    "Series",
    "Since",
    "asked",
    "parse",
]

LENGTH, DEPTH, YEARS = 400, 20, 10


@dataclass(frozen=True, slots=True)
class Number:
    """A figure, such as the 1 in ``1 - x``."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact: ``back`` years before last year, or of the day of the decision (None).

    Where a whole formula is shifted ``n`` years back, so is every fact with a year, and no other.
    """

    key: str
    back: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions and what is done with them. A minus before a term is taken from zero."""

    sign: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Series:
    """An expression over several years; the facts in it stand for last year (``back`` 0) or before.

    - ``sum``: of the last ``years`` years, last year among them;
    - ``mean``: that divided by ``years``;
    - ``cagr``: (x[last] / x[last-years])^(1/years) − 1, undefined unless both are above 5·10⁻¹⁰;
      only these two years are read.
    """

    name: Literal["sum", "mean", "cagr"]
    of: Expression
    years: int


@dataclass(frozen=True, slots=True)
class Since:
    """Time from a date to the day of the decision.

    - ``days``: days between the two;
    - ``years``: birthdays passed: the difference of the years, less one where month and day of
      the decision stand before month and day of the date.

    Neither is shifted with the years of a formula.
    """

    name: Literal["years", "days"]
    key: str


@dataclass(frozen=True, slots=True)
class Extreme:
    """The smaller (``least``) or the larger (``most``) of two expressions."""

    name: Literal["least", "most"]
    left: Expression
    right: Expression


Expression = Number | FactOf | Operation | Series | Since | Extreme

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:[.][0-9]+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<mark>[-+*/×÷−()\[\],]))"
)
_SAME = {"×": "*", "÷": "/", "−": "-"}
_SERIES: dict[str, Literal["sum", "mean", "cagr"]] = {"sum": "sum", "mean": "mean", "cagr": "cagr"}
_SINCE: dict[str, Literal["years", "days"]] = {"years_since": "years", "days_since": "days"}
_EXTREMES: dict[str, Literal["least", "most"]] = {"least": "least", "most": "most"}

_NO_SIGN = Label("这个符号在公式中没有意义", "this sign has no meaning in a formula")
_NO_END = Label(
    "公式应在此结束，或缺少运算符", "the formula should end here, or an operation is missing"
)
_DEEP = Label("嵌套过深，请拆成几个指标", "nested too deeply; split it into several quantities")
_NO_TERM = Label("这里缺少事实、数字或左括号", "a fact, a figure or “(” is missing here")
_BARE = Label("这是函数名，后面须有括号", "this word is a function and needs its “(…)”")
_YEAR = Label(
    "年份写作 [last]、[last-1]、[last-2]……", "a year is written [last], [last-1], [last-2] …"
)
_NO_DATE = Label("这里缺少日期事实的代码", "the key of a date is missing here")
_NO_FUNCTION = Label("没有这个函数", "there is no such function")
_NO_YEARS = Label("这里缺少整数年数", "a whole number of years is missing here")
_MANY = Label("年数须在 1 到 10 之间", "a number of years is 1 to 10")

_RESERVED = {*_SERIES, *_SINCE, *_EXTREMES, "last"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return the expression that a formula of the law writes.

    Parameters
    ----------
    text
        Facts by their keys (``staff``; with a year ``revenue[last]``, ``revenue[last-1]``), figures,
        ``+ - * /`` (or ``× ÷ −``), parentheses, ``cagr(x, n)``, ``sum(x, n)``, ``mean(x, n)`` (x: a
        fact of years with or without ``[last]``, or an expression of such), ``years_since(date)``,
        ``days_since(date)``, ``least(a, b)``, ``most(a, b)``.

    Raises
    ------
    Refused
        If it is anything else, longer than 400 characters or nested deeper than 20; the message
        names the place.

    Examples
    --------
    >>> parse("rd[last] / revenue[last-1]")
    Operation(sign='/', left=FactOf(key='rd', back=0), right=FactOf(key='revenue', back=1))
    >>> parse("cagr(revenue, 2)")
    Series(name='cagr', of=FactOf(key='revenue', back=0), years=2)
    >>> parse("rd ** 9")
    Traceback (most recent call last):
    ballast.errors.Refused: formula “rd ** 9”, at 5 (“* 9”): a fact, a figure or “(” is missing here
    """  # noqa: E501 - a doctest shows the message whole
    if len(text) > LENGTH:
        raise Refused(
            "formula “{start}…”: it has {length} characters, {most} are allowed; split it into "
            "several quantities",
            start=text[:40],
            length=len(text),
            most=LENGTH,
        )
    return _Reader(text).whole()


def asked(expression: Expression, shift: int = 0) -> frozenset[tuple[str, int | None]]:
    """Return the facts that a formula asks for: key, and how many years before last year.

    Parameters
    ----------
    expression
        A formula.
    shift
        How many years the whole formula is moved back.

    Examples
    --------
    >>> sorted(asked(parse("cagr(revenue, 2)")))
    [('revenue', 0), ('revenue', 2)]
    >>> asked(parse("days_since(founded)"))
    frozenset({('founded', None)})
    """
    match expression:
        case Number():
            return frozenset()
        case FactOf(key, back):
            return frozenset({(key, None if back is None else back + shift)})
        case Since(_, key):
            return frozenset({(key, None)})
        case Series(name, of, years):
            shifts = (0, years) if name == "cagr" else range(years)
            return frozenset().union(*(asked(of, shift + each) for each in shifts))
        case Operation(_, left, right) | Extreme(_, left, right):
            return asked(left, shift) | asked(right, shift)


class _Reader:
    """Reads one formula by recursive descent: each method takes what it names and moves on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        end = len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise self._fault(_NO_SIGN, at)
            kind = str(found.lastgroup)
            word = found[kind]
            self.tokens.append((kind, _SAME.get(word, word), found.start(kind)))
            at = found.end()
        self.next = 0
        self.depth = 0
        self.in_series = 0

    def whole(self) -> Expression:
        found = self.sum()
        if self.next < len(self.tokens):
            raise self._fault(_NO_END)
        return found

    def sum(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH:
            raise self._fault(_DEEP)
        if self.taken("-"):
            found: Expression = Operation("-", Number(Decimal(0)), self.product())
        else:
            found = self.product()
        while True:
            if self.taken("+"):
                found = Operation("+", found, self.product())
            elif self.taken("-"):
                found = Operation("-", found, self.product())
            else:
                self.depth -= 1
                return found

    def product(self) -> Expression:
        found = self.term()
        while True:
            if self.taken("*"):
                found = Operation("*", found, self.term())
            elif self.taken("/"):
                found = Operation("/", found, self.term())
            else:
                return found

    def term(self) -> Expression:
        if self.taken("("):
            inside = self.sum()
            self.must(")")
            return inside
        kind, word = self.peek()
        if kind == "number":
            self.next += 1
            return Number(Decimal(word))
        if kind != "name":
            raise self._fault(_NO_TERM)
        self.next += 1
        if self.peek() == ("mark", "("):
            return self.call(word)
        if word in _RESERVED:
            self.next -= 1
            raise self._fault(_BARE)
        return FactOf(word, self.year())

    def year(self) -> int | None:
        if not self.taken("["):
            return 0 if self.in_series else None
        if self.peek() != ("name", "last"):
            raise self._fault(_YEAR)
        self.next += 1
        back = self.whole_number(least=1) if self.taken("-") else 0
        self.must("]")
        return back

    def call(self, name: str) -> Expression:
        self.must("(")
        found: Expression
        if name in _SERIES:
            self.in_series += 1
            of = self.sum()
            self.in_series -= 1
            self.must(",")
            found = Series(_SERIES[name], of, self.whole_number(least=1))
        elif name in _SINCE:
            kind, key = self.peek()
            if kind != "name" or key in _RESERVED:
                raise self._fault(_NO_DATE)
            self.next += 1
            found = Since(_SINCE[name], key)
        elif name in _EXTREMES:
            left = self.sum()
            self.must(",")
            found = Extreme(_EXTREMES[name], left, self.sum())
        else:
            self.next -= 2
            raise self._fault(_NO_FUNCTION)
        self.must(")")
        return found

    def whole_number(self, *, least: int) -> int:
        kind, word = self.peek()
        if kind != "number" or not word.isascii() or not word.isdigit():
            raise self._fault(_NO_YEARS)
        if len(word) > 2 or not least <= int(word) <= YEARS:
            raise self._fault(_MANY)
        self.next += 1
        return int(word)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.next][:2] if self.next < len(self.tokens) else ("end", "")

    def taken(self, mark: str) -> bool:
        if self.peek() != ("mark", mark):
            return False
        self.next += 1
        return True

    def must(self, mark: str) -> None:
        if not self.taken(mark):
            raise self._fault(Label(f"这里缺少“{mark}”", f"“{mark}” is missing here"))

    def _fault(self, fault: Label, at: int | None = None) -> Refused:
        if at is None:
            past = self.next >= len(self.tokens)
            at = len(self.text.rstrip()) if past else self.tokens[self.next][2]
        return Refused(
            "formula “{formula}”, at {place} (“{here}”): {fault}",
            formula=self.text,
            place=at + 1,
            here=self.text[at : at + 12],
            fault=fault,
        )
