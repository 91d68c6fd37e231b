"""A month's bulletin as data, complete before it is written in any form.

Each section asks for its own figures and answers for their absence, so a
region without trade or chains has a bulletin too, which says so.
"""

from __future__ import annotations

from datetime import date

from ballast.brain.bulletin.about_data import about_data
from ballast.brain.bulletin.asking import Asked, Notes, ask
from ballast.brain.bulletin.clusters import chains, clusters
from ballast.brain.bulletin.headline import HEADLINE, headline
from ballast.brain.bulletin.others import digitisation, energy, titles, trade
from ballast.brain.bulletin.shape import Bulletin
from ballast.brain.bulletin.structure import movers, structure
from ballast.brain.bulletin.works import goals_section, projects_section
from ballast.brain.indicators.cell_names import cell_names
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.picture import stored_periods
from ballast.brain.picture_sealed import sealed_months
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.period import Period, year_to_date
from ballast.terms.viewer import PUBLIC, Right, Viewer

__all__ = ["bulletin", "months"]


def months(lake: Lake, viewer: Viewer) -> tuple[Period, ...]:
    """Return the months that a bulletin can be made for, oldest first, each as its year to date.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: the months reported, or for a viewer without the right to
        units those that are sealed.
    """
    known = stored_periods(lake, viewer) if viewer.may(Right.READ_UNITS) else sealed_months(lake)
    return tuple(
        sorted({year_to_date(p.year, p.last_month) for p in known}, key=lambda p: (p.year, p.end))
    )


def bulletin(
    lake: Lake, viewer: Viewer, region: str, *, today: date, period: Period | None = None
) -> Bulletin:
    """Return the bulletin of a month; what is loaded while it is made is not in it.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom. With the right to units the figures are those of every report,
        and the bulletin is for the bureau's own use; else those of the sealed cube.
    region
        A GB/T 2260 code of a city.
    today
        The day on which it is made.
    period
        The month, or the year to date that it ends; the newest where it is ``None``.

    Raises
    ------
    NotFound
        If there are no figures of that month; the message says which there are.
    """
    with still(lake) as standing:
        return _made(standing, viewer, region, today, period)


def _made(lake: Lake, viewer: Viewer, region: str, today: date, period: Period | None) -> Bulletin:
    known = months(lake, viewer)
    if not known:
        raise NotFound(
            "no month has been reported yet, so there is nothing to write a bulletin of: load the "
            "table enterprise_period, or seal the cube for a public one"
        )
    wanted = known[-1] if period is None else year_to_date(period.year, period.last_month)
    if wanted not in known:
        raise NotFound(
            "there are no figures of {period} for a bulletin: they go from {first} to {last}",
            period=wanted.label,
            first=known[0].label,
            last=known[-1].label,
        )
    reader = viewer if viewer.may(Right.READ_UNITS) else PUBLIC
    asked = Asked(lake, reader, region, wanted, today, cell_names(lake, reader))
    notes = Notes(asked)
    whole = ask(asked, HEADLINE)
    divisions = ask(asked, ("output",), (Dimension.INDUSTRY_DIVISION,))
    told = (
        headline(asked, notes, whole),
        structure(asked, notes, divisions, whole),
        movers(asked, notes, divisions),
        clusters(asked, notes),
        chains(asked, notes),
        projects_section(asked, notes),
        goals_section(asked, notes),
        titles(asked, notes),
        digitisation(asked, notes),
        trade(asked, notes),
        energy(asked, notes),
    )
    output = whole.told("output")
    last = about_data(asked, notes, whole)
    return Bulletin(
        region=region,
        label=asked.cells.called.region(region),
        period=wanted,
        made=today,
        open_to_all=not asked.units,
        synthetic=notes.synthetic,
        enterprises=0 if output is None else output.value.reporting,
        loads=tuple(sorted(notes.loads)),
        sections=(*told, last),
        notes=notes.all(),
    )
