"""What a picture says in sentences: findings, changes, the words for what is missing.

The terminal and the page say the same sentences, so they are made here and
not in a template. A finding states what the figures show and no more: no
adjective that a figure beside it does not carry.
"""

from __future__ import annotations

from ballast.brain.picture_shape import (
    Change,
    ClusterSize,
    Coverage,
    Indicator,
    MacroItemPicture,
    RegionPicture,
)
from ballast.brain.tiers import TIER_LABELS, Tier
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence, Written, movement, percent, written

__all__ = [
    "QUESTION",
    "absent_reason",
    "answer",
    "change_text",
    "clusters_finding",
    "contribution_finding",
    "count_text",
    "coverage_text",
    "growth_texts",
    "inline",
    "macro_finding",
    "places_finding",
    "sealed_tier",
    "short",
    "specialisation_finding",
    "stars_finding",
    "stars_text",
    "structure_finding",
    "tier_text",
    "trend_finding",
    "upgrade_finding",
    "value_of",
]

QUESTION = Label("我们的工业现状如何？", "Where does our industry stand?")
LOW_COVERAGE = 0.95


def value_of(indicator: Indicator, language: Language) -> Written:
    """Return a headline figure as text, or the word for its absence."""
    if indicator.value is None:
        return Written((indicator.absence or Absence.NO_DATA).label.text(language), "")
    return written(indicator.value, indicator.unit, language, noun=indicator.noun)


def absent_reason(absence: Absence, language: Language) -> str:
    """Return why there is no number: the tooltip of the word in its place."""
    if absence is Absence.UNDEFINED:
        return say(
            "the number does not exist for these data: it would divide by zero or compare with a "
            "loss",
            language,
        )
    if absence is Absence.SUPPRESSED:
        return say("it exists, and would disclose what one enterprise reported", language)
    return say("nobody has loaded the figures that it rests on", language)


def count_text(enterprises: int | None, language: Language) -> str:
    """Return a count of enterprises; one that is not told is withheld, for it is always known."""
    return Absence.SUPPRESSED.label.text(language) if enterprises is None else str(enterprises)


def change_text(change: Change | None, language: Language) -> str:
    """Return a change with arrow and sign, or the word for its absence."""
    if change is None or change.value is None:
        absence = Absence.NO_DATA if change is None or change.absence is None else change.absence
        return absence.label.text(language)
    return movement(change.value, change.unit, language)


def growth_texts(indicator: Indicator, language: Language) -> tuple[str, ...]:
    """Return the two changes of a figure, each named: published level, comparable sample."""
    found = []
    if indicator.published is not None:
        found.append(
            say(
                "{change} on {base} (published levels)",
                language,
                change=change_text(indicator.published, language),
                base=indicator.published.base.label.text(language),
            )
        )
    if indicator.comparable is not None:
        found.append(
            say(
                "{change} on the comparable sample of {count} enterprises",
                language,
                change=change_text(indicator.comparable, language),
                count=indicator.comparable.enterprises or 0,
            )
        )
    return tuple(found)


def coverage_text(coverage: Coverage | None, language: Language) -> str:
    """Return how many reported of how many expected."""
    if coverage is None or coverage.share is None:
        return say("coverage is not known: the scope changes with the year", language)
    return say(
        "{reported} of {expected} enterprises reported ({share})",
        language,
        reported=coverage.reported,
        expected=coverage.expected,
        share=percent(coverage.share),
    )


def answer(picture: RegionPicture, language: Language) -> tuple[str, ...]:
    """Return the answer to the page's question, in a few sentences."""
    found = []
    output, enterprises = picture.indicator("output"), picture.indicator("enterprises")
    if output is not None and output.value is not None and picture.period is not None:
        found.append(
            say(
                "{count} above-scale enterprises made {output} of output in {period}, {change} on "
                "a year before.",
                language,
                period=picture.period.label.text(language),
                count="—" if enterprises is None else value_of(enterprises, language).number,
                output=value_of(output, language),
                change=change_text(output.published, language),
            )
        )
    if picture.divisions:
        found.append(structure_finding(picture, language))
    if picture.clusters:
        found.append(clusters_finding(picture, language))
    if picture.upgrade is not None and picture.upgrade.growth is not None:
        found.append(upgrade_finding(picture, language))
    return tuple(found)


