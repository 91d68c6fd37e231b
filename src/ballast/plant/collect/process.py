"""The collector's process: ``python -m ballast.plant.collect.process``, kept by the supervisor.

It reads its orders from standard input, hears the broker, writes the spool, and
ends when asked to (SIGTERM: a clean exit, STATE offline) or when the supervisor
is gone.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Collect until asked to end."""
    raise NotImplementedError


if __name__ == "__main__":
    main()
