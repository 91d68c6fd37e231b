"""What energy was used for: assets and their pieces, orders, products.

Energy and pieces meet here: a meter's intervals are cut at the ends of each
order that people or controllers entered, and counters of pieces give an asset
its pieces where nobody entered any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ballast.lake.lake import Lake
from ballast.plant.measures.energy import energy_within, specific_energy
from ballast.plant.measures.ratios import defined
from ballast.plant.reports.accounts import Increments
from ballast.plant.reports.energy_meters import Metered, risen
from ballast.plant.reports.entries import Made, closed, made
from ballast.plant.reports.pieces import Pieces, pieces
from ballast.plant.reports.segments import Wanted, read_segments
from ballast.plant.reports.window import Window
from ballast.plant.site.site import Site
from ballast.plant.site.tag import Tag, TagRole
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["AssetEnergy", "OrderEnergy", "ProductEnergy", "work_of"]

_COUNTED = (TagRole.PRODUCED, TagRole.GOOD, TagRole.SCRAP, TagRole.REWORK)


@dataclass(frozen=True, slots=True)
class AssetEnergy:
    """What an asset used, and for how many pieces.

    Parameters
    ----------
    asset, name
        The asset.
    kwh
        Energy of its own meters in the window.
    covered
        The share of the window that they cover.
    produced, good
        Pieces; ``None`` where not known.
    kwh_per_good
        Energy a good piece; ``None`` where there is none, or the meter covers less than all.
    source
        Who counted the pieces: ``counter``, ``entries``, ``none``.
    """

    asset: str
    name: Label
    kwh: float
    covered: float
    produced: float | None
    good: float | None
    kwh_per_good: float | None
    source: str


@dataclass(frozen=True, slots=True)
class OrderEnergy:
    """What one entry of production used.

    Parameters
    ----------
    asset, order, product
        As entered.
    start_ms, end_ms
        Its time inside the window, epoch ms UTC.
    kwh
        Energy of the asset's meter in that time; ``None`` where it has none.
    covered
        The share of the time that the meter covers.
    good
        Good pieces, as entered; of an entry that reaches over the window by its share of time.
    kwh_per_good
        Energy a good piece.
    """

    asset: str
    order: str
    product: str
    start_ms: int
    end_ms: int
    kwh: float | None
    covered: float
    good: float | None
    kwh_per_good: float | None


@dataclass(frozen=True, slots=True)
class ProductEnergy:
    """A product over all its orders of which energy and good pieces are both known."""

    product: str
    orders: int
    kwh: float
    good: float
    kwh_per_good: float | None


def work_of(
    lake: Lake, viewer: Viewer, window: Window, site: Site, meters: Sequence[Metered]
) -> tuple[
    tuple[AssetEnergy, ...], tuple[OrderEnergy, ...], tuple[ProductEnergy, ...], list[Sentence]
]:
    """Return what assets, orders and products used.

    Parameters
    ----------
    lake, viewer
        Whose entries and counters, and who asks.
    window
        The stretch.
    site
        The mapping.
    meters
        All meters; of several of one asset the first counts.
    """
    own: dict[str, Metered] = {}
    for one in meters:
        if one.asset is not None:
            own.setdefault(one.asset, one)
    rows = made(lake, viewer, window.start_ms, window.end_ms)
    by_asset: dict[str, list[Made]] = {}
    for asset in dict.fromkeys(row.asset for row in rows):
        by_asset[asset] = closed([row for row in rows if row.asset == asset], window.end_ms)
    orders = [
        _order(row, own.get(asset), window) for asset, some in by_asset.items() for row in some
    ]
    counted = _counters(lake, viewer, window, site, [one for one in own if one in site.assets])
    assets, notes = [], []
    for asset, meter in own.items():
        found = pieces(
            counted.get(asset, {}), by_asset.get(asset, []), [(window.start_ms, window.end_ms)]
        )
        assets.append(_asset(asset, meter, found, site, window))
    lost = sum(1 for one in orders if one.kwh is None)
    if lost:
        notes.append(
            Sentence(
                "{count} entries of production are of assets without a meter of their own; "
                "their energy is not known",
                {"count": lost},
            )
        )
    return tuple(assets), tuple(orders), _products(orders), notes


def _counters(
    lake: Lake, viewer: Viewer, window: Window, site: Site, assets: Sequence[str]
) -> dict[str, dict[TagRole, Increments]]:
    tags: list[Tag] = []
    for asset in assets:
        by_role = {tag.role: tag for tag in reversed(site.tags_of(asset))}
        tags += [by_role[role] for role in _COUNTED if role in by_role]
    edges = np.array([window.start_ms, window.end_ms], dtype=np.int64)
    wanted = [Wanted(tag.tag, edges, alike=False) for tag in tags]
    said = read_segments(lake, viewer, wanted, window.start_ms, window.end_ms)
    found: dict[str, dict[TagRole, Increments]] = {}
    for tag in tags:
        if tag.tag in said.of:
            since, at, amount = risen(said.of[tag.tag])
            lost = np.zeros(len(at), dtype=np.bool_)
            found.setdefault(tag.asset, {})[tag.role] = Increments(since, at, amount, lost)
    return found


def _asset(asset: str, meter: Metered, found: Pieces, site: Site, window: Window) -> AssetEnergy:
    kwh = float(np.nansum(meter.kwh))
    covered = min(meter.seconds / window.seconds, 1.0)
    known = site.assets.get(asset)
    return AssetEnergy(
        asset=asset,
        name=Label(asset, asset) if known is None else known.name,
        kwh=kwh,
        covered=covered,
        produced=defined(found.produced),
        good=defined(found.good),
        kwh_per_good=defined(specific_energy(kwh, found.good)),
        source=found.source,
    )


def _order(row: Made, meter: Metered | None, window: Window) -> OrderEnergy:
    end = row.start_ms if row.end_ms is None else row.end_ms
    start_ms, end_ms = max(row.start_ms, window.start_ms), min(end, window.end_ms)
    share = (end_ms - start_ms) / (end - row.start_ms) if end > row.start_ms else 1.0
    whole = row.good
    if whole is None and row.produced is not None and row.scrap is not None:
        whole = row.produced - row.scrap - (row.rework or 0.0)
    good = None if whole is None else whole * share
    found = OrderEnergy(
        asset=row.asset,
        order=row.order,
        product=row.product,
        start_ms=start_ms,
        end_ms=max(end_ms, start_ms),
        kwh=None,
        covered=0.0,
        good=good,
        kwh_per_good=None,
    )
    if meter is None or end_ms <= start_ms:
        return found
    kwh, covered = energy_within(meter.start, meter.end, meter.kwh, [start_ms], [end_ms])
    used = defined(kwh[0])
    return replace(
        found,
        kwh=used,
        covered=float(covered[0]),
        kwh_per_good=None if used is None or good is None else defined(specific_energy(used, good)),
    )


def _products(orders: Sequence[OrderEnergy]) -> tuple[ProductEnergy, ...]:
    both: Mapping[str, list[tuple[float, float]]] = {
        product: [
            (one.kwh, one.good)
            for one in orders
            if one.product == product and one.kwh is not None and one.good is not None
        ]
        for product in dict.fromkeys(one.product for one in orders if one.product)
    }
    return tuple(
        ProductEnergy(
            product=product,
            orders=len(some),
            kwh=sum(kwh for kwh, _ in some),
            good=sum(good for _, good in some),
            kwh_per_good=defined(
                specific_energy(sum(kwh for kwh, _ in some), sum(good for _, good in some))
            ),
        )
        for product, some in both.items()
        if some
    )
