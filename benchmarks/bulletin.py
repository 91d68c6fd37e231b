"""The bulletin of the sample region, in three forms and two languages, beside reading its figures.

Claim: under 15 seconds for all three forms. The bare baseline is one question for the headline's
figures: what the bulletin takes beyond that is its other questions, its charts and its writing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from ballast.brain.bulletin.asking import Asked, ask
from ballast.brain.bulletin.document import as_document
from ballast.brain.bulletin.headline import HEADLINE
from ballast.brain.bulletin.making import bulletin, months
from ballast.brain.bulletin.markdown import as_markdown
from ballast.brain.bulletin.page import as_page
from ballast.brain.indicators.cell_names import cell_names
from ballast.lake.lake import Lake
from ballast.sample import region as sample
from ballast.terms.label import LANGUAGES
from ballast.terms.viewer import operator

CLAIM_SECONDS = 15.0
REGION, TODAY = "371500", date(2026, 6, 20)


def main() -> int:
    """Measure and print; 1 where the claim does not hold."""
    me = operator("benchmark")
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.create(Path(folder) / "home")
        sample.load(lake, me)
        asked = Asked(lake, me, REGION, months(lake, me)[-1], TODAY, cell_names(lake, me))
        began = time.perf_counter()
        ask(asked, HEADLINE)
        bare = time.perf_counter() - began
        began = time.perf_counter()
        made = bulletin(lake, me, REGION, today=TODAY)
        asking = time.perf_counter() - began
        size = 0
        for language in LANGUAGES:
            size += len(as_markdown(made, language)) + len(as_page(made, language))
            size += len(as_document(made, language))
        whole = time.perf_counter() - began
    held = whole < CLAIM_SECONDS
    print(f"headline alone {bare:.1f} s; all sections {asking:.1f} s, {len(made.notes)} notes")
    times = f"{whole:.1f} s in all, {whole / bare:.1f} × the headline"
    print(f"six files, {size / 1e3:.0f} kB, {times}")
    print(f"claim {CLAIM_SECONDS:.0f} s: {'holds' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
