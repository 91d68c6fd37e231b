"""Revealed comparative advantage (显性比较优势), and which industries count as present by it.

Balassa's index is the location quotient of another field; it is computed on a
matrix here because everything after it needs every cell of the rectangle,
zeros included, which a table of what exists does not hold.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ballast.errors import Refused

__all__ = ["Bools", "Floats", "advantage", "presence", "rectangle"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def rectangle(
    places: Any, industries: Any, values: npt.ArrayLike
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], Floats]:
    """Return a long table as a matrix, zero where it has no row.

    Parameters
    ----------
    places, industries
        Shape (k,): names of row and column of each value; a list, an array, an Arrow array or a
        column of a frame.
    values
        Shape (k,): employment, output or exports, one unit, ≥ 0.

    Returns
    -------
    tuple
        Names of the rows, of the columns, each sorted; the matrix.

    Raises
    ------
    Refused
        A value that is missing or negative, or two values of one cell: adding or
        choosing would both be a guess.

    Examples
    --------
    >>> rectangle(["b", "a"], ["x", "y"], [1.0, 2.0])[2].tolist()
    [[0.0, 2.0], [1.0, 0.0]]
    """
    rows, row = _numbered(places)
    columns, column = _numbered(industries)
    number = np.asarray(values, dtype=np.float64)
    cell = row * len(columns) + column
    bad = ~np.isfinite(number) | (number < 0)
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        raise Refused(
            "{place}, {industry}: the value is {value}; it must be known and not negative",
            place=rows[row[at]],
            industry=columns[column[at]],
            value=number[at],
        )
    filled = np.bincount(cell, weights=number, minlength=len(rows) * len(columns))
    counts = np.bincount(cell, minlength=len(filled))
    if (counts > 1).any():
        at = int(counts.argmax())
        raise Refused(
            "{place}, {industry}: there are several values; give one, or add them up first",
            place=rows[at // len(columns)],
            industry=columns[at % len(columns)],
        )
    return rows, columns, filled.reshape(len(rows), len(columns)).astype(np.float64, copy=False)


def _numbered(names: Any) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Return the different names, sorted, and the place of each given one among them.

    By Arrow's hash: sorting a quarter of a million Python strings takes longer than all the rest.
    """
    encoded = pa.array(names, from_pandas=True).dictionary_encode()
    if encoded.null_count:
        raise Refused("a place or an industry has no name; leave such rows out first")
    found = encoded.dictionary.to_numpy(zero_copy_only=False).astype(object)
    order = np.argsort(found, kind="stable")
    place = np.empty(len(found), dtype=np.intp)
    place[order] = np.arange(len(found))
    return found[order], place[encoded.indices.to_numpy()]


def advantage(values: Floats) -> Floats:
    """Return revealed comparative advantage, shape (places, industries).

    Parameters
    ----------
    values
        Shape (places, industries), ≥ 0.

    Returns
    -------
    Floats
        nan in a place or an industry whose sum is zero: it has no shares.

    Notes
    -----
    Equation: RCA_cp = (x_cp / Σ_p x_cp) / (Σ_c x_cp / Σ_cp x_cp).

    Source: B. Balassa, "Trade Liberalisation and 'Revealed' Comparative Advantage", Manchester
    School 33 (1965). From memory of it.

    Examples
    --------
    >>> advantage(np.array([[1.0, 1.0], [0.0, 2.0]])).round(3).tolist()
    [[2.0, 0.667], [0.0, 1.333]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = values / values.sum(axis=1, keepdims=True)
        return np.asarray(share / (values.sum(axis=0) / values.sum()))


def presence(values: Floats, threshold: float = 1.0) -> Bools:
    """Return where an industry is present: its advantage is at least the threshold."""
    return np.asarray(np.nan_to_num(advantage(values)) >= threshold)
