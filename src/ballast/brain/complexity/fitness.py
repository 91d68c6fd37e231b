"""Fitness of places and complexity of products by Tacchella's iteration, which is not linear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.brain.complexity.presence import Bools, Floats

__all__ = ["Fitness", "fitness"]


@dataclass(frozen=True, eq=False)
class Fitness:
    """What the iteration came to; means are 1 over what is there, nan for what is not.

    Parameters
    ----------
    fitness
        Shape (places,).
    complexity
        Shape (industries,).
    rounds
        After how many rounds.
    settled
        Whether both changed by less than the tolerance in the last round. Where the matrix makes
        some values go to 0, they do so for ever and more slowly each round; their order is
        settled long before.
    """

    fitness: Floats
    complexity: Floats
    rounds: int
    settled: bool


def fitness(present: Bools, *, tolerance: float = 1e-10, rounds: int = 1000) -> Fitness:
    """Return fitness and complexity.

    Parameters
    ----------
    present
        Shape (places, industries).
    tolerance
        Largest change of a value in a round, relative to the mean 1.
    rounds
        At most so many.

    Notes
    -----
    Equations: F_c ← Σ_p M_cp Q_p;  Q_p ← 1 / Σ_c M_cp / F_c; each divided by its mean each round,
    both from the values of the round before.

    Source: A. Tacchella and others, "A New Metrics for Countries' Fitness and Products'
    Complexity", Scientific Reports 2, 723 (2012). From memory of it.

    Examples
    --------
    >>> nested = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool)
    >>> found = fitness(nested, rounds=20)
    >>> np.argsort(-found.fitness).tolist(), np.argsort(-found.complexity).tolist()
    ([0, 1, 2], [2, 1, 0])
    """
    places, industries = present.any(axis=1), present.any(axis=0)
    matrix = present[np.ix_(places, industries)].astype(np.float64)
    f, q = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    done, change = 0, np.inf
    least = np.finfo(np.float64).tiny
    while matrix.size and done < rounds and change > tolerance:
        new_f = matrix @ q
        # A place whose fitness has sunk below what a float holds makes its products simple: 0.
        with np.errstate(divide="ignore", over="ignore"):
            new_q = 1 / (matrix.T @ (1 / np.maximum(f, least)))
        new_f, new_q = new_f / new_f.mean(), new_q / new_q.mean()
        change = max(float(np.abs(new_f - f).max()), float(np.abs(new_q - q).max()))
        f, q, done = new_f, new_q, done + 1
    by_place, by_industry = np.full(places.shape, np.nan), np.full(industries.shape, np.nan)
    by_place[places], by_industry[industries] = f, q
    return Fitness(by_place, by_industry, done, bool(change <= tolerance))
