"""Reading inquiries, within what ``by`` may see of them."""

import uuid
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, Subquery

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.people.clients.models import Client
from rapport.people.clients.rules import fold
from rapport.people.staff.models import Staff

from .models import (
    ASKS,
    ConflictCheck,
    ConflictLook,
    Inquiry,
    InquiryEntry,
    InquiryQuerySet,
    InquiryTask,
    Referral,
)
from .promised import Promise, marked

NEAR = ("client__data_key", "client__place", "source", "referrer", "clinician", "type",
        "responsible")  # fmt: skip
MOST = 200
ALIKE = 5


def get(*, by: Any, inquiry_id: uuid.UUID) -> Inquiry:
    """One inquiry with its client, key, care team and what it names at hand.

    Raises:
        Inquiry.DoesNotExist: none, or not for ``by``: the two look the same.
    """
    rows = Inquiry.objects.visible_to(by).select_related(*NEAR)
    inquiry: Inquiry = rows.prefetch_related("client__care_team__staff").get(pk=inquiry_id)
    inquiry.seen_by = by.pk  # asked just now; the policy need not ask again
    return inquiry


def of_client(*, by: Any, client: Client) -> Inquiry | None:
    """The inquiry beside a client, if there is one that ``by`` may see."""
    return Inquiry.objects.visible_to(by).filter(client=client).first()


def listed(
    *, by: Any, promise: Promise, stage: str = "", whose: str = "", due: date | None = None
) -> Any:
    """Inquiries for the list: whose answer is overdue, what is due soonest, then the oldest.

    Args:
        stage: one of Stage; otherwise every open one.
        whose: "mine" or "nobody"; otherwise everybody's.
        due: only those with something to do by that day, or an answer overdue.
    """
    found = Inquiry.objects.visible_to(by)
    found = found.filter(stage=stage) if stage in Inquiry.Stage.values else found.open()
    found = _of_whom(found, by, whose)
    tasks = InquiryTask.objects.filter(inquiry=OuterRef("pk"), done_at=None)
    first = tasks.order_by().values("inquiry").annotate(first=Min("due_on")).values("first")
    found = marked(found.annotate(next_due=Subquery(first)), promise)
    if due is not None:
        found = found.filter(Q(next_due__lte=due) | Q(late=True))
    near = found.select_related("client__place", "responsible", "source", "referrer", "clinician")
    order = ("-late", F("next_due").asc(nulls_last=True), "received_at", "pk")
    return near.defer("seeks", "held_for", "client__address", "client__remark").order_by(*order)


def _of_whom(found: InquiryQuerySet, by: Any, whose: str) -> InquiryQuerySet:
    if whose == "mine":
        return found.filter(responsible=by.staff)
    return found.filter(responsible=None) if whose == "nobody" else found


def counts(*, by: Any, whose: str = "") -> list[tuple[str, str, int]]:
    """Every stage with its words and how many stand there. One statement."""
    seen = _of_whom(Inquiry.objects.visible_to(by), by, whose).order_by()
    held = dict(seen.values_list("stage").annotate(n=Count("pk")))
    return [(code, str(words), held.get(code, 0)) for code, words in Inquiry.Stage.choices]


def entries(*, by: Any, inquiry: Inquiry) -> list[InquiryEntry]:
    """The log of an inquiry that ``by`` has opened, the latest first."""
    rows = InquiryEntry.objects.filter(inquiry=inquiry).select_related("by___staff")
    return _with(inquiry, rows.order_by("-revision")[:MOST])


def tasks(*, by: Any, inquiry: Inquiry) -> list[InquiryTask]:
    """What is to be done for an inquiry that ``by`` has opened: open ones first, by day."""
    rows = InquiryTask.objects.filter(inquiry=inquiry).select_related("whose")
    order = (F("done_at").desc(nulls_first=True), "due_on", "pk")
    return _with(inquiry, rows.order_by(*order)[:MOST])


