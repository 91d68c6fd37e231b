"""Looks a folder of law over: what cannot be used, what is worth a look, what nobody confirmed.

Reading refuses what is wrong. Here is what reads well and is wrong all the
same: a hole between two versions, a figure that no rule uses, a threshold
that no case stands at, a case that no longer comes out as it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources.abc import Traversable

from ballast.brain.policy.case_running import CaseResult, run
from ballast.brain.policy.case_tracing import Side, figures
from ballast.brain.policy.law_misfits import line_of
from ballast.brain.policy.law_problem import Problem
from ballast.brain.policy.law_rules import places
from ballast.brain.policy.law_shape import (
    Applies,
    Law,
)
from ballast.brain.policy.reading import LawFolder, Laws, open_folder
from ballast.brain.policy.shape import (
    Application,
    Bands,
    Compare,
    PerUnit,
    Score,
    ScoreGroup,
    Shape,
)
from ballast.brain.policy.strict_yaml import Path
from ballast.brain.policy.versions import APPLICATION_LABELS
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = ["Problem", "Unconfirmed", "lint", "unconfirmed"]

SIDE_LABELS = {
    Side.UNDER: Label("略低于", "just under"),
    Side.AT: Label("恰好等于", "exactly at"),
    Side.OVER: Label("略高于", "just over"),
}


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Something in a law that no source at hand confirms.

    Parameters
    ----------
    scheme, version
        Where; the version is empty for an instrument.
    what
        The criterion, figure, item, window or line that is marked.
    article
        Where it stands, as far as it is known.
    note
        What exactly is not confirmed.
    """

    scheme: str
    version: str
    what: Label
    article: str
    note: Label | None = None


def lint(folder: Traversable) -> tuple[Problem, ...]:
    """Return everything that is wrong with a folder of law, or worth a look, in its order.

    Where something grave is wrong with the laws themselves, that alone is returned: holes and
    cases are looked at once the laws can be read.

    Raises
    ------
    UnreadableFile
        If there is no such folder, or no law in it.
    """
    found = open_folder(folder)
    if any(problem.grave for problem in found.problems):
        return found.problems
    problems = list(found.problems)
    for law in found.laws.by_scheme.values():
        file = f"{law.scheme}.yaml"
        lines = found.lines[file]
        for path, said in (*_holes(law), *_unused(law)):
            problems.append(Problem(file, line_of(path, lines), said, grave=False))
    problems += _cases(found)
    return tuple(sorted(problems, key=lambda one: (one.file, one.line or 0)))


def unconfirmed(laws: Laws) -> tuple[Unconfirmed, ...]:
    """Return everything that is marked as not confirmed, law by law, top to bottom."""
    return tuple(each for law in laws.by_scheme.values() for each in _unconfirmed(law))


def _unconfirmed(law: Law) -> Iterator[Unconfirmed]:
    for instrument in law.instruments:
        if not instrument.confirmed:
            day = Label(f"{instrument.number}施行日期", f"first day of {instrument.number}")
            yield Unconfirmed(law.scheme, "", day, instrument.number, _note(instrument))
    for version in law.versions:
        article = version.annex or version.id
        label = Label(law.label.zh, law.label.en)
        for _, inside in places(version):
            # A figure with its day has no name of its own; that of its parameter stands before it.
            words = getattr(inside, "label", None)
            if words is not None:
                label = Label(words.zh, words.en)
            if getattr(inside, "confirmed", True):
                continue
            if isinstance(inside, Applies):
                to = APPLICATION_LABELS[inside.to]
                line = Label(
                    f"自{inside.since}起适用于{to.zh}", f"applies to {to.en} from {inside.since} on"
                )
                why = Label(inside.why.zh, inside.why.en)
                yield Unconfirmed(law.scheme, version.id, line, article, why)
            else:
                where = str(getattr(inside, "article", article))
                yield Unconfirmed(law.scheme, version.id, label, where, _note(inside))


