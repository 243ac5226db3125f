"""Model fields that seal themselves: ``SealedText("note.text", key="client.data_key")``.

Reading the attribute opens it; saving the row seals it. A row's id is made before it is
inserted, so the ciphertext is bound to it from the first moment.
"""

import copy
import json
from functools import reduce
from typing import Any, NoReturn

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models

from .models import DataKey
from .sealing import Sealed, seal, unseal


class _Plain:
    """An opened value on an instance in memory. Never shown, never pickled."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<opened>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Plain":
        return _Plain(copy.deepcopy(self.value, memo))

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("an opened text is not pickled: load the row again where it is needed")


class _Opening:
    """The attribute on the model: plain inside the program, sealed in the database."""

    def __init__(self, field: "SealedText") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        held = self.field.held(instance)
        if isinstance(held, Sealed):
            value = self.field.opened(instance, held)
            if self.field.mutable:  # a list that is appended to must be there when it is saved
                instance.__dict__[self.field.attname] = _Plain(value)
            return value
        return held.value if isinstance(held, _Plain) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        kept = value is None or isinstance(value, (Sealed, _Plain))
        instance.__dict__[self.field.attname] = value if kept else _Plain(value)


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """Text that lies sealed in the database under the data key at ``key``.

    Args:
        name: the stable declared name the ciphertext is bound to, e.g. ``client.remark``.
        key: attribute path from the row to its DataKey, e.g. ``client.data_key``.

    None stays NULL; "" is sealed like any text, so that an emptied column shows. Filters
    on it are refused; ``update()`` and ``bulk_update()`` are too, because they know no row.
    ``values()`` yields Sealed objects, which show nothing.
    """

    mutable = False
    empty_values = (None, "")

    def __init__(self, name: str = "", key: str = "data_key", **kwargs: Any) -> None:
        self.sealed_name, self.key_path = name, key
        kwargs.setdefault("editable", True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "name": self.sealed_name, "key": self.key_path}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opening(self))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Every sealed field has its own name, on rows whose id is made before insertion."""
        found = super().check(**kwargs)
        if not self.model._meta.pk.has_default():
            found.append(checks.Error("a sealed row needs a random id", obj=self, id="vault.E1"))
        others = [field.sealed_name for _, field in sealed_fields() if field is not self]
        if not self.sealed_name or self.sealed_name in others:
            found.append(checks.Error("a sealed field needs a name of its own", obj=self,
                                      id="vault.E2"))  # fmt: skip
        return found

    def get_default(self) -> Any:
        if self.has_default():
            return super().get_default()
        return None if self.null else self.start()

    def start(self) -> Any:
        """What a new row holds where nothing was given."""
        return ""

    def to_python(self, value: Any) -> Any:
        return value  # BinaryField would take text for base64

    def from_db_value(self, raw: Any, *_context: Any) -> Sealed | None:
        return None if raw is None else Sealed(bytes(raw))

    def data_key(self, instance: models.Model) -> DataKey:
        """The key this row is sealed under."""
        start: Any = instance
        found: DataKey = reduce(getattr, self.key_path.split("."), start)
        return found

    def held(self, instance: models.Model) -> Any:
        """What the instance holds: None, Sealed or opened. A deferred one is fetched as it lies."""
        if self.attname not in instance.__dict__:
            rows = type(instance)._base_manager.using(instance._state.db)
            column = rows.filter(pk=instance.pk).values_list(self.attname, flat=True)
            instance.__dict__[self.attname] = column.get()
        return instance.__dict__[self.attname]

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

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        held: Sealed | _Plain | None = self.held(model_instance)
        if isinstance(held, Sealed) and add:
            self.opened(model_instance, held)  # a copied row must not carry another's ciphertext
        if not isinstance(held, _Plain):
            return held
        key = self.data_key(model_instance)
        return Sealed(
            seal(
                self.to_plain(held.value),
                key=key.secret(),
                key_version=key.version,
                name=self.sealed_name,
                row=model_instance.pk,
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
    """Lists and dicts, sealed like SealedText. Without a default it starts as an empty list."""

    mutable = True

    def start(self) -> Any:
        return []

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
