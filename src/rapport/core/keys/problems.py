"""What can be wrong with keys. Every message is one sentence, safe to show to anybody."""


class KeyProblem(Exception):
    """The practice cannot be opened. Nothing was changed."""


class MissingKey(KeyProblem):
    """Something that is needed to open the practice is not there."""


class WrongKey(KeyProblem):
    """A key, passphrase or recovery sheet is there, but it is not this practice's."""


class DamagedKeys(KeyProblem):
    """The key file or keys.json is incomplete or was changed."""


class ExposedKey(KeyProblem):
    """Other accounts of this machine could read the key file."""


class NewerFormat(KeyProblem):
    """keys.json was written by a newer Rapport."""


class AlreadyThere(KeyProblem, FileExistsError):
    """The folder holds a practice already; it was not touched."""
