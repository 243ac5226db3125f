import copy
import pickle
import uuid

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from rapport.core import vault
from rapport.people.models import Client
from tests.factories import NOW

from .conftest import put, raw


def test_it_reads_plain_and_lies_sealed(Paper, paper):
    again = Paper.objects.get(pk=paper.pk)

    assert (again.text, again.maybe, again.things) == (
        "planted-chrysanthemum",
        None,
        ["planted-oak"],
    )
    assert (again.answers, again.none) == ({}, None)
    assert paper.text == "planted-chrysanthemum"
    for column in ("text", "things", "answers"):
        assert b"planted" not in raw(paper, column)
        assert raw(paper, column)[:1] == b"\x01"


def test_statements_carry_no_word(Paper, key):
    with CaptureQueriesContext(connection) as said:
        Paper.objects.create(data_key=key, text="planted-chrysanthemum")

    assert "chrysanthemum" not in str(said.captured_queries)


@pytest.mark.parametrize("text", ["", "x", "ß" * 5000, "שלום", "\u0301", "a\x00b", "Null"])
def test_every_text_comes_back(Paper, key, text):
    pk = Paper.objects.create(data_key=key, text=text).pk

    assert Paper.objects.get(pk=pk).text == text


def test_an_empty_text_is_sealed_so_that_an_emptied_column_shows(Paper, key):
    paper = Paper.objects.create(data_key=key)
    assert raw(paper, "text")
    put(paper, "text", b"")

    with pytest.raises(vault.Tampered, match="paper.text of .* altered or removed"):
        _ = Paper.objects.get(pk=paper.pk).text


def test_what_was_not_touched_is_not_sealed_anew(Paper, paper):
    before = raw(paper, "text")
    again = Paper.objects.get(pk=paper.pk)
    again.maybe = "new"
    again.save()

    assert raw(paper, "text") == before
    assert Paper.objects.get(pk=paper.pk).maybe == "new"


def test_setting_seals_under_a_new_nonce(Paper, paper):
    before = raw(paper, "text")
    paper.text = "planted-chrysanthemum"
    paper.save(update_fields=["text"])

    assert raw(paper, "text") != before
    assert Paper.objects.get(pk=paper.pk).text == "planted-chrysanthemum"


def test_a_list_that_was_appended_to_is_saved(Paper, paper):
    again = Paper.objects.get(pk=paper.pk)
    again.things.append({"n": [1, None, "é"]})
    again.save()

    assert Paper.objects.get(pk=paper.pk).things == ["planted-oak", {"n": [1, None, "é"]}]


def test_defer_only_and_refresh(Paper, paper):
    for rows in (Paper.objects.defer("text"), Paper.objects.only("id")):
        row = rows.get(pk=paper.pk)
        assert "text" in row.get_deferred_fields()
        row.save()
        assert row.text == "planted-chrysanthemum"
    paper.text = "not saved"
    paper.refresh_from_db()
    assert paper.text == "planted-chrysanthemum"


def test_values_are_opaque(Paper, paper):
    (row,) = Paper.objects.values("text", "maybe", "things")

    assert isinstance(row["text"], vault.Sealed)
    assert row["maybe"] is None
    assert "planted" not in repr(row)
    assert repr(row["text"]) == "Sealed()"
    assert Paper.objects.annotate(same=models.F("text")).get().same == row["text"]


def test_many_are_made_at_once(Paper, key):
    rows = Paper.objects.bulk_create(
        [Paper(data_key=key, text=f"text {n}") for n in range(3)]
    )  # fmt: skip

    assert [Paper.objects.get(pk=row.pk).text for row in rows] == ["text 0", "text 1", "text 2"]
    assert Paper.objects.filter(maybe__isnull=True).count() == 3


def test_what_knows_no_row_is_refused(Paper, paper):
    before = raw(paper, "text")
    paper.text = "changed"

    for attempt in (
        lambda: Paper.objects.update(text="changed"),
        lambda: Paper.objects.bulk_update([paper], ["text"]),
        lambda: Paper.objects.filter(text="planted-chrysanthemum"),
        lambda: Paper.objects.filter(text__contains="planted"),
        lambda: Paper.objects.filter(text__in=["planted"]),
        lambda: Paper.objects.exclude(text=""),
        lambda: serializers.serialize("json", [paper]),
    ):
        with pytest.raises(FieldError, match=r"paper\.text is sealed"), transaction.atomic():
            attempt()
    assert raw(paper, "text") == before


