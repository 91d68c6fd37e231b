"""Drafts: one a person and form, in the place of the one before."""

from __future__ import annotations

import pytest
from tests.state.conftest import START, HandClock

from ballast.errors import Refused
from ballast.state.drafts import MOST_BYTES, drop_draft, load_draft, save_draft
from ballast.state.store import State
from ballast.state.users import User, add_user
from ballast.terms.role import Role


def test_a_draft_comes_back(state: State, zhao: User) -> None:
    body = {"city": "聊城", "rows": [1, 2.5, None, True], "empty": {}}
    saved = save_draft(state, zhao.id, "form", body)
    assert load_draft(state, zhao.id, "form") == saved
    assert (saved.body, saved.saved_at) == (body, START)


def test_the_newest_takes_the_place(state: State, zhao: User, clock: HandClock) -> None:
    save_draft(state, zhao.id, "form", 1)
    clock.move(minutes=1)
    newest = save_draft(state, zhao.id, "form", 2)
    assert load_draft(state, zhao.id, "form") == newest


def test_drafts_of_others_and_of_other_forms_stay(state: State, zhao: User) -> None:
    qian = add_user(state, "qian", role=Role.ADMINISTRATOR)
    kept = save_draft(state, qian.id, "form", "hers"), save_draft(state, zhao.id, "other", 1)
    save_draft(state, zhao.id, "form", "mine")
    drop_draft(state, zhao.id, "form")
    drop_draft(state, zhao.id, "form")
    assert load_draft(state, zhao.id, "form") is None
    assert (load_draft(state, qian.id, "form"), load_draft(state, zhao.id, "other")) == kept


def test_a_megabyte_is_the_most_and_the_old_one_stays(state: State, zhao: User) -> None:
    fits = save_draft(state, zhao.id, "form", "x" * (MOST_BYTES - 2))
    for body in ("x" * (MOST_BYTES - 1), "字" * (MOST_BYTES // 3)):
        with pytest.raises(Refused):
            save_draft(state, zhao.id, "form", body)
    assert load_draft(state, zhao.id, "form") == fits


def test_a_dropped_draft_leaves_the_file(state: State, zhao: User) -> None:
    save_draft(state, zhao.id, "form", "a confidential figure")
    drop_draft(state, zhao.id, "form")
    with state.write() as connection:
        connection.exec_driver_sql("SELECT 1")
    state.close()  # the last connection brings the journal into the file and removes it
    assert b"a confidential figure" not in state.path.read_bytes()
    assert [path.name for path in state.path.parent.glob("state*")] == ["state.sqlite"]
