"""Which number is of which figure, place and time: one sentence becomes statements.

What stands in the same clause to the left of a number belongs to it. Where a
clause says nothing of its own (，同比增长6.3%), what the clause before it spoke
of is carried on, and the statement says so. A clause that names something that
is not known carries nothing: its number is a figure of that something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ballast.brain.claims.kinds import PERCENT_KEYS, Said, said
from ballast.brain.claims.mention import PER_PERSON, Form, Mention
from ballast.brain.claims.naming import PlaceToken, ScopeToken
from ballast.brain.claims.statement import Amount, Kind, Place, Scope, Subject
from ballast.brain.claims.subjects import SubjectToken
from ballast.brain.claims.times import TimeToken
from ballast.brain.claims.tokens import Tokens
from ballast.brain.claims.vocabulary import Vocabulary
from ballast.terms.period import Period, PeriodKind
from ballast.terms.region import NATION
from ballast.terms.unit import CNY, CNY_1E4

__all__ = ["Context", "Found", "assembled"]

# What a clause may hold beside a figure without speaking of something else.
_EMPTY = re.compile(
    r"同比|环比|增长|增加|提高|提升|上升|扩大|加快|下降|降低|减少|回落|下滑|收窄|分别|实现|完成|达到|达|首次|突破|年均|"
    r"累计|其中|平均|水平|增速|增幅|涨幅|降幅|总量|总体|规模|数量|位居|位列|名列|排名|跻身|进入|保持|稳居|比重|占比|较上年|"
    r"比上年|上年|去年|同期|年初|末|净|增|降|升|至|为|是|的|了|居|列|位|比|较|占|共|已|仅|有|由|从|到|均|都|双双|也|还|又|再|"
    r"以|在|中|全省|全国|全市|当月|目前|大关|高于|低于|快于|慢于|高出|领先|转|持续|稳步|首位|前|约|近|超|个|市|每年|每|着|"
    r"和|与|及|、|“|”|\"|\s|[,，:：()（）·\-*|]|第|升至|恢复|并|则|其|此|该|总|数|量|额|值|且|著|着|稳定|企业|产业|集群|多|年|来|期间|规上工业|规模以上工业|工业|\x1a"
)
_EMPTY_EN = re.compile(
    r"\b(?:the|a|an|and|but|while|with|of|in|by|to|at|on|for|from|up|down|was|were|is|are|it|its|this|that|which|year|"
    r"grew|rose|fell|dropped|increased|decreased|reached|ranked|some|about|than|also|first|half|quarter|months?|"
    r"came|stood|had|has|over|came|ending|average|annual|rate|city|province|provincial|faster|growth|only|"
    r"accounted|accounting|increase|decrease|gain|compared|respectively)\b|[\s,.;:'’\"\-–—()%&]+",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"力争|目标|计划到|计划实现|预计|确保|争取|有望|将达|将突破|将实现|规划到|\b(?:aims?|targets?|goal|plans? to|is to|expected to|"
    r"will reach|forecast)\b",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"年均|每年(?:保持|增长|以)|平均每年|average annual|(?<!on )\ba year\b(?! earlier| ago| before)|annually|per year",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"环比|month[- ]on[- ]month|比上月|较上月|quarter[- ]on[- ]quarter", re.IGNORECASE
)
_DEFAULT_BASE = re.compile(
    r"^(?:比|较|与|同)?(?:上年|去年)(?:末|底|同期)?$|^(?:比|较)?年初$|^(?:比|较)?(?:上|去)年年?[末底]$"
)
_TOGETHER = re.compile(r"合计|总计|两地|三地|共计|together|combined")
_EACH = re.compile(r"均|都|双双|\bboth\b|\beach\b")
_RESPECTIVELY = re.compile(r"分别|respectively")
_JOINED = re.compile(r"\s*(?:、|和|及|与|以及|,|，|数量|\band\b)\s*")
_TWO_WAYS = re.compile(r"总量、增速|规模、增速|总量和增速")
_OWNER = ("enterprises",)


@dataclass(frozen=True, slots=True)
class Context:
    """What was said earlier in the paragraph, and the enterprise that spoke last in the text."""

    place: Place | None = None
    period: Period | None = None
    enterprise: Scope | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A statement with places within its sentence; ``values`` are those of `Statement`."""

    start: int
    end: int
    clause: tuple[int, int]
    values: dict[str, Any]


