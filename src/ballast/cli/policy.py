"""``policy``: the ladder of titles, what the law demands, who meets it, what is due when."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from ballast.brain.policy.facts import Held
from ballast.brain.policy.gathering import facts_of
from ballast.brain.policy.law_shape import Law
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.selfcheck import sheet
from ballast.brain.policy.shape import Application
from ballast.brain.policy.size import SIZE_STANDARD
from ballast.brain.policy.versions import APPLICATION_LABELS, resolve, version_of
from ballast.brain.policy.windows import Event, EventKind, calendar
from ballast.cli.context import (
    EngineOption,
    FormatOption,
    HomeOption,
    language,
    open_lake,
    tell,
    viewer,
)
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.policy_asking import (
    CertificateOption,
    DayOption,
    LawOption,
    RenewalOption,
    SchemeOption,
    application_of,
    certificate_of,
    day_of,
    law_of,
    titles_of,
)
from ballast.cli.policy_check import check_command
from ballast.cli.policy_ladder import ladder_command
from ballast.cli.policy_lint import lint_command
from ballast.cli.policy_pool import pool_command
from ballast.cli.policy_rules import RuleLine, rule_lines
from ballast.errors import Refused, StorageFailed, WrongUsage
from ballast.terms.enterprise_code import normalise
from ballast.terms.label import Label
from ballast.words import say

policy = typer.Typer(
    name="policy",
    help="Gradient cultivation (梯度培育): which title an enterprise can reach, what it lacks, by "
    "when. The law is data, with a day and an article at every figure.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_EVENTS = {
    EventKind.OPENS: Label("开始受理", "applications open"),
    EventKind.CLOSES: Label("截止受理", "applications close"),
    EventKind.DUE: Label("截止办理", "due"),
    EventKind.BEGINS: Label("规定开始适用", "a rule begins to apply"),
    EventKind.CHANGES: Label("数值调整", "a figure changes"),
    EventKind.ENDS: Label("规定停止适用", "a rule ends"),
    EventKind.EXPIRES: Label("称号到期", "a title expires"),
}
_YEAR = timedelta(days=365)


@policy.command("list")
def list_command(
    day: DayOption = None, law: LawOption = None, form: FormatOption = Format.TABLE
) -> None:
    """List the titles, and which version of the law applies to each on a day."""
    laws, on = law_of(law), day_of(day)
    words = language()
    rows = [
        {
            "scheme": scheme,
            "name": _label(laws.law(scheme)).text(words),
            "rung": laws.law(scheme).rung,
            "new": _version(laws, scheme, on, Application.NEW),
            "renewal": _version(laws, scheme, on, Application.RENEWAL),
            "versions": len(laws.law(scheme).versions),
        }
        for scheme in laws.schemes
    ]
    schema = {
        "scheme": pl.String, "name": pl.String, "rung": pl.Int64, "new": pl.String,
        "renewal": pl.String, "versions": pl.Int64,
    }  # fmt: skip
    print_rows(
        pl.DataFrame(rows, schema=schema),
        [
            Shown("scheme", say("scheme", words)),
            Shown("name", say("name", words)),
            Shown("rung", say("rung", words), 0),
            Shown("new", APPLICATION_LABELS[Application.NEW].text(words)),
            Shown("renewal", APPLICATION_LABELS[Application.RENEWAL].text(words)),
            Shown("versions", say("versions", words), 0),
        ],
        form,
        words,
    )
    tell("the rules in force on {day}; one of them: ballast policy show SCHEME", day=on.isoformat())


def _version(laws: Laws, scheme: str, day: date, application: Application) -> str | None:
    """Return the instrument that applies; None where there is none."""
    try:
        found = resolve(laws, scheme, day, application)
    except Refused:
        return None
    return found.instrument


@policy.command("show")
def show_command(
    scheme: Annotated[str, typer.Argument(help="A title, as `ballast policy list` names it.")],
    day: DayOption = None,
    renewal: RenewalOption = False,
    certificate: CertificateOption = None,
    law: LawOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a rule: every criterion with its figure, its article, and whether it is confirmed."""
    laws, on = law_of(law), day_of(day)
    found = resolve(
        laws, scheme, on, application_of(renewal, certificate), certificate_of(certificate)
    )
    version = version_of(laws, found)
    words = language()
    lines = rule_lines(laws, version, on, words)
    tell(
        "{scheme}, version {version}: {instrument}",
        scheme=_label(laws.law(scheme)),
        version=version.id,
        instrument=found.instrument,
    )
    typer.echo(found.why.text(language()), err=True)
    print_rows(_rules_frame(lines, form), _rule_columns(), form, words)
    doubtful = sum(not line.confirmed for line in lines)
    if doubtful or not found.confirmed:
        tell(
            "{count} of {all} lines are not confirmed by any source at hand (“?”); the official "
            "text decides",
            count=doubtful,
            all=len(lines),
        )
    _tell_sources(laws.law(scheme), version.instrument)


