"""Saying what is wrong with a practice's files, and the way out."""

from pathlib import Path

DAMAGED = (
    "{database} is damaged, or the key does not fit it. Bring back a backup into another folder "
    "with rapport restore."
)
CLOSED = "{folder} cannot be used: {why}. Let this user read and write the folder and all in it."
OF_DAMAGE = ("malformed", "not a database", "does not open this database")
OF_RIGHTS = ("readonly", "unable to open database file", "disk I/O error")


def told(problem: Exception, folder: Path | None) -> str | None:
    """One sentence on ``problem`` when it comes from the files of the practice in ``folder``.

    Returns:
        None: it is something else, and its traceback is worth more than a guess.
    """
    if folder is None:
        return None
    from django.db import Error
    from sqlcipher3.dbapi2 import DatabaseError

    from rapport.cli.setup import DATABASE

    if isinstance(problem, OSError):
        if not _inside(problem.filename, folder):
            return None
        return CLOSED.format(folder=folder, why=problem.strerror)
    if not isinstance(problem, Error | DatabaseError):
        return None
    said = str(problem)
    if any(words in said for words in OF_DAMAGE):
        return DAMAGED.format(database=folder / DATABASE)
    if any(words in said for words in OF_RIGHTS):
        return CLOSED.format(folder=folder, why=said)
    return None


def _inside(file: object, folder: Path) -> bool:
    return isinstance(file, str | Path) and Path(file).absolute().is_relative_to(folder.absolute())
