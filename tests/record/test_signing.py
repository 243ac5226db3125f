"""Signing: by whom, of what, and what still can be done afterwards."""

import uuid
from datetime import time, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.record.models import Addendum, Note
from rapport.record.notes import actions, queries, reading, seals, signing
from rapport.record.notes.problems import CannotSign, CannotWrite
from tests.factories import Colleague, SupervisedBy

pytestmark = pytest.mark.django_db


def fresh(note):
    return Note.objects.select_related("client__data_key", "author").get(pk=note.pk)


def sign(note, **more):
    note = fresh(note)
    given = {"revision": note.revision} | more
    return signing.sign(by=note.author.account, note=note, now=clock.now(), **given)


@pytest.fixture
def written(begin, write):
    """A phone call with words in it, by Ana about Mara."""
    note = begin()
    write(note)
    return fresh(note)


@pytest.fixture
def handed_in(house, begin, write):
    """A note of Ines that waits for Sam."""
    note = begin(house.ines, house.jonas)
    write(note)
    return sign(note)


class TestSigning:
    def test_a_signed_note_is_sealed_and_the_trail_has_a_digest(self, written):
        note = sign(written)

        assert (note.state, note.supervisor, len(bytes(note.seal))) == ("SIGNED", None, 32)
        assert reading.seal_fits(fresh(note))
        entry = AuditEntry.objects.get(verb="note.sealed")
        assert ["seal", seals.digest(note.seal)] in entry.subject
        assert entry.about == note.client_id

    def test_a_note_is_signed_once(self, written):
        sign(written)
        with pytest.raises(CannotSign, match="signed already"):
            sign(written)

    def test_nothing_is_written_in_a_signed_note(self, house, written, write):
        sign(written)
        for change in (
            lambda n: actions.change_template(by=house.ana.account, note=n, template="dap",
                                              now=clock.now()),
            lambda n: actions.carry_forward(by=house.ana.account, note=n, keys=["note"],
                                            now=clock.now()),
            lambda n: actions.discard(by=house.ana.account, note=n),
        ):  # fmt: skip
            with pytest.raises(CannotWrite):
                change(fresh(written))
        assert write(fresh(written), "other words").kept is not None
        assert reading.seal_fits(fresh(written))

    def test_required_sections_are_asked_for_by_name(self, begin, write):
        note = begin(template="soap")
        write(note, subjective="Tired.", plan=" \n ")
        with pytest.raises(CannotSign) as problem:
            sign(note)

        assert set(problem.value.errors) == {"objective", "assessment", "plan"}
        assert fresh(note).state == "DRAFT"

    @pytest.mark.parametrize(
        ("times", "asks"),
        [((None, None), {"started_at", "ended_at"}), ((time(9), None), {"ended_at"}),
         ((time(9), time(9, 50)), set())],
    )  # fmt: skip
    def test_a_session_says_when_it_started_and_stopped(self, begin, write, times, asks):
        note = begin(kind="SESSION")
        write(note, times=times)

        assert set(signing.missing(fresh(note))) == asks
        if asks:
            with pytest.raises(CannotSign, match="Say when"):
                sign(note)
        else:
            assert sign(note).state == "SIGNED"

    def test_text_that_changed_in_another_tab_is_not_signed(self, written, write):
        write(written, "Slept better. Not well.")
        with pytest.raises(CannotSign, match="changed in another window"):
            sign(written, revision=written.revision)
        assert fresh(written).state == "DRAFT"

    def test_a_second_draft_is_decided_about_first(self, house, written, write):
        write(written, "quite other words", revision=1)
        with pytest.raises(CannotSign, match="Decide about its words first"):
            sign(written)
        (other,) = queries.others(fresh(written))
        actions.drop(by=house.ana.account, note=written, other=other)

        assert sign(written).state == "SIGNED"

    def test_nobody_signs_anothers_note(self, house, written):
        with pytest.raises(policy.Denied):
            signing.sign(by=house.ben.account, note=written, revision=2, now=clock.now())

    def test_whoever_left_the_care_team_signs_no_more(self, house, written):
        house.mara.care_team.update(until_on=clock.today())
        with pytest.raises(policy.Denied):
            sign(written)


