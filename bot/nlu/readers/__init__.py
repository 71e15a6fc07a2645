"""The readers, free of Rasa: each is fitted on examples, saved to a folder and loaded from it."""
