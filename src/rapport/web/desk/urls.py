"""Addresses of the desk door."""

from django.urls import URLPattern, URLResolver

from rapport.web.signin import urls as signin

urlpatterns: list[URLPattern | URLResolver] = [*signin.desk]
