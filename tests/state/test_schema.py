"""The tables as SQLAlchemy sees them are the tables of the file."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from ballast.state.schema import METADATA
from ballast.state.store import State


def test_both_name_the_same_tables(state: State) -> None:
    with state.read() as connection:
        assert set(inspect(connection).get_table_names()) == set(METADATA.tables)


@pytest.mark.parametrize("name", METADATA.tables)
def test_columns_keys_and_references_agree(name: str, state: State) -> None:
    declared = METADATA.tables[name]
    with state.read() as connection:
        found = inspect(connection)
        columns = {c["name"]: c["nullable"] for c in found.get_columns(name)}
        keys = set(found.get_pk_constraint(name)["constrained_columns"])
        references = {
            (key["constrained_columns"][0], key["referred_table"])
            for key in found.get_foreign_keys(name)
        }
    # SQLite calls INTEGER PRIMARY KEY nullable; it never is.
    assert {n: null for n, null in columns.items() if n not in keys} == {
        c.name: c.nullable for c in declared.columns if not c.primary_key
    }
    assert keys == {c.name for c in declared.primary_key}
    assert references == {
        (c.name, key.column.table.name) for c in declared.columns for key in c.foreign_keys
    }