def structure_finding(picture: RegionPicture, language: Language) -> str:
    """Return what the structure shows: how many divisions, and how much the largest makes."""
    first = picture.divisions[0]
    if picture.sealed is not None:
        return say(
            "{divisions} of 41 divisions and {groups} of 207 groups are present; of those whose "
            "output is published {largest} makes most: {share}.",
            language,
            divisions=len(picture.divisions),
            groups=len(picture.groups),
            largest=inline(first.label, language),
            share=_share(first.share, language, first.absence),
        )
    return say(
        "{divisions} of 41 divisions and {groups} of 207 groups are present; {largest} makes "
        "{share} of output.",
        language,
        divisions=sum((division.enterprises or 0) > 0 for division in picture.divisions),
        groups=sum((group.enterprises or 0) > 0 for group in picture.groups),
        largest=inline(first.label, language),
        share=_share(first.share, language),
    )


def clusters_finding(picture: RegionPicture, language: Language) -> str:
    """Return what the clusters show: how many of each tier, and the largest."""
    first = picture.clusters[0]
    if picture.sealed is not None:
        return say(
            "The revenue of {count} of {all} clusters is published; the largest of them is {name} "
            "with {revenue}.",
            language,
            count=sum(cluster.revenue is not None for cluster in picture.clusters),
            all=len(picture.clusters),
            name=first.label,
            revenue=Absence.SUPPRESSED.label
            if first.revenue is None
            else written(first.revenue, units.CNY_1E4, language),
        )
    return say(
        "Clusters of the 100-billion class: {hundred}, of the 10-billion class: {ten}; the largest "
        "is {name} with {revenue}.",
        language,
        hundred=_of_tier(picture.clusters, Tier.HUNDRED_BILLION),
        ten=_of_tier(picture.clusters, Tier.TEN_BILLION),
        name=first.label.text(language),
        revenue=(first.absence or Absence.NO_DATA).label.text(language)
        if first.revenue is None
        else written(first.revenue, units.CNY_1E4, language),
    )


def specialisation_finding(picture: RegionPicture, language: Language) -> str:
    """Return what the region is most specialised in, naming the reference."""
    first = picture.specialisations[0]
    reference = picture.reference or Label("", "")
    return say(
        "{industry} employs {times} times the share that it has in {reference}.",
        language,
        industry=_opening(first.label, language),
        times=f"{first.quotient:.1f}"
        if first.quotient is not None
        else Absence.UNDEFINED.label.text(language),
        reference=reference.text(language),
    )


def contribution_finding(picture: RegionPicture, language: Language) -> str:
    """Return which division carries the growth."""
    known = [d for d in picture.divisions if d.contribution is not None]
    if not known:
        return say("Growth by division needs the same period of the year before.", language)
    first = max(known, key=lambda d: d.contribution or 0.0)
    output = picture.indicator("output")
    whole = None if output is None else output.published
    return say(
        "{industry} contributes {points} of the growth of {whole}.",
        language,
        industry=_opening(first.label, language),
        points=movement(first.contribution or 0.0, units.PERCENTAGE_POINTS, language, places=2),
        whole=change_text(whole, language),
    )


def trend_finding(output: Indicator, language: Language) -> str:
    """Return the latest month and its change on the same month a year before."""
    known = {p.period: p.value for p in output.series if p.value is not None}
    last = max(known)
    base = known.get(last.same_period_last_year())
    change = Absence.NO_DATA.label.text(language)
    if base:
        change = movement((known[last] / base - 1) * 100, units.PERCENT, language)
    joined = len(last.months) > 1
    return say(
        "Output of {period} was {value} a month, {change} on a year before."
        if joined
        else "Output of {period} was {value}, {change} on a year before.",
        language,
        period=last.label.text(language),
        value=written(known[last], output.unit, language),
        change=change,
    )