@dataclass(slots=True)
class _Carried:
    """What the numbers before this one were of."""

    subject: SubjectToken | None = None
    scope: ScopeToken | None = None
    place: Place | None = None
    period: TimeToken | None = None
    years: TimeToken | None = None
    against: Place | None = None
    listing: str | None = None
    said: Said | None = None
    clause: int = -1
    row: list[SubjectToken] = field(default_factory=list)


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
    carried, made, last = _Carried(), [], 0
    listed = _list_of(found)
    for number, mention in enumerate(found.mentions):
        start, end = found.clause(mention.start)
        if mention.form is Form.LISTED and not _on_list(found, number):
            continue
        made += _Reader(found, known, context, written, carried, listed).read(
            number, max(start, last if last > start else start), end, start
        )
        last = mention.end
    return made, _context(found, context, carried)


def _context(found: Tokens, before: Context, carried: _Carried) -> Context:
    enterprise = next(
        (t.scope for t in reversed(found.scopes) if t.scope.kind == "enterprise"), before.enterprise
    )
    period = carried.period.period if carried.period is not None else before.period
    places = {
        p.place.codes: p.place
        for p in found.places
        if p.place.codes and not p.place.codes[0].endswith("0000")
    }
    # Of several places none is what the next sentence speaks of.
    last = next(iter(places.values())) if len(places) == 1 else None if places else before.place
    return Context(last, period, enterprise)


def _list_of(found: Tokens) -> str | None:
    names = [m.listing for m in found.mentions if m.form is Form.LISTED]
    return names[0] if names else None


def _on_list(found: Tokens, number: int) -> bool:
    """Return whether being on a list is what is said, and not which place on it."""
    return not any(m.form is Form.PLACE for m in found.mentions[number + 1 :])


