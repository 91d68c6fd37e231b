"""The story of one stage: what makes it, why it is strong or weak, who stands on it, from what."""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.chains.links import ChainLink, LinkStatus
from ballast.brain.chains.region_chain import RegionChain
from ballast.portal.chain_view import PAGE, why_suppressed, withheld
from ballast.portal.data_html import Content, link, table_html
from ballast.portal.factory_html import capital
from ballast.portal.frame_address import Filters
from ballast.terms import unit as units
from ballast.terms.industry import exists, industry
from ballast.terms.label import Language
from ballast.words import say
from ballast.words.numbers import Absence, fixed, percent, written

__all__ = ["ENTERPRISE", "MOST", "stage_story"]

ENTERPRISE = "/enterprise"
MOST = 20
"""Enterprises listed of a stage, the largest first."""


def stage_story(
    found: RegionChain,
    each: ChainLink,
    filters: Filters,
    language: Language,
    *,
    linked: bool = False,
) -> Markup:
    """Return what stands behind one link, for a reader who sees what ``found`` holds.

    Parameters
    ----------
    found
        The chain.
    each
        One of its links.
    filters, language
        Of the address; the reader's.
    linked
        Whether the reader may open an enterprise's own page.
    """
    close = link(say("close", language), filters.link(PAGE, chain=found.chain.key))
    lines = Markup().join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(capital(name), text)
        for name, text in _lines(found, each, language)
        if text
    )
    return Markup(
        '<section class="card story ch-story" id="stage"><h2>{}</h2><dl>{}</dl>{}'
        '<p class="foot">{}</p></section>'
    ).format(
        capital(each.stage.label.text(language)),
        lines,
        _firms(found, each, filters, language, linked=linked),
        close,
    )


def _lines(found: RegionChain, each: ChainLink, language: Language) -> list[tuple[str, Content]]:
    stage, joint = each.stage, "；" if language == "zh" else "; "
    reasons = joint.join(reason.text(language) for reason in each.reasons)
    status = each.status.label.text(language)
    if each.status is LinkStatus.SUPPRESSED:
        reasons = why_suppressed(language)
    makers = [other for other in found.chain.stages if stage.key in other.feeds]
    rules = Markup("<br>").join(rule.text(language) for rule in found.rules.sentences)
    command = f"ballast chain {found.chain.key} --region {found.region}"
    if found.year is not None and not found.restricted:
        command += f" --period {found.year}"
    return [
        (say("link", language), f"{status}{joint}{reasons}" if reasons else status),
        (
            say("industries", language),
            joint.join(_called(c, language) for _, c in stage.industries),
        ),
        (say("import-dependent", language), _imported(each, language)),
        (say("imports of its sector", language), _evidence(found, each, language)),
        (say("takes", language), joint.join(one.label.text(language) for one in makers)),
        (
            say("goes into", language),
            joint.join(found.chain.stage(key).label.text(language) for key in stage.feeds),
        ),
        (say("figures", language), _figures(found, each, language)),
        (say("rules", language), rules),
        (
            say("sources", language),
            joint.join(f"{s.load_id} ({s.at:%Y-%m-%d})" for s in found.sources),
        ),
        (
            say("disclosure", language),
            say("a status where the disclosure rules allow one; no figures", language)
            if found.restricted
            else say("not suppressed: for readers with the right to unit data", language),
        ),
        (say("command", language), Markup("<code>{}</code>").format(command)),
    ]


def _called(code: str, language: Language) -> str:
    return f"{code} {industry(code).label.text(language)}" if exists(code) else code


def _imported(each: ChainLink, language: Language) -> str:
    if not each.stage.imported:
        return ""
    yes = say("yes", language)
    return f"{yes}: {each.stage.basis}" if each.stage.basis else yes


def _evidence(found: RegionChain, each: ChainLink, language: Language) -> str:
    """Return which share of its sector's products the nation's producers take from abroad."""
    if found.imports is None:
        return ""
    none = Absence.UNDEFINED.label.text(language)
    return " ".join(
        say(
            "{sector}: {share} of what producers use of it is imported ({table}).",
            language,
            sector=one.label,
            share=none if one.share is None else percent(one.share),
            table=found.imports.table,
        )
        for one in found.imports.of(found.chain.key, each.stage.key)
    )


def _figures(found: RegionChain, each: ChainLink, language: Language) -> Content:
    if each.enterprises is None:
        return withheld(found, language)
    quotient = (
        Absence.NO_DATA.label.text(language)
        if each.quotient is None
        else fixed(each.quotient, 2, language)
    )
    none = Absence.NO_DATA.label.text(language)
    revenue = each.revenue_1e4_cny
    return say(
        "{count} enterprises, {above} above scale, {reporting} of them all have reported; revenue "
        "{revenue}; location quotient {quotient}; the largest has {largest}",
        language,
        count=each.enterprises,
        above=each.above_scale,
        reporting=each.reporting,
        revenue=none if revenue is None else str(written(revenue, units.CNY_1E4, language)),
        quotient=quotient,
        largest=none if each.largest is None else percent(each.largest),
    )


def _firms(
    found: RegionChain, each: ChainLink, filters: Filters, language: Language, *, linked: bool
) -> Markup:
    """Return the enterprises on the stage that the reader may see, the largest first."""
    if not each.firms:
        return Markup()
    shown = each.firms[:MOST]
    title = (
        say("Enterprises on this stage that you may see", language)
        if found.restricted
        else say(
            "The largest {shown} of {count} enterprises",
            language,
            shown=len(shown),
            count=len(each.firms),
        )
    )
    none = Absence.NO_DATA.label.text(language)
    rows: list[list[Content]] = [
        [
            link(firm.name.text(language), filters.link(ENTERPRISE, code=firm.uscc))
            if linked
            else firm.name.text(language),
            firm.uscc,
            none
            if firm.revenue_1e4_cny is None
            else str(written(firm.revenue_1e4_cny, units.CNY_1E4, language)),
            percent(firm.weight, places=0),
            say("yes", language) if firm.above_scale else say("no", language),
        ]
        for firm in shown
    ]
    heads = [
        say("enterprise", language),
        say("credit code", language),
        say("revenue on this stage", language),
        say("weight of its industries", language),
        say("above scale", language),
    ]
    table = table_html(title, [capital(head) for head in heads], rows, figures=frozenset({2, 3}))
    return Markup("<h3>{}</h3>{}").format(title, table)
