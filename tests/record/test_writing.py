"""Writing a draft: one for each contact, and no word that was ever sent is lost."""

import uuid
from datetime import time, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.record.models import Note, OtherDraft
from rapport.record.notes import actions, queries, rules
from rapport.record.notes.problems import CannotWrite
from tests.factories import NOW, AnAppointment, AScore, ASheet, ClientOf

pytestmark = pytest.mark.django_db


def fresh(note):
    return queries.get(by=note.author.account, note_id=note.pk)


class TestOpening:
    def test_a_meeting_has_one_note_of_an_author_however_often_it_is_opened(self, house, begin):
        met = AnAppointment(client=house.mara, clinician=house.ana, starts_at=clock.now())
        first = begin(appointment=met, kind="SESSION")
        again = begin(appointment=met, kind="SESSION")

        assert first.pk == again.pk
        assert (first.started_at, first.ended_at) == (met.starts_at, met.ends_at)
        assert first.happened_on == clock.local(met.starts_at).date()

    def test_two_authors_of_one_meeting_each_have_their_own(self, house, begin):
        pair = ClientOf(care_team=[house.ana, house.ben], kind="COUPLE")
        met = AnAppointment(client=pair, clinician=house.ana, starts_at=clock.now())
        notes = [begin(one, pair, appointment=met) for one in (house.ana, house.ben)]

        assert notes[0].pk != notes[1].pk

    def test_a_day_has_as_many_notes_as_it_needs(self, begin):
        assert begin().pk != begin(kind="CRISIS").pk

    def test_a_form_sent_twice_opens_one(self, begin):
        once = uuid.uuid4()

        assert begin(once=once).pk == begin(once=once).pk

    def test_nobody_writes_in_anothers_name(self, house, begin):
        assert begin(author=house.ana).author == house.ana
        note = actions.open_(
            by=house.ana.account, client=house.mara, author=house.ben, now=clock.now()
        )
        assert note.author == house.ana
        with pytest.raises(policy.Denied):
            begin(author=house.ben)

    @pytest.mark.parametrize(("days", "late"), [(0, False), (2, False), (3, True)])
    def test_what_is_written_days_later_is_a_late_entry(self, begin, days, late):
        assert begin(happened_on=clock.today() - timedelta(days)).late is late

    def test_a_late_entry_can_be_marked_by_choice(self, begin):
        assert begin(late=True).late is True

    def test_a_day_that_has_not_come_has_no_note(self, begin):
        with pytest.raises(CannotWrite, match="not come yet"):
            begin(happened_on=clock.today() + timedelta(1))
        assert not Note.objects.exists()

    def test_a_meeting_with_somebody_else_is_refused(self, house, begin):
        met = AnAppointment(client=house.jonas, clinician=house.ines, starts_at=clock.now())
        with pytest.raises(CannotWrite, match="somebody else"):
            begin(appointment=met)

    @pytest.mark.parametrize("given", [{"kind": "TEA"}, {"template": "haiku"}])
    def test_what_is_not_on_the_list_is_refused(self, begin, given):
        with pytest.raises(CannotWrite, match="Choose"):
            begin(**given)

    def test_the_form_is_the_one_used_last(self, house, begin):
        assert begin(template="").template == "dap"
        begin(template="birp")
        assert begin(template="").template == "birp"

    def test_an_untouched_draft_follows_what_became_of_the_meeting(self, house, begin, write):
        met = AnAppointment(client=house.mara, clinician=house.ana, starts_at=clock.now())
        note = begin(appointment=met, kind="SESSION")
        missed = begin(appointment=met, kind="MISSED")
        assert (missed.pk, missed.kind, missed.started_at) == (note.pk, "MISSED", None)

        write(missed, "She called an hour later.")
        assert begin(appointment=met, kind="SESSION").kind == "MISSED"


