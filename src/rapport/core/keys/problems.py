"""What can be wrong with keys. Each message is one sentence and safe to show."""


class KeyProblem(Exception):
    """The practice cannot be opened. Nothing was touched."""


class MissingKey(KeyProblem):
    """A file or passphrase that is needed is not there."""


class WrongKey(KeyProblem):
    """The key is not the one this practice was locked with."""


class DamagedKeys(KeyProblem):
    """The key file was cut or altered."""


class NewerFormat(KeyProblem):
    """A newer Rapport wrote this."""
