"""Addresses of the desk door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.signin import urls as signin

from .views import export, people, practice

_clients = "desk/clients/<uuid:client_id>/"
_staff = "desk/staff/<uuid:staff_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.desk,
    path("desk/", people.today, name="desk_today"),
    path("desk/find/", people.find, name="desk_find"),
    path("desk/clients/", people.listed, name="desk_clients"),
    path("desk/clients/admit/", people.admit, name="desk_admit"),
    path("desk/clients/in-need/", people.break_glass, name="desk_break_glass"),
    path(_clients, people.opened, name="desk_client"),
    path(f"{_clients}edit/", people.edit, name="desk_client_edit"),
    path(f"{_clients}contact/", people.contact, name="desk_client_contact"),
    path(f"{_clients}related/", people.related, name="desk_client_related"),
    path(f"{_clients}assign/", people.assign, name="desk_client_assign"),
    path(f"{_clients}archive/", people.archive, name="desk_client_archive"),
    path(f"{_clients}restrict/", people.restrict, name="desk_client_restrict"),
    path(f"{_clients}export/", export.export, name="desk_client_export"),
    path("desk/staff/", practice.staff, name="desk_staff"),
    path("desk/staff/engage/", practice.engage, name="desk_engage"),
    path(_staff, practice.colleague, name="desk_colleague"),
    path(f"{_staff}edit/", practice.edit, name="desk_colleague_edit"),
    path(f"{_staff}invite/", practice.invite, name="desk_colleague_invite"),
    path(f"{_staff}end/", practice.end, name="desk_colleague_end"),
    path(f"{_staff}supervise/", practice.supervise, name="desk_supervise"),
    path("desk/practice/", practice.settings, name="desk_practice"),
    path("desk/practice/edit/", practice.change, name="desk_practice_edit"),
    path("desk/practice/place/", practice.place, name="desk_place"),
    path("desk/practice/permissions/", practice.permissions, name="desk_permissions"),
    path("desk/practice/trail/", practice.trail, name="desk_trail"),
    path("desk/practice/jobs/", practice.given_up, name="desk_jobs"),
    path("desk/practice/jobs/<uuid:job_id>/retry/", practice.retry, name="desk_job_retry"),
    path("desk/practice/jobs/<uuid:job_id>/discard/", practice.discard, name="desk_job_discard"),
    path("desk/me/", practice.appearance, name="desk_appearance"),
]
