"""What the Cluster page says in sentences and heads of tables.

A finding states what the figures beside it show and no more. Figures that do
not exist are said by their word; nothing is written as 0 that is not 0.
"""

from __future__ import annotations

from ballast.brain.cluster_shape import ClusterBook, Kind, Profile, ShiftShare, Stars, Turnover
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.portal.picture_words import short
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, fixed, movement, percent, written

__all__ = [
    "HEADS",
    "KINDS",
    "QUESTION",
    "growth",
    "growth_finding",
    "lead_finding",
    "money",
    "moved_finding",
    "number",
    "overview_answer",
    "persons",
    "places_finding",
    "points",
    "profile_answer",
    "quotient",
    "scatter_finding",
    "scope_finding",
    "share",
    "source_line",
    "star_names",
    "stars_finding",
    "stars_signs",
    "turnover_finding",
]

QUESTION = Label(
    "哪些集群和行业强，增长从何而来？",
    "Which clusters and industries are strong, and what makes them grow?",
)

KINDS: dict[Kind, Label] = {
    Kind.CLUSTER: Label("产业集群", "Clusters"),
    Kind.DIVISION: Label("行业大类", "Divisions"),
    Kind.GROUP: Label("行业中类", "Groups"),
}

HEADS: dict[str, Label] = {
    "name": Label("名称", "name"),
    "code": Label("代码", "code"),
    "place": Label("所在地", "place"),
    "tier": Label("级别", "tier"),
    "stars": Label("星级", "stars"),
    "size": Label("规模星", "size"),
    "specialisation": Label("专业化星", "specialisation"),
    "focus": Label("集聚星", "focus"),
    "quotient": Label("区位商", "LQ"),
    "revenue": Label("营业收入", "revenue"),
    "output_before": Label("上年总产值", "output, year before"),
    "output": Label("总产值", "output"),
    "growth": Label("增速（%）", "growth (%)"),
    "peer_growth": Label("参照地区增速（%）", "growth there (%)"),
    "enterprises": Label("规上企业", "enterprises"),
    "entered": Label("新入统", "entered"),
    "left": Label("退出", "left"),
    "persons": Label("用工", "persons employed"),
    "share": Label("占当地用工", "share of the place"),
    "national": Label("总体增长（百分点）", "whole (pp)"),
    "industry_mix": Label("产业结构（百分点）", "industry mix (pp)"),
    "shift": Label("本地竞争（百分点）", "own lead (pp)"),
    "new": Label("新增行业（百分点）", "new industries (pp)"),
    "part": Label("分量", "part"),
    "amount": Label("金额", "amount"),
    "points": Label("百分点", "pp"),
    "industry": Label("行业", "industry"),
    "enterprise": Label("企业", "enterprise"),
    "uscc": Label("统一社会信用代码", "code"),
    "weight": Label("计入比重", "counts by"),
    "who": Label("企业", "enterprises"),
    "count": Label("家数", "number"),
}


def number(value: float | None, places: int, language: Language) -> str:
    """Return a figure with fixed decimals, or the word for one that is undefined."""
    if value is None:
        return Absence.UNDEFINED.label.text(language)
    return fixed(value, places, language)


def quotient(value: float | None, language: Language) -> str:
    """Return a location quotient."""
    return number(value, 2, language)


def share(value: float | None, language: Language) -> str:
    """Return a share in percent."""
    return Absence.UNDEFINED.label.text(language) if value is None else percent(value)


def growth(value: float | None, language: Language) -> str:
    """Return a growth rate with its sign."""
    if value is None:
        return Absence.UNDEFINED.label.text(language)
    return movement(value, units.PERCENT, language)


def points(value: float | None, language: Language, *, bare: bool = False) -> str:
    """Return percentage points with their sign."""
    if value is None:
        return Absence.UNDEFINED.label.text(language)
    return movement(value, units.PERCENTAGE_POINTS, language, places=2, bare=bare)


def money(value: float | None, language: Language) -> str:
    """Return an amount of 10,000 CNY as a headline writes it."""
    if value is None:
        return Absence.NO_DATA.label.text(language)
    return str(written(round(value, 4), units.CNY_1E4, language))


