"""The sample's whole cube sealed: read, decided on, written. And how much of it is withheld.

Claim: under 15 seconds for three years of months, years to date and whole years, every sealed
indicator, every cell of region by industry and every cluster. Wall time and processor time are
both told: on a machine that others use at the same time only the second says what the work costs.
The secondary cells stand beside the least that any pattern of single periods could do with.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from ballast.brain.cube.sealing import seal
from ballast.lake.lake import Lake
from ballast.sample.region import load
from ballast.terms.viewer import operator

CLAIM_SECONDS = 15.0


def main() -> None:
    """Load the sample and seal it, twice: the second vintage finds all its periods sealed."""
    viewer = operator("benchmark")
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.create(Path(folder) / "home")
        load(lake, viewer)
        for words in ("first vintage", "second vintage, nothing new"):
            wall, processor = time.perf_counter(), time.process_time()
            sealed = seal(lake, viewer, now=lake.clock())
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            print(
                f"{words}: {sealed.rows:,} figures ({sealed.published:,} published) in "
                f"{wall:.1f} s wall, {processor:.1f} s processor; claim {CLAIM_SECONDS:.0f} s"
            )
            if words == "first vintage":
                for key, each in sealed.losses.items():
                    print(
                        f"  {key}: {each.cells:,} cells, {each.primary:,} sensitive, "
                        f"{each.secondary:,} for their sake (at least {each.least:,}), "
                        f"{each.value_lost / each.value:.1%} of the value of leaves, "
                        f"{each.across_withheld} of {each.across} clusters"
                    )


if __name__ == "__main__":
    main()
