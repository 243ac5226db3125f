"""Addresses of the portal door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.signin import urls as signin

from .views import calendars, course, people, progress

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.portal,
    path("portal/", people.home, name="portal_home"),
    path("portal/course/<slug:instrument>/", course.own, name="portal_course"),
    path("portal/meetings/<uuid:appointment_id>/join/", people.join, name="portal_join"),
    path("portal/meetings/<uuid:appointment_id>/calendar/", calendars.one, name="portal_ics"),
    path("portal/calendar/", calendars.feed, name="portal_feed"),
    path("portal/calendar/end/", calendars.end, name="portal_feed_end"),
    path("portal/looks/", people.looks, name="portal_looks"),
    path("portal/measures/", progress.measures, name="portal_measures"),
    path("portal/measures/<uuid:asked_id>/", progress.measure, name="portal_measure"),
    path("portal/measures/<uuid:asked_id>/check/", progress.check, name="portal_measure_check"),
    path(
        "portal/measures/<uuid:asked_id>/<int:number>/",
        progress.question,
        name="portal_measure_question",
    ),
    path("portal/me/", people.appearance, name="portal_appearance"),
]
