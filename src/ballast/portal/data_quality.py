"""The state of the data on the Data page: fresh or old, whole or not, and who is missing."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from ballast.brain.names import Names, names
from ballast.brain.quality import Quality, Reporting, TableQuality, quality
from ballast.lake.lake import Lake
from ballast.portal.data_html import heading, link, note, show, show_table, unbroken
from ballast.portal.data_words import count, moment
from ballast.terms.label import Label, Language
from ballast.terms.scheme import IndustryScheme
from ballast.terms.viewer import Viewer
from ballast.words import say
from ballast.words.numbers import percent

__all__ = ["Keeper", "missing_rows", "show_quality"]

SHOWN = 20
MISSING_HEADS = (
    Label("企业名称", "Enterprise"),
    Label("统一社会信用代码", "USCC"),
    Label("县区", "County"),
    Label("行业", "Industry"),
)
_GAP_HEADS = (
    Label("企业名称", "Enterprise"),
    Label("统一社会信用代码", "USCC"),
    Label("缺报期数", "Periods left out"),
    Label("缺报时期", "Which"),
)
_TABLE_HEADS = (
    Label("表", "Table"),
    Label("最近装载", "As of"),
    Label("最新时期", "Newest period"),
    Label("最早时期", "Oldest period"),
    Label("行数", "Rows"),
    Label("装载次数", "Loads"),
    Label("完整率", "Coverage"),
    Label("缺失时期", "Periods missing"),
    Label("数据性质", "Provenance"),
)


class Keeper:
    """Keeps what was counted until another load or another day changes it.

    Parameters
    ----------
    open_lake
        Opens a lake: an engine's connection is not shared between threads.
    """

    def __init__(self, open_lake: Callable[[], Lake]) -> None:
        self._open_lake = open_lake
        self._kept: OrderedDict[object, tuple[Quality, Names]] = OrderedDict()
        self._lock = threading.Lock()

    def quality(self, viewer: Viewer, today: date) -> tuple[Quality, Names]:
        """Return the state of the data, and the names of places and industries.

        Raises
        ------
        NotPermitted
            If the viewer may read published figures only.
        """
        with self._lock:  # of many who ask at once, one counts
            lake = self._open_lake()
            key = (tuple(lake.live_loads()), viewer.rights, viewer.enterprises, today)
            if key not in self._kept:
                self._kept[key] = (quality(lake, viewer, today), names(lake, viewer))
                while len(self._kept) > 4:
                    self._kept.popitem(last=False)
            return self._kept[key]


def show_quality(found: Quality, called: Names, language: Language) -> None:
    """Put the state of the data on the page that is being built."""
    reporting = found.reporting
    if reporting is None:
        note(
            say(
                "No enterprise has reported yet. Download the template of enterprise figures, "
                "fill it in, and load it.",
                language,
            )
        )
    else:
        _figures(reporting, language)
        _missing(reporting, called, language)
        _gaps(reporting, language)
    heading(say("What stands in each table", language))
    show_table(
        say("Tables, their age and their holes", language),
        [head.text(language) for head in _TABLE_HEADS],
        [_table_row(one, language) for one in found.tables],
        figures=frozenset({4, 5, 6}),
    )
    note(
        say(
            "Coverage: of the units that the period before the newest held, those that the newest "
            "holds too; of enterprises, those above scale.",
            language,
        )
    )


def _figures(reporting: Reporting, language: Language) -> None:
    covered = reporting.coverage
    fraction = None if covered is None else covered.fraction
    silent = None if covered is None else covered.expected - covered.there
    share = "–" if fraction is None else percent(fraction)
    of = (
        say("no period before it to compare with", language)
        if covered is None
        else say(
            "{there} of {expected} enterprises expected",
            language,
            there=count(covered.there, language),
            expected=count(covered.expected, language),
        )
    )
    state = (
        say("late: the next one is due", language)
        if reporting.late
        else say("up to date", language)
    )
    items = [
        (say("Newest period", language), str(reporting.newest), state),
        (say("Have reported it", language), share, of),
        (
            say("Have not reported it", language),
            "–" if silent is None else count(silent, language),
            say("above scale in {period}", language, period=reporting.before or "–"),
        ),
        (
            say("Enterprises with gaps", language),
            count(reporting.gap_enterprises, language),
            say("{count} periods left out", language, count=count(reporting.gap_periods, language)),
        ),
    ]
    body = Markup().join(
        Markup("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>").format(*item)
        for item in items
    )
    show(Markup('<dl class="bd-figures">{}</dl>').format(body))


def missing_rows(
    reporting: Reporting, called: Names, language: Language
) -> list[tuple[str, str, str, str]]:
    """Return who has not reported the newest period: name, code, county, industry."""
    return [
        (
            one.name or say("not in the register", language),
            one.uscc,
            called.region(one.region).text(language) if one.region else "–",
            called.industry(IndustryScheme.GBT4754_2017, one.industry).text(language)
            if one.industry
            else "–",
        )
        for one in reporting.missing
    ]


def _missing(reporting: Reporting, called: Names, language: Language) -> None:
    heading(say("Who has not reported {period}", language, period=reporting.newest))
    covered = reporting.coverage
    if covered is None or covered.there == covered.expected:
        note(say("Everybody who was expected has.", language), "good")
        return
    if not reporting.named:
        note(
            say(
                "{count} enterprises. Their names are open to those who may read unit data.",
                language,
                count=count(covered.expected - covered.there, language),
            )
        )
        return
    rows = missing_rows(reporting, called, language)
    counties = Counter(row[2] for row in rows).most_common()
    joint = "，" if language == "zh" else ", "
    note(joint.join(f"{county} {count(number, language)}" for county, number in counties))
    show_table(
        say("Enterprises without a row for {period}", language, period=reporting.newest),
        [head.text(language) for head in MISSING_HEADS],
        rows[:SHOWN],
    )
    more = Markup()
    if len(rows) > SHOWN:
        hidden = count(len(rows) - SHOWN, language)
        more = Markup("{} · ").format(say("… and {count} more", language, count=hidden))
    download = link(
        say("Download the whole list (CSV)", language),
        f"/data/missing.csv?lang={language}",
        download=True,
    )
    show(Markup("<p>{}{}</p>").format(more, download))


def _gaps(reporting: Reporting, language: Language) -> None:
    if not reporting.gap_enterprises:
        return
    heading(say("Months left out in between", language))
    if not reporting.named:
        note(
            say(
                "{count} enterprises left out {periods} periods between their first report and "
                "their last.",
                language,
                count=count(reporting.gap_enterprises, language),
                periods=count(reporting.gap_periods, language),
            )
        )
        return
    joint = "、" if language == "zh" else ", "
    show_table(
        say(
            "Enterprises that left out periods between their first report and their last", language
        ),
        [head.text(language) for head in _GAP_HEADS],
        [
            [
                gap.name or say("not in the register", language),
                gap.uscc,
                count(len(gap.periods), language),
                joint.join(str(period) for period in gap.periods[:12])
                + (" …" if len(gap.periods) > 12 else ""),
            ]
            for gap in reporting.gaps[:SHOWN]
        ],
        figures=frozenset({2}),
    )


def _table_row(one: TableQuality, language: Language) -> list[str | Markup]:
    label = one.table.label.text(language)
    if one.as_of is None:
        template = link(
            say("nothing yet: download the template", language),
            f"/data/template/{one.table.name}.xlsx?lang={language}",
            download=True,
        )
        return [label, template, "–", "–", "0", "0", "–", "–", "–"]
    fraction = None if one.coverage is None else one.coverage.fraction
    joint = "、" if language == "zh" else ", "
    skipped = joint.join(str(period) for period in one.skipped[:6])
    kind = say("synthetic", language) if one.synthetic else say("real", language)
    return [
        label,
        unbroken(moment(one.as_of)),
        str(one.newest or "–"),
        str(one.oldest or "–"),
        count(one.rows, language),
        count(one.loads, language),
        "–" if fraction is None else percent(fraction),
        (skipped or "–") + (" …" if len(one.skipped) > 6 else ""),
        kind,
    ]
