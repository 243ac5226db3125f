import uuid

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from rapport.core import vault
from rapport.core.vault.models import DataKey
from tests.factories import NOW


@pytest.fixture
def key(db):
    return vault.new_key(DataKey.Purpose.CLIENT, now=NOW)


@pytest.fixture
def Paper(db):  # noqa: N802  a class
    """A table with every kind of sealed field; its key is held by no constraint."""
    with isolate_apps("tests"):

        class Paper(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
            text = vault.SealedText("paper.text", blank=True)
            maybe = vault.SealedText("paper.maybe", null=True)
            things = vault.SealedJSON("paper.things")
            answers = vault.SealedJSON("paper.answers", default=dict)
            none = vault.SealedJSON("paper.none", null=True)

            class Meta:
                app_label = "tests"

        columns = ", ".join(
            f"{connection.ops.quote_name(f.column)} {f.db_type(connection)}"
            for f in Paper._meta.local_fields
        )
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE tests_paper ({columns}, PRIMARY KEY (id))")
        yield Paper


@pytest.fixture
def paper(Paper, key):  # noqa: N803  a class
    return Paper.objects.create(data_key=key, text="planted-chrysanthemum", things=["planted-oak"])


def raw(row, column):
    """What lies in the table."""
    return bytes(type(row)._base_manager.values_list(column, flat=True).get(pk=row.pk).raw)


def put(row, column, content):
    """Change the table behind Rapport's back."""
    sealed = None if content is None else vault.Sealed(content)
    type(row)._base_manager.filter(pk=row.pk).update(**{column: sealed})
