"""Of which figure a number is: the words that stand with it, or what was spoken of before.

A clause that says nothing of its own (，同比增长6.3%) goes on with the figure
before it. A clause with a noun that is in no dictionary (，人均超5万元) does
not: what is left of its words, when everything known is taken away, is its
own subject, and none of ours.
"""

from __future__ import annotations

import re

from ballast.brain.claims.kinds import Said
from ballast.brain.claims.line import Line, Turn
from ballast.brain.claims.mention import Form, Mention
from ballast.brain.claims.naming import ScopeToken
from ballast.brain.claims.statement import Kind
from ballast.brain.claims.subjects import GOALS, SubjectToken

__all__ = ["fitting", "likely", "standing_with"]

# gave 0.6 percentage points of the growth of output: its figure stands behind the number.
_GROWTH_OF_EN = re.compile(r"\s*(?:of|to|from) (?:the )?growth (?:of|in) (?:the )?", re.IGNORECASE)
# What a clause may hold beside a figure without speaking of something else.
_EMPTY = re.compile(
    r"同比|环比|增长|增加|提高|提升|上升|扩大|加快|下降|降低|减少|回落|下滑|收窄|分别|实现|完成|达到|达|首次|突破|年均|"
    r"累计|其中|平均|水平|增速|增幅|涨幅|降幅|总量|总体|规模|数量|位居|位列|名列|排名|跻身|进入|保持|稳居|比重|占比|较上年|"
    r"比上年|上年|去年|同期|年初|末|净|增|降|升|至|为|是|的|了|居|列|位|比|较|占|共|已|仅|有|由|从|到|均|都|双双|也|还|又|再|"
    r"以|在|中|全省|全国|全市|当月|目前|大关|高于|低于|快于|慢于|高出|领先|转|持续|稳步|首位|前|约|近|超|个|市|每年|每|着|"
    r"和|与|及|、|“|”|\"|\s|[,，:：()（）·\-*|]|第|升至|恢复|并|则|其|此|该|总|数|量|额|值|且|著|着|稳定|企业|产业|集群|多|年|来|期间|规上工业|规模以上工业|工业|全部|同口径|有数据|个市中|市中|分区域看|分行业看|表现|最好|最弱|最快|最慢|最大|最小|\x1a"
)
_EMPTY_EN = re.compile(
    r"\b(?:the|a|an|and|but|while|with|of|in|by|to|at|on|for|from|up|down|was|were|is|are|it|its|this|that|which|year|"
    r"grew|rose|fell|dropped|increased|decreased|reached|ranked|some|about|than|also|first|half|quarter|months?|"
    r"came|stood|had|has|over|came|ending|average|annual|rate|city|province|provincial|faster|growth|only|"
    r"accounted|accounting|increase|decrease|gain|compared|respectively)\b|[\s,.;:'’\"\-–—()%&]+",
    re.IGNORECASE,
)
_COUNTED = frozenset({"count", "persons"})
_NEAR = {True: 40, False: 8}  # characters behind a count in which its noun must begin
_BETWEEN = {
    True: re.compile(r"\s*(?:[\w-]+\s+){0,3}"),
    False: re.compile(r"\s*(?:特色|规模以上|以上|现代化?|重点)?"),
}


def standing_with(line: Line, mention: Mention, start: int, end: int) -> tuple[SubjectToken, ...]:
    """Return the words for figures that stand with a number: left of it, or right of a count."""
    tokens = line.found.subjects
    unit = mention.amount.unit
    if mention.form is Form.AMOUNT and (unit is None or unit.name in _COUNTED):
        furthest = min(end, mention.end + _NEAR[line.english])
        between = _BETWEEN[line.english]
        for token in tokens:
            if mention.end <= token.start < furthest and between.fullmatch(
                line.text[mention.end : token.start]
            ):
                return (token,)
    growth = _GROWTH_OF_EN.match(line.text, mention.end) if line.english else None
    if mention.form is Form.POINTS and growth is not None:
        behind = tuple(s for s in tokens if s.start == growth.end())
        if behind:
            return behind
    return tuple(s for s in tokens if start <= s.start and s.end <= mention.start)


def likely(line: Line, turn: Turn) -> tuple[SubjectToken | None, bool]:
    """Return the figure that a number is of by its place, and whether it was said before only."""
    own = turn.own
    if own:
        return own[-1], False
    if foreign(line, turn):
        return None, False
    earlier = [s for s in line.found.subjects if s.end <= turn.start]
    found = line.carried.subject
    if found is None and not earlier and line.context.subject is not None:
        # 分区域看，…。度假区表现最弱，同比下降7.4%。
        return line.context.subject, True
    if earlier and (found is None or earlier[-1].start > found.start):
        found = earlier[-1]
    if found is not None and found.key in GOALS:
        return None, False  # 3项目标，2项…: some of them are not what there are
    return found, found is not None


