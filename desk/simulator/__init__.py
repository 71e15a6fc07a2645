"""A Telegram of our own: speaks the Bot API over HTTP, for tests and for trying the channel out without an account."""
