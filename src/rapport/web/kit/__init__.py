"""The living page: every part of the interface kit in each of its states."""
