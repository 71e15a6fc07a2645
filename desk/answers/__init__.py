"""Answers that people write: articles in data/answers, found by topic and by search."""
