"""What can be wrong with a backup. Every message is one sentence, safe to show to anybody."""


class BackupProblem(Exception):
    """The backup was not made, or not restored. What was there before was not touched."""


class DamagedBackup(BackupProblem):
    """Cut short or altered."""


class WrongSheet(BackupProblem):
    """Encrypted to another recovery sheet."""


class NewerBackup(BackupProblem):
    """Made by a newer Rapport."""


class TargetInUse(BackupProblem):
    """There is something already where it should be restored to."""
