"""The trail: what is recorded, when, and what a forger cannot hide."""

import uuid

import pytest
from django.db import connection, transaction

from rapport.core import audit, policy, practice
from rapport.core.action import REGISTERED, action
from rapport.core.audit import head
from rapport.core.audit.checks import audit_chain
from rapport.core.models import AuditEntry, AuditHead, Job
from rapport.core.verify import CHECKS, Problem, everything, verifies

ASKER = policy.System("test")
STRANGER = policy.Nobody()


@pytest.fixture
def may(monkeypatch):
    """A policy in which the program may do everything and nobody else anything."""
    monkeypatch.setattr(policy, "_permits", {})
    monkeypatch.setattr(policy, "_prohibitions", {})
    for verb in ("thing.do", "thing.inner", "thing.fail"):
        policy.permit(verb, verb, to=["system"])


@action("thing.do")
def do(*, by, thing_id=None):
    return None


@action("thing.inner")
def inner_only(*, by):
    return None


@action("thing.fail")
def fail(*, by):
    do(by=by)
    raise ValueError("no")


@action("thing.do")
def do_with_refused_inner(*, by, swallow):
    try:
        inner_only(by=STRANGER)
    except policy.Denied:
        if not swallow:
            raise


def said():
    return list(AuditEntry.objects.order_by("number").values_list("verb", "by", "allowed"))


for _name in [name for name in REGISTERED if name.startswith(__name__)]:
    del REGISTERED[_name]  # these actions exist for this module alone


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("may")
class TestRecording:
    def test_an_action_is_one_entry_with_its_ids(self):
        thing = uuid.uuid4()

        do(by=ASKER, thing_id=thing)

        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.by, entry.allowed) == ("thing.do", "system:test", True)
        assert entry.subject == [["thing", str(thing)]]

    def test_a_refusal_is_kept_with_what_was_asked_for(self):
        thing = uuid.uuid4()

        with pytest.raises(policy.Denied):
            do(by=STRANGER, thing_id=thing)

        entry = AuditEntry.objects.get()
        assert (entry.allowed, entry.subject) == (False, [["thing", str(thing)]])

    def test_what_was_rolled_back_leaves_no_entry(self):
        with pytest.raises(ValueError, match="no"):
            fail(by=ASKER)

        assert said() == []

    def test_a_refusal_inside_an_action_survives_its_rollback(self):
        with pytest.raises(policy.Denied):
            do_with_refused_inner(by=ASKER, swallow=False)

        assert said() == [("thing.inner", "", False)]

    def test_a_refusal_that_was_handled_is_recorded_beside_the_action(self):
        do_with_refused_inner(by=ASKER, swallow=True)

        assert sorted(said()) == [("thing.do", "system:test", True), ("thing.inner", "", False)]

    def test_a_look_is_written_with_the_first_action_inside_it(self):
        with audit.looking(verb="page.open", by=ASKER, subject={}):
            do(by=ASKER)
            assert said() == [("page.open", "system:test", True), ("thing.do", "system:test", True)]

        assert len(said()) == 2

    def test_a_look_survives_the_page_that_fails(self):
        with pytest.raises(ZeroDivisionError), audit.looking(verb="p.o", by=ASKER, subject={}):
            1 / 0  # noqa: B018

        assert said() == [("p.o", "system:test", True)]

    def test_a_look_survives_the_action_that_fails(self):
        with pytest.raises(ValueError, match="no"), audit.looking(verb="p.o", by=ASKER, subject={}):
            fail(by=ASKER)

        assert said() == [("p.o", "system:test", True)]

    def test_a_page_and_a_record_in_it_are_two_entries(self):
        with audit.looking(verb="p.o", by=ASKER, subject={}):
            audit.record(verb="p.extra", by=ASKER, subject={"thing_id": None, "words": "x"})

        assert [verb for verb, *_ in said()] == ["p.o", "p.extra"]

    def test_a_list_page_is_one_entry_with_the_ids_shown(self):
        with audit.looking(verb="list", by=ASKER, subject={}):
            audit.shown("client", ["a", "b"])
        audit.shown("client", ["nowhere to go"])

        assert AuditEntry.objects.get().subject == [["client", "a"], ["client", "b"]]

    def test_a_saved_row_is_named_by_label_and_id(self):
        job = Job(pk=uuid.uuid4())
        job.audit_about = uuid.uuid4()

        audit.record(verb="x", by=ASKER, subject={"job": job})

        entry = AuditEntry.objects.get()
        assert entry.subject == [["core.job", str(job.pk)]]
        assert entry.about == job.audit_about

    def test_a_refusal_needs_a_unit(self):
        with pytest.raises(RuntimeError):
            audit.refused(verb="x", by=ASKER, subject={})

    def test_rows_say_nothing_but_numbers(self):
        do(by=ASKER)

        assert str(AuditEntry.objects.get()) == "audit entry 1"
        assert str(AuditHead.objects.get()) == "audit head 1"


