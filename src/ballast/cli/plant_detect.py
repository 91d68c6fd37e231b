"""``plant detect``: what is anomalous in recordings, or in tags of the home.

Each recording is judged by a detector that has seen its first rows and nothing
else; a column of labels is compared with what was found and never shown to the
detector, and neither is any column that labels by its name.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import polars as pl
import typer

from ballast.cli.context import FormatOption, HomeOption, language, open_lake, tell, viewer
from ballast.cli.output import Format, Shown, print_rows
from ballast.cli.plant_clock import clock_of, moment_of
from ballast.errors import Refused, UnreadableFile, WrongUsage
from ballast.words import say, visible

if TYPE_CHECKING:
    from ballast.plant.collect.recording import Recording
    from ballast.plant.detection.agreement import Agreement
    from ballast.plant.reports.detecting import Detected, DetectReport, Episode

__all__ = ["detect"]

# Columns that people put their verdict into; they are judged only where --tags names them.
_VERDICTS = ("anomaly", "changepoint", "is_anomaly", "label")
# Its usual name in published recordings; compared without being asked for.
_LABEL = "anomaly"
_LARGEST = 1 << 20


# longer than 60 lines because each option says what it is for
def detect(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Recordings with a column of times: CSV, a workbook, Parquet.",
            show_default=False,
        ),
    ] = None,
    tags: Annotated[
        str | None,
        typer.Option(
            "--tags",
            help="With files: the columns to judge, with commas; all columns of numbers if left "
            "out. Without: tags of the home.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", help="Tags of the home from this moment.", show_default=False),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--to", help="… until this moment; now if left out.", show_default=False),
    ] = None,
    train: Annotated[
        int,
        typer.Option("--train", min=1, help="Rows at the beginning in which nothing is wrong."),
    ] = 400,
    label: Annotated[
        str | None,
        typer.Option(
            "--label",
            help="Column that says which rows are anomalous; compared, never learnt from. A "
            "column `anomaly` if left out, where there is one.",
            show_default=False,
        ),
    ] = None,
    windows: Annotated[
        Path | None,
        typer.Option(
            "--windows",
            help="JSON list of [from, to]: failures that somebody noted.",
            show_default=False,
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            help="pca (several tags) or distance (one tag); by their number if left out.",
            show_default=False,
        ),
    ] = None,
    false_alarms: Annotated[
        float,
        typer.Option("--false-alarms", help="Share of undisturbed rows that may raise an alarm."),
    ] = 0.0027,
    variance: Annotated[
        float,
        typer.Option(
            "--variance",
            help="Share of the variance in the components kept: 0.6 sees levels shift, 0.95 sees "
            "relations between tags break.",
        ),
    ] = 0.6,
    keep_wandering: Annotated[
        bool,
        typer.Option("--keep-wandering", help="Judge tags that wander while training as well."),
    ] = False,
    zone: Annotated[
        str, typer.Option("--zone", help="Whose wall clock a time without zone means.")
    ] = "UTC",
    home: HomeOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find what is anomalous in recordings, or in tags of the home."""
    from ballast.plant.collect.recording import read_recording
    from ballast.plant.reports.detecting import Asked, Method
    from ballast.plant.reports.detecting import detect as judge

    clock = clock_of(zone)
    names = tuple(name.strip() for name in (tags or "").split(",") if name.strip())
    try:
        chosen = Method(method) if method else None
    except ValueError:
        raise WrongUsage(
            "--method {method}: there are {methods}", method=method, methods=", ".join(Method)
        ) from None
    if files:
        if start or end:
            raise WrongUsage("--from and --to are for tags of the home; leave them out with files")
        recordings = [
            read_recording(
                path, zone=clock, tags=names, label=label, usual_label=_LABEL, without=_VERDICTS
            )
            for path in files
        ]
    else:
        recordings = [_of_home(home, names, start, end, label, clock)]
    asked = Asked(train, chosen, false_alarms, variance, keep_wandering)
    report = judge(recordings, asked, windows=_windows(windows, clock))
    _print(report, form, clock)


