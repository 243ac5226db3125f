"""Addresses of the portal door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.signin import urls as signin

from .views import course, people

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.portal,
    path("portal/", people.home, name="portal_home"),
    path("portal/course/<slug:instrument>/", course.own, name="portal_course"),
    path("portal/looks/", people.looks, name="portal_looks"),
    path("portal/me/", people.appearance, name="portal_appearance"),
]
