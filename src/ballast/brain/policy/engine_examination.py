"""What every step of the engine holds in its hand: the examination, and what it has found so far.

Criteria, scores and the size class stand in modules of their own and call one
another; what they share stands below them, so that none imports in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ballast.brain.policy.amounts import Amount, amount
from ballast.brain.policy.engine_wording import bilingual, factor, joined, label_of, missing_name
from ballast.brain.policy.facts import Fact, Facts
from ballast.brain.policy.finding import Finding, Missing, State
from ballast.brain.policy.formula import Expression, parse
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application, Quantity, Words
from ballast.brain.policy.versions import parameter
from ballast.errors import NotFound
from ballast.terms.label import Label
from ballast.terms.policy_fact import FACTS

__all__ = ["Asked", "Examination", "Found", "Threshold", "paper", "to_bring", "together"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure of law as it stands on the day.

    ``value`` is in the units of the facts; ``confirmed`` and ``note`` are those of the figure.
    """

    value: Decimal
    article: str
    confirmed: bool
    note: Label | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A quantity of the version, computed: its formula, its amount, and the unit to show it in."""

    expression: Expression
    amount: Amount
    unit: str
    label: Label

    def shown(self, value: Decimal) -> Decimal:
        """Return a value of the facts' units in the unit that the quantity is shown in."""
        return value / factor(self.unit)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and the missing facts that can still change its state."""

    finding: Finding
    bring: tuple[Missing, ...] = ()

    @property
    def state(self) -> State:
        """The state that was found."""
        return self.finding.state


@dataclass(frozen=True, slots=True)
class Examination:
    """One enterprise before one version of a law on a day; ``facts`` are examined already."""

    laws: Laws
    version: Version
    facts: Facts
    day: date
    application: Application

    @property
    def last(self) -> int:
        """Last year."""
        return self.day.year - 1

    def quantity(self, name: str, shift: int = 0) -> Asked:
        """Return a quantity of the version, so many years back.

        Raises
        ------
        NotFound
            If the version declares none of that name.
        """
        declared = self._declared(name)
        expression = parse(declared.formula)
        found = amount(expression, self.facts, self.day, shift)
        return Asked(expression, found, declared.unit, label_of(declared.label))

    def threshold(self, name: str) -> Threshold:
        """Return a figure of law as it stands on the day, in the units of the facts."""
        dated = parameter(self.version, name, self.day)
        unit = self.version.parameters[name].unit
        note = None if dated.note is None else label_of(dated.note)
        return Threshold(dated.value * factor(unit), dated.article, dated.confirmed, note)

    def _declared(self, name: str) -> Quantity:
        found = self.version.quantities.get(name)
        if found is None:
            raise NotFound(
                "version {version} has no quantity “{name}”; run `ballast policy lint`",
                version=self.version.id,
                name=name,
            )
        return found


def to_bring(missing: Iterable[Missing], facts: Facts) -> Label | None:
    """Return what to bring for facts that are missing, and which to check as they are in doubt."""
    doubted = {key for doubt in facts.doubts for key in doubt.keys}
    absent = [one for one in missing if (one.key, one.year) not in doubted]
    odd = [one for one in missing if (one.key, one.year) in doubted]
    said = []
    if absent:
        said.append(
            bilingual("to bring: {facts}", facts=joined(_with_paper(one, facts) for one in absent))
        )
    if odd:
        said.append(
            bilingual(
                "to check, as in doubt and not used: {facts}",
                facts=joined(missing_name(one) for one in odd),
            )
        )
    return together(said)


def together(sentences: Iterable[Label | None]) -> Label | None:
    """Return sentences as one, or None where there are none."""
    found = [one for one in sentences if one is not None]
    if not found:
        return None
    return Label("；".join(one.zh for one in found), "; ".join(one.en for one in found))


def paper(given: Words | None, facts: Iterable[Fact], missing: Iterable[Missing]) -> Label | None:
    """Return which document shows a criterion: what the law names, else what its facts name."""
    if given is not None:
        return label_of(given)
    keys = dict.fromkeys([*(fact.key for fact in facts), *(one.key for one in missing)])
    papers = [FACTS[key].evidence for key in keys if key in FACTS]
    found = [one for one in papers if one is not None]
    return joined(found) if found else None


def _with_paper(missing: Missing, facts: Facts) -> Label:
    """Return a missing fact with its document; what is known of older years is named, not used."""
    name = missing_name(missing)
    declared = FACTS.get(missing.key)
    known = [year for key, year in facts.known if key == missing.key and year is not None]
    said = [] if declared is None or declared.evidence is None else [declared.evidence]
    if missing.year is not None and known and max(known) < missing.year:
        said.append(bilingual("that of {year} does not stand for it", year=max(known)))
    aside = together(said)
    return name if aside is None else Label(f"{name.zh}（{aside.zh}）", f"{name.en} ({aside.en})")
