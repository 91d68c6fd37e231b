"""What became of a load, and the way to the rows that were refused."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ballast.lake.loading import LoadReport
from ballast.lake.tables import TABLES
from ballast.portal.data_html import heading, link, note, show, show_table, unbroken
from ballast.portal.data_words import count, moment
from ballast.state.jobs import Job, JobStatus
from ballast.terms.label import Label, Language
from ballast.words import say, unpack

__all__ = ["refused_name", "show_recent", "show_report"]


_HEADS = (
    Label("时间", "When"),
    Label("文件", "File"),
    Label("表", "Table"),
    Label("结果", "Outcome"),
    Label("拒绝的行", "Refused rows"),
)


def show_report(job: Job, report: LoadReport, language: Language) -> None:
    """Put the outcome of a load on the page that is being built."""
    if report.already:
        note(
            say(
                "This file stands already as {load_id}; nothing was changed.",
                language,
                load_id=report.load_id,
            ),
            "good",
            "status",
        )
        return
    if report.load_id is not None:
        note(
            say(
                "{accepted} rows are loaded as {load_id}. You can take this back in the ledger.",
                language,
                accepted=count(report.accepted, language),
                load_id=report.load_id,
            ),
            "good",
            "status",
        )
    if report.refused:
        note(
            say(
                "{refused} rows were refused. Download them, mend them, and upload that file.",
                language,
                refused=count(report.refused, language),
            ),
            "alert",
            "status",
        )
        show(Markup("<p>{}</p>").format(_refused_link(job, language)))
    for sentence in report.notes:
        note(sentence.text(language))


def refused_name(uploaded: str, kept: str) -> str:
    """Return what a file of refused rows is called when it is downloaded.

    Examples
    --------
    >>> refused_name("5月.xls", "0a.refused.xlsx")
    '5月.refused.xlsx'
    """
    stem = uploaded.rpartition(".")[0] or uploaded
    return f"{stem}.refused.{kept.rpartition('.')[2]}"


def _refused_link(job: Job, language: Language) -> Markup:
    address = f"/data/refused/{job.id}"
    return link(say("Download the refused rows", language), address, download=True)


def show_recent(jobs: Sequence[Job], language: Language) -> None:
    """Put the reader's own last loads on the page; nothing where there were none."""
    loads = [job for job in jobs if job.kind == "load"]
    if not loads:
        return
    heading(say("Your last loads", language))
    show_table(
        say("Your last loads", language),
        [head.text(language) for head in _HEADS],
        [_row(job, language) for job in loads],
    )


def _row(job: Job, language: Language) -> list[str | Markup]:
    result = job.result if isinstance(job.result, dict) else {}
    name = str(job.detail.get("table", ""))
    label = TABLES[name].label.text(language) if name in TABLES else name
    refused = int(result.get("refused") or 0)
    aside: str | Markup = "–"
    if refused:
        number = count(refused, language)
        aside = Markup("{} · {}").format(number, _refused_link(job, language))
    return [
        unbroken(moment(job.created_at)),
        str(job.detail.get("file", "")),
        label,
        _outcome(job, result, language),
        aside,
    ]


def _outcome(job: Job, result: dict[str, object], language: Language) -> str:
    match job.status:
        case JobStatus.RUNNING:
            return unpack(job.message, language)
        case JobStatus.CANCELLED:
            return say("stopped, nothing changed", language)
        case JobStatus.FAILED:
            return unpack(job.message, language)
        case JobStatus.DONE if result.get("already"):
            return say("stood already as {load_id}", language, load_id=result.get("load_id"))
        case JobStatus.DONE if result.get("load_id"):
            return say(
                "{accepted} rows as {load_id}",
                language,
                accepted=count(int(str(result.get("accepted") or 0)), language),
                load_id=result.get("load_id"),
            )
        case _:
            return say("no row was right", language)
