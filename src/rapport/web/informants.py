"""Whoever answers about a client, in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.progress.informants.models import Informant

Kind = Informant.Kind
ROLES: dict[str, Promise] = {
    Kind.PARENT: gettext_lazy("a parent"),
    Kind.GUARDIAN: gettext_lazy("a guardian"),
    Kind.TEACHER: gettext_lazy("a teacher"),
    Kind.PARTNER: gettext_lazy("a partner"),
    Kind.CHILD: gettext_lazy("a child of the client"),
    Kind.OTHER: gettext_lazy("somebody else"),
}


def named(person: Any) -> str:
    """Somebody around the client: "Anna Berg (parent)"."""
    return _("%(name)s (%(relation)s)") % {
        "name": person.name, "relation": person.get_relation_display(),
    }  # fmt: skip


def who(informant: Informant | None) -> str:
    """Who answered, within a sentence; "" is the client."""
    if informant is None:
        return ""
    if informant.rater is not None:
        return str(informant.rater.display_name)
    return named(informant.person) if informant.person is not None else str(ROLES[informant.kind])


def answered_by(informant: Informant | None) -> str:
    """With what they did: "answered by Anna Berg (parent)", "rated by Dr Ortiz"."""
    if informant is None:
        return ""
    if informant.rater is not None:
        return _("rated by %(who)s") % {"who": who(informant)}
    return _("answered by %(who)s") % {"who": who(informant)}
