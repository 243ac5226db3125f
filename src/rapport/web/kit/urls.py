"""Address of the living page."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("_ui/", views.living, name="kit")]