def test_rows_show_and_pickle_no_text(paper, Paper):
    assert "planted" not in repr(paper.__dict__)
    assert "planted" not in repr(paper)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(paper.__dict__["text"])
    with pytest.raises(TypeError, match="not pickled"):
        copy.copy(paper.__dict__["text"])
    loaded = Paper.objects.get(pk=paper.pk)
    assert b"planted" not in pickle.dumps({n: loaded.__dict__[n] for n in ("text", "things")})


def test_a_deep_copy_has_lists_of_its_own(paper):
    twin = copy.deepcopy(paper.__dict__["things"])
    twin.value.append("elm")

    assert (paper.things, twin.value) == (["planted-oak"], ["planted-oak", "elm"])
    assert copy.deepcopy(Client(remark="planted")).remark == "planted"


def test_a_row_copied_under_a_new_id_does_not_carry_the_ciphertext(Paper, paper):
    twin = Paper.objects.get(pk=paper.pk)
    twin.pk, twin._state.adding = uuid.uuid4(), True

    with pytest.raises(vault.Tampered), transaction.atomic():
        twin.save()
    twin.text, twin.things, twin.answers = "new", [], {}
    twin.save()
    assert Paper.objects.get(pk=twin.pk).text == "new"


def test_a_loaded_row_can_be_inserted_again(Paper, paper):
    again = Paper.objects.get(pk=paper.pk)
    paper.delete()
    again.save(force_insert=True)

    assert Paper.objects.get(pk=again.pk).text == "planted-chrysanthemum"


class TestMoved:
    @pytest.fixture
    def other(self, Paper, key):
        return Paper.objects.create(data_key=key, text="other", things=["other"])

    def opens(self, row, column):
        return getattr(type(row).objects.get(pk=row.pk), column)

    def test_between_rows(self, paper, other):
        put(other, "text", raw(paper, "text"))

        with pytest.raises(vault.Tampered):
            self.opens(other, "text")

    def test_between_fields(self, paper):
        put(paper, "maybe", raw(paper, "text"))

        with pytest.raises(vault.Tampered):
            self.opens(paper, "maybe")

    def test_between_clients(self, Paper, paper):
        someone = Paper.objects.create(data_key=vault.new_key("CLIENT", now=NOW), text="other")
        put(paper, "text", raw(someone, "text"))
        with pytest.raises(vault.Tampered):
            self.opens(paper, "text")

    def test_by_giving_the_row_another_clients_key(self, Paper, paper):
        other = vault.new_key("CLIENT", now=NOW)
        Paper.objects.filter(pk=paper.pk).update(data_key=other)

        with pytest.raises(vault.Tampered):
            self.opens(paper, "text")

    def test_every_flipped_byte(self, paper):
        whole = raw(paper, "text")
        for n in range(len(whole)):
            put(paper, "text", bytes(b ^ (i == n) for i, b in enumerate(whole)))
            with pytest.raises(vault.Tampered):
                self.opens(paper, "text")


class TestChecks:
    def problems(self, **fields):
        with isolate_apps("tests"):
            Odd = type(
                "Odd",
                (models.Model,),
                {"__module__": "tests", "Meta": type("Meta", (), {"app_label": "tests"}), **fields},
            )
            return [problem.id for problem in Odd.check() if problem.id.startswith("vault")]

    def test_a_numbered_row_may_not_be_sealed(self):
        assert self.problems(text=vault.SealedText("odd.text")) == ["vault.E1"]

    @pytest.mark.parametrize("name", ["", "client.remark"])
    def test_a_sealed_field_needs_a_name_of_its_own(self, name):
        pk = models.UUIDField(primary_key=True, default=uuid.uuid4)

        assert self.problems(id=pk, text=vault.SealedText(name)) == ["vault.E2"]

    def test_the_house_has_no_such_problem(self):
        sealed = vault.sealed_fields()

        assert len(sealed) > 3
        assert [p for model, _f in sealed for p in model.check() if "vault" in (p.id or "")] == []


def test_a_migration_rebuilds_the_field(Paper):
    field = Paper._meta.get_field("text")
    again = field.clone()

    assert (again.sealed_name, again.key_path, again.blank) == ("paper.text", "data_key", True)
    assert field.to_python("QUJD") == "QUJD"
    assert Paper.text.field is field