@dataclass(slots=True)
class _Reader:
    """Reads one number of a sentence after the other; ``carried`` goes from one to the next."""

    found: Tokens
    known: Vocabulary
    context: Context
    written: date
    carried: _Carried
    listed: str | None

    def read(self, number: int, start: int, end: int, clause: int) -> list[Found]:
        """Return the statements of one number, whose own words begin at ``start``."""
        found, carried = self.found, self.carried
        mention = found.mentions[number]
        following = found.mentions[number + 1].start if number + 1 < len(found.mentions) else end
        right_end = min(end, following)
        own = self._subjects(mention, start, right_end)
        same = carried.clause == clause
        subject, is_carried = self._subject(mention, own, start)
        key = subject.key if subject is not None else None
        spoken = said(mention, found.text, start if not same else self._own(start, mention),
                      right_end, key, carried.said if same else None, english=found.english)  # fmt: skip
        subject, is_carried = self._check_subject(
            spoken, subject, own, mention, start, right_end, is_carried
        )
        values = self._values(mention, spoken, subject, start, right_end, clause)
        if is_carried:
            values["carried"] = (*values.get("carried", ()), "subject")
        made = [Found(mention.start, mention.end, (clause, end), values)]
        made = self._spread(made, mention, own, values, clause, number)
        carried.said, carried.clause = spoken, clause
        if subject is not None:
            carried.subject = subject
        return made

    def _own(self, start: int, mention: Mention) -> int:
        return min(start, mention.start)

    # ---- the figure

    def _subjects(self, mention: Mention, start: int, end: int) -> list[SubjectToken]:
        """Return the words for figures that stand with a number: left, or right of a count."""
        left = [s for s in self.found.subjects if start <= s.start and s.end <= mention.start]
        unit = mention.amount.unit
        counted = mention.form is Form.AMOUNT and (
            unit is None or unit.name in ("count", "persons")
        )
        if counted:
            limit = 40 if self.found.english else 8
            right = [
                s for s in self.found.subjects
                if mention.end <= s.start < min(end, mention.end + limit)
                and self._adjoining(mention.end, s.start)
            ]  # fmt: skip
            if right:
                return right[:1]
        return left

    def _adjoining(self, start: int, end: int) -> bool:
        between = self.found.text[start:end]
        if self.found.english:
            return re.fullmatch(r"\s*(?:[\w-]+\s+){0,3}", between) is not None
        return re.fullmatch(r"\s*(?:特色|规模以上|以上|现代化?|重点)?", between) is not None

    def _subject(
        self, mention: Mention, own: list[SubjectToken], start: int
    ) -> tuple[SubjectToken | None, bool]:
        if own:
            last = own[-1]
            before = self.found.text[: last.start].rstrip()
            if len(own) > 1 and last.key == "enterprises" and before.endswith((" of", " by")):
                last = own[-2]  # revenue of enterprises: whose it is, not how many there are
            return last, False
        if self._foreign(start, mention):
            return None, False
        said = [s for s in self.found.subjects if s.end <= start]
        last = self.carried.subject
        if said and (last is None or said[-1].start > last.start):
            last = said[-1]
        return last, last is not None

    def _foreign(self, start: int, mention: Mention) -> bool:
        """Return whether a clause speaks of something of its own that is not known."""
        return bool(self._residue(start, mention.start))

    def _residue(self, start: int, end: int) -> str:
        found, text = self.found, list(self.found.text)
        for token in (*found.times, *found.places, *found.scopes, *found.mentions, *found.subjects):
            for place in range(token.start, min(token.end, len(text))):
                text[place] = "\x00"
        left = "".join(text[start:end])
        if found.english:
            words = _EMPTY_EN.sub(" ", left.replace("\x00", " ")).split()
            return " ".join(words)
        rest = _EMPTY.sub("", left.replace("\x00", ""))
        return rest if len(re.findall("[\u3400-\u9fff]", rest)) >= 2 else ""

    def _check_subject(
        self, spoken: Said, subject: SubjectToken | None, own: list[SubjectToken],
        mention: Mention, start: int, end: int, is_carried: bool,
    ) -> tuple[SubjectToken | None, bool]:  # fmt: skip
        """Drop a figure that cannot have this unit; name what stands there instead."""
        unit = mention.amount.unit.dimension if mention.amount.unit else None
        if spoken.kind is Kind.LISTED or (
            self.listed and mention.form in (Form.PLACE, Form.PLACES)
        ):
            return None, False
        if subject is not None and is_carried and spoken.kind is Kind.LEVEL and (
            mention.form is Form.AMOUNT and not _fits(subject.key, unit, None)
        ):  # fmt: skip
            subject, is_carried = None, False
        if subject is not None and spoken.kind in (Kind.LEVEL, Kind.CHANGE) and not is_carried:
            scope = self._scope(mention, start)
            kind = None if scope is None else scope.scope.kind
            if mention.form is Form.AMOUNT and not _fits(subject.key, unit, kind):
                fitting = [s for s in own if _fits(s.key, unit, kind)]
                subject = fitting[-1] if fitting else None
        if subject is None:
            return self._nameless(spoken, mention, start, end, unit), False
        return subject, is_carried

    def _nameless(
        self, spoken: Said, mention: Mention, start: int, end: int, unit: str | None
    ) -> SubjectToken | None:
        """Return words for a figure that is not known; money of a cluster alone is its revenue."""
        scope = self._scope(mention, start)
        if (
            scope is not None and scope.scope.kind == "cluster"
            and (unit == "money_cny" or spoken.kind in (Kind.RANK, Kind.GROWTH))
            and not self._foreign(start, mention)
        ):  # fmt: skip
            return SubjectToken(scope.start, scope.end, "cluster_revenue", scope.scope.words)
        words = self._residue(start, mention.start)
        if words == "投资" and self.carried.subject is not None and (
            self.carried.subject.key == "projects"
        ):  # fmt: skip
            return SubjectToken(start, mention.start, "upgrade_investment", words)
        if not words and mention.form is Form.AMOUNT:
            words = re.split(r"[，。,；;、]", self.found.text[mention.end : end])[0].strip()
        return SubjectToken(start, mention.start, None, words[:24].strip())

    # ---- place, time, of whom

    def _scope(self, mention: Mention, start: int) -> ScopeToken | None:
        left = [s for s in self.found.scopes if s.end <= mention.start]
        clause = [s for s in left if s.start >= start]
        if clause:
            # X 是 Y 的 N 倍: of X.
            beside = mention.form is Form.TIMES and len(clause) > 1
            return clause[-2 if beside else -1]
        right = [s for s in self.found.scopes if mention.end <= s.start <= mention.end + 24]
        if self.found.english and right:
            return right[0]
        return left[-1] if left and not self._new_place(left[-1].end, mention.start) else None

    def _new_place(self, start: int, end: int) -> bool:
        """Return whether another place, or the whole, was spoken of since."""
        return any(
            start <= p.start < end and p.place.codes != (self.known.province,)
            and not self._measured(p) for p in self.found.places
        )  # fmt: skip

    def _measured(self, token: PlaceToken) -> bool:
        """Return whether a place is what is measured against: 高于全市, 占全市, 居全市第五."""
        before = self.found.text[max(0, token.start - 6) : token.start]
        behind = self.found.text[token.end : token.end + 6]
        if self.found.english:
            return re.search(r"\b(?:than|above|below|over|behind)(?: that of)?\s*(?:the )?$",
                             self.found.text[max(0, token.start - 16) : token.start]) is not None  # fmt: skip
        return re.search(
            r"(?:高于|高出|低于|快于|慢于|占|比|居|列|位|领先|跻身|进入|在|稳居)$", before
        ) is not None or (
            re.match(r"(?:第[\d一-九]|前列|前[\d一-九]|首位|平均)", behind) is not None
        )

    def _values(
        self, mention: Mention, spoken: Said, subject: SubjectToken | None, start: int, end: int,
        clause: int,
    ) -> dict[str, Any]:  # fmt: skip
        found, carried = self.found, self.carried
        scope = self._scope(mention, clause)
        key = subject.key if subject else None
        values: dict[str, Any] = {
            "kind": spoken.kind, "amount": spoken.amount, "of_share": spoken.of_share,
        }  # fmt: skip
        self._where(values, mention, spoken, scope, start, end, clause)
        self._when(values, mention, start, end, clause)
        if scope is None and self.context.enterprise is not None and re.search(
            r"我们|公司|本企业|该企业|占到企业", found.text[: mention.end]
        ):  # fmt: skip
            values["scope"] = self.context.enterprise
        elif scope is not None:
            values["scope"] = scope.scope
        if (
            scope is not None
            and scope.scope.kind == "cluster"
            and key in ("revenue", "clusters", "")
        ):
            key = "cluster_revenue"
        values["of_growth"] = self._of_growth(spoken, key, start, mention)
        if spoken.kind is Kind.SHARE and key == "export_share" and carried.subject is not None:
            key = carried.subject.key  # 其中对…出口占比: a part of the exports
        if key == "export_share" and spoken.kind is Kind.GROWTH:
            key = "exports"  # what grows is what is sold abroad, not its share
        values["subject"] = Subject(subject.words if subject else "", key)
        if key == "labour_productivity" and spoken.amount.unit in (CNY, CNY_1E4):
            values["amount"] = _a_head(spoken.amount)
        if mention.form is Form.LISTED or (
            self.listed and mention.form in (Form.PLACE, Form.PLACES)
        ):
            values["listing"] = mention.listing or self.listed
            values["subject"] = Subject("", None)
            values["within"] = None
            if spoken.kind is Kind.RANK:
                values["kind"] = Kind.LISTED
        values["target"] = self._is_target(mention, values.get("period"))
        return values

    def _of_growth(self, spoken: Said, key: str | None, start: int, mention: Mention) -> bool:
        if (
            spoken.of_growth
            or key in PERCENT_KEYS
            or spoken.kind not in (Kind.CHANGE, Kind.DISTANCE, Kind.RANK)
        ):
            return spoken.of_growth and key not in PERCENT_KEYS
        before = self.carried.said
        points = mention.form in (Form.POINTS, Form.PLACES)
        own = any(start <= s.start < mention.start for s in self.found.subjects)
        return points and not own and not spoken.of_share and before is not None and (
            before.kind is Kind.GROWTH or before.of_growth
        )  # fmt: skip

    def _is_target(self, mention: Mention, period: Period | None) -> bool:
        if _TARGET.search(self.found.text[: mention.start]):
            return True
        return period is not None and period.start > self.written

    def _where(
        self, values: dict[str, Any], mention: Mention, spoken: Said, scope: ScopeToken | None,
        start: int, end: int, clause: int,
    ) -> None:  # fmt: skip
        places = [p for p in self.found.places if p.end <= mention.start]
        against: Place | None = None
        if spoken.kind is Kind.DISTANCE and spoken.compared is not None:
            behind = (
                [p for p in self.found.places if mention.end <= p.start]
                if self.found.english
                else [p for p in places if p.start >= spoken.compared]
            )
            against = behind[0].place if behind else None
        elif spoken.kind is Kind.SHARE:
            share = self.found.text.rfind("占", clause, mention.start)
            if share >= 0:
                behind = [p for p in places if p.start > share]
                against = behind[0].place if behind else None
        own = [p for p in places if not self._measured(p) and p.place is not against]
        near = [p for p in own if p.start >= clause]
        place = self._together(near) or (near[-1].place if near else None)
        if place is None and self.found.english:
            behind = [p for p in self.found.places if mention.end <= p.start < end
                      and p.place.codes[0][-4:] != "0000" and p.place is not against]  # fmt: skip
            place = behind[0].place if behind and spoken.kind is not Kind.RANK else None
        if (place is None and scope is not None and scope.region is not None) or (
            scope is not None
            and scope.region is not None
            and (not near or near[-1].start < scope.start)
        ):
            place = Place(scope.scope.words, (scope.region,))
        if place is None:
            place = own[-1].place if own else self.carried.place
        if place is None and self.context.place is not None:
            place = self.context.place
            values["carried"] = (*values.get("carried", ()), "place")
        if spoken.kind is Kind.RANK:
            values["within"] = self._within(mention, places, place, scope, end)
        values["place"], values["against"] = place, against
        self.carried.place, self.carried.against = place, against or self.carried.against

    def _together(self, near: Sequence[PlaceToken]) -> Place | None:
        if len(near) < 2 or not _TOGETHER.search(self.found.text[near[-1].end :][:8]):
            return None
        codes = tuple(code for token in near for code in token.place.codes)
        return Place("、".join(token.place.words for token in near), codes)

    def _within(
        self, mention: Mention, places: Sequence[PlaceToken], own: Place | None,
        scope: ScopeToken | None, end: int,
    ) -> Place | None:  # fmt: skip
        """Return the region among whose parts a place is meant: one that holds the own one."""
        code = own.codes[0] if own is not None and own.codes else self.known.home
        behind = [p for p in self.found.places if mention.start <= p.start < end]
        for token in (*behind, *reversed(places)):
            candidate = token.place.codes[0] if token.place.codes else ""
            equal = scope is not None and scope.region is None and candidate == code
            if candidate and (equal or (candidate != code and _holds(candidate, code))):
                return token.place
        return self.carried.against if scope is not None else None

    def _when(
        self, values: dict[str, Any], mention: Mention, start: int, end: int, clause: int
    ) -> None:
        found, carried = self.found, self.carried
        left = [t for t in found.times if t.end <= mention.start + 1]
        right = [t for t in found.times if mention.end <= t.start < end]
        near = [t for t in left if t.start >= start] or [t for t in left if t.start >= clause]
        dated = [t for t in near if t.period is not None and not t.base]
        dated = dated or (
            [t for t in right if t.period is not None and not t.base] if found.english else []
        )
        period = dated[-1 if dated and dated[0].end <= mention.start else 0] if dated else None
        if period is None:
            earlier = [t for t in left if t.period is not None and not t.base]
            period = earlier[-1] if earlier else carried.period
        if period is None and found.english:
            period = next((t for t in right if t.period is not None and not t.base), None)
        if period is not None:
            values["period"] = period.period
            carried.period = period
        elif self.context.period is not None:
            values["period"] = self.context.period
            values["carried"] = (*values.get("carried", ()), "period")
        self._since(values, [t for t in near if t.start >= start], right, left, period)
        text = found.text[clause:end]
        values["yearly"] = _YEARLY.search(text) is not None and values["kind"] is Kind.GROWTH
        self._runs(values, left, right, clause)

    def _since(
        self, values: dict[str, Any], near: Sequence[TimeToken], right: Sequence[TimeToken],
        left: Sequence[TimeToken], period: TimeToken | None,
    ) -> None:  # fmt: skip
        text = self.found.text
        bases = [t for t in near if t.base and not _DEFAULT_BASE.match(text[t.start : t.end])]
        if bases:
            values["since"] = bases[-1].period
        elif period is not None and period.since is not None:
            values["since"] = period.since
        else:
            opened = [t for t in left if t.since is not None and t.period is None]
            if opened:
                values["since"] = opened[-1].since
        stretch = self._stretch(self.found.mentions, values)
        if _PREVIOUS.search(stretch):
            values["previous"] = True
            now = values.get("period")
            if now is not None and now.kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
                values["since"] = now - 1

    def _stretch(self, mentions: Sequence[Mention], values: dict[str, Any]) -> str:
        """Return the words between the number before this one and this one."""
        amount = values["amount"]
        for number, mention in enumerate(mentions):
            if mention.amount is amount or _same(mention, amount):
                start = mentions[number - 1].end if number else 0
                return self.found.text[start : mention.start]
        return ""

    def _runs(
        self, values: dict[str, Any], left: Sequence[TimeToken], right: Sequence[TimeToken],
        clause: int,
    ) -> None:  # fmt: skip
        text = self.found.text
        runs = [t for t in (*left, *right) if t.years or t.months]
        for token in runs:
            word = text[token.start : token.end]
            running = "连续" in word or "consecutive" in word or "running" in word
            if token.start >= clause or not running:
                values["years"], values["months"] = token.years, token.months

    # ---- one number of several, several numbers of one

    def _spread(
        self, made: list[Found], mention: Mention, own: list[SubjectToken], values: dict[str, Any],
        clause: int, number: int,
    ) -> list[Found]:  # fmt: skip
        text = self.found.text
        if _RESPECTIVELY.search(text[clause : mention.start]) or (
            self.found.english and "respectively" in text[mention.end :]
        ):
            return [self._respectively(made[0], mention, clause, number)]
        left = text[clause : mention.start]
        if _TWO_WAYS.search(left):
            first = replace(made[0], values={**values, "of_growth": False})
            return [first, replace(made[0], values={**values, "of_growth": True})]
        row = self._row(own) if own else self.carried.row
        behind = max(clause, row[-1].end if row else 0)
        if len(row) > 1 and _EACH.search(text[behind : mention.start]):
            self.carried.row = row
            return [
                replace(made[0], values={**values, "subject": Subject(s.words, s.key)}) for s in row
            ]
        return made

    def _row(self, own: Sequence[SubjectToken]) -> list[SubjectToken]:
        """Return the last subjects of a clause that are joined by 、 and 和."""
        row = list(own[-1:])
        for token in reversed(own[:-1]):
            if _JOINED.fullmatch(re.sub("数量", "", self.found.text[token.end : row[0].start])):
                row.insert(0, token)
            else:
                break
        return row

    def _respectively(self, one: Found, mention: Mention, clause: int, number: int) -> Found:
        """Return a statement of the n-th of what was listed, of the n-th number."""
        text = self.found.text
        split = _RESPECTIVELY.search(text[clause:])
        at = clause + split.start() if split and not self.found.english else mention.start
        first = next(n for n, m in enumerate(self.found.mentions) if m.start >= min(at, mention.start)
                     or (self.found.english and m.start >= clause))  # fmt: skip
        index = number - first
        subjects = self._row([s for s in self.found.subjects if s.end <= at])
        places = [p for p in self.found.places if p.end <= at and p.start >= clause]
        whens = [t for t in self.found.times if t.end <= at and t.period is not None and not t.base]
        values = dict(one.values)
        if len(subjects) > 1 and index < len(subjects):
            values["subject"] = Subject(subjects[index].words, subjects[index].key)
        elif len(places) > 1 and index < len(places):
            values["place"] = places[index].place
        elif len(whens) > 1 and index < len(whens):
            values["period"] = whens[index].period
        return replace(one, values=values)