def persons(value: float | None, language: Language) -> str:
    """Return a number of persons, whole."""
    if value is None:
        return Absence.NO_DATA.label.text(language)
    return fixed(round(value), 0, language)


def stars_signs(stars: Stars | None, language: Language) -> str:
    """Return stars as signs, of three; the word where they are undefined."""
    if stars is None or stars.total is None:
        return Absence.UNDEFINED.label.text(language)
    return "★" * stars.total + "☆" * (3 - stars.total)


def star_names(stars: Stars | None, language: Language) -> str:
    """Return which stars are held, in words."""
    if stars is None or stars.total is None:
        return Absence.UNDEFINED.label.text(language)
    held = [
        HEADS[name].text(language).removesuffix("星")
        for name in ("size", "specialisation", "focus")
        if getattr(stars, name)
    ]
    joint = "、" if language == "zh" else ", "
    return joint.join(held) if held else say("none", language)


def source_line(book: ClusterBook, language: Language) -> str:
    """Return where the figures come from, with the mark of synthetic data."""
    return say(
        "Source: the lake of {region}, as of {day}. {mark}",
        language,
        region=book.label,
        day=book.as_of.isoformat(),
        mark=SYNTHETIC.text(language) if book.synthetic else "",
    ).strip()


def overview_answer(book: ClusterBook, kind: Kind, language: Language) -> tuple[str, ...]:
    """Return the answer to the page's question for a region, in a few sentences."""
    held = book.of(kind)
    if book.year is None:
        said = say(
            "No whole year of reports ends so early: clusters and industries are sized over a "
            "year.",
            language,
        )
        return (said,)
    if not held:
        return (say("There is none of them here.", language),)
    tiers = [p.tier for p in held]
    first = held[0]
    found = [
        say(
            "{kind} in {year}: {count} ({hundred} of the 100-billion class, {ten} of the "
            "10-billion class); the largest is {name} with a revenue of {revenue}.",
            language,
            count=len(held),
            kind=KINDS[kind],
            year=book.year.label,
            hundred=tiers.count(TIER_LABELS[Tier.HUNDRED_BILLION]),
            ten=tiers.count(TIER_LABELS[Tier.TEN_BILLION]),
            name=short(first.label, language),
            revenue=money(first.revenue, language),
        )
    ]
    ahead = [p for p in held if p.parts and (s := p.parts[0].shift) and (s.points or 0.0) > 0]
    known = [p for p in held if p.parts and p.parts[0].parts]
    if book.base is None:
        found.append(_no_base(language))
    if known:
        best = max(known, key=lambda p: 0.0 if (s := p.parts[0].shift) is None else s.amount)
        lead = best.parts[0].shift
        found.append(
            say(
                "{count} of {all} grew faster than the same industries in {reference}; {name} "
                "gained most by it: {amount}, {points} of its growth.",
                language,
                count=len(ahead),
                all=len(known),
                reference=known[0].parts[0].reference_label,
                name=short(best.label, language),
                amount=money(None if lead is None else lead.amount, language),
                points=points(None if lead is None else lead.points, language),
            )
        )
    return tuple(found)


def profile_answer(profile: Profile, book: ClusterBook, language: Language) -> tuple[str, ...]:
    """Return what one cluster or industry is, in a few sentences."""
    if book.year is None:
        return ()
    found = [
        say(
            "{count} above-scale enterprises with a revenue of {revenue} in {year} ({tier}), "
            "{growth} on the year before.",
            language,
            count=profile.enterprises,
            revenue=money(profile.revenue, language),
            year=book.year.label,
            tier=Absence.NO_DATA.label if profile.tier is None else profile.tier,
            growth=growth(profile.growth, language),
        )
    ]
    if book.base is None:
        found.append(_no_base(language))
    elif profile.parts:
        found.append(growth_finding(profile.parts[0], language))
    if profile.turnover is not None:
        found.append(turnover_finding(profile.turnover, language))
    return tuple(found)


def _no_base(language: Language) -> str:
    return say(
        "Growth is not said: the year before is not known as a whole, and beside some of its "
        "months everything would seem to have grown.",
        language,
    )


