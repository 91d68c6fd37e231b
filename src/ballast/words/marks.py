"""The marks that figures wear wherever they go: on a page, in a terminal, in a picture.

Here and not beside what makes such figures, because whoever shows them must
use the same word and may not know who made them.
"""

from __future__ import annotations

from ballast.terms.label import Label

__all__ = ["SYNTHETIC"]

SYNTHETIC = Label("合成样例", "synthetic sample")
