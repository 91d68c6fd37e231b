"""The story of a figure: how it is made, of whom, from what, and how to make it again.

Made from the picture alone, so that a story can never know more than the
page that it belongs to, nor ask the lake for a reader without the right.
"""

from __future__ import annotations

from dataclasses import dataclass

from ballast.brain.picture_items import SAMPLE
from ballast.brain.picture_shape import (
    ClusterSize,
    Indicator,
    IndustrySize,
    MacroItemPicture,
    Part,
    PlaceSize,
    RegionPicture,
    Specialisation,
)
from ballast.portal import picture_words as words
from ballast.portal.sealed_words import sealed_text
from ballast.portal.story_shape import Line, Story
from ballast.terms import unit as units
from ballast.terms.label import Label, Language
from ballast.terms.period import Period
from ballast.terms.unit import Unit
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence, Number, exact, movement, percent

__all__ = ["Line", "Story", "story_of"]

_FORMULA = Label("公式", "Formula")
_PARTS = Label("构成与基数", "Made of, compared with")
_SAMPLE = Label("范围", "Sample")
_PERIOD = Label("时期", "Period")
_CHANGE = Label("同比", "Change")
_COVERAGE = Label("报送情况", "Coverage")
_SOURCES = Label("来源", "Sources")
_STATUS = Label("公布状态", "Disclosure")
_COMMAND = Label("复现命令", "Command")
_RANK = Label("位次", "Rank")
_UNSUPPRESSED = Label(
    "未经保密处理，仅供有权查看单位数据者使用",
    "not suppressed: for readers with the right to unit data",
)
_PUBLISHED = Label("已公布的数据", "published")
_ENTERPRISES = Label("规上企业", "above-scale enterprises")


def story_of(picture: RegionPicture, key: str, language: Language) -> Story | None:
    """Return the story of a figure of a picture; ``None`` where the picture has no such figure.

    Parameters
    ----------
    picture
        What the page shows.
    key
        An indicator's name, or ``industry:32``, ``cluster:…``, ``place:371581``,
        ``quotient:345``, ``macro:rd_intensity``, ``upgrade``.
    language
        To tell it in.
    """
    teller = _Teller(picture, language)
    if (indicator := picture.indicator(key)) is not None:
        return teller.indicator(indicator)
    kind, _, name = key.partition(":")
    if kind == "upgrade":
        return teller.upgrade()
    for industry in (*picture.divisions, *picture.groups):
        if kind == "industry" and industry.code == name:
            return teller.industry(industry)
    for cluster in picture.clusters:
        if kind == "cluster" and cluster.key == name:
            return teller.cluster(cluster)
    for place in picture.places:
        if kind == "place" and place.code == name:
            return teller.place(place)
    for quotient in (*picture.specialisations, *picture.division_quotients):
        if kind == "quotient" and quotient.code == name:
            return teller.quotient(quotient)
    for item in picture.macro:
        if kind == "macro" and item.item == name:
            return teller.macro(item)
    return None


