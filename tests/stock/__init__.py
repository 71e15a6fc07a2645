"""Ours beside stock Rasa, both trained on the same sample of the training text."""
