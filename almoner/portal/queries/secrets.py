"""Secrets that must be read again, sealed so that a copy of the database opens nothing."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12  # bytes, as NIST SP 800-38D asks


def sealed(secret: bytes, *, place: str) -> bytes:
    """AES-256-GCM under a key of ours; ``place`` (table, column and row) is bound to it."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, place.encode())


def opened(kept: bytes, *, place: str) -> bytes:
    """Raises cryptography's InvalidTag when it was sealed for another place or by another key."""
    return AESGCM(_key()).decrypt(kept[:_NONCE], kept[_NONCE:], place.encode())


def _key() -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"almoner.portal.secrets")
    return derive.derive(settings.SECRET_KEY.encode())
