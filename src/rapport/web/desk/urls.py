"""Addresses of the desk door."""

from django.urls import URLPattern, URLResolver, path

from rapport.web.signin import urls as signin

from .views import (
    after,
    alerts,
    around,
    backups,
    care,
    course,
    export,
    find,
    imports,
    leaving,
    mail,
    measures,
    people,
    portal,
    practice,
    sheets,
    staff,
    trail,
)  # fmt: skip

_clients = "desk/clients/<uuid:client_id>/"
_contact = f"{_clients}contact/<uuid:contact_id>/"
_person = f"{_clients}related/<uuid:person_id>/"
_part = f"{_clients}team/<uuid:member_id>/"
_episode = f"{_clients}episodes/<uuid:episode_id>/"
_measures = f"{_clients}measures/"
_asked = f"{_measures}asked/<uuid:asked_id>/"
_import = "desk/clients/import/<uuid:source_id>/"
_alert = "desk/alerts/<uuid:alert_id>/"
_staff = "desk/staff/<uuid:staff_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    *signin.desk,
    path("desk/", people.today, name="desk_today"),
    path("desk/alerts/waiting/", alerts.waiting, name="desk_alert_waiting"),
    path(_alert, alerts.opened, name="desk_alert"),
    path(f"{_alert}acknowledge/", alerts.acknowledge, name="desk_alert_acknowledge"),
    path(f"{_alert}note/", alerts.note, name="desk_alert_note"),
    path("desk/practice/alerts/", alerts.set_clock, name="desk_alert_clock"),
    path("desk/find/", find.find, name="desk_find"),
    path("desk/clients/", people.listed, name="desk_clients"),
    path("desk/clients/admit/", people.admit, name="desk_admit"),
    path("desk/clients/in-need/", people.break_glass, name="desk_break_glass"),
    path("desk/clients/import/", imports.hand_in, name="desk_import_hand_in"),
    path(_import, imports.opened, name="desk_import"),
    path(f"{_import}columns/", imports.columns, name="desk_import_columns"),
    path(f"{_import}begin/", imports.begin, name="desk_import_begin"),
    path(f"{_import}undo/", imports.undo, name="desk_import_undo"),
    path(f"{_import}forget/", imports.forget, name="desk_import_forget"),
    path(f"{_import}left-out/", imports.left_out, name="desk_import_left_out"),
    path(_clients, people.opened, name="desk_client"),
    path(f"{_clients}course/<slug:instrument>/", course.opened, name="desk_course"),
    path(f"{_clients}edit/", people.edit, name="desk_client_edit"),
    path(f"{_clients}contact/", around.contact, name="desk_client_contact"),
    path(_contact, around.change_contact, name="desk_contact"),
    path(f"{_contact}remove/", around.remove_contact, name="desk_contact_remove"),
    path(f"{_clients}related/", around.related, name="desk_client_related"),
    path(_person, around.change_related, name="desk_related"),
    path(f"{_person}remove/", around.remove_related, name="desk_related_remove"),
    path(f"{_clients}members/", around.members, name="desk_client_members"),
    path(f"{_clients}members/add/", around.add_member, name="desk_client_members_add"),
    path(f"{_clients}members/remove/", around.remove_member, name="desk_client_members_remove"),
    path(f"{_clients}assign/", care.assign, name="desk_client_assign"),
    path(f"{_part}end/", care.end_part, name="desk_client_part_end"),
    path(f"{_part}back/", care.part_back, name="desk_client_part_back"),
    path(f"{_clients}episodes/", care.episodes_of, name="desk_client_episodes"),
    path(f"{_clients}episodes/open/", care.open_episode, name="desk_episode_open"),
    path(f"{_episode}close/", care.close_episode, name="desk_episode_close"),
    path(f"{_episode}back/", care.reopen_episode, name="desk_episode_back"),
    path(f"{_clients}history/", care.history, name="desk_client_history"),
    path(f"{_clients}portal/", portal.access, name="desk_client_portal"),
    path(f"{_clients}portal/close/", portal.close, name="desk_client_portal_close"),
    path(f"{_clients}portal/withdraw/", portal.withdraw, name="desk_client_portal_withdraw"),
    path(f"{_clients}archive/", people.archive, name="desk_client_archive"),
    path(f"{_clients}restrict/", people.restrict, name="desk_client_restrict"),
    path(f"{_clients}export/", export.export, name="desk_client_export"),
    path(_measures, measures.measures, name="desk_measures"),
    path(f"{_measures}ask/", measures.ask, name="desk_measure_ask"),
    path(f"{_measures}enter/", sheets.enter, name="desk_measure_enter"),
    path(f"{_asked}link/", measures.link, name="desk_measure_link"),
    path(f"{_asked}withdraw/", measures.withdraw, name="desk_measure_withdraw"),
    path(f"{_measures}rules/<uuid:rule_id>/end/", measures.end_rule, name="desk_measure_rule_end"),
    path("desk/measures/<uuid:sheet_id>/", sheets.sheet, name="desk_sheet"),
    path("desk/measures/<uuid:sheet_id>/correct/", sheets.correct, name="desk_sheet_correct"),
    path("desk/staff/", staff.staff, name="desk_staff"),
    path("desk/staff/engage/", staff.engage, name="desk_engage"),
    path(_staff, staff.colleague, name="desk_colleague"),
    path(f"{_staff}edit/", staff.edit, name="desk_colleague_edit"),
    path(f"{_staff}invite/", staff.invite, name="desk_colleague_invite"),
    path(f"{_staff}end/", leaving.end, name="desk_colleague_end"),
    path(f"{_staff}back/", leaving.take_back, name="desk_colleague_back"),
    path(f"{_staff}withdraw/", staff.withdraw, name="desk_colleague_withdraw"),
    path("desk/staff/<uuid:leaving_id>/hand-over/", leaving.hand_over, name="desk_hand_over"),
    path(
        "desk/supervision/<uuid:supervision_id>/end/",
        leaving.supervision_end,
        name="desk_supervision_end",
    ),
    path(f"{_staff}supervise/", leaving.supervise, name="desk_supervise"),
    path("desk/practice/", practice.settings, name="desk_practice"),
    path("desk/practice/edit/", practice.change, name="desk_practice_edit"),
    path("desk/practice/place/", practice.place, name="desk_place"),
    path("desk/practice/place/<uuid:place_id>/", practice.place_edit, name="desk_place_edit"),
    path(
        "desk/practice/place/<uuid:place_id>/close/", practice.place_close, name="desk_place_close"
    ),
    path("desk/practice/permissions/", after.permissions, name="desk_permissions"),
    path("desk/practice/trail/", trail.trail, name="desk_trail"),
    path("desk/practice/jobs/", after.given_up, name="desk_jobs"),
    path("desk/practice/jobs/<uuid:job_id>/retry/", after.retry, name="desk_job_retry"),
    path("desk/practice/jobs/<uuid:job_id>/discard/", after.discard, name="desk_job_discard"),
    path("desk/practice/mail/", mail.mail, name="desk_mail"),
    path("desk/practice/mail/edit/", mail.edit, name="desk_mail_edit"),
    path("desk/practice/mail/test/", mail.test, name="desk_mail_test"),
    path("desk/practice/mail/forget/", mail.forget, name="desk_mail_forget"),
    path("desk/practice/backups/", backups.listed, name="desk_backups"),
    path("desk/practice/backups/make/", backups.make, name="desk_backup_make"),
    path("desk/me/", practice.appearance, name="desk_appearance"),
]
