"""Sealing what is said in confidence: a data key per client, and fields that use it.

Ciphertexts are bound to practice, declared name, row and key version, so that one moved
or exchanged with another does not open. Destroying a data key destroys what it sealed.
"""

from .models import Certificate, DataKey
from .rotation import keeps_wrapped, retire_unused, rewrap, rotate
from .sealing import Destroyed, Sealed, Tampered, blind
from .shelf import destroy, new_key, remove
from .stream import open_bytes, open_file, seal_bytes, seal_file
from .text import SealedJSON, SealedText, sealed_fields

__all__ = [
    "Certificate",
    "DataKey",
    "Destroyed",
    "Sealed",
    "SealedJSON",
    "SealedText",
    "Tampered",
    "blind",
    "destroy",
    "keeps_wrapped",
    "new_key",
    "open_bytes",
    "open_file",
    "remove",
    "retire_unused",
    "rewrap",
    "rotate",
    "seal_bytes",
    "seal_file",
    "sealed_fields",
]
