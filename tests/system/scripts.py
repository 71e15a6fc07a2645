"""Conversations as customers have them. A step: what he says ("@..." presses a button); several at once; "!": no bot answers."""

Step = str | tuple[str, ...]

PLASMA_TV: tuple[Step, ...] = (
    "Hello!",
    "I am looking for a plasma TV",
    "@medium",
    "@no limit",
    "Thank you",
    "IT SMELLS FUNNY AND MAKES STRANGE NOISES!!! I HAVE HAD IT FOR TEN MINUTES!",
    "{order}",
    "{email}",
    "@bring a new one",
    "@[0-9]",
    "How is my case?",
    "Thanks, it works now, my problem is solved",
)
REFUND: tuple[Step, ...] = (
    "My TV is broken, the screen stays black",
    ("{order}", "{email}"),
    "@refund",
    "@no call",
    ("What are your opening hours?", "How long is the warranty?", "Which payment methods do you take?"),
    "What is happening with my case?",
    "It is still not solved",
)
WHERE_IS_IT: tuple[Step, ...] = (
    "Hi",
    "Where is my order?",
    "{order}",
    "{email}",
    "I want to change my delivery address",
    ("Thanks", "Goodbye"),
)
COMPLAINT: tuple[Step, ...] = (
    "I want to complain about your terrible service",
    "@don't have it",
    "@[0-9]",
    "How is my complaint going?",
    ("Do you deliver to my door?", "And what does it cost to cancel?"),
    "Thanks",
)
SUGGESTION: tuple[Step, ...] = (
    "How much is the Aurora P50?",
    "Is the Nordvik W7 in stock?",
    ("I have a suggestion: you should open on Sundays too", "What is your return policy?"),
    "How is my case?",
    "Thank you, goodbye",
)
A_PERSON: tuple[Step, ...] = (
    "Good morning",
    "I need help with choosing a washing machine",
    "@no limit",
    "Please call me back",
    "@[0-9]",
    ("I want to talk to a human", "!Is anybody there?", "!Hello?"),
    "!I am still here",
)
SCRIPTS: dict[str, tuple[Step, ...]] = {
    "plasma": PLASMA_TV,
    "refund": REFUND,
    "order": WHERE_IS_IT,
    "complaint": COMPLAINT,
    "suggestion": SUGGESTION,
    "person": A_PERSON,
}


def messages_of(step: Step) -> tuple[str, ...]:
    return (step,) if isinstance(step, str) else step
