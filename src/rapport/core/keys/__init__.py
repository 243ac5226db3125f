"""The practice's keys: made, kept, opened, rotated and recovered. No Django here.

One random practice key (with versions) stands above everything. It is kept in
``keys.json``, wrapped twice: by a provider (a key file or a passphrase) for every day,
and to the recovery sheet's public key for the day when that is lost.
"""

from .keyring import Keyring, Wrapped
from .opening import change_provider, create, open, recover
from .problems import (
    AlreadyThere,
    DamagedKeys,
    ExposedKey,
    KeyProblem,
    MissingKey,
    NewerFormat,
    WrongKey,
)
from .providers import FileProvider, PassphraseProvider, Provider
from .sheet import RecoverySheet

__all__ = [
    "AlreadyThere",
    "DamagedKeys",
    "ExposedKey",
    "FileProvider",
    "KeyProblem",
    "Keyring",
    "MissingKey",
    "NewerFormat",
    "PassphraseProvider",
    "Provider",
    "RecoverySheet",
    "WrongKey",
    "Wrapped",
    "change_provider",
    "create",
    "open",
    "recover",
]
