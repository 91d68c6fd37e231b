"""How far the figures can be trusted: who reported, how fresh they are, what is not in them."""

from __future__ import annotations

from ballast.brain.bulletin.asking import Asked, Found, Notes
from ballast.brain.bulletin.phrases import percents
from ballast.brain.bulletin.shape import Section
from ballast.terms.label import Label
from ballast.words import Sentence
from ballast.words.marks import SYNTHETIC

__all__ = ["about_data"]


def about_data(asked: Asked, notes: Notes, found: Found) -> Section:
    """Return the section on the quality of the data; the last, when it is known what was used."""
    sentences = []
    line = found.told("output")
    if line is not None and line.value.expected:
        value = line.value
        sentences.append(
            Sentence(
                "{reporting} of {expected} above-scale enterprises reported for {period}, {share}.",
                {
                    "reporting": notes.mark(
                        Label(f"{value.reporting}家", f"{value.reporting:,}"), found, value
                    ),
                    "expected": Label(f"{value.expected}家", f"{value.expected:,}"),
                    "period": value.period.label,
                    "share": percents(value.reporting / (value.expected or 1)),
                },
            )
        )
        if value.incomplete:
            sentences.append(
                Sentence(
                    "{count} of them reported for a part of the time only.",
                    {"count": Label(f"{value.incomplete}家", f"{value.incomplete:,}")},
                )
            )
    newest = max((note.as_of for note in notes.all() if note.as_of is not None), default=None)
    if newest is not None:
        sentences.append(
            Sentence("The newest data came in on {day}.", {"day": f"{newest:%Y-%m-%d}"})
        )
    sentences.append(
        Sentence(
            "Every figure is unchecked for disclosure: this bulletin is for the bureau's own use."
        )
        if asked.units
        else Sentence(
            "Figures of enterprises are those of the sealed cube; what would tell what a single "
            "enterprise reported is withheld."
        )
    )
    sentences.append(
        Sentence(
            "The comparable sample is the enterprises that were above scale in both periods; “on a "
            "year before” compares the published levels."
        )
    )
    if notes.synthetic:
        sentences.append(
            Sentence(
                "All or some figures are a {mark}: they say nothing of a real place.",
                {"mark": SYNTHETIC},
            )
        )
    return Section("data", Label("数据质量说明", "About the data"), (tuple(sentences),))
