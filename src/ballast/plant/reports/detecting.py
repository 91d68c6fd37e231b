"""Anomalies of tags or of recordings: one report for the command, the API and the page.

The detectors know neither files nor the lake; this module hands them columns
and puts what they find into words: which stretches are anomalous, which tags
make them so, and, where somebody has labelled the rows, how far both agree.
Labels are compared with what was found after it was found: they never reach a
detector.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ballast.plant.detection.findings import Findings
from ballast.plant.measures.ratios import Floats
from ballast.words import Sentence

__all__ = ["Agreement", "DetectReport", "Detected", "Episode", "Method", "Recording"]


class Method(StrEnum):
    """Which detector."""

    PCA = "pca"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Recording:
    """Columns of one file, or of tags of the lake.

    Parameters
    ----------
    name
        Of the file or the asset.
    tags
        Names of the columns.
    times
        Epoch ms UTC, of shape (rows,), rising.
    values
        Of shape (rows, tags); nan: missing.
    labels
        Whether somebody says that the row is anomalous, of shape (rows,).
    """

    name: str
    tags: tuple[str, ...]
    times: npt.NDArray[np.int64]
    values: Floats
    labels: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of rows over which an alarm stands.

    Parameters
    ----------
    first, last
        Rows, both included.
    start, end
        Their times, epoch ms UTC.
    severity
        The highest, as a multiple of the limit.
    statistic
        Which statistic was the highest there.
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
class Agreement:
    """How alarms and labels agree over rows that are not training rows.

    ``None`` where the number does not exist. Rates as the SKAB benchmark takes
    them: over all rows of all files together.
    """

    true_alarms: int
    false_alarms: int
    missed: int
    quiet: int
    f1: float | None
    false_alarm_rate: float | None
    missed_alarm_rate: float | None


@dataclass(frozen=True, slots=True)
class Detected:
    """One recording with what was found in it.

    Parameters
    ----------
    recording
        As it was given.
    training
        How many rows at its beginning the detector was trained on.
    findings
        Of the rows behind them.
    episodes
        The stretches of alarm, in order.
    left_out
        Tags that could not be used, each with the reason.
    agreement
        With the labels, where there are any.
    """

    recording: Recording
    training: int
    findings: Findings
    episodes: tuple[Episode, ...]
    left_out: tuple[tuple[str, Sentence], ...]
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class DetectReport:
    """Several recordings, and how alarms and labels agree over all of them together."""

    method: Method
    detected: tuple[Detected, ...]
    agreement: Agreement | None
