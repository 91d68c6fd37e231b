"""The Enterprise page drawn: the answer in words, the figures, the place among peers, the rest.

One function from a profile to markup and stories. It knows nothing of who
looks: what a reader may not see is not in the profile.
"""

from __future__ import annotations

from markupsafe import Markup

from ballast.brain.enterprise_shape import EnterpriseFigure, EnterpriseProfile, PeerMeasure
from ballast.charts.figure import sparkline
from ballast.portal.enterprise_dossier import (
    chains_card,
    clusters_card,
    identifiers_part,
    plants_part,
    projects_card,
    titles_card,
)
from ballast.portal.enterprise_peers_view import position_part
from ballast.portal.enterprise_story import members_text, stories
from ballast.portal.enterprise_time import time_cards
from ballast.portal.enterprise_words import WORDS, change_text, standing_of_change, value_text
from ballast.portal.factory_html import View, absent, answer, badge, section
from ballast.portal.picture_words import absent_reason
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence

__all__ = ["enterprise_view", "source_line"]

_TILES = (
    "revenue", "output", "value_added", "profit", "margin", "employment", "rd", "rd_intensity",
    "exports", "energy_intensity",
)  # fmt: skip
_NOTHING = Markup()
_MOST_LOADS = 3


def enterprise_view(
    profile: EnterpriseProfile, figure: str, language: Language, ladder: Markup = _NOTHING
) -> View:
    """Return the page of an enterprise.

    Parameters
    ----------
    profile
        What is known of it, as far as the reader may see it.
    figure
        Of which figure the line over time is drawn; the first where there is no such figure.
    language
        The reader's.
    ladder
        The section on titles within reach.
    """
    source = source_line(profile, language)
    parts = [
        _head(profile, language),
        answer(_said(profile, language)),
        _warnings(profile, language),
        _tiles(profile, language),
        position_part(profile, source, language),
        ladder,
        time_cards(profile, figure, source, language),
        _held(profile, source, language),
        _connected(profile, source, language),
    ]
    return View(Markup().join(parts), stories(profile, language))


def source_line(profile: EnterpriseProfile, language: Language) -> str:
    """Return where the figures of the page come from, and of which day they are."""
    loads = ", ".join(source.load_id for source in profile.sources[-_MOST_LOADS:])
    if (more := len(profile.sources) - _MOST_LOADS) > 0:
        loads = say("{loads} and {count} before", language, loads=loads, count=more)
    mark = SYNTHETIC.text(language) if profile.synthetic else ""
    return say(
        "Source: forms, register and lists of the bureau ({loads}), as of {day}. {mark}",
        language,
        loads=loads or Absence.NO_DATA.label.text(language),
        day=profile.as_of.isoformat(),
        mark=mark,
    ).strip()


def _head(profile: EnterpriseProfile, language: Language) -> Markup:
    held = profile.standing
    facts = [
        held.uscc,
        " · ".join(part.text(language) for part in (held.place, held.zone) if part is not None),
        f"{held.industry_code} {held.industry.text(language)}",
        *(part.text(language) for part in (held.size, held.ownership) if part is not None),
        say("as of {day}", language, day=profile.as_of.isoformat()),
    ]
    if held.founded is not None:
        facts.insert(-1, say("founded {day}", language, day=held.founded.isoformat()))
    closed = _NOTHING
    if held.closed is not None:
        text = say("closed on {day}", language, day=held.closed.isoformat())
        closed = Markup('<span class="badge">{}</span>').format(text)
    others = _NOTHING
    if held.others:
        listed = ", ".join(
            f"{code} {label.text(language)} {weight:.0%}" for code, label, weight in held.others
        )
        others = Markup('<p class="bd-note en-others">{}</p>').format(
            say("Further industries: {listed}", language, listed=listed)
        )
    name = Markup('<p class="en-name"><strong>{}</strong> {}{}</p>').format(
        held.name.text(language), badge(language, synthetic=profile.synthetic), closed
    )
    line = Markup().join(Markup("<span>{}</span>").format(fact) for fact in facts)
    consent = Markup('<p class="en-consent">{}</p>').format(_consent(profile, language))
    return name + Markup('<p class="about">{}</p>').format(line) + others + consent


def _consent(profile: EnterpriseProfile, language: Language) -> str:
    if profile.standing.shares:
        return say("It agreed to share its figures with the operator of its cluster.", language)
    return say("Its figures are not shared with the operator of its cluster.", language)


def _said(profile: EnterpriseProfile, language: Language) -> list[str]:
    revenue, margin = profile.figure("revenue"), profile.figure("margin")
    if revenue is None or margin is None:
        return []
    found = []
    if revenue.value is None:
        found.append(say("No revenue is known of {period}.", language, period=revenue.period.label))
    elif revenue.change is None:
        found.append(
            say(
                "In {period} it earned {revenue}; there is nothing to compare with a year before.",
                language,
                period=revenue.period.label,
                revenue=str(value_text(revenue.value, revenue.unit, None, language)),
            )
        )
    else:
        found.append(
            say(
                "In {period} it earned {revenue}, {change} on a year before; profit margin "
                "{margin}.",
                language,
                period=revenue.period.label,
                revenue=str(value_text(revenue.value, revenue.unit, None, language)),
                change=change_text(revenue, language),
                margin=str(value_text(margin.value, margin.unit, margin.absence, language)),
            )
        )
    return found + _among(profile, language)