def growth_finding(parts: ShiftShare, language: Language) -> str:
    """Return what the growth is made of, in one sentence."""
    shift = parts.shift
    if shift is None or parts.growth is None:
        return say(
            "What the growth is made of cannot be said: {reference} has no figures of {codes}, or "
            "there was nothing in the first year.",
            language,
            reference=parts.reference_label,
            codes=", ".join(parts.undefined) or "–",
        )
    by = {part.key.value: part.points for part in parts.parts}
    return say(
        "Output grew {growth}: {national} as all industry of {reference}, {mix} by its mix of "
        "industries, {own} by growing otherwise than these do there.",
        language,
        growth=growth(parts.growth, language),
        reference=parts.reference_label,
        national=points(by["national"], language),
        mix=points(by["industry_mix"], language),
        own=points(shift.points, language),
    ) + ("" if not by["entered"] else _and_new(by["entered"], language))


def _and_new(value: float, language: Language) -> str:
    between = "" if language == "zh" else " "
    new = say(
        "Industries that were not here before gave {new}.", language, new=points(value, language)
    )
    return between + new


def lead_finding(parts: ShiftShare, language: Language) -> str:
    """Return what the place itself gave to the growth: the third part of shift–share."""
    shift = parts.shift
    if shift is None or parts.growth is None:
        return growth_finding(parts, language)
    return say(
        "Beside the same industries in {reference} it gained {own} of its growth of {growth}.",
        language,
        reference=parts.reference_label,
        own=points(shift.points, language),
        growth=growth(parts.growth, language),
    )


def turnover_finding(turnover: Turnover, language: Language) -> str:
    """Return who made the growth, in one sentence."""
    if turnover.growth_published is None:
        return say("There was no output in the year before to grow from.", language)
    return say(
        "{stayed} enterprises in scope in both years gave {from_stayed}, {entered} that entered "
        "the scope {from_entered}, {left} that left it {from_left}.",
        language,
        stayed=turnover.stayed,
        entered=turnover.entered,
        left=turnover.left,
        from_stayed=points(turnover.from_stayed, language),
        from_entered=points(turnover.from_entered, language),
        from_left=points(turnover.from_left, language),
    )


def scope_finding(turnover: Turnover, language: Language) -> str:
    """Return how many came and left, and how those grew that stayed."""
    return say(
        "{entered} entered and {left} left the above-scale scope; on the comparable sample output "
        "grew {same}.",
        language,
        entered=turnover.entered,
        left=turnover.left,
        same=growth(turnover.growth_comparable, language),
    )


def stars_finding(held: tuple[Profile, ...], language: Language) -> str:
    """Return how many clusters stand out by two criteria or more."""
    return say(
        "{count} of {all} clusters earn two stars or more.",
        language,
        count=sum((p.stars.total or 0) >= 2 for p in held if p.stars is not None),
        all=len(held),
    )


def moved_finding(profile: Profile, language: Language) -> str:
    """Return how far the structure moved; empty where that cannot be said."""
    if profile.moved is None or profile.moved_industries < 2:
        return ""
    return say(
        "{share} of its output is in another of its {count} classes than a year before.",
        language,
        share=percent(profile.moved, places=2),
        count=profile.moved_industries,
    )


def places_finding(profile: Profile, language: Language) -> str:
    """Return where most of the people of its industries work."""
    first = profile.places[0]
    return say(
        "Most people of its industries work in {place}: {persons}, {times} times the share that "
        "they have in the region.",
        language,
        place=first.label,
        persons=persons(first.persons, language),
        times=quotient(first.quotient, language),
    )


def scatter_finding(profiles: tuple[Profile, ...], kind: Kind, language: Language) -> str:
    """Return how many stand out by specialisation."""
    known = [p for p in profiles if p.quotient]
    strong = sum((p.quotient or 0.0) >= 2 for p in known)
    if kind is Kind.CLUSTER:
        return say(
            "{count} of {all} clusters employ at least twice the region's share in their own "
            "place.",
            language,
            count=strong,
            all=len(known),
        )
    reference = known[0].quotient_base if known else None
    return say(
        "{count} of {all} industries are at least twice as strong here as in {reference}.",
        language,
        count=strong,
        all=len(known),
        reference=reference or Label("", ""),
    )