def problems():
    return [str(problem) for problem in audit_chain()]


@pytest.fixture
def ten(transactional_db, may):
    for _ in range(10):
        do(by=ASKER, thing_id=uuid.uuid4())
    assert problems() == []


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.usefixtures("ten")
class TestForgery:
    @pytest.mark.parametrize("number", [1, 5, 10])
    @pytest.mark.parametrize(
        "change",
        ["verb = 'other'", "\"by\" = 'someone'", "allowed = NOT allowed", "origin = 'elsewhere'"],
    )
    def test_a_changed_entry_is_named(self, number, change):
        raw(f"UPDATE core_auditentry SET {change} WHERE number = %s", number)  # noqa: S608

        assert problems() == [f"audit entry {number}: changed, inserted or reordered"]

    def test_a_changed_time_or_subject_is_named(self):
        AuditEntry.objects.filter(number=4).update(subject=[])
        entry = AuditEntry.objects.get(number=7)
        AuditEntry.objects.filter(number=7).update(at=entry.at.replace(year=2020))

        assert [p.split(":")[0] for p in problems()] == ["audit entry 4", "audit entry 7"]

    def test_a_removed_entry_is_named(self):
        AuditEntry.objects.filter(number__in=[4, 5]).delete()

        assert problems()[0] == "audit entries 4 to 5: removed"

    def test_the_first_entry_removed_is_named(self):
        AuditEntry.objects.filter(number=1).delete()

        assert problems()[0] == "audit entry 1: removed"

    @pytest.mark.parametrize("left", [None, b"", b"cut"])
    def test_the_note_beside_the_keys_removed_or_cut_is_named(self, left):
        note = practice.current().folder / head.NAME
        note.unlink() if left is None else note.write_bytes(left)

        assert problems() == ["audit.head beside the keys: removed (a cut end would not show)"]

    def test_the_last_entries_removed_are_named(self):
        AuditEntry.objects.filter(number__gte=9).delete()

        assert problems() == ["audit entries 9 to 10: removed"]

    def test_a_cut_tail_shows_even_when_the_head_was_moved_back(self):
        last = AuditEntry.objects.get(number=8)
        AuditEntry.objects.filter(number__gte=9).delete()
        AuditHead.objects.update(number=8, mac=last.mac)

        assert problems() == ["audit entries 9 to 10: removed"]

    def test_a_tail_written_anew_differs_from_the_note(self, may):
        AuditEntry.objects.filter(number=10).delete()
        last = AuditEntry.objects.get(number=9)
        AuditHead.objects.update(number=9, mac=last.mac)
        do(by=ASKER)

        assert "audit entry 10: changed (differs from the note beside the keys)" in problems()

    def test_an_entry_put_in_at_the_end_is_named(self):
        last = AuditEntry.objects.get(number=10)
        last.number = 11
        last.save(force_insert=True)

        assert problems()[0] == "audit entry 11: changed, inserted or reordered"

    def test_an_entry_before_the_first_is_named(self):
        first = AuditEntry.objects.get(number=1)
        first.number = 0
        first.save(force_insert=True)

        assert problems() == ["audit entry 0: inserted"]

    def test_two_entries_exchanged_are_named(self):
        AuditEntry.objects.filter(number=3).update(number=-3)
        AuditEntry.objects.filter(number=6).update(number=3)
        AuditEntry.objects.filter(number=-3).update(number=6)

        assert problems()[0] == "audit entry 3: changed, inserted or reordered"

    def test_a_chain_recomputed_with_a_plain_hash_is_named(self):
        import hashlib

        before = AuditEntry.objects.get(number=4).mac
        AuditEntry.objects.filter(number=5).update(verb="forged")
        for entry in AuditEntry.objects.filter(number__gte=5).order_by("number"):
            before = hashlib.sha256(bytes(before) + entry.verb.encode()).digest()
            AuditEntry.objects.filter(number=entry.number).update(mac=before)
        AuditHead.objects.update(mac=before)

        assert problems()[0] == "audit entry 5: changed, inserted or reordered"

    def test_entries_of_a_copy_that_went_its_own_way_do_not_fit(self):
        """Each is genuine and has the right number; but they follow something else."""
        with transaction.atomic():
            AuditEntry.objects.filter(number__gte=4).delete()
            before = AuditEntry.objects.get(number=3)
            AuditHead.objects.update(number=3, mac=before.mac)
            for _ in range(2):
                do(by=ASKER, thing_id=uuid.uuid4())
            other = AuditEntry.objects.get(number=5)
            transaction.set_rollback(True)
        AuditEntry.objects.filter(number=5).delete()
        other.save(force_insert=True)

        assert problems()[0] == "audit entry 5: changed, inserted or reordered"

    def test_a_key_version_that_never_was_is_named(self):
        AuditEntry.objects.filter(number=2).update(key_version=77)

        assert problems()[0] == "audit entry 2: changed, inserted or reordered"

    def test_the_head_changed_or_gone_is_named(self):
        AuditHead.objects.update(mac=bytes(32))
        assert problems() == ["the head of the audit chain: changed"]

        AuditHead.objects.all().delete()
        assert problems() == ["the head of the audit chain: removed"]

    def test_the_head_moved_back_alone_is_named(self):
        AuditHead.objects.update(number=8)

        assert problems() == ["audit entry 9: inserted (after the chain's head)"]

    def test_everything_asks_every_check(self):
        AuditEntry.objects.filter(number=2).update(verb="x")

        seen = list(everything())

        assert ("audit", None) in seen
        assert any(name == "audit" and problem for name, problem in seen)
        assert {name for name, problem in seen if problem is None} == set(CHECKS)


