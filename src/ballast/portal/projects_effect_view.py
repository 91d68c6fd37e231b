"""What projects did, as a part of the page: the answer, the quarters, what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from ballast.brain.projects.effect_panel import OUTCOMES, Study
from ballast.brain.projects.effect_words import answer_of, caveats_of, sample_of
from ballast.brain.projects.ledger import KIND_LABELS
from ballast.charts.figure import Caption
from ballast.charts.interval import Estimate, interval_chart
from ballast.portal.data_html import Content
from ballast.portal.factory_html import PHONE, WIDE, Card, answer, badge, card, figure_of
from ballast.portal.projects_words import PAGE, WORDS
from ballast.terms.label import Language
from ballast.words import Sentence, say
from ballast.words.marks import SYNTHETIC

__all__ = ["ALL", "effect_form", "effect_markup"]

ALL = "all"
"""The choice of every kind of project."""


def effect_markup(found: Study, language: Language) -> Markup:
    """Return a study: what was found, quarter by quarter, who was compared, what it cannot say.

    Parameters
    ----------
    found
        The study.
    language
        The reader's.
    """
    steps = [
        (str(one.step) if one.step is not None else WORDS["mean"].text(language), one)
        for one in (*found.effect.steps, found.effect.mean)
    ]
    estimates = [
        Estimate(name, *one.percent, f"{one.percent[0]:+.1f}%".replace("-", "−"),
                 accent=one.step is None)
        for name, one in steps
    ]  # fmt: skip
    heads = [WORDS[key].text(language) for key in ("quarter", "difference", "from", "to")]
    rows: list[list[Content]] = [
        [name, *(f"{value:.2f}%".replace("-", "−") for value in one.percent)] for name, one in steps
    ]
    figure = OUTCOMES[found.outcome].label
    value, low, high = (round(each, 1) for each in found.effect.mean.percent)
    heading = say(
        "{figure} in the year after the finish: {value} % off like enterprises, between {low} % "
        "and {high} %",
        language,
        figure=figure, value=value, low=low, high=high,
    )  # fmt: skip
    subtitle = say(
        "Difference by quarters from the finish, percent, 95 % intervals; the quarter before it "
        "(−1) is the point of comparison",
        language,
    )
    mark = SYNTHETIC.text(language) if found.synthetic else ""
    source = say(
        "Source: reports of above-scale enterprises and the project ledger. {mark}",
        language,
        mark=mark,
    ).strip()
    caption = Caption(heading, subtitle, source)
    drawn = {
        width: figure_of(
            interval_chart(estimates, caption, language, width=width, reference=0.0),
            f"effect-{width}",
        )
        for width in (WIDE, PHONE)
    }
    made = Card(
        "effect", heading, subtitle, source, heads, rows, drawn[WIDE], drawn[PHONE],
        frozenset({1, 2, 3}),
    )  # fmt: skip
    return Markup().join(
        [
            answer([one.text(language) for one in answer_of(found)]),
            badge(language, synthetic=found.synthetic),
            card(made, language),
            _listed("whom", sample_of(found), language),
            _listed("cannot", caveats_of(found), language),
        ]
    )


def _listed(title: str, sentences: tuple[Sentence, ...], language: Language) -> Markup:
    entries = Markup().join(Markup("<li>{}</li>").format(one.text(language)) for one in sentences)
    return Markup("<section><h2>{}</h2><ul>{}</ul></section>").format(
        WORDS[title].text(language), entries
    )


def effect_form(outcome: str, kind: str, language: Language) -> Markup:
    """Return the choices of figure and kinds, by the browser's own form.

    Parameters
    ----------
    outcome, kind
        The ones that are shown.
    language
        The reader's.
    """

    def drop(name: str, label: str, options: Mapping[str, str], chosen: str) -> Markup:
        listed = Markup().join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value == chosen else Markup(), text
            )
            for value, text in options.items()
        )
        return Markup(
            '<label class="bd-field"><span>{}</span><select name="{}">{}</select></label>'
        ).format(WORDS[label].text(language), name, listed)

    outcomes = {key: one.label.text(language) for key, one in OUTCOMES.items()}
    kinds = {ALL: WORDS["all"].text(language)}
    kinds |= {key: label.text(language) for key, label in KIND_LABELS.items()}
    return Markup(
        '<form class="pj-find" method="get" action="{}" data-filters>'
        '<input type="hidden" name="part" value="effect">'
        '<input type="hidden" name="lang" value="{}">{}{}'
        '<button type="submit" class="bd-button">{}</button></form>'
    ).format(
        PAGE,
        language,
        drop("outcome", "outcome", outcomes, outcome),
        drop("kind", "kinds", kinds, kind),
        WORDS["show"].text(language),
    )
