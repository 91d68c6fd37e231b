"""Which number is of which figure, place and time: one sentence becomes statements.

What stands in the same clause to the left of a number belongs to it. Where a
clause says nothing of its own (，同比增长6.3%), what the clause before it spoke
of is carried on, and the statement says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ballast.brain.claims.kinds import PERCENT_KEYS, Said, said
from ballast.brain.claims.line import Carried, Context, Line, Turn
from ballast.brain.claims.mention import PER_PERSON, Form
from ballast.brain.claims.naming import ScopeToken
from ballast.brain.claims.statement import Amount, Kind, Scope, Subject
from ballast.brain.claims.subjects import GOALS, SubjectToken
from ballast.brain.claims.tokens import Tokens
from ballast.brain.claims.vocabulary import Vocabulary
from ballast.brain.claims.what import fitting, likely, standing_with
from ballast.brain.claims.when import when
from ballast.brain.claims.where import scope_of, where
from ballast.terms.period import Period
from ballast.terms.unit import CNY, CNY_1E4

__all__ = ["Found", "assembled"]

_TARGET = re.compile(
    r"力争|目标|计划到|计划实现|预计|确保|争取|有望|将达|将突破|将实现|规划到|\b(?:aims?|targets?|goal|"
    r"plans? to|is to|expected to|will reach|forecast)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"均|都|双双|\bboth\b|\beach\b")
_RESPECTIVELY = re.compile(r"分别|respectively")
_JOINED = re.compile(r"\s*(?:、|和|及|与|以及|,|，|\band\b)\s*")
_TWO_WAYS = re.compile(r"总量、增速|规模、增速|总量和增速")
_SET_OF = re.compile(r"(\d{1,3})个?(?:地级)?(?:市|县|区|省|地区|城市|县区)中?[^\d]*$")
_WE = re.compile(r"我们|公司|本企业|该企业|占到企业")


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with places within its sentence; ``values`` are those of `Statement`."""

    start: int
    end: int
    clause: tuple[int, int]
    values: dict[str, Any]


def assembled(
    found: Tokens, known: Vocabulary, context: Context, written: date
) -> tuple[list[Found], Context]:
    """Return the statements of a sentence, and what the next one may lean on.

    Parameters
    ----------
    found
        The sentence.
    known
        The names, for what 全市 and 全省 are.
    context
        What was said before it in the paragraph.
    written
        What lies behind this day is a target.
    """
    line = Line(found, known, context, written, Carried())
    made: list[Found] = []
    last = 0
    for number, mention in enumerate(found.mentions):
        clause, end = found.clause(mention.start)
        if mention.form is Form.LISTED and any(
            m.form is Form.PLACE and _of_list(line, number + n, m.start)
            for n, m in enumerate(found.mentions[number + 1 :], start=1)
        ):
            continue  # which place on it is said behind
        following = found.mentions[number + 1].start if number + 1 < len(found.mentions) else end
        start, right = max(clause, last), min(end, following)
        own = standing_with(line, mention, start, right)
        listing = mention.listing
        if mention.form in (Form.PLACE, Form.PLACES) and _of_list(line, number, mention.start):
            listing = line.listing
        made += _read(line, Turn(number, mention, clause, start, right, own, listing), end)
        last = mention.end
    return made, _context(line)


def _of_list(line: Line, number: int, start: int) -> bool:
    """Return whether a place is one on the list of the sentence: no other figure stands with it."""
    clause, _ = line.found.clause(start)
    own = any(clause <= s.start < start for s in line.found.subjects)
    return line.listing is not None and not own and number >= 0


def _context(line: Line) -> Context:
    found, before = line.found, line.context
    enterprise = next(
        (t.scope for t in reversed(found.scopes) if t.scope.kind == "enterprise"), before.enterprise
    )
    period = line.carried.period.period if line.carried.period is not None else before.period
    places = {
        p.place.codes: p.place
        for p in found.places
        if p.place.codes and not p.place.codes[0].endswith("0000")
    }
    # Of several places none is what the next sentence speaks of.
    last = next(iter(places.values())) if len(places) == 1 else None if places else before.place
    return Context(last, period, enterprise, line.carried.subject or before.subject)


