"""What opens a practice: keys wrapped by a provider, and a recovery sheet on paper.

Nothing here knows Django, so that settings can use it.
"""

from .keyring import Keyring, create, open, recover
from .problems import DamagedKeys, KeyProblem, MissingKey, NewerFormat, WrongKey
from .providers import FileProvider, PassphraseProvider, Provider
from .sheet import RecoverySheet

__all__ = [
    "DamagedKeys",
    "FileProvider",
    "KeyProblem",
    "Keyring",
    "MissingKey",
    "NewerFormat",
    "PassphraseProvider",
    "Provider",
    "RecoverySheet",
    "WrongKey",
    "create",
    "open",
    "recover",
]
