"""Addresses of the public door."""

from django.urls import URLPattern, URLResolver

from rapport.web.signin import urls as signin

urlpatterns: list[URLPattern | URLResolver] = [*signin.public]
