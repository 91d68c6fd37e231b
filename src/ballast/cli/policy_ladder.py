"""``policy ladder``: the rung an enterprise stands on, the next ones, and what each takes."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from ballast.brain.policy.ladder import Action, Gap, Ladder, Path, Renewal, Rung, ladder
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.selfcheck import facts_for
from ballast.brain.policy.telling import as_json
from ballast.brain.policy.windows import Opening
from ballast.cli.context import EngineOption, HomeOption, language
from ballast.cli.output import Format
from ballast.cli.policy_asking import DayOption, LawOption, SheetOption, day_of, facts_asked, law_of
from ballast.cli.policy_check import VERDICTS
from ballast.errors import WrongUsage
from ballast.terms.label import Label
from ballast.words import say

__all__ = ["ladder_command"]

_ACTIONS = {
    Action.CHANGE: Label("须改进", "to change"),
    Action.SHOW: Label("须补充数据", "to show"),
    Action.JUDGE: Label("须审核", "to be judged"),
    Action.EARN: Label("须先取得", "to earn first"),
}
_COLON = Label("：", ": ")
_FAR = 6
"""Needs: beyond these a way is a list of everything, which stands above it already."""
_MOST = 5
"""Sets of criteria that are shown for a rung; JSON holds them all."""


def ladder_command(
    uscc: Annotated[
        str | None, typer.Argument(help="An enterprise of this home, by its code.")
    ] = None,
    sheet: SheetOption = None,
    day: DayOption = None,
    price: Annotated[
        list[str] | None,
        typer.Option(
            "--price",
            metavar="CRITERION=AMOUNT",
            help="What a criterion costs you, in 10,000 CNY; may be repeated.",
        ),
    ] = None,
    law: LawOption = None,
    home: HomeOption = None,
    engine: EngineOption = None,
    form: Annotated[
        Format, typer.Option("--format", help="table is a text to read; there is no csv.")
    ] = Format.TABLE,
) -> None:
    """Tell where an enterprise stands, what the next titles take, and what expires when."""
    if form is Format.CSV:
        raise WrongUsage("--format csv: a ladder is no table; use json, or `ballast policy check`")
    laws, on = law_of(law), day_of(day)
    facts, read = facts_asked(laws, uscc, sheet, on, home, engine)
    if read is not None:
        facts = facts_for(read, laws, (), on)
    found = ladder(laws, facts, on, _prices(price))
    if form is Format.JSON:
        sys.stdout.write(json.dumps(_as_json(found), ensure_ascii=False, indent=1) + "\n")
    else:
        for line in _lines(laws, found):
            typer.echo(line)


def _prices(given: list[str] | None) -> dict[str, Decimal] | None:
    prices = {}
    for each in given or ():
        name, _, amount = each.partition("=")
        try:
            prices[name.strip()] = Decimal(amount.strip())
        except InvalidOperation:
            prices[name.strip()] = Decimal("NaN")
        if not name.strip() or not prices[name.strip()].is_finite():
            raise WrongUsage(
                "--price {given}: write CRITERION=AMOUNT, such as class1_ip=30", given=each[:60]
            )
    return prices or None


def _lines(laws: Laws, found: Ladder) -> list[str]:
    words = language()
    lines = [_standing(laws, found)]
    for renewal in found.held:
        lines += ["", *_held(laws, renewal)]
    for held in found.lapsed:
        ended = "–" if held.expires is None else held.expires.isoformat()
        lines += [say("{title}: ended on {day}", words, title=_name(laws, held.scheme), day=ended)]
    for rung in found.next:
        lines += ["", *_rung(rung)]
    if found.calendar:
        lines += ["", say("In the next 365 days:", words)]
        lines += [
            f"  {event.day.isoformat()}  {event.label.text(words)}"
            f" ({_name(laws, event.scheme).text(words)})" + ("" if event.confirmed else " ?")
            for event in found.calendar
        ]
    return lines


def _standing(laws: Laws, found: Ladder) -> str:
    words = language()
    if found.rung is None:
        return say("It is not known which titles are held.", words)
    if found.rung == 0:
        return say("No title of the ladder is held on {day}.", words, day=found.day.isoformat())
    names = [s for s in laws.schemes if laws.law(s).rung == found.rung]
    return say(
        "On {day} it stands on rung {rung}: {title}.",
        words,
        day=found.day.isoformat(),
        rung=found.rung,
        title=_name(laws, names[0]) if names else "–",
    )


def _held(laws: Laws, renewal: Renewal) -> list[str]:
    words = language()
    held = renewal.held
    lines = [
        say(
            "{title}: awarded {awarded}, valid to {expires}",
            words,
            title=_name(laws, held.scheme),
            awarded=held.awarded.isoformat(),
            expires="–" if held.expires is None else held.expires.isoformat(),
        )
    ]
    if renewal.days_left is not None:
        lines.append("  " + say("{days} days left", words, days=renewal.days_left))
    if renewal.window is not None:
        lines.append("  " + _window(renewal.window))
    if renewal.late:
        late = say("that window opens only after the certificate has expired", words)
        lines.append("  " + late)
    if renewal.decision is not None:
        verdict = VERDICTS[renewal.decision.verdict]
        why = renewal.decision.resolution.why
        lines.append(
            "  " + say("renewed today: {verdict} ({why})", words, verdict=verdict, why=why)
        )
    elif renewal.refused is not None:
        lines.append("  " + renewal.refused.text(words))
    if renewal.otherwise is not None:
        lines.append("  " + renewal.otherwise.text(words))
    return lines


def _rung(rung: Rung) -> list[str]:
    words = language()
    title = rung.label.text(words)
    if rung.decision is None:
        refused = "" if rung.refused is None else rung.refused.text(words)
        return [f"{title}{_COLON.text(words)}{refused}"]
    lines = [f"{title}{_COLON.text(words)}{VERDICTS[rung.decision.verdict].text(words)}"]
    lines += ["  " + _gap(gap) for gap in rung.gaps]
    if rung.paths and len(rung.paths[0].needs) > _FAR:
        count = len(rung.paths[0].needs)
        lines.append(
            "  " + say("no way takes fewer than {count} of them at once", words, count=count)
        )
    elif rung.paths:
        lines.append("  " + say("what would reach it, each line by itself:", words))
        lines += [f"    {at}. {_path(path)}" for at, path in enumerate(rung.paths[:_MOST], start=1)]
        if not rung.paths_complete or len(rung.paths) > _MOST:
            lines.append("    " + say("… and other ways", words))
    elif rung.gaps:
        lines.append("  " + say("nothing that could be changed reaches it", words))
    if rung.cheapest is not None:
        lines.append("  " + say("cheapest: {path}", words, path=_path(rung.cheapest)))
    if rung.window is not None:
        lines.append("  " + _window(rung.window))
    return lines


def _gap(gap: Gap) -> str:
    words = language()
    action = _ACTIONS[gap.action].text(words)
    text = f"{action}{_COLON.text(words)}{gap.finding.label.text(words)}"
    if gap.finding.turn is not None:
        text += f" — {gap.finding.turn.text(words)}"
    return text + ("" if gap.finding.confirmed else " ?")


def _path(path: Path) -> str:
    words = language()
    joint = " + "
    text = joint.join(need.label.text(words) for need in path.needs)
    if path.price is not None:
        text += say(" ({price} × 10,000 CNY)", words, price=f"{path.price:f}")
    return text


def _window(window: Opening) -> str:
    words = language()
    text = say(
        "{window}: {opens} to {closes}",
        words,
        window=window.label,
        opens=window.opens.isoformat(),
        closes=window.closes.isoformat(),
    )
    return text + ("" if window.confirmed else " ?")


def _name(laws: Laws, scheme: str) -> Label:
    if scheme not in laws.schemes:
        return Label(scheme, scheme)
    words = laws.law(scheme).label
    return Label(words.zh, words.en)


def _as_json(found: Ladder) -> dict[str, Any]:
    words = language()
    return {
        "day": found.day.isoformat(),
        "rung": found.rung,
        "held": [
            {
                "scheme": one.held.scheme,
                "awarded": one.held.awarded.isoformat(),
                "expires": _day(one.held.expires),
                "certificate": one.held.certificate or None,
                "days_left": one.days_left,
                "window": _opening(one.window),
                "late": one.late,
                "renewal": None if one.decision is None else as_json(one.decision, words),
                "refused": None if one.refused is None else one.refused.text(words),
                "law": None if one.law is None else one.law.instrument,
            }
            for one in found.held
        ],
        "lapsed": [
            {"scheme": one.scheme, "awarded": _day(one.awarded), "expires": _day(one.expires)}
            for one in found.lapsed
        ],
        "next": [
            {
                "scheme": one.scheme,
                "label": one.label.text(words),
                "rung": one.rung,
                "decision": None if one.decision is None else as_json(one.decision, words),
                "refused": None if one.refused is None else one.refused.text(words),
                "gaps": [
                    {
                        "criterion": gap.finding.id,
                        "label": gap.finding.label.text(words),
                        "action": gap.action.value,
                        "turn": None if gap.finding.turn is None else gap.finding.turn.text(words),
                    }
                    for gap in one.gaps
                ],
                "paths": [_steps(path) for path in one.paths],
                "paths_complete": one.paths_complete,
                "cheapest": None if one.cheapest is None else _steps(one.cheapest),
                "window": _opening(one.window),
            }
            for one in found.next
        ],
        "calendar": [
            {
                "day": event.day.isoformat(),
                "event": event.kind.value,
                "scheme": event.scheme,
                "label": event.label.text(words),
                "confirmed": event.confirmed,
            }
            for event in found.calendar
        ],
    }


def _steps(path: Path) -> dict[str, Any]:
    return {
        "needs": [
            {
                "criterion": need.id,
                "label": need.label.text(language()),
                "article": need.article,
                "action": need.action.value,
                "points": None if need.points is None else [f"{each:f}" for each in need.points],
                "price": None if need.price is None else f"{need.price:f}",
            }
            for need in path.needs
        ],
        "price": None if path.price is None else f"{path.price:f}",
    }


def _opening(window: Opening | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {
        "label": window.label.text(language()),
        "opens": window.opens.isoformat(),
        "closes": window.closes.isoformat(),
        "confirmed": window.confirmed,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
