"""What clients of other versions are answered: the table that was observed."""

from __future__ import annotations

import pytest

from ballast.node.wire.codes import EnvelopeFlag, ResponseCode
from ballast.node.wire.envelope import Envelope
from ballast.node.wire.versions import answer_version, response_code_for


@pytest.mark.parametrize(
    ("suggested", "answered"),
    [*(((2, minor), (2, minor)) for minor in range(12)), ((2, 12), (2, 11)), ((3, 0), (2, 11))],
)
def test_the_suggested_version_is_answered_up_to_ours(
    suggested: tuple[int, int], answered: tuple[int, int]
) -> None:
    """Trap 4 of the design page: observed for 2.0 to 2.12 and 3.0."""
    asked = Envelope(2, 3, suggested_major=suggested[0], suggested_minor=suggested[1])
    assert answer_version(asked) == answered


@pytest.mark.parametrize(
    ("written", "answered"),
    [((2, 3), (2, 3)), ((2, 11), (2, 11)), ((2, 200), (2, 11)), ((5, 1), (2, 0)), ((1, 9), (2, 0)),
     ((0, 0), (2, 0)), ((255, 255), (2, 11))],
)  # fmt: skip
def test_who_suggests_nothing_is_answered_as_the_message_is_written(
    written: tuple[int, int], answered: tuple[int, int]
) -> None:
    """Traps 4 and 11: "5.x" was how 2.0 was first written."""
    asked = Envelope(*written, EnvelopeFlag(0), suggested_major=0, suggested_minor=9)
    assert answer_version(asked) == answered


@pytest.mark.parametrize("version", [(2, 0), (2, 4)])
def test_codes_that_came_with_2_5_are_told_by_older_ones(version: tuple[int, int]) -> None:
    """Trap 10."""
    assert response_code_for(version, ResponseCode.INVALID_VALUE) == 201
    assert response_code_for(version, ResponseCode.SERVER_BACKUP) == 303


def test_all_other_codes_are_the_same_in_every_version() -> None:
    for code in ResponseCode:
        assert response_code_for((2, 5), code) == code
        if code not in (ResponseCode.INVALID_VALUE, ResponseCode.SERVER_BACKUP):
            assert response_code_for((2, 1), code) == code
