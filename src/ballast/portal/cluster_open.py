"""The Cluster page for those without the right to unit data: definitions, and the sealed cube.

Nothing of an enterprise is read here, and no sum over enterprises is made.
"""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.cluster_definitions import DefinedClusters
from ballast.brain.cluster_shape import Kind
from ballast.errors import NotFound
from ballast.portal import cluster_words as words
from ballast.portal.cluster_reading import ClusterQuestion
from ballast.portal.cluster_tables import Address, heads_of
from ballast.portal.cluster_view import Card, cards_html
from ballast.portal.refusal import PAGES
from ballast.terms.label import Label, Language
from ballast.words import say

__all__ = ["open_html"]

_ANYWHERE = Label("不限", "anywhere")


def open_html(
    asked: ClusterQuestion,
    defined: DefinedClusters,
    language: Language,
    address: Address,
) -> str:
    """Return what is open of the clusters and industries of a region.

    Parameters
    ----------
    asked
        What the address asks for.
    defined
        What clusters are defined as.
    language
        The reader's.
    address
        Makes addresses of this page.
    """
    note = PAGES.from_string('<p class="note" role="status">{{ it }}</p>').render(
        it=say(
            "You see how clusters are defined. Figures made of what single enterprises reported "
            "are shown to analysts; of them you see what passed disclosure control.",
            language,
        )
    )
    if asked.kind is Kind.CLUSTER and not asked.key:
        return note + cards_html(_listed(defined, language, address), language)
    if asked.kind is Kind.CLUSTER:
        found = defined.find(asked.key)
        if found is None:
            raise NotFound(
                "there is no cluster {key}: choose one from the list", key=asked.key[:60]
            )
        heading = found.label.text(language)
        back = Markup('<p class="files"><a href="{}">← {}</a></p><h2>{}</h2>').format(
            address(key=None), words.KINDS[Kind.CLUSTER].text(language), heading
        )
        return note + str(back)
    return note


def _listed(defined: DefinedClusters, language: Language, address: Address) -> list[Card]:
    if defined.name is None:
        return []
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
    return [
        Card(
            "defined",
            say("{count} clusters are defined", language, count=len(rows)),
            say("Definition {name}", language, name=defined.name),
            "",
            (*heads_of(("name", "place"), language), say("industries", language)),
            rows,
            names=2,
            wide=True,
        )
    ]
