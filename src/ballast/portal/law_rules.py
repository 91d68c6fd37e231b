"""The text of a law drawn from its data: each rule with its article, its figure and its marks.

Nobody writes this page, so it cannot say something else than what is computed:
the figures that stand here are the ones that the engine compares with. What no
source confirms wears its mark here, wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from ballast.brain.policy.law_shape import Dated, Law, Version
from ballast.brain.policy.shape import (
    All,
    Among,
    Any,
    AtLeast,
    Band,
    Bands,
    Best,
    Capped,
    Compare,
    Criterion,
    Expert,
    First,
    Flag,
    Holds,
    Item,
    Manual,
    PerUnit,
    Points,
    Score,
    Size,
    Words,
)
from ballast.brain.policy.size import class_name
from ballast.brain.policy.telling_words import article_in
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.portal.factory_html import capital
from ballast.portal.law_rules_head import head_markup, mark, sectors_markup, text_of
from ballast.portal.law_words import OPERATORS, WORDS, amount_text
from ballast.terms.label import Label, Language
from ballast.terms.policy_fact import FACTS

__all__ = ["RulesText", "dated_on", "rules_markup"]

_NOTHING = Markup()
_YES, _NO = Label("是", "yes"), Label("否", "no")
_COLON = Label("：", ": ")


def dated_on(values: Sequence[Dated], day: date) -> Dated:
    """Return the value of a parameter on a day; the first one where none holds yet."""
    held = [one for one in values if one.since <= day]
    return held[-1] if held else values[0]


def rules_markup(
    law: Law, version: Version, names: dict[str, Label], day: date, language: Language
) -> Markup:
    """Return one version of a law as text.

    Parameters
    ----------
    law, version
        What is shown.
    names
        Of the schemes, by key.
    day
        On which the figures are those that hold.
    language
        The reader's.
    """
    return RulesText(law, version, names, day, language).markup()


class RulesText:
    """One version of a law on its way to text."""

    def __init__(
        self, law: Law, version: Version, names: dict[str, Label], day: date, language: Language
    ) -> None:
        self._law, self._version = law, version
        self._names, self._day, self._language = names, day, language

    def markup(self) -> Markup:
        """Return the whole."""
        version = self._version
        parts = [head_markup(self._law, version, self._language)]
        if version.criterion is not None:
            parts.append(self._list((version.criterion,)))
        if version.sectors:
            parts.append(sectors_markup(version.sectors, self._language))
        return Markup('<article class="card lt law-text" id="version-{}">{}</article>').format(
            version.id, Markup().join(parts)
        )

    def _text(self, words: Words) -> str:
        return text_of(words, self._language)

    def _of(self, template_zh: str, template_en: str, **values: object) -> str:
        return Label(template_zh, template_en).text(self._language).format(**values)

    def _mark(self, confirmed: bool) -> Markup:
        return mark(self._language, confirmed=confirmed)

    def _list(self, rules: Sequence[Criterion]) -> Markup:
        return Markup('<ul class="lt-list">{}</ul>').format(
            Markup().join(self._rule(one) for one in rules)
        )

    def _rule(self, rule: Criterion) -> Markup:
        told = self._demand(rule)
        said = [self._name(rule), self._mark(rule.confirmed)]
        if rule.only is not None:
            what = APPLICATION_LABELS[rule.only].text(self._language)
            only = self._of("仅{what}", "{what} only", what=what)
            said.append(Markup(' <span class="badge law-quiet">{}</span>').format(only))
        lines = [Markup('<p class="law-rule">{}</p>').format(Markup().join(said))]
        if told:
            lines.append(Markup('<p class="law-demand">{}</p>').format(told))
        if rule.evidence is not None:
            lines.append(self._evidence(rule))
        if rule.note is not None:
            lines.append(Markup('<p class="lt-why">{}</p>').format(self._text(rule.note)))
        lines += self._conditions(rule)
        match rule:
            case All() | Any() | AtLeast():
                lines.append(self._list(rule.of))
            case Score():
                lines.append(self._score(rule))
        return Markup('<li class="lt-row" id="rule-{}-{}">{}</li>').format(
            self._version.id, rule.id, Markup().join(lines)
        )

    def _name(self, rule: Criterion | Item) -> Markup:
        """Return what a rule is called, with its article at the end of the line."""
        return Markup('<span class="law-article">{}</span><b>{}</b>').format(
            article_in(rule.article, self._language), capital(self._text(rule.label))
        )

    def _evidence(self, rule: Criterion | Item) -> Markup:
        if rule.evidence is None:
            return _NOTHING
        return Markup('<p class="lt-why">{}{}{}</p>').format(
            WORDS["evidence"].text(self._language),
            _COLON.text(self._language),
            self._text(rule.evidence),
        )

    def _conditions(self, rule: Criterion) -> list[Markup]:
        found = []
        for name, part in (
            (self._of("前提", "Applies only if"), rule.when),
            (self._of("免除", "Waived by"), rule.waived_by),
        ):
            if part is not None:
                found.append(
                    Markup('<div class="law-part"><p>{}</p>{}</div>').format(
                        name, self._list((part,))
                    )
                )
        return found

    # longer than 40 lines because it is one case for each kind of rule
    def _demand(self, rule: Criterion) -> Markup:
        match rule:
            case All():
                return Markup("{}").format(self._of("须全部符合", "all of these"))
            case Any():
                return Markup("{}").format(self._of("满足其一即可", "any one of these"))
            case AtLeast():
                return Markup("{}").format(
                    self._of("至少满足 {n} 项", "at least {n} of these", n=rule.count)
                )
            case Compare():
                return self._compared(rule)
            case Flag():
                return self._asked(rule.fact, _YES if rule.expected else _NO)
            case Among():
                declared = FACTS.get(rule.fact)
                named = dict(() if declared is None else declared.choices)
                joint = self._of(" 或 ", " or ")
                texts = [named.get(c, Label(c, c)).text(self._language) for c in rule.choices]
                return self._asked(rule.fact, Label(joint.join(texts), joint.join(texts)))
            case Holds():
                joint = self._of(" 或 ", " or ")
                names = [
                    self._names.get(key, Label(key, key)).text(self._language)
                    for key in rule.schemes
                ]
                return Markup("{}").format(
                    self._of(
                        "持有有效的：{names}", "holds a valid: {names}", names=joint.join(names)
                    )
                )
            case Size():
                joint = self._of("、", ", ")
                names = [class_name(one).text(self._language) for one in rule.classes]
                return Markup("{}").format(
                    self._of("规模属于：{names}", "size class: {names}", names=joint.join(names))
                )
            case Manual():
                return Markup("{}").format(self._of("由人工审核", "people judge it"))
            case Score():
                return self._sum(rule)

    def _asked(self, key: str, expected: Label) -> Markup:
        declared = FACTS.get(key)
        name = key if declared is None else declared.label.text(self._language)
        return Markup("{}{}{}").format(
            name, _COLON.text(self._language), expected.text(self._language)
        )

    def _figure(self, name: str) -> Markup:
        """Return a figure of law with its mark, and what it was before."""
        known = self._version.parameters.get(name)
        if known is None or not known.values:
            return Markup("{}").format(name)
        held = dated_on(known.values, self._day)
        text = amount_text(held.value, known.unit, self._language)
        made = Markup("<strong>{}</strong>{}").format(text, self._mark(held.confirmed))
        for other in known.values:
            if other is not held:
                made += Markup(" <small>{}</small>").format(
                    self._of(
                        "{since} 起 {value}", "from {since}: {value}",
                        since=other.since.isoformat(),
                        value=amount_text(other.value, known.unit, self._language),
                    )
                )  # fmt: skip
        if held.note is not None:
            made += Markup(" <small>{}</small>").format(self._text(held.note))
        return made

    def _quantity(self, name: str) -> str:
        known = self._version.quantities.get(name)
        return name if known is None else self._text(known.label)

    def _formula(self, name: str) -> Markup:
        known = self._version.quantities.get(name)
        if known is None:
            return _NOTHING
        return Markup(" <code>{}</code>").format(known.formula)

    def _compared(self, rule: Compare) -> Markup:
        each = ""
        if rule.years > 1:
            each = self._of("（近 {n} 年每年）", " (in each of the last {n} years)", n=rule.years)
        return Markup("{} {} {}{}{}").format(
            self._quantity(rule.quantity), OPERATORS[rule.op], self._figure(rule.threshold), each,
            self._formula(rule.quantity),
        )  # fmt: skip

    def _sum(self, rule: Score) -> Markup:
        return Markup("{} {} {}").format(
            self._of("得分", "score"), OPERATORS[rule.op], self._figure(rule.threshold)
        )

    def _score(self, rule: Score) -> Markup:
        made = []
        for group in rule.groups:
            least = _NOTHING
            if group.least is not None:
                least = Markup(" · {} ≥ {}").format(
                    self._of("单项", "by itself"), self._figure(group.least)
                )
            heading = Markup("<p><b>{}</b> ≤ {}{}</p>").format(
                self._text(group.label), self._points(group.cap), least
            )
            items = Markup().join(self._item(one) for one in group.items)
            made.append(
                Markup('<li class="lt-row">{}<ul class="lt-list">{}</ul></li>').format(
                    heading, items
                )
            )
        return Markup(
            '<details class="lt-fold"><summary>{}</summary><ul class="lt-list">{}</ul></details>'
        ).format(self._of("评分表", "The table of points"), Markup().join(made))

    def _item(self, item: Item) -> Markup:
        head = Markup('<p class="law-rule">{}{}</p>').format(
            self._name(item), self._mark(item.confirmed)
        )
        note = _NOTHING
        if item.note is not None:
            note = Markup('<p class="lt-why">{}</p>').format(self._text(item.note))
        return Markup('<li class="lt-row">{}{}{}{}</li>').format(
            head, self._given(item), self._evidence(item), note
        )

    def _given(self, item: Item) -> Markup:
        match item:
            case Bands():
                entries = Markup().join(self._band(one, item.unit) for one in item.bands)
                return Markup('<p class="law-demand">{}{}</p><ul class="law-bands">{}</ul>').format(
                    self._quantity(item.quantity), self._formula(item.quantity), entries
                )
            case First() | Capped():
                entries = Markup().join(
                    Markup('<li class="lt-row"><p>{}</p>{}</li>').format(
                        self._points(one.points), self._list((one.test,))
                    )
                    for one in item.of
                )
                how = (
                    self._of("累计，最高 {n}", "added up, at most {n}", n=self._points(item.cap))
                    if isinstance(item, Capped)
                    else self._of("取最先符合的一项", "the first that is met counts")
                )
                return Markup('<p class="law-demand">{}</p><ul class="lt-list">{}</ul>').format(
                    how, entries
                )
            case PerUnit():
                text = self._of(
                    "{what} 每满 {each} 得 {points}，最高 {cap}",
                    "{points} for each full {each} of {what}, at most {cap}",
                    what=self._quantity(item.quantity), each=item.each,
                    points=self._points(item.points), cap=self._points(item.cap),
                )  # fmt: skip
                return Markup('<p class="law-demand">{}</p>').format(text)
            case Expert():
                text = self._of("专家评分 {n}", "experts give {n}", n=self._points(item.points))
                return Markup('<p class="law-demand">{}</p>').format(text)
            case Best():
                how = self._of("择优取一种算法", "the better of these ways counts")
                entries = Markup().join(self._item(one) for one in item.of)
                return Markup('<p class="law-demand">{}</p><ul class="lt-list">{}</ul>').format(
                    how, entries
                )

    def _points(self, points: Decimal | Points) -> str:
        if isinstance(points, Points):
            if points.low == points.high:
                return amount_text(points.low, "points", self._language)
            return f"{points.low:f}–{amount_text(points.high, 'points', self._language)}"
        return amount_text(points, "points", self._language)

    def _band(self, band: Band, unit: str) -> Markup:
        bound = self._of("其余", "the rest")
        if band.at_least is not None:
            bound = f"≥ {amount_text(band.at_least, unit, self._language)}"
        elif band.above is not None:
            bound = f"> {amount_text(band.above, unit, self._language)}"
        return Markup("<li><span>{}</span> {}</li>").format(bound, self._points(band.points))