def _read(line: Line, turn: Turn, end: int) -> list[Found]:
    """Return the statements of one number."""
    carried, mention = line.carried, turn.mention
    same = carried.clause == turn.clause
    subject, is_carried = likely(line, turn)
    spoken = said(
        mention, line.text, turn.start, turn.end, subject.key if subject is not None else None,
        carried.said if same else None, english=line.english,
    )  # fmt: skip
    if turn.listing is None:
        scope = scope_of(line, turn, turn.start)
        subject, is_carried = fitting(line, turn, spoken, scope, subject, is_carried=is_carried)
    else:
        subject, is_carried = None, False
    values = _values(line, turn, spoken, subject, is_carried=is_carried)
    one = Found(mention.start, mention.end, (turn.clause, end), values)
    made = _spread(line, turn, one)
    carried.said, carried.clause = spoken, turn.clause
    if subject is not None:
        carried.subject = subject
    return made


def _values(
    line: Line, turn: Turn, spoken: Said, subject: SubjectToken | None, *, is_carried: bool
) -> dict[str, Any]:
    scope = scope_of(line, turn, turn.clause)
    place, time = where(line, turn, spoken, scope), when(line, turn, spoken.kind)
    key = _key(line, spoken, subject, scope)
    amount = spoken.amount
    if key == "labour_productivity" and amount.unit in (CNY, CNY_1E4):
        amount = _a_head(amount)
    leaning = (("subject", is_carried), ("place", place.carried), ("period", time.carried))
    values: dict[str, Any] = {
        "kind": spoken.kind, "amount": amount, "of_share": spoken.of_share,
        "subject": Subject(subject.words if subject else "", key),
        "scope": _whom(line, turn, scope),
        "place": place.place, "against": place.against, "within": place.within,
        "period": time.period, "since": time.since, "previous": time.previous,
        "years": time.years, "months": time.months, "yearly": time.yearly,
        "of_growth": _of_growth(line, turn, spoken, key),
        "comparable": time.comparable, "of": _set_size(line, turn),
        "target": _is_target(line, turn, time.period, of_goals=key in GOALS),
        "carried": tuple(name for name, yes in leaning if yes),
    }  # fmt: skip
    if turn.listing is not None:
        values |= {"listing": turn.listing, "within": None, "subject": Subject("", None)}
        if spoken.kind is Kind.RANK:
            values["kind"] = Kind.LISTED
    return values


def _key(
    line: Line, spoken: Said, subject: SubjectToken | None, scope: ScopeToken | None
) -> str | None:
    key = subject.key if subject else None
    last = line.carried.subject
    if scope is not None and scope.scope.kind == "cluster" and key in ("revenue", "clusters"):
        return "cluster_revenue"
    if spoken.kind is Kind.SHARE and key == "export_share" and last is not None:
        return last.key  # 其中对…出口占比: a part of the exports
    if spoken.kind is Kind.GROWTH and key == "export_share":
        return "exports"  # what grows is what is sold abroad, not its share
    return key


def _whom(line: Line, turn: Turn, scope: ScopeToken | None) -> Scope | None:
    if scope is not None:
        return scope.scope
    we = line.context.enterprise is not None and _WE.search(line.text[: turn.mention.end])
    return line.context.enterprise if we else None


def _of_growth(line: Line, turn: Turn, spoken: Said, key: str | None) -> bool:
    if key in PERCENT_KEYS or spoken.kind not in (Kind.CHANGE, Kind.DISTANCE, Kind.RANK):
        return False
    if spoken.of_growth:
        return True
    before = line.carried.said
    points = turn.mention.form in (Form.POINTS, Form.PLACES)
    own = any(turn.start <= s.start < turn.mention.start for s in line.found.subjects)
    if not points or own or spoken.of_share or before is None:
        return False
    return before.kind is Kind.GROWTH or before.of_growth


