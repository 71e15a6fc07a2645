"""What runs inside Rasa: language understanding, dialogue policies and the desk's channel."""
