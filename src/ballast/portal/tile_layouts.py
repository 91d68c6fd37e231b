"""Where each place of a city stands in its tile map: data, one entry a city.

Drawn boundaries need a map licence; equal tiles in about the right places need
none, and a reader who lives there knows them at once. Another city brings its
own layout; one without shows its places as bars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ballast.terms.label import Label

__all__ = ["LAYOUTS", "TilePlace"]


@dataclass(frozen=True, slots=True)
class TilePlace:
    """Column and row of a place, from the upper left, and a name short enough for a tile."""

    column: int
    row: int
    label: Label


LAYOUTS: Mapping[str, Mapping[str, TilePlace]] = {
    "371500": {
        "371581": TilePlace(1, 0, Label("临清", "Linqing")),
        "371526": TilePlace(3, 0, Label("高唐", "Gaotang")),
        "371525": TilePlace(0, 1, Label("冠县", "Guan")),
        "371502": TilePlace(1, 1, Label("东昌府", "Dongchangfu")),
        "371500-KFQ": TilePlace(2, 1, Label("开发区", "Econ. zone")),
        "371503": TilePlace(3, 1, Label("茌平", "Chiping")),
        "371522": TilePlace(0, 2, Label("莘县", "Shen")),
        "371500-DJQ": TilePlace(1, 2, Label("度假区", "Resort zone")),
        "371500-GXQ": TilePlace(2, 2, Label("高新区", "High-tech zone")),
        "371524": TilePlace(3, 2, Label("东阿", "Dong'e")),
        "371521": TilePlace(1, 3, Label("阳谷", "Yanggu")),
    }
}
