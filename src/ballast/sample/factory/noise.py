"""Chance that can be asked again: a random number for every key and index.

A generator gives its numbers in order, so the value of second 86,399 costs all
before it, and the shop's history and its live publisher, which ask for other
seconds, would tell two stories. Here a number is a function of what it is for.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from ballast.sample.synthetic import Floats, Ints

__all__ = ["key", "normal", "slow", "uniform"]

_Words = npt.NDArray[np.uint64]


def key(seed: int, *names: object) -> int:
    """Return the key of one series.

    Examples
    --------
    >>> key(1, "lathe-1", "power") == key(1, "lathe-1", "load")
    False
    """
    return (zlib.crc32("/".join(map(str, names)).encode()) << 20) ^ (seed & 0xFFFFF)


def _mixed(series: int, index: npt.ArrayLike, salt: int) -> _Words:
    """Return 64 random bits an index: the finaliser of SplitMix64 (from memory of its authors)."""
    start = np.uint64((series * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) & (2**64 - 1))
    words = np.atleast_1d(np.asarray(index, np.int64)).astype(np.uint64)
    words = words * np.uint64(0x9E3779B97F4A7C15) + start
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(words ^ (words >> np.uint64(31)))


def uniform(series: int, index: npt.ArrayLike, salt: int = 0) -> Floats:
    """Return a number in (0, 1) for every index.

    Parameters
    ----------
    series
        What ``key`` gave.
    index
        Shape (n,): whole numbers.
    salt
        Tells apart several numbers of one index.
    """
    return np.asarray(((_mixed(series, index, salt) >> np.uint64(11)) + 0.5) * 2.0**-53)


def normal(series: int, index: npt.ArrayLike, salt: int = 0) -> Floats:
    """Return a standard normal number for every index (Box and Muller, from two uniform ones)."""
    radius = np.sqrt(-2.0 * np.log(uniform(series, index, 2 * salt)))
    return np.asarray(radius * np.cos(2.0 * np.pi * uniform(series, index, 2 * salt + 1)))


def slow(series: int, at: Ints, step: int) -> Floats:
    """Return a normal number that moves over ``step`` ms: straight lines between drawn points.

    Parameters
    ----------
    series
        What ``key`` gave.
    at
        Shape (n,): epoch ms.
    step
        How far apart the drawn points are, ms.
    """
    place = at // step
    share = (at - place * step) / step
    return normal(series, place) * (1.0 - share) + normal(series, place + 1) * share
