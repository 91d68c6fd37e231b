"""The live values are whole or not there."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import StorageFailed
from ballast.plant.spool.live import (
    LIVE,
    CollectorStatus,
    LastValue,
    Live,
    read_live,
    write_live,
)

STATUS = CollectorStatus("127.0.0.1:1883", 5, 10.5, 200.0, 3, 4, "[[]]", 7)


def value(number: float, text: str | None = None) -> LastValue:
    return LastValue("shop/阀-1/pressure", 1, 2, number, text, 192, None)


@given(st.floats(), st.none() | st.text())
def test_every_value_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, number: float, text: str | None
) -> None:
    path = tmp_path_factory.getbasetemp()
    live = Live(9, STATUS, (value(number, text),))
    write_live(path, live)
    found = read_live(path)
    assert found is not None
    assert (found.at, found.status, found.values[0].text) == (9, STATUS, text)
    back = found.values[0].value
    assert back == number or (math.isnan(back) and math.isnan(number))


def test_nothing_written_is_nothing_read(tmp_path: Path) -> None:
    assert read_live(tmp_path) is None
    assert read_live(tmp_path / "none") is None


def test_what_a_power_cut_tore_is_not_read(tmp_path: Path) -> None:
    write_live(tmp_path, Live(9, STATUS, (value(1.0),)))
    data = (tmp_path / LIVE).read_bytes()
    for length in range(len(data)):
        (tmp_path / LIVE).write_bytes(data[:length])
        assert read_live(tmp_path) is None


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be read or written"):
        write_live(tmp_path / "none", Live(9, STATUS, ()))
