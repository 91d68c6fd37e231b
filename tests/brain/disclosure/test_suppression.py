"""Suppression, attacked: whoever has all that is published cannot work out a sensitive cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.disclosure.grid import Grid
from ballast.brain.disclosure.hierarchy import hierarchy
from ballast.brain.disclosure.rules import PrimaryRules
from ballast.brain.disclosure.suppression import Pattern, Status, suppress
from ballast.errors import Undefined

from .tables import Attacker, Made, made

RULES = PrimaryRules()


def protected(table: Made) -> Pattern:
    return suppress(table.grid, table.leaves, table.enterprises, table.primary, RULES)


@given(st.integers(0, 2**32 - 1), st.integers(4, 9), st.integers(3, 7))
@settings(deadline=None, max_examples=12)
def test_every_sensitive_cell_stays_in_doubt_as_far_as_its_moves_say(
    seed: int, rows: int, columns: int
) -> None:
    table = made(np.random.default_rng(seed), rows, columns, 6 * rows * columns, RULES)
    pattern = protected(table)
    attacker = Attacker(pattern)
    for cell, moves in pattern.moves.items():
        a, b, row, column = cell
        value = pattern.values[a, b][row, column]
        least, greatest = attacker.bounds(cell)
        amount = max(move.amount for move in moves)
        assert amount > 0
        assert least <= value - amount * (1 - 1e-6), cell
        assert greatest >= value + amount * (1 - 1e-6), cell


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=6)
def test_an_enterprise_that_is_alone_in_its_cell_learns_no_other_sensitive_leaf(seed: int) -> None:
    table = made(np.random.default_rng(seed), 6, 5, 120, RULES)
    pattern = protected(table)
    alone = [tuple(map(int, place)) for place in np.argwhere(table.enterprises == 1)]
    for own in alone[:4]:
        attacker = Attacker(pattern, ((own[0], own[1]),))
        for cell in pattern.moves:
            if cell[:2] == (0, 0) and cell[2:] != own:
                least, greatest = attacker.bounds(cell)
                value = pattern.values[0, 0][cell[2], cell[3]]
                assert greatest - least >= RULES.protection * value * (1 - 1e-6), (own, cell)


def test_without_secondary_suppression_the_attacker_wins() -> None:
    """So that the tests above can fail."""
    table = made(np.random.default_rng(7), 6, 5, 200, RULES)
    pattern = protected(table)
    naive = Pattern(
        table.grid,
        pattern.values,
        {pair: primary.astype(np.int8) for pair, primary in table.primary.items()},
        {},
    )
    attacker = Attacker(naive)
    exact = [cell for cell in pattern.moves if np.ptp(attacker.bounds(cell)) < 1e-6]
    assert exact


def test_a_move_changes_nothing_that_is_published() -> None:
    table = made(np.random.default_rng(11), 8, 6, 250, RULES)
    pattern = protected(table)
    assert pattern.moves
    for moves in pattern.moves.values():
        for move in moves:
            changed = table.leaves.copy()
            for (row, column), sign in move.corners:
                changed[row, column] += sign * move.amount
            assert (changed >= -1e-9).all()
            for pair, status in pattern.status.items():
                rows, columns = table.grid.rows, table.grid.columns
                shift = np.zeros(table.grid.shape(*pair))
                np.add.at(
                    shift,
                    (rows.above[pair[0]][:, None], columns.above[pair[1]][None, :]),
                    changed - table.leaves,
                )
                open_cells = (status == Status.PUBLISHED) & table.grid.published(*pair)
                np.testing.assert_allclose(shift[open_cells], 0, atol=1e-9)


def test_a_table_without_a_sensitive_cell_is_published_whole() -> None:
    grid = Grid(
        hierarchy({"a": "all", "b": "all", "all": None}, leaves=["a", "b"]),
        hierarchy({"x": "both", "y": "both", "both": None}, leaves=["x", "y"]),
    )
    leaves = np.array([[10.0, 20.0], [30.0, 40.0]])
    none = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in grid.level_pairs()}
    pattern = suppress(grid, leaves, np.full((2, 2), 9.0), none, RULES)
    assert pattern.count(Status.PUBLISHED) == 9
    assert pattern.lost() == 0


def test_one_sensitive_cell_costs_three_more_in_a_plain_table() -> None:
    """The least there is: one more in its row, one in its column, one where they meet."""
    parents: dict[str, str | None] = {"all": None} | dict.fromkeys("abc", "all")
    grid = Grid(hierarchy(parents, leaves=list("abc")), hierarchy(parents, leaves=list("abc")))
    leaves = np.array([[5.0, 50.0, 6.0], [70.0, 8.0, 90.0], [7.0, 80.0, 9.0]])
    primary = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in grid.level_pairs()}
    primary[0, 0][0, 0] = True
    pattern = suppress(grid, leaves, np.full((3, 3), 5.0), primary, RULES)
    assert pattern.count(Status.SECONDARY) == 3
    assert pattern.status[0, 0].tolist() == [[1, 0, 2], [0, 0, 0], [2, 0, 2]]


def test_zeros_are_published_and_hide_nothing() -> None:
    parents: dict[str, str | None] = {"all": None, "a": "all", "b": "all", "c": "all"}
    grid = Grid(hierarchy(parents, leaves=list("abc")), hierarchy(parents, leaves=list("abc")))
    leaves = np.array([[5.0, 0.0, 60.0], [0.0, 8.0, 90.0], [70.0, 80.0, 9.0]])
    primary = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in grid.level_pairs()}
    primary[0, 0][0, 0] = True
    pattern = suppress(grid, leaves, np.full((3, 3), 5.0), primary, RULES)
    assert (pattern.status[0, 0][leaves == 0] == Status.PUBLISHED).all()
    assert pattern.count(Status.SECONDARY) == 3


def test_a_region_whose_only_industry_is_sensitive_takes_the_sums_above_with_it() -> None:
    grid = Grid(
        hierarchy({"a": "all", "b": "all", "all": None}, leaves=["a", "b"]),
        hierarchy({"x": None}, leaves=["x"]),
    )
    primary = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in grid.level_pairs()}
    primary[0, 0][0, 0] = True
    pattern = suppress(grid, np.array([[5.0], [50.0]]), np.full((2, 1), 5.0), primary, RULES)
    assert pattern.status[0, 0][:, 0].tolist() == [1, 2]
    assert pattern.status[1, 0][0, 0] == Status.PUBLISHED


def test_what_readers_know_already_is_not_counted_on() -> None:
    parents: dict[str, str | None] = {"all": None} | dict.fromkeys("abc", "all")
    grid = Grid(hierarchy(parents, leaves=list("abc")), hierarchy(parents, leaves=list("abc")))
    leaves = np.array([[5.0, 50.0, 6.0], [70.0, 8.0, 90.0], [7.0, 80.0, 9.0]])
    pairs = list(grid.level_pairs())
    primary = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in pairs}
    known = {pair: np.zeros(grid.shape(*pair), dtype=bool) for pair in pairs}
    primary[0, 0][0, 0] = known[0, 0][0, 2] = True
    pattern = suppress(grid, leaves, np.full((3, 3), 5.0), primary, RULES, known=known)
    assert pattern.status[0, 0][0, 2] == Status.PUBLISHED
    assert pattern.status[0, 0][0, 1] == Status.SECONDARY
    everything = {pair: np.ones(grid.shape(*pair), dtype=bool) for pair in pairs}
    everything[0, 0][0, 0] = False
    with pytest.raises(Undefined, match="a, a: it must be withheld"):
        suppress(grid, leaves, np.full((3, 3), 5.0), primary, RULES, known=everything)
