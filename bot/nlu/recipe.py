"""How a reader is to be fitted; apart from the fitting, which needs scikit-learn and its time to load."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """Analyzers with their weights, and the learner's settings."""

    analyzers: tuple[tuple[str, float], ...]
    learner: str = "svm"
    c: float = 1.0
    min_texts: int = 1  # in how many texts an n-gram must occur; rare ones help, so all count
    balance: float = 0.0  # how much rare labels count: 0 each text alike, 1 each label alike
    held_out: float = 0.2  # share of the texts that the calibration is fitted on; 0 leaves the scores as they are

    def uncalibrated(self) -> Recipe:
        """The same without calibration, where only the order of the labels matters."""
        return replace(self, held_out=0.0)
