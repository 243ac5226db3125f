"""Reading what the practice and single clients hold."""

import uuid
from typing import Any

from django.db.models import Max

from rapport.people.clients.models import Client

from ..measures.models import Sheet
from .models import ClientForm, ClientVersion, PracticeForm, PracticeVersion

MOST = 200


def get(*, by: Any, form_id: uuid.UUID) -> PracticeForm:
    """One questionnaire that was built here.

    Raises:
        PracticeForm.DoesNotExist: there is none.
    """
    rows = PracticeForm.objects.select_related("data_key")
    return rows.get(pk=form_id, kind=PracticeForm.Kind.BUILT)


def listed(*, by: Any) -> list[PracticeForm]:
    """Everything that is held here, the latest first; ``newest`` on each is its version or None."""
    rows = PracticeForm.objects.select_related("data_key").annotate(newest=Max("versions__number"))
    return list(rows.order_by("-made_at", "pk")[:MOST])


def licensed(*, by: Any, shell: str) -> PracticeForm | None:
    """What was typed into the shell called ``shell``, or None."""
    rows = PracticeForm.objects.select_related("data_key")
    return rows.filter(code=shell, kind=PracticeForm.Kind.LICENSED).first()


def versions(*, by: Any, form: PracticeForm) -> list[PracticeVersion]:
    """All versions of ``form``, the newest first."""
    found = list(form.versions.select_related("made_by___staff").order_by("-number")[:MOST])
    for one in found:
        one.form = form  # its key is loaded already
    return found


def sheets_on(*, by: Any, form: PracticeForm) -> int:
    """How many sheets were answered on any version of ``form``."""
    return Sheet.objects.filter(instrument=form.code).count()


def own_form(*, by: Any, own_id: uuid.UUID) -> ClientForm:
    """What one client whose clinical record ``by`` may read is asked in their own words.

    Raises:
        ClientForm.DoesNotExist: none, or not for ``by``.
    """
    rows: Any = ClientForm.objects.clinical_to(by)
    found: ClientForm = rows.select_related("client__data_key").get(pk=own_id)
    return found


def own_forms(*, by: Any, client: Client) -> list[ClientForm]:
    """What a client whom ``by`` has opened is asked in their own words, ended ones last."""
    return list(ClientForm.objects.filter(client=client).order_by("ended_at", "made_at"))


def own_versions(*, form: ClientForm) -> list[ClientVersion]:
    """All versions of a client's items, the oldest first."""
    found = list(form.versions.order_by("number"))
    for one in found:
        one.client = form.client  # its data key is loaded already
    return found
