"""What the Cluster page asks of the lake, kept as pictures are, and put together as markup.

Two ways, parted in one place by the right to unit data. Who has it is shown
sums over all enterprises, unsuppressed. Everybody else gets the definition and
what the sealed cube holds, and, of the cluster that is theirs to see into, the
members whose figures they may read.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from ballast.brain.cluster_definitions import DefinedClusters, defined_clusters
from ballast.brain.cluster_enterprises import lists_members, members_of
from ballast.brain.cluster_position import sealed_year, standings
from ballast.brain.cluster_profile import cluster_book
from ballast.brain.cluster_shape import ClusterBook, Kind, Members, Profile
from ballast.brain.indicators.answer import Answer
from ballast.errors import NotFound
from ballast.lake.lake import Lake
from ballast.portal.city_pictures import Pictures
from ballast.portal.cluster_words import KINDS
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = [
    "ClusterQuestion",
    "ask_book",
    "ask_definitions",
    "ask_members",
    "ask_standings",
    "profile_of",
]


@dataclass(frozen=True, slots=True)
class ClusterQuestion:
    """What an address of the page asks for.

    Parameters
    ----------
    region
        Code of the region.
    period
        What figures end with; the newest where it is ``None``.
    kind
        Clusters, divisions or groups.
    key
        Which of them; empty for the overview.
    reference
        What growth is set against; empty for the first that is known.
    """

    region: str
    period: Period | None
    kind: Kind = Kind.CLUSTER
    key: str = ""
    reference: str = ""


def ask_book(
    pictures: Pictures, viewer: Viewer, region: str, period: Period | None
) -> Future[ClusterBook]:
    """Return the clusters and industries of a region, for a viewer with the right to units.

    Parameters
    ----------
    pictures
        Of the portal's home.
    viewer, region, period
        Who asks, and of what.
    """
    made = pictures.picture(viewer, region, period)
    return pictures.other(
        viewer,
        ("cluster-book", region, period),
        lambda lake: cluster_book(lake, viewer, made.result()),
        after=made,
    )


def ask_definitions(pictures: Pictures, viewer: Viewer, region: str) -> Future[DefinedClusters]:
    """Return what the clusters of a region are defined as.

    Parameters
    ----------
    pictures, viewer, region
        As in `ask_book`.
    """
    return pictures.other(
        viewer,
        ("cluster-definitions", region),
        lambda lake: defined_clusters(lake, viewer, region),
    )


def ask_members(
    pictures: Pictures, viewer: Viewer, asked: ClusterQuestion
) -> Future[Members] | None:
    """Return the members that a viewer may see; ``None`` where no list of them is shown.

    Parameters
    ----------
    pictures, viewer
        As in `ask_book`.
    asked
        Of which cluster or industry.
    """
    if not asked.key or not lists_members(viewer, asked.kind, asked.key):
        return None

    def found(lake: Lake) -> Members:
        return members_of(
            lake,
            viewer,
            asked.kind,
            asked.key,
            region=asked.region,
            definition=defined_clusters(lake, viewer, asked.region).name,
            until=asked.period,
        )

    key = ("cluster-members", asked.region, asked.period, asked.kind, asked.key)
    return pictures.other(viewer, key, found)


def ask_standings(
    pictures: Pictures, viewer: Viewer, asked: ClusterQuestion, year: Period | None
) -> Future[Answer]:
    """Return the indicators of all that the one asked for is compared with.

    Parameters
    ----------
    pictures, viewer, asked
        As in `ask_members`. Groups are compared within their division.
    year
        Of the figures; ``None``: the newest that is published.
    """

    def found(lake: Lake) -> Answer:
        return standings(
            lake,
            viewer,
            asked.kind,
            region=asked.region,
            period=sealed_year(lake, asked.period) if year is None else year,
            definition=defined_clusters(lake, viewer, asked.region).name,
            division=asked.key[:2] if asked.kind is Kind.GROUP and asked.key else None,
        )

    within = asked.key[:2] if asked.kind is Kind.GROUP else ""
    key = ("cluster-standings", asked.region, asked.period, asked.kind, within, year)
    return pictures.other(viewer, key, found)


def profile_of(book: ClusterBook, asked: ClusterQuestion) -> Profile:
    """Return the cluster or industry that is asked for.

    Raises
    ------
    NotFound
        If there is none of that key.
    """
    found = book.find(asked.kind, asked.key)
    if found is None:
        raise NotFound(
            "there is no {key} among the {kind} of {region} in the year shown: choose one from "
            "the list",
            key=asked.key[:60],
            kind=KINDS[asked.kind],
            region=book.label,
        )
    return found
