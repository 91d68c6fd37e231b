"""What the open City page says of enterprises: tiles and tables of the sealed cube, without script.

Apart from the yearly figures that somebody else published: these here are the
bureau's own sums, and carry their vintage and what was withheld.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from ballast.brain.picture_shape import Indicator, RegionPicture
from ballast.charts.figure import sparkline
from ballast.portal import picture_words as words
from ballast.portal.picture_tables import Table, tables
from ballast.portal.sealed_words import sealed_text
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.numbers import Absence

__all__ = ["SealedPart", "SealedTile", "sealed_part"]

_PLACES = Label("各县（市、区）和功能区", "Counties and zones")
_DIVISIONS = Label("各工业大类", "Divisions of industry")


@dataclass(frozen=True, slots=True)
class SealedTile:
    """One figure at a glance; ``reason`` says why there is none."""

    key: str
    label: str
    number: str
    unit: str
    reason: str
    change: str
    change_reason: str
    period: str
    meaning: str
    spark: Markup


@dataclass(frozen=True, slots=True)
class SealedPart:
    """The part of the open page that is fed by the cube.

    Parameters
    ----------
    said
        From which vintage, of what day.
    answer
        The findings.
    tiles
        The headline.
    tables
        Title and table of places and of divisions.
    """

    said: str
    answer: tuple[str, ...]
    tiles: tuple[SealedTile, ...]
    tables: tuple[tuple[str, str, Table], ...]


def sealed_part(picture: RegionPicture, language: Language) -> SealedPart | None:
    """Return what is said of a picture that anyone may see; ``None`` where nothing is sealed.

    Parameters
    ----------
    picture
        Made by `picture_sealed.sealed_picture`.
    language
        In which it is read.
    """
    if picture.sealed is None:
        return None
    behind = tables(replace(picture, groups=()), language)
    shown = (("sealed-places", _PLACES, "places"), ("sealed-divisions", _DIVISIONS, "structure"))
    own = replace(picture, upgrade=None)  # said by the part above already
    return SealedPart(
        said=say(
            "Sums of what enterprises reported, {sealed}. “{word}” stands where a figure would "
            "tell what a single enterprise reported.",
            language,
            sealed=sealed_text(picture.sealed, language),
            word=Absence.SUPPRESSED.label,
        ),
        answer=words.answer(own, language),
        tiles=tuple(_tile(one, language) for one in picture.indicators),
        tables=tuple(
            (key, title.text(language), behind[name])
            for key, title, name in shown
            if behind[name].rows
        ),
    )


def _tile(one: Indicator, language: Language) -> SealedTile:
    text, name = words.value_of(one, language), one.label.text(language)
    change = one.published
    gone = None if change is None or change.value is not None else change.absence
    return SealedTile(
        key=f"sealed-{one.name.replace('_', '-')}",
        label=name[:1].upper() + name[1:],
        number=text.number,
        unit=text.unit,
        reason=words.absent_reason(one.absence or Absence.NO_DATA, language)
        if one.value is None
        else "",
        change=words.change_text(change, language),
        change_reason="" if gone is None else words.absent_reason(gone, language),
        period=one.period.label.text(language),
        meaning=one.formula.text(language),
        # The label in it is escaped where the line is drawn.
        spark=Markup(sparkline(tuple(p.value for p in one.series), name, width=60)),  # noqa: S704
    )