def checks(*, by: Any, inquiry: Inquiry) -> list[ConflictCheck]:
    """Conflict checks of an inquiry that ``by`` has opened, the latest first."""
    rows = ConflictCheck.objects.filter(inquiry=inquiry).select_related("by___staff")
    return _with(inquiry, rows.prefetch_related("looks").order_by("-at", "pk")[:MOST])


def referrals(*, by: Any, inquiry: Inquiry) -> list[Referral]:
    """Where an inquiry that ``by`` has opened was sent on to, the latest first."""
    rows = Referral.objects.filter(inquiry=inquiry).select_related("referrer", "by___staff")
    return _with(inquiry, rows.order_by("-at", "pk")[:MOST])


def _with(inquiry: Inquiry, rows: Any) -> list[Any]:
    found = list(rows)
    for row in found:
        row.client = inquiry.client  # its data key is loaded already
    return found


def task(*, by: Any, task_id: uuid.UUID) -> InquiryTask:
    """One task of an inquiry that ``by`` may see.

    Raises:
        InquiryTask.DoesNotExist: none, or not for ``by``.
    """
    rows = InquiryTask.objects.visible_to(by).select_related("client__data_key", "inquiry")
    found: InquiryTask = rows.get(pk=task_id)
    return found


def referral(*, by: Any, referral_id: uuid.UUID) -> Referral:
    """One referral of an inquiry that ``by`` may see, with everything its letter says.

    Raises:
        Referral.DoesNotExist: none, or not for ``by``.
    """
    near = ("client__data_key", "client__place", "inquiry", "referrer", "by___staff")
    found: Referral = Referral.objects.visible_to(by).select_related(*near).get(pk=referral_id)
    found.inquiry.client = found.client
    return found


def look(*, by: Any, conflict_id: uuid.UUID) -> ConflictLook:
    """A look that ``by`` is asked for.

    Raises:
        ConflictLook.DoesNotExist: none, or somebody else's.
    """
    rows = ConflictLook.objects.visible_to(by).select_related("client__data_key", "check_of")
    found: ConflictLook = rows.get(pk=conflict_id)
    found.check_of.client = found.client
    return found


def due(*, by: Any, until: date, most: int) -> list[InquiryTask]:
    """What ``by``, or nobody in particular, has to do by a day: the earliest first.

    What was left to do when somebody was referred on or closed waits for nobody.
    """
    over = Q(inquiry__stage__in=(Inquiry.Stage.REFERRED, Inquiry.Stage.CLOSED))
    left = over & Q(made_at__lt=F("inquiry__stage_since"))
    rows = InquiryTask.objects.visible_to(by).filter(~left, done_at=None, due_on__lte=until)
    mine = rows.filter(Q(whose=by.staff) | Q(whose=None)).select_related("client__data_key")
    return list(mine.order_by("due_on", "pk")[:most])


def looks(*, by: Any, most: int) -> list[ConflictLook]:
    """Looks that ``by`` is asked for and has not answered."""
    rows = ConflictLook.objects.visible_to(by).filter(answer="")
    return list(rows.select_related("check_of").order_by("check_of__at", "pk")[:most])


def alike(*, by: Any, name: str, reaches: list[str]) -> list[Client]:
    """Whom ``by`` may see and who may be the same person: by name, number or address."""
    found: dict[Any, Client] = {}
    for text in reaches:
        found |= {one.pk: one for one in clients.search(by=by, text=text) if text.strip()}
    wanted = fold(name)
    for one in clients.search(by=by, text=name):
        if wanted in (fold(one.legal_name), fold(one.preferred_name)):
            found[one.pk] = one
    return list(found.values())[:ALIKE]


def answerers(*, by: Any) -> list[Staff]:
    """Who may be responsible for an inquiry today, by name."""
    today = clock.today()
    working = Staff.objects.filter(started_on__lte=today).order_by("display_name", "pk")
    return [one for one in working if one.works_on(today) and one.has(*ASKS)]


def owners(*, by: Any) -> list[Staff]:
    """Owners who work here today, by name."""
    return [one for one in answerers(by=by) if one.has("OWNER")]
