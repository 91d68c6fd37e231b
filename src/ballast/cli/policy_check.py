"""``policy check``: what each title says of one enterprise, or of all of them.

A summary of all titles first, because who asks seldom knows which one to ask
for; the whole explanation where one is named. As JSON it is the decision
itself, as CSV one line for each criterion.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import polars as pl
import typer

from ballast.brain.policy.engine import decide
from ballast.brain.policy.engine_wording import missing_name
from ballast.brain.policy.finding import Decision, Finding, Missing, State, Verdict
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.selfcheck import facts_for
from ballast.brain.policy.telling import as_json, as_text, deciding
from ballast.cli.context import EngineOption, FormatOption, HomeOption, language, open_lake, tell
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.policy_asking import (
    CertificateOption,
    DayOption,
    LawOption,
    RenewalOption,
    SchemeOption,
    SheetOption,
    application_of,
    certificate_of,
    day_of,
    facts_asked,
    law_of,
    titles_of,
)
from ballast.cli.policy_pool import answer_pool
from ballast.errors import Refused, WrongUsage
from ballast.terms.label import Label
from ballast.words import explain, say

__all__ = ["VERDICTS", "check_command"]

VERDICTS = {
    Verdict.ELIGIBLE: Label("符合条件", "eligible"),
    Verdict.INELIGIBLE: Label("不符合条件", "not eligible"),
    Verdict.INCOMPLETE: Label("数据不足", "facts missing"),
    Verdict.REVIEW: Label("可算的均符合，余待审核", "computed criteria met, rest for review"),
}


def check_command(
    uscc: Annotated[
        str | None, typer.Argument(help="An enterprise of this home, by its code.")
    ] = None,
    sheet: SheetOption = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="All enterprises: the pool at each rung.")
    ] = False,
    scheme: SchemeOption = None,
    day: DayOption = None,
    renewal: RenewalOption = False,
    certificate: CertificateOption = None,
    explain_all: Annotated[
        bool, typer.Option("--explain", help="Say every criterion of every title.")
    ] = False,
    law: LawOption = None,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check an enterprise, a sheet, or all: what is met, what is not, what is missing."""
    laws, on = law_of(law), day_of(day)
    application, of = application_of(renewal, certificate), certificate_of(certificate)
    if everybody:
        if uscc is not None or sheet is not None or renewal:
            raise WrongUsage("--all is for new applications of all enterprises: name none")
        answer_pool(laws, open_lake(home, engine), on, (), scheme or (), form)
        return
    facts, read = facts_asked(laws, uscc, sheet, on, home, engine)
    decisions = []
    for each in titles_of(laws, scheme):
        try:
            own = facts if read is None else facts_for(read, laws, [each], on, application)
            decisions.append(decide(laws, each, own, on, application, of))
        except Refused as fault:
            if scheme:
                raise
            typer.echo(explain(fault, language()), err=True)
    _print(laws, decisions, form, whole=bool(scheme) or explain_all)


def _print(laws: Laws, decisions: list[Decision], form: Format, *, whole: bool) -> None:
    words = language()
    if form is Format.JSON:
        found = [as_json(decision, words) for decision in decisions]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    elif form is Format.CSV:
        print_rows(_criteria(decisions), _criteria_columns(), form, words)
    elif whole:
        for at, decision in enumerate(decisions):
            typer.echo(("\n" if at else "") + as_text(decision, words).rstrip("\n"))
    else:
        _print_summary(laws, decisions)


def _print_summary(laws: Laws, decisions: list[Decision]) -> None:
    words = language()
    comma = "、" if words == "zh" else ", "
    rows = []
    for decision in decisions:
        law = laws.law(decision.resolution.scheme)
        unmet = decision.tree.state is State.UNMET
        lacks = [one.label.text(words) for one in deciding(decision.tree)] if unmet else []
        bring = dict.fromkeys(Missing(missing.key) for missing in decision.bring)
        names = [missing_name(each).text(words) for each in bring]
        rows.append(
            {
                "scheme": decision.resolution.scheme,
                "name": Label(law.label.zh, law.label.en).text(words),
                "verdict": VERDICTS[decision.verdict].text(words),
                "lacks": comma.join(lacks) or "–",
                "bring": comma.join(names) or "–",
            }
        )
    print_rows(
        pl.DataFrame(
            rows, schema=dict.fromkeys(("scheme", "name", "verdict", "lacks", "bring"), pl.String)
        ),
        [
            Shown("scheme", say("scheme", words)),
            Shown("name", say("name", words)),
            Shown("verdict", say("verdict", words)),
            Shown("lacks", say("not met", words)),
            Shown("bring", say("to bring", words)),
        ],
        Format.TABLE,
        words,
    )
    for doubt in decisions[0].doubts if decisions else ():
        tell("not used: {reason}", reason=doubt.reason)
    tell("one of them with every criterion: --scheme SCHEME; all: --explain")


def _criteria(decisions: list[Decision]) -> pl.DataFrame:
    rows = [
        _criterion(decision, finding, depth)
        for decision in decisions
        for finding, depth in _walk(decision.tree, 0)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


_SCHEMA: dict[str, Any] = {
    "scheme": pl.String, "version": pl.String, "day": pl.Date, "verdict": pl.String,
    "depth": pl.Int64, "criterion": pl.String, "label": pl.String, "article": pl.String,
    "confirmed": pl.Boolean, "kind": pl.String, "state": pl.String, "year": pl.Int64,
    "low": pl.String, "high": pl.String, "unit": pl.String, "op": pl.String,
    "threshold": pl.String, "margin": pl.String, "missing": pl.String, "turn": pl.String,
    "waived": pl.Boolean,
}  # fmt: skip


def _criteria_columns() -> list[Shown]:
    return [Shown(name, name) for name in _SCHEMA]


def _walk(finding: Finding, depth: int) -> Iterator[tuple[Finding, int]]:
    yield finding, depth
    for part in finding.parts:
        yield from _walk(part, depth + 1)


def _criterion(decision: Decision, finding: Finding, depth: int) -> dict[str, object]:
    words = language()
    on: date = decision.resolution.day
    value = finding.value
    return {
        "scheme": decision.resolution.scheme,
        "version": decision.resolution.version,
        "day": on,
        "verdict": decision.verdict.value,
        "depth": depth,
        "criterion": finding.id,
        "label": finding.label.text(words),
        "article": finding.article,
        "confirmed": finding.confirmed,
        "kind": finding.kind,
        "state": finding.state.value,
        "year": finding.year,
        "low": None if value is None else _plain(value.low),
        "high": None if value is None else _plain(value.high),
        "unit": finding.unit,
        "op": finding.op,
        "threshold": _plain(finding.threshold),
        "margin": _plain(finding.margin),
        "missing": "; ".join(
            m.key if m.year is None else f"{m.key}[{m.year}]" for m in finding.missing
        ),
        "turn": None if finding.turn is None else finding.turn.text(words),
        "waived": finding.waived,
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
