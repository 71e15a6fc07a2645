"""Custom actions: thin doors between Rasa's dialogue and the desk's services."""
