"""Decide one enterprise: a law, facts and a day in; a tree of findings with every reason out.

The engine knows no law and no figure. It walks the tree of the version that
applies, finds for every criterion one of five states, and keeps what it found
on the way: the value, the facts it stands on, the threshold, the margin, what
is missing and what would turn it. The states combine as ``engine_states``
says; the answer for a million enterprises at once is in ``columns``.
"""

from __future__ import annotations

from datetime import date

from ballast.brain.policy.engine_criteria import examine
from ballast.brain.policy.engine_examination import Examination
from ballast.brain.policy.engine_states import verdict_of
from ballast.brain.policy.fact_doubts import examined
from ballast.brain.policy.facts import Facts
from ballast.brain.policy.finding import Decision, Resolution
from ballast.brain.policy.law_shape import Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application
from ballast.brain.policy.size import size_under
from ballast.brain.policy.versions import resolve, version_of

__all__ = ["decide"]


def decide(
    laws: Laws,
    scheme: str,
    facts: Facts,
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
) -> Decision:
    """Return what a scheme says of an enterprise on a day.

    Facts in doubt (``fact_doubts``) are not used and named; facts that are missing make a criterion
    unknown only where they can still change it. For a classification (a version with sectors) the
    tree says the comparison and ``classes`` the classes that are still possible; one class alone is
    ``eligible`` (decided), several are ``incomplete``.

    Parameters
    ----------
    laws
        All laws: the size standard is asked where a rule needs it.
    scheme
        The title applied for.
    facts
        What is known; last year is ``day.year - 1``.
    day
        Of the decision.
    application, certificate
        New or renewal, and the day of the certificate that is renewed.

    Raises
    ------
    NotFound
        If there is no such scheme.
    Refused
        If no version of it applies on that day.
    """
    resolution = resolve(laws, scheme, day, application, certificate)
    version = version_of(laws, resolution)
    sound = examined(facts, day)
    if version.criterion is None:
        return _classified(resolution, version, sound)
    found = examine(version.criterion, Examination(laws, version, sound, day, application))
    return Decision(
        resolution=resolution,
        verdict=verdict_of(found.state),
        tree=found.finding,
        bring=found.bring,
        doubts=sound.doubts,
    )


def _classified(resolution: Resolution, version: Version, facts: Facts) -> Decision:
    size = size_under(version, facts, resolution.day)
    return Decision(
        resolution=resolution,
        verdict=verdict_of(size.finding.state),
        tree=size.finding,
        bring=size.finding.missing,
        doubts=facts.doubts,
        classes=size.classes,
    )