def fitting(
    line: Line,
    turn: Turn,
    spoken: Said,
    scope: ScopeToken | None,
    subject: SubjectToken | None,
    *,
    is_carried: bool,
) -> tuple[SubjectToken, bool]:
    """Return the figure, unless it cannot have this unit; then what stands there instead.

    Parameters
    ----------
    line, turn
        The sentence, and the number in it.
    spoken
        What it says.
    scope
        Of whom.
    subject, is_carried
        What `likely` found.
    """
    mention, unit = turn.mention, turn.mention.amount.unit
    dimension = unit.dimension if unit else None
    of_amount = mention.form is Form.AMOUNT and spoken.kind in (Kind.LEVEL, Kind.CHANGE)
    if subject is not None and of_amount and not (is_carried and spoken.kind is Kind.CHANGE):
        kind = scope.scope.kind if scope is not None and not is_carried else None
        words = mention.amount.words
        if not _fits(subject.key, dimension, kind, words):
            own = [] if is_carried else turn.own
            other = [s for s in own if _fits(s.key, dimension, kind, words)]
            subject = other[-1] if other else None
    if subject is not None:
        return subject, is_carried
    return _nameless(line, turn, spoken, scope, dimension), False


def _nameless(
    line: Line, turn: Turn, spoken: Said, scope: ScopeToken | None, unit: str | None
) -> SubjectToken:
    """Return words for a figure that is not known; money of a cluster alone is its revenue."""
    start, mention = turn.start, turn.mention
    cluster = scope is not None and scope.scope.kind == "cluster"
    revenue = unit == "money_cny" or spoken.kind in (Kind.RANK, Kind.GROWTH)
    if scope is not None and cluster and revenue and not foreign(line, turn):
        return SubjectToken(scope.start, scope.end, "cluster_revenue", scope.scope.words)
    words = _residue(line, start, mention.start)
    last = line.carried.subject
    if words == "投资" and last is not None and last.key == "projects":
        return SubjectToken(start, mention.start, "upgrade_investment", words)
    if not words and mention.form is Form.AMOUNT:
        words = re.split(r"[，。,；;、]", line.text[mention.end : turn.end])[0].strip()
    return SubjectToken(start, mention.start, None, words[:24].strip())


def foreign(line: Line, turn: Turn) -> bool:
    """Return whether a clause speaks of something of its own that is not known."""
    return bool(_residue(line, turn.start, turn.mention.start))


def _residue(line: Line, start: int, end: int) -> str:
    """Return what is left of the words, when all that is known is taken away."""
    found, text = line.found, list(line.text)
    for first, last in found.taken:
        for place in range(first, min(last, len(text))):
            text[place] = "\x00"
    left = "".join(text[start:end])
    if line.english:
        return " ".join(_EMPTY_EN.sub(" ", left.replace("\x00", " ")).split())
    rest = _EMPTY.sub("", left.replace("\x00", ""))
    return rest if len(re.findall("[\u3400-\u9fff]", rest)) >= 2 else ""


_PERSONS = frozenset({"employment", "population"})
_COUNTS = frozenset({
    "enterprises", "divisions", "groups", "titles", "titles_national", "titles_provincial",
    "titles_municipal", "title_holders", "digitised_enterprises", "digitised_smes", "projects",
    "clusters", "clusters_100bn", "clusters_10bn", "identifiers_registered",
    "identifiers_resolved", "projects_finished", "projects_under_way", *GOALS,
})  # fmt: skip
# Not counted in firms: N家企业 beside one of these says on whom it rests.
_NO_FIRMS = frozenset({
    "divisions", "groups", "titles", "titles_national", "titles_provincial", "titles_municipal",
    "projects", "clusters", "clusters_100bn", "clusters_10bn", "identifiers_registered",
    "identifiers_resolved", *GOALS,
})  # fmt: skip
_MONEY = frozenset({
    "output", "revenue", "profit", "exports", "value_added", "rd_expense", "trade_exports",
    "cluster_revenue", "gdp", "society_rd", "upgrade_investment", "industrial_investment",
    "foreign_exports", "foreign_imports", "industrial_value_added",
})  # fmt: skip


def _fits(key: str | None, dimension: str | None, scope: str | None, words: str = "") -> bool:
    """Return whether a figure can be of a dimension: enterprises are counted, revenue is money."""
    if key is None:
        return True
    if dimension in ("ratio", "ratio_difference", "multiple", "place"):
        return True
    if words in ("家", "户") and key in _NO_FIRMS:
        return False
    if key in _PERSONS:
        return dimension == "persons"
    if key in _COUNTS or key.startswith("title:"):
        return dimension == "count" or (
            scope == "cluster" and key == "clusters" and dimension == "money_cny"
        )
    if key in _MONEY:
        return dimension in ("money_cny", "money_usd")
    return dimension not in ("count", "persons") or key is None
