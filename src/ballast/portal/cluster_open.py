"""The Cluster page for those without the right to unit data: definitions, and the sealed cube.

Nothing of an enterprise is read here, and no sum over enterprises is made: what
is shown was decided on when the cube was sealed, or is in nobody's unit data.
"""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.cluster_definitions import DefinedClusters
from ballast.brain.cluster_position import peers_label, positions
from ballast.brain.cluster_shape import Kind
from ballast.brain.indicators.answer import Answer
from ballast.errors import NotFound
from ballast.portal import cluster_words as words
from ballast.portal.city_words import WORDS
from ballast.portal.cluster_reading import ClusterQuestion
from ballast.portal.cluster_standing import position_card, published_card, standings_card
from ballast.portal.cluster_tables import Address, heads_of
from ballast.portal.cluster_view import Card, cards_html
from ballast.portal.refusal import PAGES
from ballast.terms.industry import exists, industry
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC

__all__ = ["open_html"]

_ANYWHERE = Label("不限", "anywhere")


def open_html(
    asked: ClusterQuestion,
    region: Label,
    defined: DefinedClusters,
    found: Answer | str,
    before: Answer | None,
    language: Language,
    address: Address,
) -> str:
    """Return what is open of the clusters and industries of a region.

    Parameters
    ----------
    asked
        What the address asks for.
    region
        What the region is called.
    defined
        What clusters are defined as.
    found
        What is published of them; or the sentence that says why nothing is.
    before
        The same of the year before, where it is published.
    language
        The reader's.
    address
        Makes addresses of this page.

    Raises
    ------
    NotFound
        If there is no such cluster or industry.
    """
    title = Markup('<h2 class="unseen">{}</h2>').format(region.text(language))
    if asked.key:
        title = Markup(
            '<p class="files"><a href="{}">← {}</a></p><h2 class="cluster-name">{}</h2>'
        ).format(
            address(key=None),
            words.KINDS[asked.kind].text(language),
            _name(asked, defined, language),
        )
    note = PAGES.from_string('<p class="note" role="status">{{ it }}</p>').render(
        it=_introduced(found, language)
    )
    about = _about(region, found, language)
    cards = _cards(asked, region, defined, found, before, language, address)
    return str(title + about) + note + (cards_html(cards, language) if cards else "")


def _about(region: Label, found: Answer | str, language: Language) -> Markup:
    """Return where, when, from which data, and whether these are invented."""
    said = [Markup("<strong>{}</strong>").format(region.text(language))]
    if isinstance(found, Answer):
        said.append(Markup("<span>{}</span>").format(found.question.period.label.text(language)))
        if moments := [v.as_of for v in found.values if v.as_of is not None]:
            as_of = WORDS["as_of"].text(language)
            said.append(Markup("<span>{} {}</span>").format(as_of, max(moments).date()))
        if any(v.synthetic for v in found.values):
            badge = Markup('<span class="badge">{}</span>').format(SYNTHETIC.text(language))
            said.append(badge)
    return Markup('<p class="about">{}</p>').format(Markup().join(said))


def _introduced(found: Answer | str, language: Language) -> str:
    said = say(
        "You see what is published: figures that passed disclosure control. What the growth is "
        "made of is shown to analysts.",
        language,
    )
    return said if isinstance(found, Answer) else f"{said} {found}"


def _name(asked: ClusterQuestion, defined: DefinedClusters, language: Language) -> str:
    if asked.kind is Kind.CLUSTER:
        if (one := defined.find(asked.key)) is not None:
            return one.label.text(language)
    elif exists(asked.key) and len(asked.key) == (2 if asked.kind is Kind.DIVISION else 3):
        return industry(asked.key).label.text(language)
    raise NotFound(
        "there is no {key} among the {kind}: choose one from the list",
        key=asked.key[:60],
        kind=words.KINDS[asked.kind],
    )


def _cards(
    asked: ClusterQuestion,
    region: Label,
    defined: DefinedClusters,
    found: Answer | str,
    before: Answer | None,
    language: Language,
    address: Address,
) -> list[Card]:
    cards: list[Card] = []
    if isinstance(found, Answer):
        if asked.key:
            held = positions(
                found, asked.kind, asked.key, peers_label(asked.kind, asked.key, region)
            )
            synthetic = any(v.synthetic for v in found.values)
            card = position_card(
                held,
                found.question.period.label,
                SYNTHETIC.text(language) if synthetic else "",
                language,
            )
            published = published_card(found, before, asked.kind, asked.key, language)
            cards += [one for one in (published, card) if one is not None]
        else:
            names = {each.key: each.label for each in defined.clusters}
            if asked.kind is not Kind.CLUSTER:
                codes = {code for v in found.values for code in v.cell.values()}
                names = {code: industry(code).label for code in codes if exists(code)}
            cards.append(standings_card(found, asked.kind, names, before, language, address))
    if asked.kind is Kind.CLUSTER and not asked.key and defined.name is not None:
        cards.append(_listed(defined, language, address))
    return cards


def _listed(defined: DefinedClusters, language: Language, address: Address) -> Card:
    rows = tuple(
        (
            Markup('<a href="{}">{}</a>').format(address(key=each.key), each.label.text(language)),
            (_ANYWHERE if each.place is None else each.place.place_label or _ANYWHERE).text(
                language
            ),
            str(len(each.industries)),
        )
        for each in defined.clusters
    )
    return Card(
        "defined",
        say("{count} clusters are defined", language, count=len(rows)),
        say("Definition {name}", language, name=defined.name or ""),
        "",
        (*heads_of(("name", "place"), language), say("industries", language)),
        rows,
        names=2,
        wide=True,
    )