@pytest.mark.django_db
def test_an_empty_chain_is_whole():
    AuditHead.objects.all().delete()
    assert problems() == []


def test_two_checks_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two checks"):
        verifies("audit")(lambda: iter(()))


def test_a_problem_reads_as_a_sentence():
    assert str(Problem("moved", "row 1")) == "row 1: moved"


def test_the_note_never_runs_backwards(tmp_path):
    assert head.noted(tmp_path) is None
    head.note(tmp_path, 5, b"a" * 32)
    head.note(tmp_path, 4, b"b" * 32)
    assert head.noted(tmp_path) == (5, b"a" * 32)
    (tmp_path / head.NAME).write_bytes(b"cut")
    assert head.noted(tmp_path) is None
    head.note(tmp_path, 1, b"c" * 32)
    assert head.noted(tmp_path) == (1, b"c" * 32)


@pytest.mark.django_db(transaction=True)
def test_a_rotated_key_starts_a_link_under_the_new_version(may):
    do(by=ASKER)
    practice.current().keyring.rotate()
    do(by=ASKER)

    versions = list(AuditEntry.objects.order_by("number").values_list("key_version", flat=True))
    assert versions[1] == versions[0] + 1
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_a_unit_inside_a_unit_drops_only_its_own_entries(may):
    with audit.unit():
        do(by=ASKER)
        with pytest.raises(ValueError, match="no"):
            fail(by=ASKER)

    assert said() == [("thing.do", "system:test", True)]
    with transaction.atomic():
        pass
