"""A control chart as markup: points with limits, what stands out and why, and capability.

A day of samples by the second has more points than a screen has pixels: the
rules look at every one, the picture shows the last ones, and says so. What
breaks a rule stands in a list below, with the batches that it was made of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from markupsafe import Markup

from ballast.charts.control import ControlPoint, control_figure
from ballast.charts.figure import Caption, Figure
from ballast.plant.measures.run_rules import RULE_LABELS
from ballast.plant.reports.charts import ChartReport, Drawn
from ballast.plant.reports.window import Window, from_ms
from ballast.plant.site import Site
from ballast.portal.data_html import Content, link, unbroken
from ballast.portal.factory_capability import capability_markup
from ballast.portal.factory_commands import chart_command
from ballast.portal.factory_html import (
    PHONE,
    WIDE,
    Card,
    View,
    absent,
    answer,
    card,
    figure_of,
    number,
    section,
    sentence,
)
from ballast.portal.factory_marks import Marked, marked, rules_of
from ballast.portal.factory_oee_story import window_text
from ballast.portal.factory_subjects import Asked
from ballast.portal.factory_words import WORDS
from ballast.portal.story import Line, Story
from ballast.terms.label import Label, Language
from ballast.words import say, visible
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, fixed

__all__ = ["quality_view"]

_MOST_POINTS = 300
_MOST_ON_PHONE = 80
_MOST_ROWS = 500
_MOST_LISTED = 100

Resolve = Callable[[str], str]


def quality_view(
    report: ChartReport, site: Site, asked: Asked, resolve: Resolve, language: Language
) -> View:
    """Return the part drawn.

    Parameters
    ----------
    report
        Of the chart.
    site
        The mapping of the home.
    asked
        What was charted.
    resolve
        From a handle to where it is looked up; empty for nowhere.
    language
        The reader's.
    """
    source = _source(site, asked.span.window, language)
    shown = _Shown(report, site, asked, source, resolve, language)
    cards = [shown.chart(at) for at in range(len(report.charts))]
    if (listed := shown.violations()) is not None:
        cards.append(listed)
    top = answer(shown.said()) + shown.notes()
    body = section(report.name.text(language), *(card(one, language) for one in cards))
    body += section(say("Capability", language), capability_markup(report, source, language))
    return View(top + body, {"chart": shown.story()})


def _source(site: Site, window: Window, language: Language) -> str:
    mark = SYNTHETIC.text(language) if site.provenance == "synthetic" else ""
    return say(
        "Source: the machines of {site} and what its people entered, {period}. {mark}",
        language,
        site=site.name,
        period=window_text(window),
        mark=mark,
    ).strip()


class _Shown:
    """One report, being put into markup."""

    def __init__(
        self,
        report: ChartReport,
        site: Site,
        asked: Asked,
        source: str,
        resolve: Resolve,
        language: Language,
    ) -> None:
        self.report, self.site, self.asked, self.span = report, site, asked, asked.span
        self.source, self.resolve, self.language = source, resolve, language
        self.count = len(report.starts_ms)
        self.first = max(0, self.count - _MOST_POINTS)
        told = max(0, self.count - _MOST_ROWS)
        self.marks = marked(report.charts, rules_of(self.asked.rules), told)

    def said(self) -> list[str]:
        """Return the finding in words."""
        report, language = self.report, self.language
        if not self.count:
            return [say("There is no point to chart in {period}.", language,
                        period=self.span.label)]  # fmt: skip
        if not report.marked:
            return [
                say(
                    "None of {count} points breaks a rule: the process moves as it does when "
                    "nothing disturbs it.",
                    language,
                    count=self.count,
                )
            ]
        first = min(report.marks, key=lambda mark: mark.point)
        return [
            say(
                "{marked} of {count} points break a rule, the first at {time}: {rule}.",
                language,
                marked=report.marked,
                count=self.count,
                time=self._time(first.point),
                rule=first.name,
            )
        ]

    def notes(self) -> Markup:
        """Return what a reader must know."""
        items = Markup().join(
            Markup("<li>{}</li>").format(sentence(note.text(self.language)))
            for note in self.report.notes
        )
        return Markup('<ul class="plain">{}</ul>').format(items) if items else Markup()

    def chart(self, at: int) -> Card:
        """Return one of the charts of the report."""
        drawn, language, report = self.report.charts[at], self.language, self.report
        marks = self.marks[at]
        name = drawn.name.text(language)
        if marks.count:
            heading = say(
                "{chart}: {count} points stand out", language, chart=name, count=marks.count
            )
        else:
            heading = say("{chart}: no point stands out", language, chart=name)
        subtitle = say(
            "{what}, {unit}, {period}; {limits}",
            language,
            what=report.name,
            unit=report.unit or say("no unit", language),
            period=self.span.label,
            limits=self._estimated(),
        )
        if self.first:
            subtitle += say(
                " · the last {shown} of {count} points are drawn",
                language,
                shown=self.count - self.first,
                count=self.count,
            )
        caption = Caption(heading, subtitle, self.source)
        desk, phone = (
            figure_of(self._figure(drawn, marks, caption, width, most), f"chart{at}-{width}")
            for width, most in ((WIDE, _MOST_POINTS), (PHONE, _MOST_ON_PHONE))
        )
        heads = [
            WORDS["point"].text(language),
            WORDS["time"].text(language),
            WORDS["value"].text(language),
            say("Centre", language),
            say("Lower limit", language),
            say("Upper limit", language),
            say("Number of values", language),
            WORDS["rule"].text(language),
            WORDS["batch"].text(language),
        ]
        return Card(
            f"chart-{at}", heading, subtitle, self.source, heads, list(self._rows(drawn, marks)),
            desk, phone, frozenset(range(2, 7)), "chart" if at == 0 else "",
        )  # fmt: skip

    def _estimated(self) -> str:
        """Return what the limits come from."""
        if self.report.baseline is None:
            return say("limits of each phase from its own points", self.language)
        first, last = self.report.baseline
        return say("limits from points {first} to {last}", self.language, first=first + 1,
                   last=last)  # fmt: skip

    def _figure(
        self, drawn: Drawn, marks: Marked, caption: Caption, width: int, most: int
    ) -> Figure:
        chart = drawn.chart
        first = max(0, self.count - most)
        points = [
            ControlPoint(
                _known(chart.values[n]),
                _known(chart.centre[n]),
                _known(chart.lower[n]),
                _known(chart.upper[n]),
                marks.sign(n),
            )
            for n in range(first, self.count)
        ]
        last = len(points) - 1
        ticks = sorted({round(last * part / 6) for part in range(7)}) if last > 0 else [0]
        times = {n: self._time(first + n) for n in ticks}
        names = self._ends(points[-1] if points else ControlPoint(None, None, None, None))
        phases = [
            (start - first, say("phase {number}", self.language, number=n + 1))
            for n, start in enumerate(chart.starts)
            if start > first
        ]
        below = None
        if drawn.lower_sum is not None:
            below = [_known(value) for value in drawn.lower_sum[first:]]
        return control_figure(
            points, times, names, caption, self.language, width=width, phases=phases, below=below
        )

    def _ends(self, end: ControlPoint) -> tuple[str, str, str]:
        """Return the names of the limits, with as many decimals as tell them apart."""
        spread = max(
            (abs(v - (end.centre or 0.0)) for v in (end.upper, end.lower) if v is not None),
            default=0.0,
        )
        places = 3 if spread <= 0 else min(max(0, 1 - math.floor(math.log10(spread))), 10)

        def name(sign: str, value: float | None) -> str:
            return "" if value is None else f"{sign} {fixed(value, places, self.language)}"

        return name("UCL", end.upper), name("CL", end.centre), name("LCL", end.lower)

    def _rows(self, drawn: Drawn, marks: Marked) -> Iterator[list[Content]]:
        chart = drawn.chart
        for n in range(self.count - 1, max(-1, self.count - 1 - _MOST_ROWS), -1):
            yield [
                str(n + 1),
                self._time(n, whole=True),
                *(
                    self._cell(float(held[n]))
                    for held in (chart.values, chart.centre, chart.lower, chart.upper)
                ),
                str(int(self.report.sizes[n])),
                marks.names(n, self.language),
                self._batches(n),
            ]

    def violations(self) -> Card | None:
        """Return what breaks a rule, newest first, each with its batches."""
        report, language = self.report, self.language
        held = sorted(
            ((point, at) for at, one in enumerate(self.marks) for point in one.broken),
            key=lambda pair: (-pair[0], pair[1]),
        )
        if not held:
            return None
        rows = [
            [
                self._time(point, whole=True),
                str(point + 1),
                report.charts[at].name.text(language),
                self.marks[at].names(point, language),
                self._batches(point),
            ]
            for point, at in held[:_MOST_LISTED]
        ]
        heading = say("What breaks a rule, and in which batch", language)
        subtitle = say(
            "The newest first: {shown} of the {count} points that stand out",
            language,
            shown=len(rows),
            count=sum(one.count for one in self.marks),
        )
        heads = [
            WORDS["time"].text(language),
            WORDS["point"].text(language),
            say("Chart", language),
            WORDS["rule"].text(language),
            WORDS["batch"].text(language),
        ]
        return Card("violations", heading, subtitle, self.source, heads, rows,
                    figures=frozenset({1}))  # fmt: skip

    def story(self) -> Story:
        """Return how the chart was made, and how to make it again."""
        report, language = self.report, self.language
        chart = report.charts[0].chart
        baseline = chart.baselines[0] if chart.baselines else None
        made = ""
        if baseline is not None:
            made = say(
                "mean {mean}, σ {sigma} of {count} values",
                language,
                mean=number(baseline.mean, language, 6),
                sigma=number(baseline.sigma, language, 4),
                count=baseline.count,
            )
        limits = say("centre ± 3 σ of the plotted point; {how}", language, how=self._estimated())
        window = self.span.window
        command = chart_command(
            report.subject, window, report.kind, self.asked.subgroup, self.asked.rules
        )
        lines = (
            Line(Label("控制限", "Limits").text(language), (limits, made)),
            Line(Label("准则", "Rules").text(language),
                 tuple(RULE_LABELS[rule].text(language) for rule in rules_of(self.asked.rules))),
            Line(Label("时段", "Period").text(language), (window_text(window),)),
            Line(Label("来源", "Sources").text(language), (self.source,)),
            Line(Label("复现命令", "Command").text(language),
                 (command,),
                 code=True),
        )  # fmt: skip
        title = f"{report.name.text(language)} · {report.charts[0].name.text(language)}"
        return Story(
            "chart", title, say("{count} points", language, count=self.count), "", lines,
            self.site.provenance == "synthetic",
        )  # fmt: skip

    def _cell(self, value: float) -> Content:
        if math.isfinite(value):
            return number(value, self.language, 6)
        return absent(Absence.NO_DATA.label.text(self.language), say("not known", self.language))

    def _batches(self, point: int) -> Markup:
        found = self.report.batches[point] if point < len(self.report.batches) else ()
        made = []
        for handle in found[:3]:
            address, text = self.resolve(handle), visible(handle)
            made.append(link(text, address) if address else Markup("{}").format(text))
        if len(found) > 3:
            made.append(Markup("+{}").format(len(found) - 3))
        return Markup(", ").join(made)

    def _time(self, point: int, *, whole: bool = False) -> str:
        moment = from_ms(int(self.report.ends_ms[point]), self.span.window.zone)
        long = self.span.window.end - self.span.window.start
        if whole:
            return unbroken(f"{moment:%Y-%m-%d %H:%M:%S}")
        return f"{moment:%m-%d %H:%M}" if long.days >= 2 else f"{moment:%H:%M:%S}"


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
