"""Measures this desk against stock Rasa: `python -m tests.bench` (`make bench`)."""
