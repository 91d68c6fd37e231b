"""What every test may lean on: the real data, where they are present."""

from __future__ import annotations

from pathlib import Path

# Comes with the peers that tests compare with, never with the product. Imported late, by one
# thread, it is seen half-imported by another that draws: the charts' library asks for it.
import pandas as pd  # noqa: F401
import pytest
from hypothesis import settings

# A machine that is busy is no reason for a property to fail; pytest bounds the whole.
settings.register_profile("ballast", deadline=None)
settings.load_profile("ballast")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data, or skip where the checkout stands alone."""
    if not SHARED.is_dir():
        pytest.skip("the real data are not beside this checkout (../shared/data)")
    return SHARED
