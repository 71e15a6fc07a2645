"""The evidence of danger in a message's concepts: a hazardous state, of a thing, here, and not as a figure of speech."""

from __future__ import annotations

from collections.abc import Sequence

# Each of these is hazardous by itself; an odd smell takes two words ("smells", "burnt"), which must stand together.
_STATES = frozenset(
    {
        *("h_smoke", "h_fire", "h_spark", "h_shock", "h_heat", "h_battery", "h_explode", "h_wire", "h_wet", "h_burnmark"),
        *("h_trip", "h_residue", "h_soft", "h_lift"),
    }
)
_SMELLS = ("h_smell+h_odd", "h_odd+h_smell")
_DENIED = frozenset(f"not+{state}" for state in (*_STATES, "h_smell"))


def evidence_of_danger(signs: Sequence[str]) -> list[str]:
    """What speaks for and against danger in a text's concepts and their neighbouring pairs."""
    found = set(signs)
    states = len(found & _STATES)
    smell = any(pair in found for pair in _SMELLS)
    if not states and not smell:
        return ["no_state"]
    evidence = ["state"] if states else []
    evidence += ["more_states"] if states > 1 else []
    evidence += ["odd_smell"] if smell else []
    thing = "device" in found
    doubts = [
        name
        for name, holds in (
            ("figure_of_speech", "x_figure" in found),
            ("elsewhere", "x_outside" in found),
            ("denied", bool(found & _DENIED)),
        )
        if holds
    ]
    evidence += [*doubts, "of_a_thing" if thing else "of_nothing"]
    evidence += ["fear"] if "h_fear" in found else []
    if not doubts:
        evidence += ["clear", "clear_of_a_thing"] if thing else ["clear"]
    return evidence
