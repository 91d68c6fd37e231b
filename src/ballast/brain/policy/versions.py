"""Which version of a law applies to an application, and why.

"The rule in force on the day" is not enough: the 2026 renewal of little
giants still follows the rule of 2022, though new applications follow that of
2026. So a version says to which applications it applies and between which
days, and nothing is chosen where that leaves nothing, or leaves two.
"""

from __future__ import annotations

from datetime import date

from ballast.brain.policy.finding import Resolution
from ballast.brain.policy.law_shape import Applies, Dated, Law, Version
from ballast.brain.policy.reading import Laws
from ballast.brain.policy.shape import Application
from ballast.errors import NotFound, Refused
from ballast.terms.label import Label

__all__ = ["APPLICATION_LABELS", "covers", "parameter", "resolve", "version_of"]

APPLICATION_LABELS = {
    Application.NEW: Label("新申报", "new applications"),
    Application.RENEWAL: Label("复核", "renewals"),
}


def resolve(
    laws: Laws,
    scheme: str,
    day: date,
    application: Application = Application.NEW,
    certificate: date | None = None,
) -> Resolution:
    """Return which version applies, and why.

    Parameters
    ----------
    laws
        All laws.
    scheme
        The title applied for.
    day
        Of the application; for a batch the day on which it closes.
    application
        New, or a renewal (复核).
    certificate
        The day on which the certificate that is renewed was awarded. Where a version is kept only
        for certificates up to a day, an unknown day (None) counts as one of them.

    Raises
    ------
    NotFound
        If there is no such scheme.
    Refused
        If the day is before any version, in a hole between two, after the last, or if two apply.
    """
    law = laws.law(scheme)
    found = [
        (version, applies)
        for version in law.versions
        for applies in version.applies
        if covers(applies, day, application, certificate)
    ]
    if len(found) > 1:
        raise Refused(
            "{scheme}: on {day} {count} versions apply to {application} ({versions}); "
            "run `ballast policy lint` and mend their dates",
            scheme=_label(law),
            day=day,
            count=len(found),
            application=APPLICATION_LABELS[application],
            versions=", ".join(version.id for version, _ in found),
        )
    if not found:
        raise _none(law, day, application, certificate)
    version, applies = found[0]
    instrument = next(one for one in law.instruments if one.id == version.instrument)
    return Resolution(
        scheme=scheme,
        version=version.id,
        instrument=instrument.number,
        application=application,
        day=day,
        why=Label(applies.why.zh, applies.why.en),
        # What is in doubt of an instrument is its first day; later years do not hang on it.
        confirmed=applies.confirmed and (instrument.confirmed or day.year > instrument.since.year),
    )


def covers(
    applies: Applies, day: date, application: Application, certificate: date | None = None
) -> bool:
    """Return whether an application of that kind on that day falls under a line of ``applies``."""
    return (
        applies.to == application
        and applies.since <= day
        and (applies.until is None or day <= applies.until)
        and (
            applies.certificate_until is None
            or certificate is None
            or certificate <= applies.certificate_until
        )
    )


def version_of(laws: Laws, resolution: Resolution) -> Version:
    """Return the version that was found to apply."""
    for version in laws.law(resolution.scheme).versions:
        if version.id == resolution.version:
            return version
    raise NotFound(
        "{scheme} has no version {version} (any more); ask which one applies again",
        scheme=resolution.scheme,
        version=resolution.version,
    )


def parameter(version: Version, name: str, day: date) -> Dated:
    """Return a figure of law as it stands on a day, with its article.

    Raises
    ------
    NotFound
        If the version has no figure of that name.
    Refused
        If it has none yet on that day.
    """
    found = version.parameters.get(name)
    if found is None:
        raise NotFound(
            "version {version} has no figure “{name}”; it has {known}",
            version=version.id,
            name=name,
            known=", ".join(version.parameters) or "–",
        )
    standing = [dated for dated in found.values if dated.since <= day]
    if not standing:
        raise Refused(
            "“{name}” of version {version} stands from {first} on; {day} is before that",
            name=Label(found.label.zh, found.label.en),
            version=version.id,
            first=found.values[0].since,
            day=day,
        )
    return standing[-1]


def _none(law: Law, day: date, application: Application, certificate: date | None) -> Refused:
    """Return why nothing applies: never, not yet, not any more, or a hole."""
    lines = [a for v in law.versions for a in v.applies if a.to == application]
    said = {"scheme": _label(law), "application": APPLICATION_LABELS[application], "day": day}
    if not lines:
        return Refused("{scheme}: there are no rules for {application}", **_but(said, "day"))
    first = min(a.since for a in lines)
    if day < first:
        return Refused(
            "{scheme}: {day} is before any rule for {application} that is kept here; the first "
            "applies from {first}",
            first=first,
            **said,
        )
    if certificate is not None and any(covers(a, day, application) for a in lines):
        return Refused(
            "{scheme}: a certificate of {certificate} is not renewed on {day} under any rule that "
            "is kept here; check both days",
            certificate=certificate,
            **_but(said, "application"),
        )
    later = [a.since for a in lines if a.since > day]
    if not later:
        return Refused(
            "{scheme}: no rule for {application} is in force on {day} any more; the last one ended "
            "on {last}",
            last=max(a.until for a in lines if a.until is not None),
            **said,
        )
    return Refused(
        "{scheme}: no rule for {application} is in force on {day}: one ended on {ended}, the next "
        "begins on {begins}; nothing is decided in between",
        ended=max(a.until for a in lines if a.until is not None and a.until < day),
        begins=min(later),
        **said,
    )


def _but(values: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != key}


def _label(law: Law) -> Label:
    return Label(law.label.zh, law.label.en)
