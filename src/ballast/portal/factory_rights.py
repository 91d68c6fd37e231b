"""Who sees the machines of a home: the people of the enterprise that runs them, and nobody else.

=============== =============================================================
role            sees of the plant
=============== =============================================================
enterprise      everything of its own site, live values included
operator        nothing: consent is to what was reported, not to machines
analyst         nothing here; the days that factories push, on the City page
administrator   nothing: who gives accounts does not use them
=============== =============================================================

An analyst reads what every enterprise *reported*. A machine's second-by-second
record was never reported to anybody: it says how a shop works, at what speed
and with which losses, and stays in the factory's own home. What leaves it is
the day's summary that the factory consents to, signs and pushes
(``plant_daily``); the City page shows that. So a factory that gives somebody
of its own the role of analyst in its home has to give the role of enterprise
as well, for the machines.

Live values do not come from the lake, whose reads take a viewer; they are
judged here, by the code in the mapping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ballast.terms.role import Role
from ballast.terms.viewer import Viewer

if TYPE_CHECKING:
    from ballast.plant.site import Site

__all__ = ["sees_machines"]


def sees_machines(viewer: Viewer, site: Site | None) -> bool:
    """Return whether a viewer sees the machines of a site.

    Parameters
    ----------
    viewer
        Who asks.
    site
        The mapping of the home. Without one nobody has said whose the machines are.

    Examples
    --------
    >>> from ballast.terms.viewer import viewer_for
    >>> sees_machines(viewer_for(Role.ENTERPRISE, "sun", frozenset({"x"})), None)
    False
    """
    if site is None:
        return False
    return viewer.role is Role.ENTERPRISE and site.uscc in viewer.enterprises