@dataclass(frozen=True, slots=True)
class _Teller:
    picture: RegionPicture
    language: Language

    def indicator(self, told: Indicator) -> Story:
        say_in = self.language
        absence = told.absence or Absence.NO_DATA
        return self._story(
            told.name,
            told.label.text(say_in),
            str(words.value_of(told, say_in)),
            [
                Line(_FORMULA.text(say_in), (told.formula.text(say_in),)),
                Line(_PARTS.text(say_in), tuple(self._part(part) for part in told.parts)),
                Line(_SAMPLE.text(say_in), (told.sample.text(say_in),)),
                Line(_PERIOD.text(say_in), (told.period.label.text(say_in),)),
                Line(_CHANGE.text(say_in), words.growth_texts(told, say_in)),
                *self._coverage(told),
            ],
            told.tables,
            reason="" if told.value is not None else words.absent_reason(absence, say_in),
        )

    def industry(self, told: IndustrySize) -> Story:
        return self._story(
            f"industry:{told.code}",
            f"{told.label.text(self.language)} ({told.code})",
            self._value(told.output, units.CNY_1E4, told.absence),
            [
                Line(
                    _FORMULA.text(self.language),
                    (
                        say(
                            "sum of gross output of the enterprises whose main industry it is, "
                            "over the period",
                            self.language,
                        ),
                    ),
                ),
                self._share(told.share, told.absence),
                *self._of_units(told, self.picture.period),
            ],
            ("enterprise", "enterprise_period"),
        )

    def place(self, told: PlaceSize) -> Story:
        return self._story(
            f"place:{told.code}",
            told.label.text(self.language),
            self._value(told.revenue, units.CNY_1E4, told.absence),
            [
                Line(
                    _FORMULA.text(self.language),
                    (
                        say(
                            "sum of operating revenue of the enterprises registered there, over "
                            "the period; a county without its zones",
                            self.language,
                        ),
                    ),
                ),
                self._share(told.share, told.absence),
                *self._of_units(told, self.picture.period),
            ],
            ("enterprise", "enterprise_period"),
            command=f"ballast picture {told.code}" + self._until(),
        )

    def cluster(self, told: ClusterSize) -> Story:
        quotient = self._undefined(told.quotient, units.FRACTION)
        stars = words.stars_text(told.stars, self.language)
        return self._story(
            f"cluster:{told.key}",
            told.label.text(self.language),
            self._value(told.revenue, units.CNY_1E4, told.absence),
            [
                Line(
                    _FORMULA.text(self.language),
                    (
                        say(
                            "sum of operating revenue of the enterprises that the definition "
                            "{definition} counts, over the year, each by its weight",
                            self.language,
                            definition=self.picture.cluster_definition or "",
                        ),
                    ),
                ),
                Line(
                    Label("级别", "Tier").text(self.language),
                    (words.sealed_tier(told, self.language),),
                ),
                Line(
                    Label("星级", "Stars").text(self.language),
                    ()
                    if self.picture.sealed is not None
                    else (
                        say(
                            "{stars}: a star each for size, specialisation and focus; location "
                            "quotient {quotient}",
                            self.language,
                            stars=stars,
                            quotient=quotient,
                        ),
                    ),
                ),
                *self._of_units(told, self.picture.year),
            ],
            ("enterprise", "enterprise_period", "cluster_definition"),
            command=f"ballast clusters --region {self.picture.region}",
        )

    def quotient(self, told: Specialisation) -> Story:
        reference = self.picture.reference or Label("", "")
        here = Absence.UNDEFINED.label.text(self.language)
        shares = [here if s is None else percent(s) for s in (told.share, told.reference_share)]
        period = self.picture.specialisation_period
        return self._story(
            f"quotient:{told.code}",
            f"{told.label.text(self.language)} ({told.code})",
            self._undefined(told.quotient, units.FRACTION),
            [
                Line(
                    _FORMULA.text(self.language),
                    (
                        say(
                            "location quotient = share of persons employed here ÷ share in "
                            "{reference}",
                            self.language,
                            reference=reference,
                        ),
                    ),
                ),
                Line(_PARTS.text(self.language), (" ÷ ".join(shares),)),
                Line(
                    _PERIOD.text(self.language),
                    ("" if period is None else period.label.text(self.language),),
                ),
            ],
            ("region_industry",),
        )

    def macro(self, told: MacroItemPicture) -> Story:
        own = next(line for line in told.lines if line.own)
        last = own.points[-1]
        rank: tuple[str, ...] = ()
        if told.rank is not None and told.within is not None:
            rank = (words.macro_finding(told, self.language),)
        return self._story(
            f"macro:{told.item}",
            told.label.text(self.language),
            self._value(last.value, told.unit),
            [
                Line(_PERIOD.text(self.language), (last.period.label.text(self.language),)),
                Line(_RANK.text(self.language), rank),
            ],
            ("region_period",),
            published=True,
            command="ballast show region_period",
        )

    def upgrade(self) -> Story | None:
        told = self.picture.upgrade
        if told is None:
            return None
        known = [point for point in told.years if point.value is not None]
        if not known:
            return None
        return self._story(
            "upgrade",
            Label("技术改造投资", "Technical-upgrade investment").text(self.language),
            self._value(known[-1].value, told.unit),
            [
                Line(_PERIOD.text(self.language), (known[-1].period.label.text(self.language),)),
                Line(
                    _CHANGE.text(self.language),
                    (words.upgrade_finding(self.picture, self.language),),
                ),
            ],
            ("region_period", "project"),
            published=True,
            command="ballast show region_period",
        )

    def _story(
        self,
        key: str,
        title: str,
        value: str,
        lines: list[Line],
        tables: tuple[str, ...],
        *,
        reason: str = "",
        published: bool = False,
        command: str = "",
    ) -> Story:
        sealed = self.picture.sealed
        if sealed is not None and not published:
            tables = ("indicator_value",)
            command = f"ballast picture {self.picture.region} --public" + self._until()
        whole = [
            *lines,
            Line(_STATUS.text(self.language), (self._status(published=published),)),
            Line(_SOURCES.text(self.language), self._sources(tables)),
            Line(
                _COMMAND.text(self.language),
                (command or f"ballast picture {self.picture.region}" + self._until(),),
                code=True,
            ),
        ]
        return Story(
            key,
            title,
            value,
            reason,
            tuple(line for line in whole if any(line.texts)),
            self.picture.synthetic,
        )

    def _status(self, *, published: bool) -> str:
        sealed = self.picture.sealed
        if published:
            return _PUBLISHED.text(self.language)
        if sealed is None:
            return _UNSUPPRESSED.text(self.language)
        return sealed_text(sealed, self.language)

    def _until(self) -> str:
        return "" if self.picture.period is None else f" --period {self.picture.period}"

    def _sources(self, tables: tuple[str, ...]) -> tuple[str, ...]:
        """Return the loads that wrote the tables of the figure, not those of the whole page."""
        return tuple(
            say(
                "load {load} of {day}: {tables}",
                self.language,
                load=source.load_id,
                day=source.at.strftime("%Y-%m-%d"),
                tables=", ".join(sorted(set(tables) & set(source.tables))),
            )
            + (f" · {SYNTHETIC.text(self.language)}" if source.synthetic else "")
            for source in self.picture.sources
            if set(tables) & set(source.tables)
        )

    def _of_units(
        self, told: IndustrySize | PlaceSize | ClusterSize, period: Period | None
    ) -> tuple[Line, ...]:
        enterprises = words.count_text(told.enterprises, self.language)
        change = (told.growth_absence or Absence.UNDEFINED).label.text(self.language)
        if told.growth is not None:
            change = movement(told.growth, units.PERCENT, self.language)
        return (
            Line(
                _SAMPLE.text(self.language),
                (SAMPLE.text(self.language), f"{_ENTERPRISES.text(self.language)}: {enterprises}"),
            ),
            Line(
                _PERIOD.text(self.language),
                ("" if period is None else period.label.text(self.language),),
            ),
            Line(_CHANGE.text(self.language), (change,)),
        )

    def _coverage(self, told: Indicator) -> tuple[Line, ...]:
        if told.coverage is None and self.picture.sealed is not None:
            return ()  # how many reported stands among the parts, where it may be told
        text = words.coverage_text(told.coverage, self.language)
        return (Line(_COVERAGE.text(self.language), (text,)),)

    def _share(self, share: float | None, absence: Absence | None = None) -> Line:
        text = (absence or Absence.UNDEFINED).label.text(self.language)
        if share is not None:
            text = percent(share)
        return Line(Label("占比", "Share").text(self.language), (text,))

    def _part(self, part: Part) -> str:
        text = self._value(part.value, part.unit)
        period, name = part.period.label.text(self.language), part.label.text(self.language)
        if self.language == "zh":
            return f"{name}（{period}）：{text}"
        return f"{name[:1].upper()}{name[1:]}, {period}: {text}"

    def _value(self, value: Number | None, unit: Unit, absence: Absence | None = None) -> str:
        if value is None:
            return (absence or Absence.NO_DATA).label.text(self.language)
        if isinstance(value, float):
            value = round(value, 4)
        return str(exact(value, unit, self.language))

    def _undefined(self, value: float | None, unit: Unit) -> str:
        if value is None:
            return Absence.UNDEFINED.label.text(self.language)
        return exact(round(value, 4), unit, self.language).number