def _of_home(
    home: Path | None,
    names: tuple[str, ...],
    start: str | None,
    end: str | None,
    label: str | None,
    clock: ZoneInfo,
) -> Recording:
    from ballast.plant.reports.tag_rows import tags_as_recording
    from ballast.plant.reports.window import Window

    if not names or start is None:
        raise WrongUsage("give recordings, or tags of the home: --tags A,B --from MOMENT")
    if label is not None:
        raise WrongUsage("--label is a column of a recording; tags of the home have none")
    first = moment_of(start, clock)
    last = datetime.now(UTC).astimezone(clock) if end is None else moment_of(end, clock)
    return tags_as_recording(open_lake(home), viewer(), names, Window(first, last, clock))


def _windows(path: Path | None, clock: ZoneInfo) -> list[tuple[int, int]]:
    """Return labelled windows of a file, epoch ms."""
    if path is None:
        return []
    from ballast.plant.reports.window import to_ms

    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_LARGEST))
        return [
            (to_ms(moment_of(first, clock)), to_ms(moment_of(last, clock))) for first, last in told
        ]
    except OSError as error:
        raise UnreadableFile(
            "{path}: cannot be opened: {reason}", path=path, reason=error.strerror or error
        ) from None
    except (ValueError, TypeError):
        raise Refused(
            '{path}: windows are a JSON list of pairs, [["2026-11-23T08:00", "2026-11-23T09:00"]]',
            path=path,
        ) from None


def _print(report: DetectReport, form: Format, clock: ZoneInfo) -> None:
    words = language()
    if form is Format.JSON:
        sys.stdout.write(json.dumps(_as_json(report, clock), ensure_ascii=False, indent=1) + "\n")
        return
    for one in report.detected:
        for note in one.recording.notes:
            typer.echo(f"{visible(one.recording.name)}: {note.text(words)}", err=True)
    _tell_left_out(report)
    if form is Format.TABLE and len(report.detected) > 1:
        _print_files(report)
    else:
        _print_episodes(report, form, clock)
    _tell_agreement(report)


def _tell_left_out(report: DetectReport) -> None:
    words = language()
    if len(report.detected) == 1:
        one = report.detected[0]
        for tag, why in one.left_out:
            tell("{tag} is not judged: {why}", tag=tag, why=why.text(words))
        if one.findings.unknown:
            tell(
                "nothing can be said of {unknown} of {rows} rows: readings are missing there",
                unknown=one.findings.unknown,
                rows=len(one.findings.severity),
            )
        return
    often = Counter(tag for one in report.detected for tag, _ in one.left_out)
    for tag, count in often.most_common():
        tell(
            "{tag} is not judged in {count} of {recordings} recordings; --format json says why",
            tag=tag,
            count=count,
            recordings=len(report.detected),
        )


def _print_files(report: DetectReport) -> None:
    words = language()
    rows = [
        {
            "recording": one.recording.name,
            "rows": len(one.findings.severity),
            "unknown": one.findings.unknown,
            "episodes": len(one.episodes),
            "severity": max((e.severity for e in one.episodes), default=None),
            **_rates(one.agreement, 100.0),
        }
        for one in report.detected
    ]
    shown = [
        Shown("recording", say("recording", words)),
        Shown("rows", say("rows judged", words), 0),
        Shown("unknown", say("of them unknown", words), 0),
        Shown("episodes", say("episodes", words), 0),
        Shown("severity", say("highest, of the limit", words), 1),
    ]
    if report.agreement is not None:
        shown += [
            Shown("f1", "F1", 3),
            Shown("false_alarm_rate", say("false alarms, %", words), 1),
            Shown("missed_alarm_rate", say("missed alarms, %", words), 1),
        ]
    print_rows(pl.DataFrame(rows, infer_schema_length=None), shown, Format.TABLE, words)


