"""What could not be answered: kept for the person who writes the answers and the training text."""
