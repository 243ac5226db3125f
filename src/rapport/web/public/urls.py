"""Addresses of the public door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.kit import urls as kit
from rapport.web.signin import urls as signin

from .views import front, help

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.public,
    *kit.urlpatterns,
    path("", front.front, name="front"),
    path("demo/step/<uuid:account_id>/", front.step, name="demo_step"),
    path("help-now/", help.help_now, name="help_now"),
    path("elsewhere/", front.elsewhere, name="elsewhere"),
]
