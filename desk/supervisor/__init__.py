"""Starts rasa, actions and desk, keeps them running and ends them together."""
