"""The economic complexity of places (ECI) and of products (PCI), by one symmetric eigenproblem.

The usual way asks a general solver for the eigenvectors of a matrix that is
not symmetric: slower by an order of magnitude, complex numbers where rounding
makes them, and two solutions, one for places and one for products, that need
not agree. The matrix is similar to a symmetric one, S = D^−½ M U^−1 Mᵀ D^−½,
and the products follow from the places by one multiplication.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ballast.brain.complexity.krylov import krylov_largest
from ballast.brain.complexity.presence import Bools, Floats
from ballast.errors import Undefined

__all__ = ["Complexity", "complexity"]

# Eigenvalues nearer to each other than this are one to rounding: their vectors are arbitrary.
_APART = 1e-9

# From so many rows on, finding the few vectors that are wanted is faster than finding all.
_MANY = 200


@dataclass(frozen=True, eq=False)
class Complexity:
    """Both indices; nan for a place without an industry and an industry without a place.

    Parameters
    ----------
    eci
        Shape (places,): mean 0, standard deviation 1 over the places.
    pci
        Shape (industries,): on the scale of ``eci``, so that a place's ECI is the mean PCI of
        what is present there.
    diversity
        Shape (places,): number of industries present.
    ubiquity
        Shape (industries,): number of places where each is present.
    """

    eci: Floats
    pci: Floats
    diversity: Floats
    ubiquity: Floats


def complexity(present: Bools) -> Complexity:
    """Return the complexity of places and products.

    Parameters
    ----------
    present
        Shape (places, industries).

    Raises
    ------
    Undefined
        If fewer than three places or industries have anything; if they fall into groups that
        share nothing, so that the second eigenvector tells groups apart and not complexity; if
        the second and third eigenvalue are equal; if ECI does not go with diversity either way,
        which leaves its sign undetermined.

    Notes
    -----
    Equations, with D and U the diagonal matrices of diversity and ubiquity: w is the eigenvector
    of S = D^−½ M U^−1 Mᵀ D^−½ to its second largest eigenvalue; K = D^−½ w;
    P = U^−1 Mᵀ K / λ₂;  ECI = (K − mean K) / sd K;  PCI = (P − mean K) / sd K. The sign is that for
    which ECI and diversity correlate positively.

    Source: C. A. Hidalgo and R. Hausmann, "The building blocks of economic complexity", PNAS 106
    (2009); R. Hausmann and others, The Atlas of Economic Complexity (2011). From memory of them;
    the tests compare with the package ecomplexity 0.5.3.
    """
    diversity = present.sum(axis=1).astype(np.float64)
    ubiquity = present.sum(axis=0).astype(np.float64)
    places, industries = diversity > 0, ubiquity > 0
    matrix = present[np.ix_(places, industries)].astype(np.float64)
    if min(matrix.shape) < 3:
        raise Undefined(
            "complexity needs at least three places and three industries; {places} and "
            "{industries} have any",
            places=matrix.shape[0],
            industries=matrix.shape[1],
        )
    d, u = diversity[places], ubiquity[industries]
    scaled = matrix / np.sqrt(d)[:, None] / np.sqrt(u)
    value, vector = _second(scaled, np.sqrt(d), np.sqrt(u))
    by_place = vector / np.sqrt(d)
    by_industry = (matrix.T @ by_place) / u / value
    mean, spread = by_place.mean(), by_place.std()
    sign = _sign(d, by_place)
    eci, pci = np.full(len(places), np.nan), np.full(len(industries), np.nan)
    eci[places] = sign * (by_place - mean) / spread
    pci[industries] = sign * (by_industry - mean) / spread
    return Complexity(eci, pci, diversity, ubiquity)


def _second(scaled: Floats, of_places: Floats, of_industries: Floats) -> tuple[float, Floats]:
    """Return the second largest eigenvalue of scaled·scaledᵀ and its vector, over the places.

    The largest is 1, and its vector is known: the roots of the diversities (of the ubiquities, over
    the industries). So the second is the largest of what is orthogonal to it.
    """
    wide = scaled.shape[0] <= scaled.shape[1]
    square = scaled @ scaled.T if wide else scaled.T @ scaled
    known = of_places if wide else of_industries
    second, third, found = _largest_two(square, known / np.linalg.norm(known))
    if 1.0 - second < _APART:
        raise Undefined(
            "the places fall into groups that share no industry, so their complexity cannot be "
            "compared; compute each group by itself"
        )
    if second - third < _APART or second < _APART:
        raise Undefined(
            "the places cannot be ranked by complexity: two rankings fit the data equally well"
        )
    if not wide:
        found = scaled @ found / np.sqrt(second)
    return second, found


def _largest_two(square: Floats, known: Floats) -> tuple[float, float, Floats]:
    """Return the two largest eigenvalues beside a known one, and the vector of the first of them.

    The third is looked for by itself, beside the second: one run of Krylov's vectors meets a value
    that stands twice only once, and would call two equal rankings one.
    """
    if len(square) >= _MANY:
        first = krylov_largest(square, known[None, :])
        if first is not None:
            other = krylov_largest(square, np.stack([known, first[1]]))
            if other is not None:
                return first[0], other[0], first[1]
    values, vectors = np.linalg.eigh(square)
    return float(values[-2]), float(values[-3]), vectors[:, -2]


def _sign(diversity: Floats, by_place: Floats) -> float:
    centred = diversity - diversity.mean()
    product = float(centred @ (by_place - by_place.mean()))
    size = float(np.linalg.norm(centred) * np.linalg.norm(by_place))
    if size == 0 or abs(product) / size < _APART:
        raise Undefined(
            "complexity has no sign here: it does not go with the number of industries of a place, "
            "neither up nor down"
        )
    return float(np.sign(product))
