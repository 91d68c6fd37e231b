"""The ledger and its flags as markup: the answer in words, then the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.names import Names
from ballast.brain.projects.flags import FLAG_LABELS, Flag, FlagKind
from ballast.brain.projects.ledger import KIND_LABELS, Ledger, Project
from ballast.brain.projects.status import STATUS_LABELS, Status
from ballast.brain.projects.totals import in_region, totals
from ballast.portal.data_html import Content, table_html
from ballast.portal.factory_html import answer, badge
from ballast.portal.frame_address import go
from ballast.portal.projects_words import MOST, PAGE, WORDS
from ballast.terms.label import Language
from ballast.terms.unit import CNY_1E4
from ballast.words import say
from ballast.words.numbers import Absence, written

__all__ = ["Seen", "Wanted", "empty_markup", "flags_markup", "ledger_markup", "money", "name_of"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader may see of the projects.

    Parameters
    ----------
    ledger
        The projects, with the months of those that are open.
    flags
        By number, of those that have any.
    names
        Of regions.
    on
        The day that they are judged on.
    """

    ledger: Ledger
    flags: Mapping[str, tuple[Flag, ...]]
    names: Names
    on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for.

    Parameters
    ----------
    region
        Only projects in it, by its code.
    find, kind, status, flag
        Only those that hold the text, are of the kind, stand so, are flagged so; empty: all.
    page
        Which page of the list, from 0.
    """

    region: str
    find: str = ""
    kind: str = ""
    status: str = ""
    flag: str = ""
    page: int = 0

    def of(self, seen: Seen) -> list[Project]:
        """Return the projects asked for, by number."""
        text = self.find.casefold()
        found = []
        for one in seen.ledger.projects.values():
            owner = one.enterprise
            texts = [one.number, one.name, one.uscc, *one.aliases]
            texts += [] if owner is None else [owner.zh, owner.en]
            if (
                in_region(one.region, self.region)
                and self.kind in ("", one.kind)
                and self.status in ("", one.status.value)
                and any(text in each.casefold() for each in texts)
            ):
                found.append(one)
        return sorted(found, key=lambda one: one.number, reverse=True)


def money(value: Decimal | None, language: Language) -> str:
    """Return an amount of 10,000 CNY as people read it."""
    if value is None:
        return Absence.NO_DATA.label.text(language)
    return str(written(value, CNY_1E4, language))


def name_of(one: Project, language: Language) -> Markup:
    """Return the name of a project as a link to it, with its number."""
    return Markup('<a href="{}">{}</a><small>{}</small>').format(
        go(PAGE, project=one.number, lang=language), one.name, one.number
    )


def _owner(one: Project, language: Language) -> str:
    return one.uscc if one.enterprise is None else one.enterprise.text(language)


def flags_markup(seen: Seen, wanted: Wanted, language: Language) -> Markup:
    """Return the answer and the flagged projects.

    Parameters
    ----------
    seen, wanted, language
        What there is, what of it is asked for, and the reader's language.
    """
    chosen = wanted.of(seen)
    listed = [(one, flag) for one in chosen for flag in seen.flags.get(one.number, ())]
    counted = Counter(flag.kind for _, flag in listed)
    shown = [pair for pair in listed if wanted.flag in ("", pair[1].kind.value)]
    shown.sort(key=lambda pair: (pair[1].since, pair[0].number))
    heads = [WORDS[key].text(language) for key in ("flag", "project", "reason", "enterprise",
                                                   "place", "since")]  # fmt: skip
    part = shown[wanted.page * MOST : (wanted.page + 1) * MOST]
    rows = [_flagged(one, flag, seen, language) for one, flag in part]
    parts = [
        answer(_said(chosen, counted, seen, language)),
        _head(seen, language),
        _kinds(counted, wanted, language),
    ]
    if rows:
        parts += [table_html(WORDS["flag"].text(language), heads, rows),
                  _pages(len(shown), wanted, "flags", language)]  # fmt: skip
    else:
        text = say("No project is flagged here.", language)
        parts.append(Markup('<p class="bd-note" role="status">{}</p>').format(text))
    return Markup().join(parts)


def _said(
    chosen: Sequence[Project], counted: Mapping[FlagKind, int], seen: Seen, language: Language
) -> list[str]:
    by = Counter(one.status for one in chosen)
    first = say(
        "{projects} projects: {building} under way, {planned} planned, {finished} finished, "
        "{stalled} stalled, {cancelled} given up.",
        language,
        projects=len(chosen),
        **{status.value: by[status] for status in Status},
    )
    if not counted:
        return [first, say("None of them is flagged.", language)]
    flagged = sum(bool(seen.flags.get(one.number)) for one in chosen)
    second = say(
        "{flagged} want attention: {late} late, {stalled} standing still, {over} over budget, "
        "{silent} silent.",
        language,
        flagged=flagged,
        late=counted.get(FlagKind.LATE, 0),
        stalled=counted.get(FlagKind.STALLED, 0),
        over=counted.get(FlagKind.OVER_BUDGET, 0),
        silent=counted.get(FlagKind.SILENT, 0),
    )
    return [first, second]


def _head(seen: Seen, language: Language) -> Markup:
    text = say("judged as of {day}", language, day=seen.on.isoformat())
    return Markup('<p class="about"><span>{}</span>{}</p>').format(
        text, badge(language, synthetic=seen.ledger.synthetic)
    )


def _kinds(counted: Mapping[FlagKind, int], wanted: Wanted, language: Language) -> Markup:
    every = [("", WORDS["all"].text(language), sum(counted.values()))]
    every += [(kind.value, FLAG_LABELS[kind].text(language), counted.get(kind, 0))
              for kind in FlagKind]  # fmt: skip
    entries = Markup().join(
        Markup('<li><a href="{}"{}>{} {}</a></li>').format(
            go(PAGE, part="flags", flag=value, region=wanted.region, lang=language),
            Markup(' aria-current="true"') if value == wanted.flag else Markup(),
            text,
            count,
        )
        for value, text, count in every
    )
    label = WORDS["flag"].text(language)
    return Markup('<nav aria-label="{}"><ul class="fa-spans">{}</ul></nav>').format(label, entries)


def _flagged(one: Project, flag: Flag, seen: Seen, language: Language) -> list[Content]:
    return [
        Markup('<span class="pj-flag">{}</span>').format(FLAG_LABELS[flag.kind].text(language)),
        name_of(one, language),
        flag.reason.text(language),
        _owner(one, language),
        seen.names.region(one.region).text(language),
        Markup('<span class="bd-once">{}</span>').format(flag.since.isoformat()),
    ]


def ledger_markup(seen: Seen, wanted: Wanted, language: Language) -> Markup:
    """Return the ledger: a form to look for projects, sums by kind, the projects.

    Parameters
    ----------
    seen, wanted, language
        As for `flags_markup`.
    """
    chosen = wanted.of(seen)
    heads = [WORDS[key].text(language) for key in (
        "project", "enterprise", "place", "kind", "status", "planned", "invested", "planned_end",
        "finished")]  # fmt: skip
    part = chosen[wanted.page * MOST : (wanted.page + 1) * MOST]
    rows: list[list[Content]] = [
        [
            name_of(one, language),
            _owner(one, language),
            seen.names.region(one.region).text(language),
            KIND_LABELS[one.kind].text(language),
            STATUS_LABELS[one.status].text(language),
            money(one.planned, language),
            money(one.invested, language),
            _day(one.planned_end),
            _day(one.finished),
        ]
        for one in part
    ]
    parts = [_head(seen, language), _form(wanted, language)]
    if not rows:
        text = say("No project that you may see is like that.", language)
        return Markup().join(
            [*parts, Markup('<p class="bd-note" role="status">{}</p>').format(text)]
        )
    caption = say("{count} projects", language, count=len(chosen))
    parts += [
        Markup("<h2>{}</h2>").format(caption),
        _sums(chosen, language),
        table_html(caption, heads, rows, figures=frozenset({5, 6})),
        _pages(len(chosen), wanted, "ledger", language),
    ]
    return Markup().join(parts)


def _day(day: date | None) -> Content:
    return "" if day is None else Markup('<span class="bd-once">{}</span>').format(day.isoformat())


def _sums(chosen: Sequence[Project], language: Language) -> Markup:
    heads = [WORDS["kind"].text(language), say("projects", language), say("under way", language),
             say("finished", language), WORDS["planned"].text(language),
             WORDS["invested"].text(language)]  # fmt: skip
    rows: list[list[Content]] = [
        [
            KIND_LABELS[total.key].text(language),
            str(total.projects),
            str(total.under_way),
            str(total.finished),
            money(total.planned, language),
            money(total.invested, language),
        ]
        for total in totals(chosen, "kind")
    ]
    return table_html(WORDS["kind"].text(language), heads, rows, figures=frozenset(range(1, 6)))


def _form(wanted: Wanted, language: Language) -> Markup:
    def drop(name: str, options: Mapping[str, str], chosen: str) -> Markup:
        every = {"": WORDS["all"].text(language)} | dict(options)
        listed = Markup().join(
            Markup('<option value="{}"{}>{}</option>').format(
                value, Markup(" selected") if value == chosen else Markup(), text
            )
            for value, text in every.items()
        )
        return Markup(
            '<label class="bd-field"><span>{}</span><select name="{}">{}</select></label>'
        ).format(WORDS[name].text(language), name, listed)

    kinds = {key: label.text(language) for key, label in KIND_LABELS.items()}
    statuses = {key: label.text(language) for key, label in STATUS_LABELS.items()}
    return Markup(
        '<form class="pj-find" role="search" method="get" action="{}">'
        '<input type="hidden" name="part" value="ledger">'
        '<input type="hidden" name="lang" value="{}">'
        '<input type="hidden" name="region" value="{}">'
        '<label class="bd-field"><span>{}</span>'
        '<input type="search" name="find" value="{}" maxlength="80" autocomplete="off"></label>'
        '{}{}<button type="submit" class="bd-button">{}</button></form>'
    ).format(
        PAGE,
        language,
        wanted.region,
        WORDS["find"].text(language),
        wanted.find,
        drop("kind", kinds, wanted.kind),
        drop("status", statuses, wanted.status),
        WORDS["show"].text(language),
    )


def _pages(count: int, wanted: Wanted, part: str, language: Language) -> Markup:
    ways = []
    if wanted.page:
        ways.append((wanted.page - 1, say("The page before", language)))
    if count > (wanted.page + 1) * MOST:
        ways.append((wanted.page + 1, say("The next page", language)))
    if not ways:
        return Markup()
    links = Markup(" · ").join(
        Markup('<a href="{}">{}</a>').format(
            go(
                PAGE, part=part, page=str(at) if at else None, find=wanted.find, kind=wanted.kind,
                status=wanted.status, flag=wanted.flag, region=wanted.region, lang=language,
            ),
            text,
        )
        for at, text in ways
    )  # fmt: skip
    return Markup("<p>{}</p>").format(links)


def empty_markup(language: Language) -> Markup:
    """Return what would fill the page where no project is loaded."""
    text = say(
        "No project ledger that you may see is loaded yet. The template of the table project and "
        "the loading of it are on the Data page; monthly sheets then update it.",
        language,
    )
    return Markup('<p class="bd-note" role="status">{}</p>').format(text)