def _note(of: Shape) -> Label | None:
    note = getattr(of, "note", None)
    return None if note is None else Label(note.zh, note.en)


Found = tuple[Path, Sentence]


def _holes(law: Law) -> Iterator[Found]:
    """Yield every hole between the days of one version and those of the next."""
    for to in Application:
        lines = sorted(
            (
                (applies, ("versions", v, "applies", a))
                for v, version in enumerate(law.versions)
                for a, applies in enumerate(version.applies)
                if applies.to == to
            ),
            key=lambda one: one[0].since,
        )
        end: date | None = None
        for applies, path in lines:
            if end is not None and applies.since - end > timedelta(days=1):
                said = Sentence(
                    "nothing applies to {application} from {since} to {until}; move one of the two "
                    "days, or say so in the notes",
                    {
                        "application": APPLICATION_LABELS[to],
                        "since": end + timedelta(days=1),
                        "until": applies.since - timedelta(days=1),
                    },
                )
                yield path, said
            if applies.until is None:
                break
            end = applies.until if end is None else max(end, applies.until)


def _unused(law: Law) -> Iterator[Found]:
    for at, version in enumerate(law.versions):
        thresholds: set[str | None] = set()
        quantities: set[str] = set()
        for _, rule in places(version):
            if isinstance(rule, Compare | Score):
                thresholds.add(rule.threshold)
            if isinstance(rule, ScoreGroup):
                thresholds.add(rule.least)
            if isinstance(rule, Compare | Bands | PerUnit):
                quantities.add(rule.quantity)
        for name in version.parameters:
            if name not in thresholds:
                template = "no rule uses the figure “{name}”; use it or take it out"
                yield ("versions", at, "parameters", name), Sentence(template, {"name": name})
        for name in version.quantities:
            if name not in quantities:
                template = "no rule uses the quantity “{name}”; use it or take it out"
                yield ("versions", at, "quantities", name), Sentence(template, {"name": name})


def _cases(found: LawFolder) -> Iterator[Problem]:
    for law in found.laws.by_scheme.values():
        file = f"{law.scheme}.cases.yaml"
        cases = found.cases.get(law.scheme)
        if cases is None:
            said = Sentence("there are no cases beside it; write {file}", {"file": file})
            yield Problem(f"{law.scheme}.yaml", None, said, grave=False)
            continue
        lines = found.lines.get(file, {})
        results = run(found.laws, cases)
        for result in results:
            for said in result.differences:
                line = line_of(result.place, lines)
                where = Sentence(
                    "case “{name}”: {fault}",
                    {"name": result.name, "fault": Label(said.text("zh"), said.text("en"))},
                )
                yield Problem(file, line, where)
        for path, said in untraced(law, results):
            place = line_of(path, found.lines[f"{law.scheme}.yaml"])
            yield Problem(f"{law.scheme}.yaml", place, said, grave=False)
    for scheme in found.cases:
        if scheme not in found.laws.by_scheme:
            said = Sentence(
                "these are cases of {scheme}, of which there is no law here", {"scheme": scheme}
            )
            yield Problem(f"{scheme}.cases.yaml", None, said)


def untraced(law: Law, results: tuple[CaseResult, ...]) -> Iterator[Found]:
    """Yield every figure of a law that lacks a case at it, just under it or just over it."""
    traces = {
        (one.version, one.name, one.value, one.side) for result in results for one in result.traces
    }
    for at, version in enumerate(law.versions):
        for name, value in figures(version):
            lacking = [s for s in Side if (version.id, name, value, s) not in traces]
            if lacking:
                said = Sentence(
                    "version {version}: no case stands {sides} “{name}” ({value})",
                    {
                        "version": version.id,
                        "sides": Label(
                            "、".join(SIDE_LABELS[s].zh for s in lacking),
                            ", ".join(SIDE_LABELS[s].en for s in lacking),
                        ),
                        "name": name,
                        "value": value,
                    },
                )
                yield ("versions", at, "parameters", name), said
