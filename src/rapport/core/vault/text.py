"""Model fields that seal themselves: ``SealedText("note.text", key="client.data_key")``.

Reading the attribute opens it; saving the row seals it. A row's id is made before it is
inserted, so the ciphertext is bound to it from the first moment.
"""

import json
from functools import reduce
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models

from .models import DataKey
from .sealing import Sealed, seal, unseal


class _Opening:
    """The attribute on the model: plain inside the program, sealed in the database."""

    def __init__(self, field: "SealedText") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        held = instance.__dict__[name]
        return self.field.opened(instance, held) if isinstance(held, Sealed) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedText(models.BinaryField):
    """Text that lies sealed in the database under the data key at ``key``.

    Args:
        name: the stable declared name the ciphertext is bound to, e.g. ``client.remark``.
        key: attribute path from the row to its DataKey, e.g. ``client.data_key``.

    "" and None are stored as they are. Filters on it are refused; ``update()`` is too,
    because it knows no row. ``values()`` yields Sealed objects.
    """

    descriptor_class = _Opening

    def __init__(self, name: str = "", key: str = "data_key", **kwargs: Any) -> None:
        self.sealed_name, self.key_path = name, key
        kwargs.setdefault("editable", True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "name": self.sealed_name, "key": self.key_path}

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _Opening(self))

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else ("" if not self.null else None)

    def from_db_value(self, raw: Any, *_context: Any) -> Any:
        if raw is None:
            return None
        raw = bytes(raw)
        return Sealed(raw) if raw else self.empty()

    def empty(self) -> Any:
        """What an empty column reads as."""
        return ""

    def data_key(self, instance: models.Model) -> DataKey:
        """The key this row is sealed under."""
        found: DataKey = reduce(getattr, self.key_path.split("."), instance)
        return found

    def opened(self, instance: models.Model, held: Sealed) -> Any:
        """The plain value of ``held`` on ``instance``."""
        key = self.data_key(instance)
        plain = unseal(
            held.raw, key=key.secret(), key_version=key.version,
            name=self.sealed_name, row=instance.pk,
        )  # fmt: skip
        return self.from_plain(plain)

    def to_plain(self, value: Any) -> bytes:
        """The bytes that are sealed."""
        return str(value).encode()

    def from_plain(self, plain: bytes) -> Any:
        """The value again."""
        return plain.decode()

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, Sealed):
            return held
        if held == self.empty():
            return Sealed(b"")
        key = self.data_key(model_instance)
        return Sealed(
            seal(
                self.to_plain(held), key=key.secret(), key_version=key.version,
                name=self.sealed_name, row=model_instance.pk,
            )  # fmt: skip
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise FieldError(f"{self.sealed_name} is sealed: set it on the row and save the row")
        raw = None if value is None else value.raw
        return super().get_db_prep_value(raw, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.sealed_name} is sealed and cannot be searched")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.sealed_name} is sealed and does not leave by serialisation")


class SealedJSON(SealedText):
    """Lists and dicts, sealed like SealedText."""

    def empty(self) -> Any:
        return []

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else []

    def to_plain(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_plain(self, plain: bytes) -> Any:
        return json.loads(plain)


def sealed_fields() -> list[tuple[type[models.Model], SealedText]]:
    """Every sealed field of every model."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SealedText)
    ]
