"""What those without the right to units are shown of clusters: definitions, and what is sealed."""

from __future__ import annotations

import pytest

from ballast.brain.cluster_definitions import DefinedCluster, DefinedClusters, DefinedIndustry
from ballast.brain.cluster_shape import Kind
from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.errors import NotFound
from ballast.portal.cluster_open import open_html
from ballast.portal.cluster_reading import ClusterQuestion
from ballast.portal.frame_address import go
from ballast.terms.label import LANGUAGES, Label, Language
from ballast.terms.period import Period

YEAR = Period.parse("2025")
REGION = Label("聊城市", "Liaocheng")
BEARINGS = DefinedIndustry("345", Label("轴承", "Bearings"), "371581", Label("临清市", "Linqing"))
HOSTILE = Label("<i>铜</i>", "<i>copper</i>")
DEFINED = DefinedClusters(
    "own",
    (
        DefinedCluster("bearings", Label("临清轴承", "Linqing bearings"), (BEARINGS,)),
        DefinedCluster("copper", HOSTILE, (BEARINGS,)),
    ),
)


def address(**changes: str | None) -> str:
    return go("/clusters", **changes)


def sealed(revenue: float = 1_500_000.0) -> Answer:
    """Return what a cube holds: of copper the revenue is withheld."""
    given: dict[str, dict[str, float | None]] = {
        "bearings": {"cluster_revenue": revenue, "margin": 6.0},
        "copper": {"cluster_revenue": None, "margin": 4.0},
    }
    values = tuple(
        Value(
            indicator=name,
            cell={Dimension.CLUSTER: key},
            period=YEAR,
            value=value,
            status=Status.SUPPRESSED if value is None else Status.PUBLISHED,
            reporting=5,
            synthetic=True,
        )
        for key, figures in given.items()
        for name, value in figures.items()
    )
    question = Question(("cluster_revenue", "margin"), (Dimension.CLUSTER,), period=YEAR)
    return Answer(values, question)


def shown(
    asked: ClusterQuestion,
    found: Answer | str,
    language: Language = "en",
    *,
    before: Answer | None = None,
) -> str:
    return open_html(asked, REGION, DEFINED, found, before, language, address)


def test_a_withheld_figure_is_a_word_and_its_tier_too() -> None:
    page = shown(ClusterQuestion("371500", None), sealed())
    row = page[page.index("&lt;i&gt;copper") :].partition("</tr>")[0]
    assert row.count("suppressed") >= 2
    assert "10-billion" in page[page.index("Linqing bearings") :].partition("</tr>")[0]
    assert "synthetic sample" in page
    assert "<i>copper" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_sealed_the_definition_is_shown_and_the_reason(language: Language) -> None:
    page = shown(ClusterQuestion("371500", None), "nothing is sealed & <so>", language)
    assert "nothing is sealed &amp; &lt;so&gt;" in page
    assert DEFINED.clusters[0].label.text(language) in page


def test_growth_is_that_of_published_figures_and_withheld_with_either() -> None:
    page = shown(ClusterQuestion("371500", None), sealed(1_650_000.0), before=sealed())
    assert "10.00" in page[page.index("Linqing bearings") :].partition("</tr>")[0]
    row = page[page.index("&lt;i&gt;copper") :].partition("</tr>")[0]
    assert row.count("suppressed") >= 3


def test_one_stands_among_those_with_figures() -> None:
    page = shown(ClusterQuestion("371500", None, Kind.CLUSTER, "bearings"), sealed())
    assert "1 / 2" in page
    assert "What is published of it" in page
    assert "CNY 15.0 bn" in page
    assert "<strong>Liaocheng</strong>" in page
    assert "the clusters of Liaocheng" in page


@pytest.mark.parametrize(
    ("kind", "key"),
    [(Kind.CLUSTER, "nothing"), (Kind.DIVISION, "345"), (Kind.GROUP, "34"), (Kind.GROUP, "<b>")],
)
def test_what_is_not_there_is_refused(kind: Kind, key: str) -> None:
    with pytest.raises(NotFound):
        shown(ClusterQuestion("371500", None, kind, key), sealed())