def _same(mention: Mention, amount: Any) -> bool:
    low, other = mention.amount.low, amount.low
    return mention.amount.words == amount.words and low is not None and other is not None and (
        abs(low) == abs(other)
    )  # fmt: skip


def _holds(whole: str, part: str) -> bool:
    """Return whether a region holds another, by the shape of their codes."""
    if whole == NATION:
        return True
    stem = whole[:2] if whole.endswith("0000") else whole[:4] if whole.endswith("00") else whole
    return part.startswith(stem)


_PERSONS = frozenset({"employment", "population"})
_COUNTS = frozenset({
    "enterprises", "divisions", "groups", "titles", "titles_national", "titles_provincial",
    "titles_municipal", "title_holders", "digitised_enterprises", "digitised_smes", "projects",
    "clusters", "clusters_100bn", "clusters_10bn", "identifiers_registered",
    "identifiers_resolved",
})  # fmt: skip
_MONEY = frozenset({
    "output", "revenue", "profit", "exports", "value_added", "rd_expense", "trade_exports",
    "cluster_revenue", "gdp", "society_rd", "upgrade_investment", "industrial_investment",
    "foreign_exports", "foreign_imports", "industrial_value_added",
})  # fmt: skip


def _fits(key: str | None, dimension: str | None, scope: str | None) -> bool:
    """Return whether a figure can be of a dimension: enterprises are counted, revenue is money."""
    if key is None:
        return True
    if dimension in ("ratio", "ratio_difference", "multiple", "place"):
        return True
    if key in _PERSONS:
        return dimension == "persons"
    if key in _COUNTS or key.startswith("title:"):
        return dimension == "count" or (
            scope == "cluster" and key == "clusters" and dimension == "money_cny"
        )
    if key in _MONEY:
        return dimension in ("money_cny", "money_usd")
    return dimension not in ("count", "persons") or key is None


def _a_head(amount: Amount) -> Amount:
    """Return money as money a person; where two levels share 元/人, only the second says so."""
    worth = Decimal(1) if amount.unit is CNY_1E4 else CNY.factor / CNY_1E4.factor
    return replace(
        amount, unit=PER_PERSON, low=None if amount.low is None else amount.low * worth,
        high=None if amount.high is None else amount.high * worth, step=amount.step * worth,
    )  # fmt: skip
