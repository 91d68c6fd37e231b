"""The ladder of an enterprise drawn: what it holds, until when, the next title, what it lacks.

The next step stands open, the ones above and beside it are folded; and before
the criteria stand the smallest sets of them that would be enough, because "what
do I do first" is the question that a list of gaps does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from ballast.brain.policy.engine_wording import title_name, value_of
from ballast.brain.policy.finding import Verdict
from ballast.brain.policy.gathering import facts_of
from ballast.brain.policy.ladder import Action, Ladder, Need, Path, Renewal, Rung, ladder
from ballast.brain.policy.reading import laws
from ballast.brain.policy.telling_words import VERDICT_LABELS
from ballast.brain.policy.windows import Opening
from ballast.errors import BallastError
from ballast.lake.lake import Lake
from ballast.portal.data_html import Content, table_html, unbroken
from ballast.portal.factory_html import answer, capital, section
from ballast.portal.frame_address import go
from ballast.portal.law_rules_head import mark
from ballast.portal.law_tree import decision_card
from ballast.portal.law_words import WORDS
from ballast.terms.label import Label, Language
from ballast.terms.role import Role
from ballast.terms.viewer import Viewer
from ballast.words import explain, say

__all__ = ["ladder_markup", "ladder_part"]

_MOST_PATHS = 5
_FAR = 6  # needs: beyond these a way is a list of everything, which the page shows already
_SOON = 180
_ACTIONS: dict[Action, Label] = {
    Action.CHANGE: Label("改进", "change"),
    Action.SHOW: Label("补充数据", "show"),
    Action.JUDGE: Label("评审", "be judged"),
    Action.EARN: Label("先取得", "earn first"),
}
_NONE = Label("无", "none")


def ladder_part(lake: Lake, viewer: Viewer, uscc: str, today: date, language: Language) -> Markup:
    """Return the ladder of an enterprise as a section of its page, or why there is none.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    uscc
        The enterprise.
    today
        The day of the decisions.
    language
        The reader's.
    """
    title = say("Titles: the next step, and what it lacks", language)
    try:
        found = ladder(laws(), facts_of(lake, viewer, uscc, today), today)
    except BallastError as error:
        note = Markup('<p class="bd-note">{}</p>').format(explain(error, language))
        return section(title, note)
    own = uscc in viewer.enterprises and viewer.role is Role.ENTERPRISE
    return section(title, ladder_markup(found, language, keeps=own))


def ladder_markup(found: Ladder, language: Language, *, keeps: bool = False) -> Markup:
    """Return a ladder: where it stands, what is held, the next titles.

    Parameters
    ----------
    found
        The ladder.
    language
        The reader's.
    keeps
        Whether the reader may keep facts for this enterprise.
    """
    check = (
        say("Enter what is missing, and keep it", language)
        if keeps
        else say("Check with other figures", language)
    )
    foot = Markup('<p class="bd-note"><a href="{}">{}</a> · <a href="{}">{}</a></p>').format(
        go("/public/check", lang=language),
        check,
        go("/law", part="rules", lang=language),
        say("The text of the rules", language),
    )
    return Markup().join(
        (
            answer(_said(found, language)),
            _held(found, language),
            Markup().join(
                _rung(one, language, opened=place == 0) for place, one in enumerate(found.next)
            ),
            foot,
        )
    )


def _said(found: Ladder, language: Language) -> list[str]:
    said = []
    if found.rung is None:
        said.append(say("It is not known which titles are held.", language))
    elif not found.held:
        said.append(say("No title is held now.", language))
    else:
        names = (
            WORDS["joint"]
            .text(language)
            .join(title_name(one.held.scheme).text(language) for one in found.held)
        )
        said.append(say("Held now: {titles}.", language, titles=names))
    if found.next:
        said.append(_next(found.next[0], language))
    said += [
        say("{title} ends in {days} days.", language, title=title_name(one.held.scheme),
            days=one.days_left)
        for one in found.held
        if one.days_left is not None and one.days_left <= _SOON
    ]  # fmt: skip
    return said


def _next(rung: Rung, language: Language) -> str:
    if rung.decision is None:
        why = "" if rung.refused is None else rung.refused.text(language)
        return say("Next: {title}; {why}.", language, title=rung.label, why=why)
    if rung.decision.verdict is Verdict.INELIGIBLE:
        lacking = (
            WORDS["joint"]
            .text(language)
            .join(
                one.finding.label.text(language) for one in rung.gaps if one.action is Action.CHANGE
            )
        )
        if lacking:
            return say("Next: {title}; it lacks: {gaps}.", language, title=rung.label, gaps=lacking)
    verdict = VERDICT_LABELS[rung.decision.verdict].text(language)
    return say("Next: {title}; {why}.", language, title=rung.label, why=verdict)


def _held(found: Ladder, language: Language) -> Markup:
    if not found.held:
        return Markup()
    heads = [
        Label("称号", "Title"), Label("有效期至", "Valid until"), Label("还有", "Left"),
        Label("复核受理", "Renewals are taken"), Label("按今天的数据复核", "A renewal today"),
    ]  # fmt: skip
    rows = [_renewal(one, language) for one in found.held]
    caption = say("Titles that are held, and their renewal", language)
    table = table_html(caption, [head.text(language) for head in heads], rows)
    return table + Markup().join(
        decision_card(
            one.decision,
            _renewed(one),
            language,
            folded=True,
            name_it=f"renewal-{one.held.scheme}",
        )
        for one in found.held
        if one.decision is not None and one.decision.verdict is not Verdict.ELIGIBLE
    )


def _renewed(one: Renewal) -> Label:
    name = title_name(one.held.scheme)
    return Label(f"复核：{name.zh}", f"renewal: {name.en}")


def _renewal(one: Renewal, language: Language) -> list[Content]:
    held = one.held
    ends = "–" if held.expires is None else held.expires.isoformat()
    left = "–" if one.days_left is None else say("{days} days", language, days=one.days_left)
    today = "" if one.refused is None else one.refused.text(language)
    if one.decision is not None:
        today = VERDICT_LABELS[one.decision.verdict].text(language)
    name = Markup("{}<small>{}</small>").format(
        title_name(held.scheme).text(language), held.certificate
    )
    taken = _window(one.window, language)
    if one.late:
        late = say("only after it has ended", language)
        taken += Markup(' <small class="en-behind">{}</small>').format(late)
    then = "" if one.otherwise is None else capital(one.otherwise.text(language))
    shown = Markup("{}<small>{}</small>").format(capital(today), then) if then else capital(today)
    return [name, unbroken(ends), left, taken, shown]


def _window(window: Opening | None, language: Language) -> Markup:
    if window is None:
        return Markup("{}").format(_NONE.text(language))
    return unbroken(f"{window.opens.isoformat()} – {window.closes.isoformat()}") + mark(
        language, confirmed=window.confirmed
    )


def _rung(rung: Rung, language: Language, *, opened: bool) -> Markup:
    if rung.decision is None:
        why = "" if rung.refused is None else rung.refused.text(language)
        return Markup('<p class="bd-note">{}{}{}</p>').format(
            capital(rung.label.text(language)), Label("：", ": ").text(language), why
        )
    window = Markup()
    if rung.window is not None:
        name = say("Applications are taken", language)
        window = Markup('<p class="lt-why">{} {}</p>').format(name, _window(rung.window, language))
    return decision_card(
        rung.decision,
        rung.label,
        language,
        folded=not opened,
        before=window + _paths(rung, language),
    )


def _paths(rung: Rung, language: Language) -> Markup:
    if not rung.paths:
        return Markup()
    if (count := len(rung.paths[0].needs)) > _FAR:
        text = say("no way takes fewer than {count} of them at once", language, count=count)
        return Markup('<p class="lt-why">{}</p>').format(text)
    shown = list(rung.paths[:_MOST_PATHS])
    entries = Markup().join(_path(one, language) for one in shown)
    more = ""
    if len(rung.paths) > len(shown) or not rung.paths_complete:
        more = say("There are more ways; `ballast policy ladder` lists them.", language)
    heading = say("What would be enough (each line is one way)", language)
    cheapest = Markup()
    if rung.cheapest is not None and rung.cheapest.price is not None:
        price = value_of(rung.cheapest.price, "1e4_cny").text(language)
        text = say("The cheapest of them: {price}", language, price=price)
        cheapest = Markup('<p class="lt-why">{}</p>').format(text)
    return Markup(
        '<section class="lt-paths"><h4>{}</h4><ol>{}</ol>{}<p class="lt-why">{}</p></section>'
    ).format(heading, entries, cheapest, more)


def _path(path: Path, language: Language) -> Markup:
    return Markup("<li>{}</li>").format(_needs(path.needs, language))


def _needs(needs: Sequence[Need], language: Language) -> Markup:
    return Markup(" + ").join(
        Markup('<span class="lt-need">{} <small>{}</small></span>').format(
            capital(one.label.text(language)), _how(one, language)
        )
        for one in needs
    )


def _how(need: Need, language: Language) -> str:
    told = _ACTIONS[need.action].text(language)
    if need.points is None:
        return told
    now, most = need.points
    return say("{now} of {most} points now", language, now=f"{now:f}", most=f"{most:f}")
