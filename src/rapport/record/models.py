"""The record room's tables, gathered for Django."""

from .notes.models import Addendum, Note, OtherDraft
from .process_notes.models import AuthorKey, ProcessNote

__all__ = ["Addendum", "AuthorKey", "Note", "OtherDraft", "ProcessNote"]