class TestSaving:
    def test_words_are_tidied_and_kept(self, begin, write):
        note = begin()
        saved = write(note, "Slept \x00better. \r\n\r\n\r\n").note

        assert fresh(note).sections == {"note": "Slept better."}
        assert saved.revision == 2

    def test_the_same_again_is_no_new_revision(self, begin, write):
        note = begin()
        saved = write(note).note

        assert write(note, revision=1).note.revision == saved.revision == 2

    def test_sections_that_were_not_sent_stay(self, begin, write):
        note = begin(template="soap")
        write(note, subjective="Tired.", plan="Rest.")
        write(fresh(note), plan="Sleep.")

        assert fresh(note).sections == {"subjective": "Tired.", "plan": "Sleep."}

    def test_two_windows_both_keep_their_words(self, begin, write):
        note, other = begin(), uuid.uuid4()
        write(note, "She is well.")
        kept = write(note, "He is tired.", revision=1, window=other)
        write(note, "He is very tired.", revision=1, window=other)

        assert kept.kept is not None
        assert fresh(note).sections == {"note": "She is well."}
        (aside,) = queries.others(fresh(note))
        assert (aside.sections, aside.based_on) == ({"note": "He is very tired."}, 1)

    def test_a_window_whose_answer_was_lost_goes_on(self, begin, write):
        note, window = begin(), uuid.uuid4()
        write(note, "She slept", window=window)
        saved = write(note, "She slept badly.", revision=1, window=window)

        assert (saved.kept, saved.note.revision) == (None, 3)
        assert fresh(note).sections == {"note": "She slept badly."}

    def test_an_old_save_that_comes_late_takes_nothing_away(self, begin, write):
        note, window = begin(), uuid.uuid4()
        write(note, "She slept badly.", window=window)
        saved = write(note, "She slept", revision=1, window=window)

        assert saved.kept is not None
        assert fresh(note).sections == {"note": "She slept badly."}

    def test_a_megabyte_is_answered_with_words(self, begin, write):
        note = begin()
        write(note, "x" * rules.LONGEST)
        with pytest.raises(CannotWrite, match="1000000 characters; at most 200000") as problem:
            write(fresh(note), "x" * 1_000_000)

        assert list(problem.value.errors) == ["note"]
        assert len(fresh(note).sections["note"]) == rules.LONGEST

    @pytest.mark.parametrize("sections", [{"secret": "x"}, {"note": 7}, {"note": None}])
    def test_what_is_no_section_or_no_text_is_refused(self, begin, write, sections):
        with pytest.raises(CannotWrite):
            write(begin(), **sections)

    def test_start_and_stop_are_on_the_clock_of_the_practice(self, begin, write):
        note = begin()
        write(note, times=(time(9), time(9, 50)))
        start, stop = fresh(note).started_at, fresh(note).ended_at
        local = [clock.local(at).time() for at in (start, stop)]
        assert local == [time(9), time(9, 50)]

    def test_a_contact_may_pass_midnight(self, begin, write):
        note = begin(kind="CRISIS")
        write(note, times=(time(23, 30), time(0, 20)))
        assert fresh(note).ended_at - fresh(note).started_at == timedelta(minutes=50)

    def test_a_stop_before_the_start_is_refused(self, begin, write):
        with pytest.raises(CannotWrite, match="before the start"):
            write(begin(), times=(time(10), time(9, 10)))

    def test_what_comes_after_signing_is_set_aside(self, house, begin, write):
        note = begin()
        Note.objects.filter(pk=note.pk).update(state="WAITING", signed_at=NOW, supervisor=house.sam)
        saved = write(note, "One more thing.")
        assert (saved.closed, saved.kept is not None) == (True, True)
        assert fresh(note).sections == {}

    def test_a_stranger_writes_nothing(self, house, begin):
        note = begin()
        with pytest.raises(policy.Denied):
            actions.save(
                by=house.ben.account, note=note, sections={"note": "x"}, revision=1,
                window=uuid.uuid4(), now=clock.now(),
            )  # fmt: skip


