"""How well customers are understood, measured on text that no training has seen."""