def stars_finding(picture: RegionPicture, language: Language) -> str:
    """Return how many clusters stand out by two criteria or more."""
    return say(
        "{count} of {all} clusters earn two stars or more.",
        language,
        count=sum((cluster.stars or 0) >= 2 for cluster in picture.clusters),
        all=len(picture.clusters),
    )


def places_finding(picture: RegionPicture, language: Language) -> str:
    """Return where the most revenue is."""
    first = picture.places[0]
    if picture.sealed is not None:
        return say(
            "Of the places whose revenue is published {place} has most: {share} of the region's.",
            language,
            place=first.label,
            share=_share(first.share, language, first.absence),
        )
    return say(
        "{place} has the most revenue: {share} of the region's.",
        language,
        place=first.label.text(language),
        share=_share(first.share, language),
    )


def macro_finding(item: MacroItemPicture, language: Language) -> str:
    """Return the region's latest figure, its rank named with the set it ranks in."""
    own = next(line for line in item.lines if line.own)
    latest = own.points[-1]
    value = Absence.NO_DATA.label.text(language)
    if latest.value is not None:
        value = str(written(latest.value, item.unit, language))
    if item.rank is None or item.within is None:
        return say(
            "{item}: {value} in {year}.",
            language,
            item=_opening(item.label, language),
            value=value,
            year=latest.period.year,
        )
    return say(
        "{item}: {value} in {year}, place {rank} of {count} cities of {within} with figures.",
        language,
        item=_opening(item.label, language),
        value=value,
        year=latest.period.year,
        rank=item.rank,
        count=item.ranked,
        within=item.within.text(language),
    )


def upgrade_finding(picture: RegionPicture, language: Language) -> str:
    """Return how technical-upgrade investment grew, naming base and end year."""
    upgrade = picture.upgrade
    if upgrade is None or upgrade.growth is None:
        return say("The growth of technical-upgrade investment needs two years.", language)
    known = [p for p in upgrade.years if p.value is not None]
    return say(
        "Technical-upgrade investment grew by {growth} a year from {first} to {last}.",
        language,
        growth=percent(upgrade.growth / 100),
        first=known[0].period.year,
        last=known[-1].period.year,
    )


def stars_text(stars: int | None, language: Language) -> str:
    """Return stars as signs, of three."""
    if stars is None:
        return Absence.UNDEFINED.label.text(language)
    return "★" * stars + "☆" * (3 - stars)


def tier_text(tier: Label, language: Language) -> str:
    """Return a tier as a table's cell says it: under a head that says tier, "class" is too much."""
    return tier.text(language).removesuffix(" class")


def sealed_tier(cluster: ClusterSize, language: Language) -> str:
    """Return the class of size that the published revenue reaches; of a withheld one, none."""
    if cluster.revenue is None:
        return (cluster.absence or Absence.NO_DATA).label.text(language)
    return (cluster.tier or TIER_LABELS[Tier.BELOW]).text(language)


def _of_tier(clusters: tuple[ClusterSize, ...], tier: Tier) -> int:
    return sum(cluster.tier == TIER_LABELS[tier] for cluster in clusters)


def _share(share: float | None, language: Language, absence: Absence | None = None) -> str:
    if share is None:
        return (absence or Absence.UNDEFINED).label.text(language)
    return percent(share)


def inline(label: Label, language: Language) -> str:
    """Return a name as it stands inside a sentence: an English one without its capital.

    Examples
    --------
    >>> inline(Label("纺织业", "Manufacture of textiles"), "en")
    'manufacture of textiles'
    """
    text = label.text(language)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def short(label: Label, language: Language) -> str:
    """Return a name short enough for a chart: without the words that most names begin with.

    Examples
    --------
    >>> short(Label("纺织业", "Manufacture of textiles"), "en")
    'Textiles'
    """
    text = label.text(language)
    rest = text.removeprefix("Manufacture of ")
    return rest[:1].upper() + rest[1:]


def _opening(label: Label, language: Language) -> str:
    text = label.text(language)
    return text[:1].upper() + text[1:]
