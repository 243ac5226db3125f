"""Addresses of the portal door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.signin import urls as signin

from .views import (
    calendars,
    course,
    daily,
    daily_offline,
    meeting,
    people,
    picture,
    progress,
    reminders,
    waiting,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.portal,
    path("portal/", people.home, name="portal_home"),
    path("portal/picture/", picture.opened, name="portal_picture"),
    path("portal/diary/", daily.today, name="portal_daily"),
    path("portal/diary/reminder/", reminders.daily, name="portal_daily_reminder"),
    path("portal/diary/pack/", daily_offline.pack, name="portal_daily_pack"),
    path("portal/diary/send/", daily_offline.send, name="portal_daily_send"),
    path("portal/diary/offline/", daily_offline.shell, name="portal_daily_offline"),
    path("portal/diary/worker.js", daily_offline.worker, name="portal_daily_worker"),
    path("portal/diary/stop/", daily.stop, name="portal_daily_stop"),
    path("portal/diary/go-on/", daily.go_on, name="portal_daily_go_on"),
    path("portal/marks/add/", picture.add, name="portal_mark_add"),
    path("portal/marks/<uuid:own_mark_id>/", picture.mark, name="portal_mark"),
    path("portal/marks/<uuid:own_mark_id>/remove/", picture.remove, name="portal_mark_remove"),
    path("portal/marks/<uuid:own_mark_id>/back/", picture.back, name="portal_mark_back"),
    path("portal/course/<str:instrument>/", course.own, name="portal_course"),
    path("portal/book/", meeting.offered, name="portal_book"),
    path("portal/book/confirm/", meeting.confirm, name="portal_book_confirm"),
    path("portal/book/<uuid:type_id>/", meeting.choose, name="portal_book_type"),
    path("portal/meetings/", people.ahead, name="portal_meetings"),
    path("portal/meetings/<uuid:appointment_id>/", meeting.meeting, name="portal_meeting"),
    path("portal/meetings/<uuid:appointment_id>/move/", meeting.move, name="portal_meeting_move"),
    path(
        "portal/meetings/<uuid:appointment_id>/call-off/",
        meeting.call_off,
        name="portal_meeting_call_off",
    ),
    path("portal/meetings/<uuid:appointment_id>/join/", people.join, name="portal_join"),
    path("portal/meetings/<uuid:appointment_id>/calendar/", calendars.one, name="portal_ics"),
    path("portal/calendar/", calendars.feed, name="portal_feed"),
    path("portal/calendar/end/", calendars.end, name="portal_feed_end"),
    path("portal/looks/", people.looks, name="portal_looks"),
    path("portal/measures/", progress.measures, name="portal_measures"),
    path("portal/measures/<uuid:asked_id>/", progress.measure, name="portal_measure"),
    path("portal/measures/<uuid:asked_id>/pack/", progress.pack, name="portal_measure_pack"),
    path("portal/measures/<uuid:asked_id>/send/", progress.send, name="portal_measure_send"),
    path("portal/measures/<uuid:asked_id>/offline/", progress.shell, name="portal_measure_offline"),
    path(
        "portal/measures/<uuid:asked_id>/worker.js", progress.worker, name="portal_measure_worker"
    ),
    path("portal/measures/<uuid:asked_id>/check/", progress.check, name="portal_measure_check"),
    path(
        "portal/measures/<uuid:asked_id>/<int:number>/",
        progress.question,
        name="portal_measure_question",
    ),
    path("portal/waiting/", waiting.waiting, name="portal_waiting"),
    path("portal/waiting/leave/", waiting.leave, name="portal_waiting_leave"),
    path("portal/waiting/still/", waiting.still, name="portal_waiting_still"),
    path("portal/offers/<uuid:offer_id>/", waiting.offer, name="portal_offer"),
    path("portal/reminders/", reminders.choices, name="portal_reminders"),
    path("portal/me/", people.appearance, name="portal_appearance"),
]