class TestSupervised:
    def test_it_waits_for_the_supervisor_and_is_sealed_by_the_co_signature(self, house, handed_in):
        assert (handed_in.state, handed_in.supervisor, handed_in.seal) == (
            "WAITING", house.sam, None,
        )  # fmt: skip
        note = queries.get(by=house.sam.account, note_id=handed_in.pk)
        signing.cosign(by=house.sam.account, note=note, revision=note.revision, now=clock.now())

        note = fresh(note)
        assert note.state == "SIGNED"
        assert note.cosigned_at >= note.signed_at
        assert reading.seal_fits(note)

    def test_it_comes_back_with_remarks_is_mended_and_signed_again(self, house, handed_in, write):
        by = house.sam.account
        with pytest.raises(CannotWrite, match="Write something"):
            signing.return_(by=by, note=handed_in, remarks=" ")
        signing.return_(by=by, note=handed_in, remarks="Say more about risk.")
        note = fresh(handed_in)
        assert (note.state, note.remarks, note.signed_at) == (
            "RETURNED", "Say more about risk.", None,
        )  # fmt: skip
        with pytest.raises(Note.DoesNotExist):
            queries.get(by=by, note_id=note.pk)

        write(note, "Slept better. No thoughts of death.")
        again = sign(note)
        assert (again.state, again.remarks) == ("WAITING", "Say more about risk.")
        signing.cosign(by=by, note=again, revision=again.revision, now=clock.now())
        assert fresh(note).remarks == ""

    def test_what_was_not_read_is_not_co_signed(self, house, handed_in):
        with pytest.raises(CannotSign, match="changed in another window"):
            signing.cosign(by=house.sam.account, note=handed_in, revision=1, now=clock.now())

    def test_only_the_supervisor_who_was_chosen_co_signs(self, house, handed_in):
        vera = Colleague(roles=["SUPERVISOR"])
        SupervisedBy(supervisor=vera, supervisee=house.ines)
        for other in (vera, house.ines, house.ana):
            with pytest.raises(policy.Denied):
                signing.cosign(
                    by=other.account, note=handed_in, revision=handed_in.revision,
                    now=clock.now(),
                )  # fmt: skip

    def test_of_several_supervisors_one_is_chosen(self, house, begin, write):
        vera = Colleague(roles=["SUPERVISOR"])
        SupervisedBy(supervisor=vera, supervisee=house.ines)
        note = begin(house.ines, house.jonas)
        write(note)
        for wrong in (None, house.ana):
            with pytest.raises(CannotSign, match="Choose who co-signs"):
                sign(note, supervisor=wrong)
        assert sign(note, supervisor=vera).supervisor == vera

    @pytest.mark.parametrize("ends_in", [0, -1])
    def test_without_a_supervisor_today_it_is_not_signed(self, house, begin, write, ends_in):
        house.supervision.until_on = clock.today() + timedelta(ends_in)
        house.supervision.save()
        note = begin(house.ines, house.jonas)
        write(note)
        with pytest.raises(CannotSign, match="Nobody supervises you today"):
            sign(note)

    def test_a_record_that_the_supervisor_cannot_open_is_said_so(self, house, begin, write):
        house.jonas.restricted = True
        house.jonas.save(update_fields=["restricted"])
        note = begin(house.ines, house.jonas)
        write(note)
        with pytest.raises(CannotSign, match="restricted to the care team"):
            sign(note)

    def test_what_waits_can_be_taken_back_by_its_author(self, house, handed_in, write):
        signing.take_back(by=house.ines.account, note=handed_in)
        note = fresh(handed_in)
        assert (note.state, note.signed_at) == ("DRAFT", None)
        write(note, "Slept better. And ate.")
        with pytest.raises(CannotSign, match="does not wait"):
            signing.cosign(by=house.sam.account, note=note, revision=3, now=clock.now())


class TestAdding:
    def test_what_is_added_has_a_seal_bound_to_the_notes(self, house, written):
        note = sign(written)
        one = signing.add(
            by=house.ana.account, note=note, text="It was on Tuesday.", now=clock.now()
        )
        note.seal = b"x" * 32
        assert reading.seal_fits(Addendum.objects.get(pk=one.pk))
        one.note = note
        assert not reading.seal_fits(one)

    def test_the_same_is_added_once(self, house, written):
        note, once = sign(written), uuid.uuid4()
        for _twice in range(2):
            signing.add(
                by=house.ana.account, note=note, text="It was on Tuesday.", now=clock.now(),
                once=once,
            )  # fmt: skip
        assert Addendum.objects.count() == 1
        assert AuditEntry.objects.filter(verb="addendum.sealed").count() == 1

    def test_a_supervisor_adds_to_a_note_they_co_signed(self, house, handed_in):
        by = house.sam.account
        signing.cosign(by=by, note=handed_in, revision=handed_in.revision, now=clock.now())
        added = signing.add(by=by, note=fresh(handed_in), text="Discussed.", now=clock.now())
        assert added.author == house.sam

    def test_nothing_is_added_to_a_draft_or_by_a_stranger(self, house, written):
        with pytest.raises(CannotWrite, match="not signed yet"):
            signing.add(by=house.ana.account, note=written, text="x", now=clock.now())
        note = sign(written)
        with pytest.raises(policy.Denied):
            signing.add(by=house.ben.account, note=note, text="x", now=clock.now())
        with pytest.raises(CannotWrite, match="Write something"):
            signing.add(by=house.ana.account, note=note, text=" ", now=clock.now())


class TestReading:
    def test_a_draft_is_its_authors_and_a_signed_note_the_care_teams(self, house, written):
        vera = Colleague(roles=["SUPERVISOR"])
        SupervisedBy(supervisor=vera, supervisee=house.ana)
        for reader in (vera, house.ben):
            with pytest.raises(Note.DoesNotExist):
                queries.get(by=reader.account, note_id=written.pk)
        sign(written)
        assert queries.get(by=vera.account, note_id=written.pk).state == "SIGNED"
        with pytest.raises(Note.DoesNotExist):
            queries.get(by=house.ben.account, note_id=written.pk)
