"""Anomalies of tags or of recordings: one report for the command, the API and the page.

The detectors know neither files nor the lake; this module hands them columns
and puts what they find into words: which stretches are anomalous, which tags
make them so, and, where somebody has labelled the rows, how far both agree.
Labels are compared with what was found after it was found: they never reach a
detector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.collect.recording import Recording
from ballast.plant.detection.agreement import Agreement, Hits, agreement, hits, runs, together
from ballast.plant.detection.findings import Findings
from ballast.plant.detection.lagged_pca import VARIANCE, LaggedPca, contributions, train_pca
from ballast.plant.detection.limits import FALSE_ALARMS
from ballast.plant.detection.nearest import Nearest, train_nearest
from ballast.plant.detection.streaming import judge
from ballast.plant.reports.tag_rows import tags_as_recording
from ballast.plant.reports.window import Window
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = [
    "METHOD_LABELS",
    "TRAIN",
    "Asked",
    "DetectReport",
    "Detected",
    "Episode",
    "Method",
    "detect",
    "detect_in_tags",
]

TRAIN = 400
"""Rows at the beginning of each recording from which a detector learns, unless said otherwise."""

_NAMED = 3


class Method(StrEnum):
    """Which detector."""

    PCA = "pca"
    DISTANCE = "distance"


METHOD_LABELS: dict[Method, Label] = {
    Method.PCA: Label("滞后主成分（T² 与 Q）", "lagged principal components (T² and Q)"),
    Method.DISTANCE: Label("最近邻距离", "distance to the nearest courses"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How recordings are judged.

    Parameters
    ----------
    train
        How many rows at the beginning of each are taken to be undisturbed.
    method
        ``None``: distance for one tag, principal components for several.
    false_alarms
        The share of undisturbed rows to be beyond the limit.
    variance
        The share of the variance in the principal components kept.
    keep_wandering
        Judge tags that wander over the training rows as well.
    """

    train: int = TRAIN
    method: Method | None = None
    false_alarms: float = FALSE_ALARMS
    variance: float = VARIANCE
    keep_wandering: bool = False


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of rows over which an alarm stands, with pauses shorter than a window.

    Parameters
    ----------
    first, last
        Rows of the recording, from 0, both included.
    start, end
        Their times, epoch ms UTC.
    severity
        The highest, as a multiple of the limit.
    statistic
        Which statistic was the highest there, as a multiple of its limit.
    tags
        The tags that make it so with their shares of that statistic, the largest first.
    """

    first: int
    last: int
    start: int
    end: int
    severity: float
    statistic: str
    tags: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Detected:
    """One recording with what was found in it.

    Parameters
    ----------
    recording
        As it was given.
    method
        Which detector judged it.
    training
        How many rows at its beginning the detector was trained on.
    findings
        Of the rows behind them.
    episodes
        The stretches of alarm, in order.
    left_out
        Tags that could not be used, each with the reason.
    agreement
        With the labels of the rows behind the training, where there are any.
    hits
        With labelled windows, where there are any.
    """

    recording: Recording
    method: Method
    training: int
    findings: Findings
    episodes: tuple[Episode, ...]
    left_out: tuple[tuple[str, Sentence], ...]
    agreement: Agreement | None
    hits: Hits | None


@dataclass(frozen=True, slots=True)
class DetectReport:
    """Several recordings.

    Parameters
    ----------
    detected
        Each.
    agreement
        Of alarms and labels, counts of all recordings added up before dividing.
    """

    detected: tuple[Detected, ...]
    agreement: Agreement | None

    @property
    def always(self) -> Agreement | None:
        """The agreement of an alarm that stands at every row: what a detector must do better."""
        if self.agreement is None:
            return None
        labelled = self.agreement.true_alarms + self.agreement.missed
        return Agreement(labelled, self.agreement.false_alarms + self.agreement.quiet, 0, 0)


def detect(
    recordings: Sequence[Recording],
    asked: Asked = Asked(),
    *,
    windows: Sequence[tuple[int, int]] = (),
) -> DetectReport:
    """Return what is anomalous in recordings, each judged by a detector of its own beginning.

    Parameters
    ----------
    recordings
        With or without labels.
    asked
        How they are judged.
    windows
        Labelled stretches of time, epoch ms UTC, both ends included.

    Raises
    ------
    Refused
        If a recording has too few rows, or no tag of it can be judged.
    """
    found = tuple(_detect_one(one, asked, windows) for one in recordings)
    return DetectReport(
        found, together(one.agreement for one in found if one.agreement is not None)
    )


def _detect_one(one: Recording, asked: Asked, windows: Sequence[tuple[int, int]]) -> Detected:
    train = asked.train
    if train < 1 or train >= len(one.times):
        raise Refused(
            "{name}: there are {rows} rows and {train} were to be trained on; "
            "leave rows to be judged",
            name=one.name,
            rows=len(one.times),
            train=train,
        )
    method = asked.method or (Method.DISTANCE if len(one.tags) == 1 else Method.PCA)
    try:
        detector = _trained(one, method, asked)
    except Refused as error:
        raise Refused("{name} cannot be judged: {why}", name=one.name, why=_said(error)) from None
    # The training rows are judged along, so that the rows just behind them have whole windows.
    found = judge(detector, one.times, one.values)[0].behind(train)
    spans = runs(found.alarm, detector.shape.span)
    episodes = tuple(_episode(one, detector, found, train, *span) for span in spans)
    labels = None if one.labels is None else one.labels[train:]
    return Detected(
        one,
        method,
        train,
        found,
        episodes,
        tuple((one.tags[tag], why) for tag, why in detector.without.items()),
        None if labels is None else agreement(found.alarm, labels),
        hits(one.times[train:], found.alarm, windows, spans) if windows else None,
    )


def _trained(one: Recording, method: Method, asked: Asked) -> LaggedPca | Nearest:
    times, values = one.times[: asked.train], one.values[: asked.train]
    if method is Method.PCA:
        return train_pca(
            times,
            values,
            variance=asked.variance,
            false_alarms=asked.false_alarms,
            keep_wandering=asked.keep_wandering,
        )
    if len(one.tags) != 1:
        raise Refused("distance judges one tag and there are {tags}; name one", tags=len(one.tags))
    return train_nearest(times, values, false_alarms=asked.false_alarms)


def _said(error: Refused) -> Label:
    sentence = Sentence(error.template, error.values)
    return Label(sentence.text("zh"), sentence.text("en"))


def _episode(
    one: Recording,
    detector: LaggedPca | Nearest,
    found: Findings,
    train: int,
    first: int,
    last: int,
) -> Episode:
    severity = found.severity[first : last + 1]
    peak = first + int(np.nanargmax(severity))
    highest = int(np.argmax(found.statistics[:, peak] / found.limits))
    name = found.names[highest]
    row = train + peak
    if isinstance(detector, LaggedPca):
        start = max(0, row - detector.shape.reach)
        parts = contributions(
            detector, one.times[start : row + 1], one.values[start : row + 1], [row - start]
        )
        adds = (parts.t2 if name == "t2" else parts.q)[0]
        shares = adds / adds.sum() if adds.sum() > 0 else adds
    else:
        shares = np.ones(1)
    order = np.argsort(shares, kind="stable")[::-1][:_NAMED]
    return Episode(
        train + first,
        train + last,
        int(one.times[train + first]),
        int(one.times[train + last]),
        float(found.severity[peak]),
        name,
        tuple((one.tags[tag], float(shares[tag])) for tag in order if shares[tag] > 0),
    )


def detect_in_tags(
    lake: Lake, viewer: Viewer, tags: Sequence[str], window: Window, asked: Asked = Asked()
) -> DetectReport:
    """Return what is anomalous in tags of the lake; all else as `detect` and `tags_as_recording`.

    Raises
    ------
    NotPermitted
        If the viewer may not read samples.
    Refused
        If the tags have too few samples in the window.
    """
    return detect([tags_as_recording(lake, viewer, tags, window)], asked)