def _print_episodes(report: DetectReport, form: Format, clock: ZoneInfo) -> None:
    words = language()
    rows = [
        {
            "recording": one.recording.name,
            **_episode(episode, clock),
            "tags": ", ".join(f"{tag} {share:.0%}" for tag, share in episode.tags),
        }
        for one in report.detected
        for episode in one.episodes
    ]
    shown = [
        Shown("recording", say("recording", words)),
        Shown("start", say("alarm from", words)),
        Shown("end", say("alarm until", words)),
        Shown("rows", say("rows", words), 0),
        Shown("severity", say("highest, of the limit", words), 1),
        Shown("statistic", say("statistic", words)),
        Shown("tags", say("tags that make it so", words)),
    ]
    frame = pl.DataFrame(rows, schema=[one.name for one in shown], infer_schema_length=None)
    if form is Format.TABLE and len(report.detected) == 1:
        shown = shown[1:]
    print_rows(frame, shown, form, words)


def _tell_agreement(report: DetectReport) -> None:
    for one in report.detected:
        if one.hits is not None:
            tell(
                "windows with an alarm: {hit} of {windows} (rows of alarm in each: {rows}); "
                "false episodes: {false}, {rate} a month",
                hit=one.hits.hit,
                windows=len(one.hits.windows),
                rows=", ".join("—" if rows is None else str(rows) for rows in one.hits.windows),
                false=one.hits.false_episodes,
                rate=_figure(one.hits.false_a_month, 1),
            )
    if report.agreement is None:
        return
    always = report.always
    tell(
        "all rows behind the training together: F1 {f1}, false alarms {far} %, "
        "missed alarms {mar} %; an alarm that always stands has F1 {always}",
        f1=_figure(report.agreement.f1, 3),
        far=_figure(_percent(report.agreement.false_alarm_rate), 1),
        mar=_figure(_percent(report.agreement.missed_alarm_rate), 1),
        always=_figure(None if always is None else always.f1, 3),
    )


def _figure(value: float | None, places: int) -> str:
    return "—" if value is None else f"{value:.{places}f}"


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


def _rates(found: Agreement | None, scale: float = 1.0) -> dict[str, float | None]:
    if found is None:
        return {}
    far, mar = found.false_alarm_rate, found.missed_alarm_rate
    return {
        "f1": found.f1,
        "false_alarm_rate": None if far is None else scale * far,
        "missed_alarm_rate": None if mar is None else scale * mar,
    }


def _episode(episode: Episode, clock: ZoneInfo) -> dict[str, object]:
    return {
        "start": _shown(episode.start, clock),
        "end": _shown(episode.end, clock),
        "rows": episode.last - episode.first + 1,
        "severity": episode.severity,
        "statistic": episode.statistic,
    }


def _shown(moment_ms: int, clock: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, clock).isoformat()


def _as_json(report: DetectReport, clock: ZoneInfo) -> dict[str, object]:
    always = report.always
    return {
        **_rates(report.agreement),
        "always_f1": None if always is None else always.f1,
        "recordings": [_one_as_json(one, clock) for one in report.detected],
    }


def _one_as_json(one: Detected, clock: ZoneInfo) -> dict[str, object]:
    words = language()
    found: Mapping[str, object] = {
        "recording": one.recording.name,
        "method": one.method.value,
        "tags": list(one.recording.tags),
        "left_out": {tag: why.text(words) for tag, why in one.left_out},
        "training_rows": one.training,
        "judged_rows": len(one.findings.severity),
        "unknown_rows": one.findings.unknown,
        "limits": dict(zip(one.findings.names, one.findings.limits.tolist(), strict=True)),
        "notes": [note.text(words) for note in one.recording.notes],
    }
    hits = one.hits
    return {
        **found,
        **_rates(one.agreement),
        **(
            {}
            if hits is None
            else {
                "windows": list(hits.windows),
                "windows_hit": hits.hit,
                "false_episodes": hits.false_episodes,
                "false_episodes_a_month": hits.false_a_month,
            }
        ),
        "episodes": [
            {**_episode(episode, clock), "tags": dict(episode.tags)} for episode in one.episodes
        ],
    }
