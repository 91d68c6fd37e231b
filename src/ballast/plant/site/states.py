"""What the values of a state tag mean, as one cell of a table.

The lake's table ``tag`` is what a home without a mapping file goes by, and
people fill it in as a sheet: so the meanings are a line that can be typed, not
JSON: ``0=idle; 1=producing; 3=delayed:换刀``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ballast.errors import Refused
from ballast.plant.measures.time_model import MachineState
from ballast.plant.site.tag import StateMeaning

__all__ = ["read_states", "states_text"]


def states_text(states: Mapping[str, StateMeaning]) -> str | None:
    """Return the meanings as a line; ``None`` where there are none.

    Examples
    --------
    >>> states_text({"3": StateMeaning(MachineState.DELAYED, "换刀")})
    '3=delayed:换刀'
    """
    told = [
        f"{value}={meaning.state.name.lower()}" + (f":{meaning.reason}" if meaning.reason else "")
        for value, meaning in states.items()
    ]
    return "; ".join(told) or None


def read_states(text: str | None) -> dict[str, StateMeaning]:
    """Return what such a line says.

    Parameters
    ----------
    text
        ``value=state`` or ``value=state:reason``, with ``;`` between; states by the names of
        `MachineState` in small letters. A reason holds no ``;``.

    Raises
    ------
    Refused
        If a part is no such thing.

    Examples
    --------
    >>> read_states("0=idle; 3=delayed:换刀")["3"].reason
    '换刀'
    """
    found: dict[str, StateMeaning] = {}
    for part in (text or "").replace("；", ";").replace("：", ":").split(";"):
        if not part.strip():
            continue
        value, equals, meaning = part.partition("=")
        name, _, reason = meaning.partition(":")
        if not equals or name.strip().upper() not in MachineState.__members__:
            raise Refused(
                "the meaning {part} of a state is not understood; write value=state or "
                "value=state:reason, with one of {known}",
                part=part.strip(),
                known=", ".join(state.name.lower() for state in MachineState),
            )
        state = MachineState[name.strip().upper()]
        found[value.strip()] = StateMeaning(state, reason.strip())
    return found
