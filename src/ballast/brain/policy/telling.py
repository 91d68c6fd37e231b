"""Say a decision: as a text that a person reads, and as JSON that a program reads.

Both are made from the same tree and say the same. The text is written as an
official would explain it to the enterprise across the desk: what is demanded,
what was found and where that comes from, by how much it holds or fails, what
would turn it, which document to bring.
"""

from __future__ import annotations

from typing import Any

from ballast.brain.policy.finding import Decision
from ballast.terms.label import Language

__all__ = ["as_json", "as_text"]


def as_text(decision: Decision, language: Language) -> str:
    """Return a decision as lines of text, indented as the tree is."""
    raise NotImplementedError(decision, language)


def as_json(decision: Decision, language: Language) -> dict[str, Any]:
    """Return a decision as plain values: the tree with its figures, and every sentence of it.

    Keys: ``scheme``, ``version``, ``instrument``, ``application``, ``day``, ``why``, ``confirmed``,
    ``verdict`` (the state's value), ``verdict_text``, ``tree``, ``bring``, ``doubts``, ``classes``.
    Of a finding: ``id``, ``label``, ``article``, ``confirmed``, ``kind``, ``state``, ``value``
    (``low`` and ``high``), ``unit``, ``threshold``, ``op``, ``margin``, ``facts``, ``missing``,
    ``turn``, ``evidence``, ``note``, ``waived``, ``year``, ``parts``; what is not there is left out.
    """
    raise NotImplementedError(decision, language)
