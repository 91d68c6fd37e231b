"""Codes of every dimension have a name, and names lead back to the codes that are meant."""

from __future__ import annotations

import pytest

from ballast.brain.indicators.cell_names import CellNames
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.names import Names
from ballast.errors import NotFound
from ballast.terms.label import Label

ZONE = Label("聊城经济技术开发区", "Liaocheng development zone")
CALLED = CellNames(
    Names({("ext", "371500-KFQ"): ZONE}, {}),
    {
        Dimension.CLUSTER: {
            "linqing-bearings": Label("临清轴承", "Linqing bearings"),
            "dongchangfu-bearing-cages": Label("东昌府轴承保持器", "Dongchangfu bearing cages"),
        },
        Dimension.CHAIN: {"copper": Label("铜", "copper")},
    },
)


@pytest.mark.parametrize(
    ("dimension", "text", "codes"),
    [
        (Dimension.REGION, "聊城", ("371500",)),
        (Dimension.REGION, "371502", ("371502",)),
        (Dimension.REGION, "Chiping", ("371503",)),
        (Dimension.ZONE, "聊城", ("371500-KFQ",)),
        (Dimension.REGION, "开发区", ("371500-KFQ",)),
        (Dimension.CITY, "聊城", ("371500",)),
        (Dimension.INDUSTRY_DIVISION, "32", ("32",)),
        (Dimension.INDUSTRY_SECTION, "制造业", ("C",)),
        (Dimension.CLUSTER, "bearing cages", ("dongchangfu-bearing-cages",)),
        (Dimension.CLUSTER, "轴承", ("linqing-bearings", "dongchangfu-bearing-cages")),
        (Dimension.CLUSTER, "临清轴承", ("linqing-bearings",)),
        (Dimension.CHAIN, "copper", ("copper",)),
        (Dimension.SIZE_CLASS, "大型", ("large",)),
        (Dimension.OWNERSHIP, "private", ("private",)),
        (Dimension.TIER, "国家级", ("national",)),
        (Dimension.PARTNER, "vn", ("VN",)),
    ],
)
def test_a_code_or_a_name_means_the_cell(
    dimension: Dimension, text: str, codes: tuple[str, ...]
) -> None:
    assert CALLED.find(dimension, text) == codes


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (Dimension.REGION, "Atlantis"),
        (Dimension.ZONE, "371502"),
        (Dimension.INDUSTRY_DIVISION, "321"),
        (Dimension.CLUSTER, "fame"),
        (Dimension.SIZE_CLASS, "gigantic"),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(dimension: Dimension, text: str) -> None:
    with pytest.raises(NotFound, match=text):
        CALLED.find(dimension, text)


def test_cells_have_names_and_a_code_without_one_stands_for_itself() -> None:
    assert CALLED.label(Dimension.ZONE, "371500-KFQ") == ZONE
    assert CALLED.label(Dimension.INDUSTRY_CLASS, "3451").zh == "滚动轴承制造"
    assert CALLED.label(Dimension.SIZE_CLASS, "micro").en == "micro"
    assert CALLED.label(Dimension.CLUSTER, "gone") == Label("gone", "gone")
    assert CALLED.label(Dimension.ZONE, "").en == "in no zone"
