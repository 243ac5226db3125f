"""Addresses of the public door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.kit import urls as kit
from rapport.web.signin import urls as signin

from .views import calendars, front, help, measure

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.public,
    *kit.urlpatterns,
    path("", front.front, name="front"),
    path("demo/step/<uuid:account_id>/", front.step, name="demo_step"),
    path("help-now/", help.help_now, name="help_now"),
    path("m/<str:token>/", measure.measure, name="measure"),
    path("m/<str:token>/check/", measure.check, name="measure_check"),
    path("m/<str:token>/<int:number>/", measure.question, name="measure_question"),
    path("c/<str:token>.ics", calendars.feed, name="feed"),
    path("elsewhere/", front.elsewhere, name="elsewhere"),
]
