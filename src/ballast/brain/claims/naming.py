"""Whom and where: the places, clusters, industries and enterprises that a text names.

A name that is known becomes its code. A name that has the form of one and is
not known (火星市, 高技术制造业, a company nobody registered) is kept as a name
without a code: a figure of it is not a figure of the city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ballast.brain.claims.statement import Place, Scope
from ballast.brain.claims.vocabulary import NamedCluster, Vocabulary
from ballast.terms.region import NATION

__all__ = ["PlaceToken", "ScopeToken", "places", "scopes"]


@dataclass(frozen=True, slots=True)
class PlaceToken:
    """A place: where the word stands, and what it means."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class ScopeToken:
    """A cluster, an industry, an enterprise: where the word stands, what it means, where that is.

    ``region`` is the place that comes with it: a cluster counts in its own.
    """

    start: int
    end: int
    scope: Scope
    region: str | None = None


_HOME = "我市|全市|本市|全区|全县|我区|我县|我们市"
_PROVINCE = "我省|全省|本省|省内|省均"
_NATION = "我国|全国|国内"
_HOME_EN = r"the city|this city|citywide|city's"
_PROVINCE_EN = r"the province|provincial|provincewide"
_NATION_EN = r"the country|the nation|nationwide|national(?!ly)"
_AHEAD = r"(?:^|[，。；、：\s]|(?<=年)|(?<=月))"
# A word that has the form of a place and begins a clause; 全市, 城市, 园区 and 上市 are none.
_UNKNOWN = re.compile(
    _AHEAD + r"(?P<name>(?:(?![全我本各该每两三四五六七八九十多其某])[\u4e00-\u9fff]){2,4}?"
    r"(?:(?<![上城超股夜门])市|(?<!各)县|(?<![地社园片景能范验行聚业税辖市库矿])区|(?<![节各])省))"
    r"(?![场民值委政级属域内化里长面况间别块位县区市])"
)
# 信发集团营业收入, 纺织服装产业产值: of somebody whom no dictionary knows, not of the city.
_UNKNOWN_OWNER = re.compile(
    r"(?:" + _AHEAD + r"|(?<=市)|(?<=县)|(?<=区)|其中)"
    r"(?P<name>(?!全|我|本|各|规上|规模以上|高新技术产业|特色产业|其中)[\u4e00-\u9fff]{2,10}?"
    r"(?P<kind>产业链|产业集群|集群|产业|行业|制造业|加工业|集团|公司|园区|板块))"
    r"(?=(?:规上|规模以上)?(?:工业|企业)*(?:年|实现|完成|累计|的)?"
    r"(?:主营|营业收入|营收|总?产值|利润|增加值|出口|税收|用电|能耗|从业|用工))"
)
_KINDS = {"集群": "cluster", "产业集群": "cluster", "集团": "enterprise", "公司": "enterprise"}
_ENTERPRISE = re.compile(
    r"[\u4e00-\u9fff（）()A-Za-z]{2,30}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司)"
)
_NOT_OF_ITS_NAME = re.compile(
    r"^.*(?:位于|来自|走进|的|在|由|和|与|为|是|对|向|据)(?=[\u4e00-\u9fff]{4})"
)
_ENTERPRISE_EN = re.compile(
    r"\b(?:[A-Z][\w&'-]+ ){1,6}(?:Co\.,? Ltd\.?|Company Limited|Corporation|Inc\.)"
)
_OWNERS = {
    "民营企业": "private", "民营工业": "private", "私营企业": "private", "国有企业": "state",
    "国有控股企业": "state", "外商投资企业": "foreign", "外资企业": "foreign",
    "集体企业": "collective",
}  # fmt: skip
_SECTORS = (
    "高技术制造业|装备制造业|先进制造业|战略性新兴产业|高新技术产业(?!产值)|高耗能行业|六大高耗能行业|数字经济核心产业|"
    "计算机通信和其他电子设备制造业|制造业(?!百强|单项)|采矿业|服务业"
)
_WE = ("我们公司", "本公司", "该公司", "本集团", "该集团")
_BEHIND_CLUSTER = (
    r"(?:产业)?(?:集群)?(?=(?:年|主营|营|规|、|等|最|表|较|和|与|及|；|;|:|：|总|产值|从业|增|完|实|达|超|突|首|近|约|是|的|工业|位|"
    r"，|。|$|\d|[一二三四五六七八九十百千]|企业|用工|利润|出口))"
)


def places(text: str, known: Vocabulary, *, english: bool) -> Iterator[PlaceToken]:
    """Yield the places of a mended sentence in order.

    Examples
    --------
    >>> home = Vocabulary("371500", {"茌平区": "371503"})
    >>> [(t.place.words, t.place.codes) for t in places("茌平区增速高于全市", home, english=False)]
    [('茌平区', ('371503',)), ('全市', ('371500',))]
    """
    pattern = _place_pattern(tuple(known.places), english)
    found = []
    for match in pattern.finditer(text):
        word = match[0]
        code = known.places.get(word) or known.places.get(word.removesuffix("'s"))
        if match["home"]:
            code = known.home
        elif match["province"]:
            code = known.province
        elif match["nation"]:
            code = NATION
        if code is not None:
            found.append(PlaceToken(*match.span(), Place(word, (code,))))
    if not english:
        taken = [(t.start, t.end) for t in found]
        for match in _UNKNOWN.finditer(text):
            start, end = match.span("name")
            if not any(start < e and s < end for s, e in taken):
                found.append(PlaceToken(start, end, Place(match["name"], ())))
    yield from sorted(found, key=lambda t: t.start)


