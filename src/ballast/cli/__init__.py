"""The command line: verbs over the rooms below, and nothing that a program could not call.

Reading in the libraries takes a second. Ctrl-C in that second reaches no
handler of ours, so the hook is set here, before any of them is read.
"""

import sys
from types import TracebackType


def _stop_quietly(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Spare who presses Ctrl-C the traceback; everything else is shown as ever."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _stop_quietly
