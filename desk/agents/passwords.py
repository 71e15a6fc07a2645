"""Passwords and tokens: argon2id for what people choose, SHA-256 for what is random anyway."""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_HASHER = PasswordHasher()  # argon2id, RFC 9106's second recommendation: 64 MiB, 3 passes
_AT_ONCE = threading.Semaphore(4)  # a crowd of logins may cost time, not 64 MiB each at once
# What an unknown login is checked against, so that it takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$" + "bm9ib2R5bm9ib2R5bm9ibw" + "$" + "A" * 43


def new_password() -> str:
    """A random password that can be read aloud: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash (unknown login) False after the same work."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """A random token of 32 bytes, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