def _set_size(line: Line, turn: Turn) -> int | None:
    """Return of how many a place is one, where the text counts the set: 有数据的6个市中居第1位."""
    if turn.mention.form is Form.RISING:
        said = line.text[turn.mention.start : turn.mention.end]
        counts = re.findall(r"\d+", said)  # 5个区域中有2个; in 2 of 5, in none of 5
        return int(counts[-1] if line.english else counts[0])
    found = _SET_OF.search(line.text[: turn.mention.start])
    return int(found[1]) if found is not None and turn.mention.form is Form.PLACE else None


def _is_target(line: Line, turn: Turn, period: Period | None, *, of_goals: bool) -> bool:
    """Return whether it is aimed at; how many goals there are is none, though it names them."""
    if not of_goals and _TARGET.search(line.text[: turn.mention.start]):
        return True
    return period is not None and period.start > line.written


def _spread(line: Line, turn: Turn, one: Found) -> list[Found]:
    """Return one number of several figures, or several numbers of a list, apart."""
    text, start = line.text, turn.mention.start
    left = text[turn.clause : start]
    if _RESPECTIVELY.search(left) or (line.english and "respectively" in text[turn.mention.end :]):
        return [_respectively(line, turn, one)]
    if _TWO_WAYS.search(left):
        return [replace(one, values={**one.values, "of_growth": yes}) for yes in (False, True)]
    row = _row(line, turn.own) if turn.own else line.carried.row
    behind = max(turn.clause, row[-1].end if row else 0)
    if len(row) > 1 and _EACH.search(text[behind:start]):
        line.carried.row = row
        return [
            replace(one, values={**one.values, "subject": Subject(s.words, s.key)}) for s in row
        ]
    return [one]


def _row(line: Line, own: Sequence[SubjectToken]) -> list[SubjectToken]:
    """Return the last words for figures of a clause that are joined by 、 and 和."""
    row = list(own[-1:])
    for token in reversed(own[:-1]):
        if not _JOINED.fullmatch(line.text[token.end : row[0].start].replace("数量", "")):
            break
        row.insert(0, token)
    return row


def _respectively(line: Line, turn: Turn, one: Found) -> Found:
    """Return a statement of the n-th of what was listed, of the n-th number."""
    text, found, clause = line.text, line.found, turn.clause
    split = None if line.english else _RESPECTIVELY.search(text, clause)
    at = split.start() if split is not None else turn.mention.start
    least = clause if line.english else min(at, turn.mention.start)
    first = next(n for n, m in enumerate(found.mentions) if m.start >= least)
    index = turn.number - first
    subjects = _row(line, [s for s in found.subjects if s.end <= at])
    places = [p for p in found.places if clause <= p.start and p.end <= at]
    whens = [t for t in found.times if t.end <= at and t.period is not None and not t.base]
    values = dict(one.values)
    if len(subjects) > 1 and index < len(subjects):
        values["subject"] = Subject(subjects[index].words, subjects[index].key)
    elif len(places) > 1 and index < len(places):
        values["place"] = places[index].place
    elif len(whens) > 1 and index < len(whens):
        values["period"] = whens[index].period
    return replace(one, values=values)


def _a_head(amount: Amount) -> Amount:
    """Return money as money a person; where two levels share 元/人, only the second says so."""
    worth = Decimal(1) if amount.unit is CNY_1E4 else CNY.factor / CNY_1E4.factor
    return Amount(
        None if amount.low is None else amount.low * worth,
        None if amount.high is None else amount.high * worth,
        amount.bound, PER_PERSON, amount.words, amount.step * worth,
    )  # fmt: skip
