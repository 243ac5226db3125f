"""Addresses of the public door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.kit import urls as kit
from rapport.web.signin import urls as signin

from .views import answer, ask, calendars, front, help, measure, meeting, moving, waiting

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.public,
    *kit.urlpatterns,
    path("", front.front, name="front"),
    path("demo/step/<uuid:account_id>/", front.step, name="demo_step"),
    path("help-now/", help.help_now, name="help_now"),
    path("a/<str:token>/", answer.answer, name="answer"),
    path("a/<str:token>/time/", moving.confirm, name="answer_time"),
    path("m/<str:token>/", measure.measure, name="measure"),
    path("m/<str:token>/pack/", measure.pack, name="measure_pack"),
    path("m/<str:token>/offline/", measure.shell, name="measure_offline"),
    path("m/<str:token>/worker.js", measure.worker, name="measure_worker"),
    path("m/<str:token>/<int:part>/send/", measure.send, name="measure_send"),
    path("m/<str:token>/<int:part>/check/", measure.check, name="measure_check"),
    path("m/<str:token>/<int:part>/<int:number>/", measure.question, name="measure_question"),
    path("ask/", ask.ask, name="ask"),
    path("ask/thanks/", ask.thanks, name="ask_thanks"),
    path("first/", meeting.offered, name="first"),
    path("first/confirm/", meeting.confirm, name="first_confirm"),
    path("first/thanks/", meeting.thanks, name="first_thanks"),
    path("first/<uuid:type_id>/", meeting.choose, name="first_type"),
    path("o/<str:token>/", waiting.offer, name="offer"),
    path("w/<str:token>/", waiting.still, name="still_looking"),
    path("c/<str:token>.ics", calendars.feed, name="feed"),
    path("elsewhere/", front.elsewhere, name="elsewhere"),
]