def _among(profile: EnterpriseProfile, language: Language) -> list[str]:
    peers, measures = profile.position.peers, profile.position.measures
    if peers is None:
        return []
    best = [one.label for one in measures if _place(one) == 4]
    worst = [one.label for one in measures if _place(one) == 1]
    joint = Label("、", ", ").text(language)

    def listed(labels: list[Label]) -> str:
        return joint.join(_lower(label.text(language)) for label in labels)

    members = members_text(peers, language)
    among = peers.label.text(language) + (f"（{members}）" if language == "zh" else f" ({members})")
    found = []
    if best:
        found.append(
            say("Among {peers}, {year}: in the best quarter by {listed}.", language,
                peers=among, year=peers.year.label, listed=listed(best))
        )  # fmt: skip
    if worst and best:
        found.append(say("In the last quarter by {listed}.", language, listed=listed(worst)))
    elif worst:
        found.append(
            say("Among {peers}, {year}: in the last quarter by {listed}.", language,
                peers=among, year=peers.year.label, listed=listed(worst))
        )  # fmt: skip
    return found


def _lower(text: str) -> str:
    """Return a name as it stands within a sentence; an abbreviation keeps its letters."""
    return text if text[1:2].isupper() or text[1:2] == "&" else text[:1].lower() + text[1:]


def _place(one: PeerMeasure) -> int | None:
    """Return the quarter counted from the worst, 1 to 4; ``None`` where neither end is better."""
    if one.quarter is None or one.better == "none":
        return None
    return one.quarter if one.better == "up" else 5 - one.quarter


def _warnings(profile: EnterpriseProfile, language: Language) -> Markup:
    said = []
    if profile.latest is None:
        said.append(
            say(
                "Nothing has been reported yet. Figures stand here once a form of the enterprise "
                "has been loaded.",
                language,
            )
        )
    elif profile.awaited is not None:
        said.append(
            say(
                "The newest report is of {latest}; others have reported {awaited} already.",
                language,
                latest=profile.latest.label,
                awaited=profile.awaited.label,
            )
        )
    if profile.missing:
        joint = Label("、", ", ").text(language)
        left = joint.join(period.label.text(language) for period in profile.missing)
        said.append(say("Not reported in between: {left}.", language, left=left))
    return Markup().join(Markup('<p class="bd-note bd-alert">{}</p>').format(text) for text in said)


def _tiles(profile: EnterpriseProfile, language: Language) -> Markup:
    held = {one.key: one for one in profile.figures}
    shown = [held[key] for key in _TILES if key in held]
    if not shown:
        return _NOTHING
    made = Markup().join(_tile(one, language) for one in shown)
    label = WORDS["headline"].text(language)
    return Markup('<section class="tiles" aria-label="{}">{}</section>').format(label, made)


def _tile(one: EnterpriseFigure, language: Language) -> Markup:
    text = value_text(one.value, one.unit, one.absence, language)
    value = Markup("{}<small>{}</small>").format(text.number, text.unit)
    if one.value is None:
        reason = absent_reason(one.absence or Absence.NO_DATA, language)
        value = absent(text.number, reason)
    change = Markup('<span class="en-{}">{}</span>').format(
        standing_of_change(one) or "even", change_text(one, language)
    )
    if one.change is None:
        why = absent_reason(one.change_absence or Absence.NO_DATA, language)
        change = Markup("<span>{}</span>").format(absent(change_text(one, language), why))
    told = say("{count} periods of {what}", language, count=len(one.series), what=one.label)
    line = Markup(sparkline(one.by_month, told, width=72))  # noqa: S704  its label is escaped there
    return Markup(
        '<button type="button" class="card tile" data-story="{}"><span class="name">{}</span>'
        '<span class="value">{}</span><span class="more">{}{}</span>'
        '<span class="when">{}</span><span class="unseen">{}</span></button>'
    ).format(
        one.key,
        one.label.text(language),
        value,
        change,
        line,
        one.period.label.text(language),
        WORDS["story"].text(language),
    )


def _held(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    title = say("Titles and projects", language)
    return section(
        title, titles_card(profile, source, language), projects_card(profile, source, language)
    )


def _connected(profile: EnterpriseProfile, source: str, language: Language) -> Markup:
    return section(
        say("Clusters, chains, identifiers, machines", language),
        clusters_card(profile, source, language),
        chains_card(profile, source, language),
        identifiers_part(profile, language),
        plants_part(profile, language),
    )
