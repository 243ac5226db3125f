"""What each job does, for whoever decides about one that was given up."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "alert.watch": _("pass on alerts nobody has answered"),
    "backup.make": _("make a backup"),
    "calendar.round": _("see which calendars elsewhere are due"),
    "calendar.turn": _("read and write a calendar elsewhere"),
    "calendar.upkeep": _("forget what was written into calendars long ago"),
    "contact.reactions.ask_whether_they_still_look": _("ask somebody whether they still wait"),
    "contact.reactions.keep_an_inquiry_beside": _("note that somebody asks for care"),
    "contact.reactions.take_who_booked_an_hour": _("take in who booked a first consultation"),
    "contact.reactions.tell_of_a_booking": _("tell a client of a meeting that was booked"),
    "contact.reactions.tell_of_a_move": _("tell a client of another time"),
    "contact.reactions.tell_that_it_is_off": _("tell a client that a meeting is off"),
    "contact.reactions.tell_the_care_team": _("tell a care team of a record opened in need"),
    "contact.reactions.tell_who_asked_in_vain": _("tell somebody that nobody answered in time"),
    "contact.reactions.tell_who_asked_no": _("tell somebody that the time they asked for is not "
                                             "theirs"),
    "contact.reactions.tell_who_asked_yes": _("tell somebody that the time they asked for is "
                                              "theirs"),
    "contact.reactions.tell_who_is_asked": _("send a client the link to their questions"),
    "contact.reactions.tell_who_is_asked_for": _("tell a clinician that somebody asks for a time"),
    "contact.reactions.tell_who_is_next": _("tell whom an alert was passed on to"),
    "contact.reactions.tell_who_is_offered": _("offer somebody who waits an hour"),
    "contact.reactions.tell_who_owns_it": _("tell who owns an alert"),
    "contact.reactions.tell_who_was_too_late": _("tell somebody that an hour is gone"),
    "contact.reactions.tell_whose_client_acted": _("tell a clinician what a client booked, moved "
                                                   "or called off"),
    "contact.reactions.they_come_to_consult": _("move on an inquiry whose hour was confirmed"),
    "contact.reactions.they_were_answered": _("note that somebody new was answered"),
    "day_sheet.write": _("write the day sheets"),
    "expected.learn": _("learn from ended episodes how scores usually move"),
    "gateway.upkeep": _("keep the secret of a gateway under the newest key"),
    "hold.expire": _("let times go that were kept for somebody who decides"),
    "import.admit": _("admit the clients of a table"),
    "import.forget": _("forget old tables of clients"),
    "import.read": _("read a table of clients"),
    "import.undo": _("take an import back"),
    "inquiry.purge": _("forget who only asked"),
    "jobs.purge": _("forget work that is done"),
    "measure.ask_by_calendar": _("ask questionnaires that are due by the calendar"),
    "measure.ask_due": _("ask questionnaires that are due before sessions"),
    "measure.look_after_left": _("look through answers that were begun and left"),
    "meeting.reactions.end_the_standing_slots": _("end the standing slots of care that ended"),
    "meeting.reactions.forget_their_day_sheet": _("make no more day sheets for who left"),
    "meeting.reactions.hold_the_members_time": _("keep the time of a couple or family free"),
    "meeting.reactions.let_them_go": _("let a clinician see a client no more whose meeting was "
                                       "called off"),
    "meeting.reactions.let_them_go_with_the_slot": _("let a clinician see a client no more whose "
                                                     "standing slot ended"),
    "meeting.reactions.let_them_know_whom_they_meet": _("let a clinician see whom they meet"),
    "meeting.reactions.let_them_know_whom_they_meet_again": _("let a clinician see whom they meet "
                                                              "after all"),
    "meeting.reactions.let_them_know_whom_they_meet_each_time": _("let a clinician see whom they "
                                                                  "meet again and again"),
    "meeting.reactions.let_them_know_whom_they_meet_now": _("let a clinician see whom they meet "
                                                            "since a move"),
    "meeting.reactions.notice_the_former_hour": _("see whether the hour of a moved meeting can be "
                                                  "offered"),
    "meeting.reactions.notice_the_free_hour": _("see whether an hour called off can be offered"),
    "meeting.reactions.notice_the_hours_of_who_is_there": _("see whether hours can be offered "
                                                            "after time off was taken back"),
    "meeting.reactions.notice_the_hours_it_had": _("see whether the hours of an ended slot can be "
                                                   "offered"),
    "meeting.reactions.notice_the_resting_hours": _("see whether the hours of a resting slot can "
                                                    "be offered"),
    "meeting.reactions.offer_nothing_meanwhile": _("take back offers of somebody who is away"),
    "meeting.reactions.take_their_end_back": _("let standing slots go on with care that goes on"),
    "note.open_kept": _("open the note about a session"),
    "note.open_missed": _("open the note about a missed session"),
    "notice.send": _("send a letter"),
    "notice.upkeep": _("forget old letters"),
    "outcome.extract": _("write the numbers of ended episodes into columns"),
    "progress.reactions.ask_as_planned": _("plan the questionnaires of care that begins"),
    "progress.reactions.ask_at_the_end": _("ask the questionnaires of care that ended"),
    "progress.reactions.ask_before": _("ask questionnaires before a session that is near"),
    "progress.reactions.ask_on": _("go on asking in care that goes on"),
    "progress.reactions.ask_others_too": _("ask others about a client who agreed to it"),
    "progress.reactions.ask_others_on": _("go on asking others about a client"),
    "progress.reactions.ask_what_was_raised": _("ask what a result calls for"),
    "progress.reactions.ask_who_is_new": _("ask somebody who is new around a client"),
    "progress.reactions.compare": _("see whether a score is as expected"),
    "progress.reactions.count_towards_a_review": _("count sessions towards the next review"),
    "progress.reactions.move_along": _("move questionnaires along with their session"),
    "progress.reactions.stop_asking_others": _("ask nobody else any more where consent was "
                                               "withdrawn"),
    "progress.reactions.withdraw_for": _("withdraw questionnaires of a session called off"),
    "progress.reactions.withdraw_for_those": _("withdraw questionnaires of sessions that were "
                                               "taken out"),
    "question.remind": _("remind clients of questions not answered"),
    "question.tell": _("tell others of questions once quiet hours are over"),
    "reminder.forget": _("forget old reminders"),
    "reminder.look": _("see which reminders are due"),
    "reminder.send": _("send a reminder"),
    "request.expire": _("let requests go that nobody answered in time"),
    "series.clocks": _("keep standing slots at their hour where clocks change"),
    "series.extend": _("make the next appointments of standing slots"),
    "signin.reset_link": _("send a link for a new password"),
    "signin.sweep": _("end visits that are over"),
    "staff.leave": _("close the accounts of those who left"),
    "waiting.forget_told": _("forget what those who wait were told long ago"),
    "waiting.pick_up": _("see which messages to those who wait lie still"),
    "waiting.send": _("send a message to somebody who waits"),
    "waiting.still_looking": _("ask those who wait whether they still look"),
    "waiting.watch": _("let hours on offer go on to the next"),
}  # fmt: skip
