"""Sealing what is said in confidence: a data key per client, and fields that use it.

Ciphertexts are bound to practice, declared name, row and key version, so that one moved
or exchanged with another does not open. Destroying a data key destroys what it sealed.
"""

from .models import Certificate, DataKey
from .sealing import Destroyed, Sealed, Tampered, blind
from .shelf import destroy, new_key, rewrap
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
    "new_key",
    "rewrap",
    "sealed_fields",
]