@lru_cache(maxsize=16)
def _place_pattern(names: tuple[str, ...], english: bool) -> re.Pattern[str]:
    chosen = [n for n in names if n.isascii() == english]
    known = "|".join(re.escape(n) for n in sorted(chosen, key=len, reverse=True)) or r"(?!)"
    if english:
        return re.compile(
            rf"\b(?:(?P<home>{_HOME_EN})|(?P<province>{_PROVINCE_EN})|(?P<nation>{_NATION_EN})|(?:{known}))\b"
        )
    return re.compile(
        rf"(?P<home>{_HOME})|(?P<province>{_PROVINCE})|(?P<nation>{_NATION})|(?:{known})"
    )


def scopes(text: str, known: Vocabulary, *, english: bool) -> Iterator[ScopeToken]:
    """Yield whom a sentence speaks of in order; where two overlap, the more telling one.

    Examples
    --------
    >>> found = scopes("通用设备制造业增长7%", Vocabulary("371500"), english=False)
    >>> [(t.scope.kind, t.scope.code) for t in found]
    [('industry', '34')]
    """
    found: list[ScopeToken] = []
    whole = _divisions_en(text, known) if english else ()
    for one in (*whole, *_named_enterprises(text, known, english), *_clusters(text, known, english),
                *(() if english else _sectors(text, known))):  # fmt: skip
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    yield from sorted(found, key=lambda t: t.start)


def _named_enterprises(text: str, known: Vocabulary, english: bool) -> Iterator[ScopeToken]:
    for match in (_ENTERPRISE_EN if english else _ENTERPRISE).finditer(text):
        name, start = match[0], match.start()
        if name not in known.enterprises and not english:
            cut = _NOT_OF_ITS_NAME.match(name)
            start += 0 if cut is None else cut.end()
            name = text[start : match.end()]
        code = known.enterprises.get(name)
        yield ScopeToken(start, match.end(), Scope("enterprise", name, code))


def _divisions_en(text: str, known: Vocabulary) -> Iterator[ScopeToken]:
    """Yield divisions by their whole names: of a part of one no figure is kept."""
    for match in _division_pattern(tuple(known.industries_en)).finditer(text):
        code = known.industries_en[match[0].lower()]
        yield ScopeToken(*match.span(), Scope("industry", match[0], code))


@lru_cache(maxsize=4)
def _division_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    chosen = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{chosen or '(?!)'})(?!\w)", re.IGNORECASE)


def _clusters(text: str, known: Vocabulary, english: bool) -> Iterator[ScopeToken]:
    for cluster, pattern in _cluster_patterns(known.clusters, tuple(known.places), english):
        for match in pattern.finditer(text):
            scope = Scope("cluster", match[0], cluster.key)
            yield ScopeToken(*match.span(), scope, cluster.region)


@lru_cache(maxsize=16)
def _cluster_patterns(
    clusters: tuple[NamedCluster, ...], names: tuple[str, ...], english: bool
) -> tuple[tuple[NamedCluster, re.Pattern[str]], ...]:
    stems = sorted((n for n in names if n.isascii() == english), key=len, reverse=True)
    made = []
    for cluster in clusters:
        label = cluster.label.en if english else cluster.label.zh.removesuffix("产业集群")
        if not label:
            continue
        if english:
            words = label.split()[1:] or label.split()
            product = r"[- ]".join(map(re.escape, words))
            first = re.escape(label.split()[0])
            made.append(
                (
                    cluster,
                    re.compile(
                        rf"(?:\b{first}(?:'s)? )?{product}(?: (?:industrial )?cluster)?",
                        re.IGNORECASE,
                    ),
                )
            )
            continue
        stem = next((s for s in stems if label.startswith(s) and len(s) < len(label)), "")
        rest = label[len(stem) :].removesuffix("产业")
        made.append(
            (cluster, re.compile(rf"{re.escape(stem)}[市县区]?{re.escape(rest)}{_BEHIND_CLUSTER}"))
        )
    return tuple(made)


def _sectors(text: str, known: Vocabulary) -> Iterator[ScopeToken]:
    for match in _UNKNOWN_OWNER.finditer(text):
        if known.industries.get(match["name"]) is None and match["name"] not in _WE:
            kind = _KINDS.get(match["kind"], "industry")
            yield ScopeToken(*match.span("name"), Scope(kind, match["name"], None))
    pattern = _sector_pattern(tuple(known.industries))
    for match in pattern.finditer(text):
        words = match[0]
        if words in _OWNERS:
            yield ScopeToken(*match.span(), Scope("ownership", words, _OWNERS[words]))
        else:
            yield ScopeToken(*match.span(), Scope("industry", words, known.industries.get(words)))


@lru_cache(maxsize=4)
def _sector_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    chosen = sorted((*names, *_OWNERS), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, chosen)) + "|" + _SECTORS)