class TestDeciding:
    @pytest.fixture
    def torn(self, begin, write):
        note = begin()
        write(note, "She is well.")
        write(note, "He is tired.", revision=1)
        note = fresh(note)
        return note, queries.others(note)[0]

    def test_the_other_words_instead(self, house, torn):
        note, other = torn
        actions.take_over(by=house.ana.account, note=note, other=other, now=clock.now())

        assert fresh(note).sections == {"note": "He is tired."}
        assert not OtherDraft.objects.exists()

    def test_both_one_below_the_other(self, house, torn):
        note, other = torn
        actions.take_over(by=house.ana.account, note=note, other=other, now=clock.now(), below=True)
        assert fresh(note).sections == {"note": "She is well.\n\nHe is tired."}

    def test_neither(self, house, torn):
        note, other = torn
        actions.drop(by=house.ana.account, note=note, other=other)

        assert fresh(note).sections == {"note": "She is well."}
        assert not OtherDraft.objects.exists()

    def test_the_draft_of_another_note_is_not_taken(self, house, begin, torn):
        with pytest.raises(CannotWrite):
            actions.take_over(
                by=house.ana.account, note=begin(), other=torn[1], now=clock.now()
            )  # fmt: skip


class TestFilling:
    def signed(self, begin, write, **sections):
        note = begin(template="girp")
        write(note, **sections)
        Note.objects.filter(pk=note.pk).update(
            state="WAITING", signed_at=NOW, supervisor=note.author
        )

    def test_chosen_sections_of_the_last_note_go_into_empty_ones(self, house, begin, write):
        self.signed(begin, write, goals="Sleep.", intervention="Diary.", plan="Diary again.")
        note = begin(template="girp")
        write(note, plan="Something new.")
        keys = ["goals", "intervention", "plan"]
        actions.carry_forward(by=house.ana.account, note=fresh(note), keys=keys, now=clock.now())

        assert fresh(note).sections == {"goals": "Sleep.", "plan": "Something new."}

    def test_without_a_signed_note_there_is_nothing_to_carry(self, house, begin):
        with pytest.raises(CannotWrite, match="no signed note"):
            actions.carry_forward(
                by=house.ana.account, note=begin(), keys=["note"], now=clock.now()
            )

    def test_a_score_stays_as_it_was_when_it_was_drawn_in(self, house, begin):
        sheet = ASheet(client=house.mara)
        score = AScore(sheet=sheet, total=14.0, total_rounded=14, band="moderate")
        note = begin()
        for _twice in range(2):
            actions.draw_in(by=house.ana.account, note=note, score=score, now=clock.now())
        score.total_rounded = 3
        score.save()

        (drawn,) = fresh(note).drawn_in
        assert (drawn["instrument"], drawn["total"], drawn["band"], drawn["on"]) == (
            "phq-9", 14, "moderate", "2030-01-07",
        )  # fmt: skip
        actions.take_out(
            by=house.ana.account, note=note, drawn=str(score.pk), now=clock.now()
        )  # fmt: skip
        assert fresh(note).drawn_in == []

    def test_a_score_of_somebody_else_is_refused(self, house, begin):
        score = AScore(sheet=ASheet(client=house.jonas))
        with pytest.raises(CannotWrite, match="somebody else"):
            actions.draw_in(by=house.ana.account, note=begin(), score=score, now=clock.now())

    def test_another_form_keeps_every_word(self, house, begin, write):
        note = begin(template="soap")
        write(note, subjective="Tired.", objective="Pale.", plan="Rest.")
        actions.change_template(
            by=house.ana.account, note=note, template="dap", now=clock.now()
        )  # fmt: skip

        assert fresh(note).sections == {
            "data": "**Subjective**\n\nTired.\n\n**Objective**\n\nPale.",
            "assessment": "", "plan": "Rest.",
        }  # fmt: skip
        assert (fresh(note).template, fresh(note).template_version) == ("dap", 1)


class TestDiscarding:
    def test_a_draft_goes_with_its_second_drafts(self, house, begin, write):
        note = begin()
        write(note, "one")
        write(note, "another", revision=1)
        actions.discard(by=house.ana.account, note=fresh(note))

        assert not Note.objects.exists()
        assert not OtherDraft.objects.exists()

    def test_what_was_handed_in_stays(self, house, begin):
        note = begin()
        Note.objects.filter(pk=note.pk).update(state="RETURNED")
        with pytest.raises(CannotWrite, match="never handed in"):
            actions.discard(by=house.ana.account, note=note)

    def test_the_program_throws_nothing_away(self, begin):
        with pytest.raises(policy.Denied):
            actions.discard(by=System("test"), note=begin())
