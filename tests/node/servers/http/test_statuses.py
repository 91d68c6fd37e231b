"""Statuses as Handle.Net 9 sends them."""

from __future__ import annotations

import pytest

from ballast.node.servers.http.statuses import status_of


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, 200), (2, 500), (3, 503), (4, 400), (100, 404), (101, 409), (102, 400), (201, 409),
        (202, 400), (301, 400), (303, 400), (400, 403), (401, 403), (402, 401), (403, 403),
        (404, 403), (500, 400), (900, 400),
    ],
)  # fmt: skip
def test_each_code_has_its_status(code: int, status: int) -> None:
    assert status_of(code) == status


def test_values_that_are_not_there_are_an_answer_to_a_question_and_a_mistake_of_a_change() -> None:
    assert status_of(200, asking=True) == 200
    assert status_of(200) == 400
