"""The largest eigenvalue of a symmetric matrix beside known ones, by Lanczos's method.

NumPy finds all eigenvectors or none; of the nine hundred of a city's matrix
one is wanted, and finding all of them was nine tenths of the time. SciPy has
a solver for a few, but it would be the only thing here that needs SciPy.
"""

from __future__ import annotations

import numpy as np

from ballast.brain.complexity.presence import Floats

__all__ = ["krylov_largest"]

_STEPS = 300
_LOOK_EVERY = 10
_CLOSE = 1e-13  # of the residual, for a matrix whose eigenvalues lie between 0 and 1


def krylov_largest(square: Floats, known: Floats) -> tuple[float, Floats] | None:
    """Return the largest eigenvalue whose vector is orthogonal to known ones, and that vector.

    Parameters
    ----------
    square
        Shape (n, n), symmetric, no eigenvalue beyond 1.
    known
        Shape (k, n), k ≥ 1: orthonormal eigenvectors that are left out.

    Returns
    -------
    tuple or None
        The vector has length 1. None where it did not settle within the steps allowed, or the
        vectors ran out before: whoever asks takes the slow way.

    Notes
    -----
    Each vector is made orthogonal to all before it, twice, so that rounding brings none of them
    back. A value that stands twice in the matrix is found once. Of the Ritz pair (θ, x) the
    residual ‖square·x − θx‖ is the last off-diagonal entry times the last entry of the vector of
    the small matrix. The start is the same in every run, so the answer is too.

    Source: B. N. Parlett, The Symmetric Eigenvalue Problem, chapter 13. From memory of it.

    Examples
    --------
    >>> weights = np.linspace(0, 1, 300) ** 4
    >>> value, vector = krylov_largest(np.diag(weights), np.eye(300)[-1:])
    >>> round(value, 9), int(np.argmax(abs(vector)))
    (0.986689037, 298)
    """
    size, first = len(square), len(known)
    steps = min(_STEPS, size - first)
    basis = np.zeros((first + steps + 1, size))
    basis[:first] = known
    start = np.random.default_rng(0).standard_normal(size)
    start -= known.T @ (known @ start)
    basis[first] = start / np.linalg.norm(start)
    on: list[float] = []
    beside: list[float] = []
    for step in range(steps):
        at = first + step
        rest = square @ basis[at]
        on.append(float(basis[at] @ rest))
        for _ in range(2):
            rest -= basis[: at + 1].T @ (basis[: at + 1] @ rest)
        length = float(np.linalg.norm(rest))
        if length < _CLOSE:  # nothing is left: the vectors span all that the start could reach
            return None
        if step % _LOOK_EVERY == _LOOK_EVERY - 1:
            small = np.diag(on) + np.diag(beside, 1) + np.diag(beside, -1)
            values, vectors = np.linalg.eigh(small)
            if length * abs(vectors[-1, -1]) < _CLOSE:
                return float(values[-1]), vectors[:, -1] @ basis[first : at + 1]
        beside.append(length)
        basis[at + 1] = rest / length
    return None
