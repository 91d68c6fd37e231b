"""The roles that an account can have.

A role is what the house knows of a person; what it lets them see follows
from it in one place, ``terms.viewer.viewer_for``, and which pages it opens
in one table, ``portal.access``. Roles are fixed, not composed by the user:
five that one can remember beat a matrix of ticks that nobody can check.
"""

from __future__ import annotations

from enum import StrEnum

from ballast.terms.label import Label


class Role(StrEnum):
    """What a person is to the house."""

    PUBLIC = "public"  # anyone; also an account that has been given no role yet
    ENTERPRISE = "enterprise"  # one or several enterprises' own people
    OPERATOR = "operator"  # who runs a cluster (集群运营方)
    ANALYST = "analyst"  # the bureau's people who work with unit data
    ADMINISTRATOR = "administrator"  # accounts and the audit trail, no unit data


ROLE_LABELS: dict[Role, Label] = {
    Role.PUBLIC: Label("公众", "public"),
    Role.ENTERPRISE: Label("企业", "enterprise"),
    Role.OPERATOR: Label("集群运营方", "cluster operator"),
    Role.ANALYST: Label("分析人员", "analyst"),
    Role.ADMINISTRATOR: Label("管理员", "administrator"),
}
