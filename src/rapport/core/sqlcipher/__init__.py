"""Django on an encrypted SQLite file (SQLCipher): ENGINE = "rapport.core.sqlcipher"."""
