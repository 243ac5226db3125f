"""A field of a form that is one of some rows."""

from typing import Any

from django import forms


class Among(forms.ChoiceField):
    """One of some rows, chosen by id; ``chosen`` is the row."""

    def __init__(self, *args: Any, nothing: tuple[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nothing, self.rows = nothing, {}  # type: ignore[var-annotated]

    def offer(self, rows: Any, name: str, also: Any = None) -> None:
        """Let these be chosen, and ``also``, which may be offered to nobody else any more."""
        every = [*rows, also] if also is not None and also not in rows else list(rows)
        self.rows = {str(row.pk): row for row in every}
        named = [(pk, getattr(row, name)) for pk, row in self.rows.items()]
        self.choices = [self.nothing, *named] if self.nothing else named

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return str(getattr(value, "pk", value) or "")
