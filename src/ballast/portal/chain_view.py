"""What the Chain page shows, as escaped markup: the overview, one chain, its flow, its tables.

Made from `RegionChain` alone, which holds nothing that its reader may not see;
so no cell here has to ask for rights, and what is absent is said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from ballast.brain.chains.dependence import ASSUMPTION
from ballast.brain.chains.links import ChainLink, LinkStatus
from ballast.brain.chains.region_chain import RegionChain
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.charts.figure import Caption, Figure
from ballast.charts.flow import Arrow, Node, flow
from ballast.charts.theme import ACCENT, AMBER, BEHIND, QUIET, SKY, Colour
from ballast.portal.data_html import Content, link, table_html
from ballast.portal.factory_html import PHONE, WIDE, absent, answer, badge, capital, figure_of
from ballast.portal.frame_address import Filters
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence, fixed, percent, written

__all__ = [
    "MOST_SUPPLIERS",
    "PAGE",
    "chain_flow",
    "chain_html",
    "overview_html",
    "why_suppressed",
    "withheld",
]

PAGE, _CLUSTERS = "/chain", "/clusters"
_LOOKS: dict[LinkStatus, tuple[Colour, float]] = {
    LinkStatus.STRONG: (ACCENT, 0.16),
    LinkStatus.PRESENT: (SKY, 0.12),
    LinkStatus.WEAK: (AMBER, 0.18),
    LinkStatus.MISSING: (BEHIND, 0.0),
    LinkStatus.SUPPRESSED: (QUIET, 0.12),
    LinkStatus.UNKNOWN: (QUIET, 0.12),
}
MOST_SUPPLIERS = 10
"""Suppliers listed, the weightiest first; the command lists them all."""


def overview_html(
    chains: Sequence[RegionChain], filters: Filters, region: Label, language: Language
) -> Markup:
    """Return all chains beside each other: how many stages each has, and what they are.

    Parameters
    ----------
    chains
        At least one.
    filters
        Of the address.
    region
        Which the figures are of.
    language
        The reader's.
    """
    first = chains[0]
    links = [each for one in chains for each in one.links]
    told = say(
        "{region} has {count} chains with {stages} stages: {said}",
        language,
        region=region,
        count=len(chains),
        stages=len(links),
        said=_counted(links, language),
    )
    shown = [s for s in LinkStatus if any(each.status is s for each in links)]
    heads = [
        _word("chain", language),
        _word("stages", language),
        *(capital(status.label.text(language)) for status in shown),
        _word("import-dependent", language),
        _word("nobody here makes", language),
    ]
    rows: list[list[Content]] = [
        [
            link(one.chain.label.text(language), filters.link(PAGE, chain=one.chain.key)),
            str(len(one.links)),
            *(str(one.count(status)) for status in shown),
            str(sum(each.stage.imported for each in one.links)),
            _joined(_missing(one, language), language) or "–",
        ]
        for one in chains
    ]
    if first.restricted:  # what is missing is not told apart from what is suppressed
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    numbers = range(1, len(heads) if first.restricted else len(heads) - 1)
    table = table_html(told, heads, rows, figures=frozenset(numbers))
    return Markup("{}{}{}<p class='source'>{}</p>").format(
        _about(first, region, language), answer([told]), table, _source(first, region, language)
    )


def chain_html(
    found: RegionChain, filters: Filters, region: Label, language: Language, story: Markup
) -> Markup:
    """Return one chain: the answer, the flow, the stages, on whom it depends.

    Parameters
    ----------
    found
        The chain, as far as its reader may see it.
    filters, region, language
        As for `overview_html`.
    story
        What is told of the stage that the address names; empty for none.
    """
    title = _finding(found, language)
    caption = Caption(title, _subtitle(found, language), _source(found, region, language))
    desk, phone = (
        figure_of(chain_flow(found, caption, language, width), f"flow-{width}")
        for width in (WIDE, PHONE)
    )
    parts = [
        _about(found, region, language, _cluster_link(found, filters, language)),
        answer(told) if (told := _depends_told(found, language)) else Markup(),
        Markup(
            '<figure class="card" id="card-flow"><figcaption><h2>{}</h2><p>{}</p></figcaption>'
            '<div class="desk">{}</div><div class="phone">{}</div><p class="source">{}</p></figure>'
        ).format(title, caption.subtitle, desk, phone, caption.source),
        story,
        _section(say("Stages", language), _stages(found, filters, language)),
        _suppliers(found, language),
        _rules(found, language),
    ]
    return Markup().join(parts)


def chain_flow(found: RegionChain, caption: Caption, language: Language, width: int) -> Figure:
    """Return the flow of a chain, its links marked by colour, edge and word."""
    nodes = []
    for each in found.links:
        colour, strength = _LOOKS[each.status]
        nodes.append(
            Node(
                each.stage.key,
                capital(each.stage.label.text(language)),
                _said(each, language),
                colour,
                strength,
                short=_said(each, language, counted=False),
                hollow=each.status is LinkStatus.MISSING,
            )
        )
    from_elsewhere = {
        each.stage.key
        for each in found.links
        if each.status is LinkStatus.MISSING or each.stage.imported
    }
    arrows = [Arrow(a, b, broken=a in from_elsewhere) for a, b in found.chain.edges]
    names = {each.stage.key: each.stage.label.text(language) for each in found.links}
    told = "; ".join(
        f"{names[each.stage.key]} ({_said(each, language)})"
        + (f" → {', '.join(names[key] for key in each.stage.feeds)}" if each.stage.feeds else "")
        for each in found.links
    )
    return flow(nodes, arrows, caption, language, width=width, description=told)


def why_suppressed(language: Language) -> str:
    """Return why a status is not shown."""
    return say(
        "fewer than {least} enterprises have reported, none included, or one is nearly all of it",
        language,
        least=PrimaryRules().least,
    )


def withheld(found: RegionChain, language: Language) -> Markup:
    """Return why a figure of a link is not shown to this reader, or not known."""
    if found.restricted:
        why = say("figures of a stage are shown to readers with the right to unit data", language)
        return absent(Absence.SUPPRESSED.label.text(language), why)
    why = say("no enterprise on this stage has reported", language)
    return absent(Absence.NO_DATA.label.text(language), why)


def _said(each: ChainLink, language: Language, *, counted: bool = True) -> str:
    """Return what stands in a box: the status, whether it is imported, how many make it."""
    parts = [each.status.label.text(language)]
    if each.stage.imported:
        parts.append(say("imported", language))
    if counted and each.above_scale:
        parts.append(say("{count} above scale", language, count=each.above_scale))
    return " · ".join(parts)


def _counted(links: Sequence[ChainLink], language: Language) -> str:
    said = [
        f"{count} {status.label.text(language)}"
        for status in LinkStatus
        if (count := sum(each.status is status for each in links))
    ]
    listed = _joined(said, language)
    imported = sum(each.stage.imported for each in links)
    if not imported:
        return listed
    return say("{listed}; import-dependent: {count}", language, listed=listed, count=imported)


def _missing(found: RegionChain, language: Language) -> list[str]:
    return [e.stage.label.text(language) for e in found.links if e.status is LinkStatus.MISSING]


def _joined(names: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def _finding(found: RegionChain, language: Language) -> str:
    return say(
        "{chain}: of {stages} stages, {said}",
        language,
        chain=found.chain.label,
        stages=len(found.links),
        said=_counted(found.links, language),
    )


def _depends_told(found: RegionChain, language: Language) -> list[str]:
    missing, said = _missing(found, language), []
    if missing:
        products = _joined(missing, language)
        said.append(say("Nobody here makes: {products}", language, products=products))
    if found.depends is not None and found.depends.suppliers:
        said.append(
            say(
                "{few} of {count} suppliers stand behind more than half of what is made downstream "
                "(estimate)",
                language,
                few=found.depends.few,
                count=len(found.depends.suppliers),
            )
        )
    return said


def _subtitle(found: RegionChain, language: Language) -> str:
    elsewhere = say(
        "Broken lines: what comes from outside the region or from abroad. A broken edge: nobody "
        "makes it here",
        language,
    )
    return f"{_year(found, language)} · {elsewhere}" if found.year else elsewhere


def _year(found: RegionChain, language: Language) -> str:
    return say("year {year}", language, year=found.year) if found.year else ""


def _about(found: RegionChain, region: Label, language: Language, more: Content = "") -> Markup:
    mark = badge(language, synthetic=found.synthetic)
    return Markup('<p class="about"><strong>{}</strong><span>{}</span>{}{}</p>').format(
        region.text(language), _year(found, language), mark, more
    )


def _cluster_link(found: RegionChain, filters: Filters, language: Language) -> Content:
    key = found.chain.cluster
    text = say("its cluster", language)
    return link(text, filters.link(_CLUSTERS, key=key)) if key else ""


def _source(found: RegionChain, region: Label, language: Language) -> str:
    newest = max((source.at for source in found.sources), default=None)
    said = say("Source: the lake of {region}", language, region=region)
    if newest is not None:
        said += say("; newest load {at:%Y-%m-%d %H:%M} UTC", language, at=newest)
    return said


def _stages(found: RegionChain, filters: Filters, language: Language) -> Markup:
    heads = [
        say("product", language),
        say("link", language),
        say("import-dependent", language),
        say("enterprises", language),
        say("above scale", language),
        say("revenue", language),
        say("location quotient", language),
        say("share of the largest", language),
        say("goes into", language),
    ]
    rows = [_row(found, each, filters, language) for each in found.links]
    if found.restricted:
        heads, rows = [*heads[:3], heads[-1]], [[*row[:3], row[-1]] for row in rows]
    figures = frozenset() if found.restricted else frozenset(range(3, 8))
    return table_html(
        _finding(found, language), [capital(head) for head in heads], rows, figures=figures
    )


def _row(
    found: RegionChain, each: ChainLink, filters: Filters, language: Language
) -> list[Content]:
    stage, none = each.stage, withheld(found, language)
    address = filters.link(PAGE, chain=found.chain.key, stage=stage.key) + "#stage"
    revenue, quotient, largest = each.revenue_1e4_cny, each.quotient, each.largest
    takers = (found.chain.stage(key).label.text(language) for key in stage.feeds)
    unknown = absent(
        Absence.NO_DATA.label.text(language),
        say("no persons employed are known for the groups of its industries", language),
    )
    return [
        link(capital(stage.label.text(language)), address),
        _marked(each, language),
        say("yes", language) if stage.imported else "",
        none if each.enterprises is None else str(each.enterprises),
        none if each.above_scale is None else str(each.above_scale),
        none if revenue is None else str(written(revenue, units.CNY_1E4, language)),
        (none if found.restricted else unknown)
        if quotient is None
        else fixed(quotient, 2, language),
        none
        if largest is None
        else percent(largest) + (f" · {say('leans on one', language)}" if each.leaning else ""),
        _joined(takers, language) or "–",
    ]


def _marked(each: ChainLink, language: Language) -> Content:
    word = each.status.label.text(language)
    if each.status is LinkStatus.SUPPRESSED:
        why = why_suppressed(language)
        return absent(word, why)
    return word


def _suppliers(found: RegionChain, language: Language) -> Markup:
    title = say("On whom most of it depends", language)
    if found.restricted:
        return Markup()
    if found.depends is None or not found.depends.suppliers:
        none = say("No stage that the region supplies itself feeds another one here.", language)
        return _section(title, Markup("<p>{}</p>").format(none))
    heads = [
        say("enterprise", language),
        say("makes", language),
        say("share of its stage", language),
        say("revenue behind it", language),
        say("weight", language),
        say("other makers", language),
    ]
    rows: list[list[Content]] = [
        [
            one.name.text(language),
            _joined((found.chain.stage(k).label.text(language) for k in one.stages), language),
            percent(one.share),
            str(written(one.behind_1e4_cny, units.CNY_1E4, language)),
            percent(one.weight),
            str(one.others),
        ]
        for one in found.depends.suppliers[:MOST_SUPPLIERS]
    ]
    table = table_html(
        title, [capital(head) for head in heads], rows, figures=frozenset(range(2, 6))
    )
    told = capital(ASSUMPTION.text(language))
    mark = Markup('<span class="badge">{}</span> ').format(say("estimate", language))
    command = f"ballast chain {found.chain.key} --suppliers --region {found.region}"
    if found.year is not None:
        command += f" --period {found.year}"
    return _section(
        title,
        Markup("<p>{}{}</p>{}<p class='source'><code>{}</code></p>").format(
            mark, told, table, command
        ),
    )


def _rules(found: RegionChain, language: Language) -> Markup:
    wide = say(
        "enterprises count on a stage by their industries, and the location quotient is of the "
        "groups that these lie in: both are wider than a product",
        language,
    )
    said = [*(rule.text(language) for rule in found.rules.sentences), wide]
    items = Markup().join(Markup("<li>{}</li>").format(capital(one)) for one in said)
    title = say("How a link is judged", language)
    return _section(title, Markup('<ul class="plain">{}</ul>').format(items))


def _section(title: str, body: Markup) -> Markup:
    return Markup("<section><h2>{}</h2>{}</section>").format(capital(title), body)


def _word(template: str, language: Language) -> str:
    return capital(say(template, language))
