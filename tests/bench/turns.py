"""What the customer says in the bench: the same words to both sides, no danger and no person, so that the bot answers all."""

SAYINGS = (
    "Hello!",
    "What are your opening hours?",
    "How much is the Aurora P50?",
    "Is the Nordvik W7 in stock?",
    "I am looking for a plasma TV",
    "a large room",
    "my budget is 9000 kr",
    "How long is the warranty?",
    "My TV is broken, the screen stays black",
    "{order}",
    "{email}",
    "I would like a new one",
    "no call please",
    "How is my case?",
    "Thank you",
)
