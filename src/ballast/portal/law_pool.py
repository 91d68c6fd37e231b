"""The pool drawn: how many stand at each rung, what the near ones lack, where they are, and who.

Names stand here only where the pool has any, which it has for analysts alone;
everybody else reads what the cube published, and a count that is withheld is a
word with its reason, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from ballast.brain.policy.pool_shape import Candidate, Count, Pool, PoolCell, Rung, Standing
from ballast.brain.policy.telling_words import article_in
from ballast.charts.figure import Caption
from ballast.charts.stacked import Pile, Segment, stacked_chart
from ballast.charts.theme import ACCENT, AMBER, GREEN, QUIET, SKY, Colour
from ballast.portal.data_html import Content, link
from ballast.portal.factory_html import PHONE, WIDE, Card, absent, capital, card, figure_of
from ballast.portal.frame_address import go
from ballast.portal.law_rules_head import mark
from ballast.portal.law_words import WORDS
from ballast.portal.picture_words import absent_reason
from ballast.terms.label import Label, Language
from ballast.words import say
from ballast.words.marks import SYNTHETIC
from ballast.words.numbers import Absence

__all__ = ["MOST_NAMES", "pool_answer", "pool_markup"]

MOST_NAMES = 300
"""Names on a page; the rest is taken away with the command, or by the interface."""
Address = Callable[[str], str]
_COLOURS: dict[Standing, Colour] = {
    Standing.HOLDS: ACCENT,
    Standing.ELIGIBLE: GREEN,
    Standing.REVIEW: SKY,
    Standing.NEAR: AMBER,
    Standing.UNKNOWN: QUIET,
    Standing.FAR: QUIET,
}
_DRAWN = (Standing.HOLDS, Standing.ELIGIBLE, Standing.REVIEW, Standing.NEAR)


def pool_answer(pool: Pool, language: Language) -> list[str]:
    """Return what the pool says in words: for each rung of the ladder, who could take it."""
    said = []
    for rung in pool.rungs:
        cells = pool.of(rung.scheme)
        if rung.place is None or not cells:
            continue
        whole = cells[0]
        values = {one: _plain(whole.count(one), language) for one in _DRAWN}
        said.append(
            say(
                "{title}: {holds} hold it; {eligible} more meet every criterion, {review} wait "
                "for people to judge, {near} lack a single one.",
                language,
                title=capital(rung.label.text(language)),
                holds=values[Standing.HOLDS],
                eligible=values[Standing.ELIGIBLE],
                review=values[Standing.REVIEW],
                near=values[Standing.NEAR],
            )
        )
    return said


def _plain(count: Count | None, language: Language) -> str:
    if count is None or count.value is None:
        kind = Absence.SUPPRESSED if count is not None and count.withheld else Absence.NO_DATA
        return kind.label.text(language)
    return str(count.value)


def _cell(count: Count | None, language: Language) -> Content:
    text = _plain(count, language)
    if count is not None and count.value is not None:
        return text
    kind = Absence.SUPPRESSED if count is not None and count.withheld else Absence.NO_DATA
    return absent(text, absent_reason(kind, language))


def pool_markup(pool: Pool, scheme: str, language: Language, address: Address) -> Markup:
    """Return the pool: every rung, then one of them by place, by what is lacking, by name.

    Parameters
    ----------
    pool
        As far as the reader may know it.
    scheme
        The rung that is opened; the first where there is no such rung.
    language
        The reader's.
    address
        Makes the address of another rung.
    """
    parts = [_head(pool, language), _overview(pool, language, address)]
    for key, why in pool.refused:
        text = f"{key}{Label('：', ': ').text(language)}{why.text(language)}"
        parts.append(Markup('<p class="bd-note">{}</p>').format(text))
    opened = next((one for one in pool.rungs if one.scheme == scheme), None)
    opened = opened or next(iter(pool.rungs), None)
    if opened is not None:
        parts.append(_rung(pool, opened, language))
    return Markup('<div class="law-pool">{}</div>').format(Markup().join(parts))


def _head(pool: Pool, language: Language) -> Markup:
    facts = [say("as of {day}", language, day=pool.day.isoformat())]
    if pool.sealed:
        facts.append(
            say("published counts, edition {vintage}", language, vintage=pool.vintage or "–")
        )
    line = Markup().join(Markup("<span>{}</span>").format(one) for one in facts)
    made_up = Markup()
    if pool.synthetic:
        made_up = Markup('<span class="badge">{}</span>').format(SYNTHETIC.text(language))
    said = Markup().join(Markup("<p>{}</p>").format(one) for one in pool_answer(pool, language))
    return Markup('<p class="about">{}{}</p><div class="answer">{}</div>').format(
        line, made_up, said
    )


def _source(pool: Pool, language: Language) -> str:
    made_up = SYNTHETIC.text(language) if pool.synthetic else ""
    if pool.sealed:
        said = say(
            "Source: the sealed cube, edition {vintage}; counts below three and what would give "
            "them away are withheld. {mark}",
            language, vintage=pool.vintage or "–", mark=made_up,
        )  # fmt: skip
    else:
        said = say(
            "Source: facts of every enterprise as they stand on {day}, decided by the rules in "
            "force; not checked for disclosure. {mark}",
            language, day=pool.day.isoformat(), mark=made_up,
        )  # fmt: skip
    return said.strip()


def _overview(pool: Pool, language: Language, address: Address) -> Markup:
    heads = [Label("称号", "Title").text(language)]
    heads += [one.label.text(language) for one in _standings(pool)]
    rows: list[list[Content]] = []
    for rung in pool.rungs:
        whole = next(iter(pool.of(rung.scheme)), None)
        name = link(capital(rung.label.text(language)), address(rung.scheme))
        rows.append(
            [
                name + mark(language, confirmed=rung.confirmed),
                *(_cell(_counted(whole, one), language) for one in _standings(pool)),
            ]
        )
    heading = say("Where enterprises stand before each title", language)
    subtitle = say("Number of enterprises; {day}", language, day=pool.day.isoformat())
    source = _source(pool, language)
    caption = Caption(heading, subtitle, source)
    piles = [pile for rung in pool.rungs if (pile := _pile(pool, rung, language)) is not None]
    drawn = phone = Markup()
    if piles:
        kinds = [(one.label.text(language), _COLOURS[one]) for one in _DRAWN]
        drawn, phone = (
            figure_of(stacked_chart(piles, kinds, caption, language, width=width), key)
            for width, key in ((WIDE, "pool"), (PHONE, "pool-phone"))
        )
    figures = frozenset(range(1, len(heads)))
    return card(
        Card("pool", heading, subtitle, source, heads, rows, drawn, phone, figures=figures),
        language,
    )


def _counted(cell: PoolCell | None, standing: Standing) -> Count | None:
    return None if cell is None else cell.count(standing)


def _standings(pool: Pool) -> tuple[Standing, ...]:
    known = {standing for cell in pool.cells for standing, _ in cell.counts}
    return tuple(one for one in Standing if one in known)


def _pile(pool: Pool, rung: Rung, language: Language) -> Pile | None:
    whole = next(iter(pool.of(rung.scheme)), None)
    if whole is None:
        return None
    counts = [_counted(whole, one) for one in _DRAWN]
    known = [0 if one is None or one.value is None else one.value for one in counts]
    withheld = any(one is not None and one.withheld for one in counts)
    end = "" if not withheld else Absence.SUPPRESSED.label.text(language)
    return Pile(
        capital(rung.label.text(language)),
        tuple(Segment(float(value), str(value) if value else "") for value in known),
        end,
    )


def _rung(pool: Pool, rung: Rung, language: Language) -> Markup:
    heading = Markup('<h2 id="rung">{}</h2><p class="bd-note">{}{}</p>').format(
        capital(rung.label.text(language)),
        rung.instrument,
        mark(language, confirmed=rung.confirmed),
    )
    return heading + Markup().join(
        (
            _lacking(pool, rung, language),
            _places(pool, rung, language),
            _names(pool, rung, language),
        )
    )


def _lacking(pool: Pool, rung: Rung, language: Language) -> Markup:
    held = [one for one in pool.lacking if one.scheme == rung.scheme]
    if not held:
        return Markup()
    heads = [
        Label("条件", "Criterion").text(language),
        WORDS["article"].text(language),
        Label("只差这一项的企业", "lack it alone").text(language),
    ]
    rows: list[list[Content]] = [
        [
            capital(one.label.text(language)),
            article_in(one.article, language),
            _cell(one.count, language),
        ]
        for one in held
    ]
    heading = say("What those that are one criterion away lack", language)
    return card(
        Card("lacking", heading, "", _source(pool, language), heads, rows, figures=frozenset({2})),
        language,
    )


def _places(pool: Pool, rung: Rung, language: Language) -> Markup:
    cells = [one for one in pool.of(rung.scheme) if not one.whole]
    made = []
    for key, held, heading in (
        ("counties", [one for one in cells if not one.cluster], say("By county", language)),
        ("clusters", [one for one in cells if one.cluster], say("By cluster", language)),
    ):
        if held:
            heads = [Label("地区或集群", "Place or cluster").text(language)]
            heads += [one.label.text(language) for one in _standings(pool)]
            rows: list[list[Content]] = [
                [
                    one.label.text(language),
                    *(_cell(one.count(standing), language) for standing in _standings(pool)),
                ]
                for one in held
            ]
            figures = frozenset(range(1, len(heads)))
            made.append(
                card(
                    Card(key, heading, "", _source(pool, language), heads, rows, figures=figures),
                    language,
                )
            )
    return Markup().join(made)


def _names(pool: Pool, rung: Rung, language: Language) -> Markup:
    held = [one for one in pool.candidates if one.scheme == rung.scheme]
    if not held:
        return Markup()
    lacks = {one.criterion: one.label for one in pool.lacking if one.scheme == rung.scheme}
    heads = [
        Label("企业", "Enterprise").text(language),
        Label("现状", "Standing").text(language),
        Label("还差", "Lacks").text(language),
    ]
    rows = [_candidate(one, lacks, language) for one in held[:MOST_NAMES]]
    heading = say("Enterprises within reach: {count}", language, count=len(held))
    more = ""
    if len(held) > MOST_NAMES:
        more = say(
            "The first {shown} are shown; `ballast policy pool` lists all.", language,
            shown=MOST_NAMES,
        )  # fmt: skip
    return card(Card("names", heading, more, _source(pool, language), heads, rows), language)


def _candidate(one: Candidate, lacks: dict[str, Label], language: Language) -> Sequence[Content]:
    name = link(one.name, go("/enterprise", code=one.uscc, lang=language))
    lacking = "" if one.lacks is None else lacks.get(one.lacks, Label(one.lacks, "")).text(language)
    return [
        name + Markup("<small>{}</small>").format(one.uscc),
        one.standing.label.text(language),
        lacking,
    ]