def _rules_frame(lines: tuple[RuleLine, ...], form: Format) -> pl.DataFrame:
    eyes = form is Format.TABLE
    rows = [
        {
            "depth": line.depth,
            "criterion": line.id,
            "rule": ("  " * line.depth if eyes else "") + line.rule,
            "demand": line.demand,
            "article": line.article,
            "confirmed": ("" if line.confirmed else "?") if eyes else line.confirmed,
            "since": line.since,
            "note": line.note or None,
        }
        for line in lines
    ]
    schema = {
        "depth": pl.Int64, "criterion": pl.String, "rule": pl.String, "demand": pl.String,
        "article": pl.String, "confirmed": pl.String if eyes else pl.Boolean, "since": pl.Date,
        "note": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _rule_columns() -> list[Shown]:
    words = language()
    return [
        Shown("rule", say("rule", words)),
        Shown("demand", say("demand", words)),
        Shown("confirmed", say("sure", words)),
        Shown("article", say("article", words)),
        Shown("criterion", say("criterion", words)),
    ]


def _tell_sources(law: Law, instrument: str) -> None:
    for each in law.instruments:
        if each.id == instrument:
            tell("sources: {sources}", sources="; ".join(each.sources) or "–")
            if each.note is not None:
                typer.echo(Label(each.note.zh, each.note.en).text(language()), err=True)


@policy.command("sheet")
def sheet_command(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to write.")],
    scheme: SchemeOption = None,
    day: DayOption = None,
    law: LawOption = None,
) -> None:
    """Write the self-check as an Excel sheet; `ballast policy check --sheet` reads it back."""
    if out.suffix.lower() != ".xlsx":
        raise WrongUsage("{path}: the sheet is an .xlsx file; name it so", path=out)
    laws = law_of(law)
    content = sheet(laws, titles_of(laws, scheme), language(), day_of(day))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise StorageFailed(
            "{path}: cannot be written ({reason}); nothing was committed",
            path=out,
            reason=error.strerror or str(error),
        ) from None
    tell("{path}: fill it in, then: ballast policy check --sheet {path}", path=out)


@policy.command("calendar")
def calendar_command(
    uscc: Annotated[
        str | None, typer.Argument(help="An enterprise, whose titles then stand in it too.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="First day, YYYY-MM-DD; today if left out.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last day; a year later if left out.")
    ] = None,
    scheme: SchemeOption = None,
    law: LawOption = None,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what is due: windows of application, titles that expire, laws that change."""
    laws = law_of(law)
    first = day_of(since, "--since")
    last = first + _YEAR if until is None else day_of(until, "--until")
    titles: tuple[Held, ...] = ()
    if uscc is not None:
        titles = facts_of(open_lake(home, engine), viewer(), normalise(uscc), first).titles
    wanted = {*titles_of(laws, scheme), *(() if scheme else (SIZE_STANDARD,))}
    found = [event for event in calendar(laws, first, last, titles) if event.scheme in wanted]
    _print_events(laws, found, form)
    tell("{first} to {last}", first=first.isoformat(), last=last.isoformat())


def _print_events(laws: Laws, found: list[Event], form: Format) -> None:
    words = language()
    rows = [
        {
            "day": event.day,
            "event": _EVENTS[event.kind].text(words) if form is Format.TABLE else event.kind.value,
            "scheme": event.scheme,
            "name": _named(laws, event.scheme).text(words),
            "what": event.label.text(words),
            "application": None if event.application is None else event.application.value,
            "confirmed": event.confirmed,
            "certificate": event.certificate,
            "note": None if event.note is None else event.note.text(words),
        }
        for event in found
    ]
    schema = {
        "day": pl.Date, "event": pl.String, "scheme": pl.String, "name": pl.String,
        "what": pl.String, "application": pl.String, "confirmed": pl.Boolean,
        "certificate": pl.String, "note": pl.String,
    }  # fmt: skip
    columns = [
        Shown("day", say("day", words)),
        Shown("event", say("what happens", words)),
        Shown("name", say("title", words)),
        Shown("what", say("what", words)),
        Shown("confirmed", say("confirmed", words)),
    ]
    if form is not Format.TABLE:
        columns += [Shown(name, name) for name in ("scheme", "application", "certificate", "note")]
    print_rows(pl.DataFrame(rows, schema=schema), columns, form, words)


def _named(laws: Laws, scheme: str) -> Label:
    return _label(laws.law(scheme)) if scheme in laws.schemes else Label(scheme, scheme)


def _label(law: Law) -> Label:
    return Label(law.label.zh, law.label.en)


for name, command in (
    ("check", check_command),
    ("ladder", ladder_command),
    ("pool", pool_command),
    ("lint", lint_command),
):
    policy.command(name)(command)
