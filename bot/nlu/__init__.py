"""Reads a customer's message: language, topic, entities, mood and danger."""
