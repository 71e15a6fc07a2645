"""The readers as components of Rasa's graph."""
