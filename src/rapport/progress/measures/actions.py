"""Answers: kept while they are given, handed in, entered, corrected. Checked, whole, recorded."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.events import announce
from rapport.core.library import NotInLibrary
from rapport.core.policy import System
from rapport.core.prepared import prepared
from rapport.people.clients.models import Client

from ..alerts import actions as alerts
from ..events import ScoreRecorded
from ..informants import queries as informants
from ..informants.models import Informant
from ..packs import queries as packs
from . import instruments, left, rules, scored, tongues, written
from .models import Asked, Score, Sheet

BY = System("measures")
SOURCES = (Sheet.Source.PAPER, Sheet.Source.INTERVIEW, Sheet.Source.CLINICIAN)
"""Where answers come from that are entered at the desk."""


class CannotAnswer(Exception):
    """These answers cannot be taken. Every message is safe to show and says what to do.

    Attributes:
        items: what is wrong by item; "" is the sheet as a whole.
    """

    def __init__(self, items: Mapping[str, str]) -> None:
        super().__init__("; ".join(items.values()))
        self.items = dict(items)


class Closed(Exception):
    """It can no longer be answered: too late, withdrawn, or answered. Safe to show."""


def wrong(found: Mapping[str, str]) -> dict[str, str]:
    """What is wrong by item, in words."""
    words = {
        "unknown": _("This questionnaire has no such question."),
        "twice": _("There are two answers. Choose one."),
        "no_answer": _("Choose one of the answers, or none."),
        "no_date": _("Write a day that the calendar has, or none."),
        "no_text": _("Write it as text, or leave it open."),
        "long": _("Use at most %(most)s characters.") % {"most": written.MOST},
    }
    return {item: words[code] for item, code in found.items()}


def form_of(name: str, version: int) -> Any:
    """The questionnaire in the version that was asked.

    Raises:
        CannotAnswer: the library has another version by now, or none.
    """
    try:
        item = instruments.askable(name, version)
    except NotInLibrary:
        item = None
    if item is None or item.content.version != version:
        raise CannotAnswer(
            {"": _("This questionnaire has changed since it was asked. Ask for it anew.")}
        )
    return item


@action("measure.keep")
def begin(*, by: Any, asked: Asked, now: datetime) -> Asked:
    """Note that somebody began. Looking alone notes nothing: programs look, too.

    Raises:
        Closed: it can no longer be answered.
    """
    row = _locked(asked, now)
    if row.opened_at is None:
        row.opened_at = now
        row.save(update_fields=["opened_at"])
    return row


@action("measure.keep")
def keep(
    *, by: Any, asked: Asked, answers: Mapping[str, Any], version: int, now: datetime,
    facts: Mapping[str, str] | None = None,
) -> Asked:  # fmt: skip
    """Keep some answers, sealed, until the rest is given; later ones replace earlier ones.

    Raises:
        Closed: it can no longer be answered. CannotAnswer: an answer it does not have, or
            more of them without a pause than anybody gives.
    """
    row = _locked(asked, now)
    form = _checked(row, version, answers)
    keeps = rules.too_many(keeps=row.keeps, kept_at=row.kept_at, now=now)
    if keeps is None:
        raise CannotAnswer(
            {"": _("Too many answers were sent at once. Wait a minute, then go on.")}
        )
    known = {**row.draft.get("facts", {}), **known_facts(form, facts or {})}
    given = {**row.draft.get("answers", {}), **answers}
    row.draft = {**row.draft, "answers": given, "facts": known}
    row.opened_at = row.opened_at or now
    row.kept_at, row.looked_at, row.keeps = now, None, keeps
    row.save(update_fields=["draft", "opened_at", "kept_at", "looked_at", "keeps"])
    return row


@action("measure.answer")
def answer(
    *, by: Any, asked: Asked, answers: Mapping[str, Any], version: int, now: datetime,
    facts: Mapping[str, str] | None = None,
) -> Sheet:  # fmt: skip
    """Hand in a whole sheet: it is written, scored and, where a rule says so, an alert raised.

    All of it in one transaction. Sent twice, it is one sheet, and the first answers stand.
    An alert that its answers raised before, while they were left, stands and gets the sheet.

    Returns:
        The sheet with its score. Announces ScoreRecorded.

    Raises:
        Closed: withdrawn, or too late. CannotAnswer: an answer it does not have, another
            version, or nothing answered at all.
    """
    row = _row(asked)
    if row.state == Asked.State.ANSWERED:
        return Sheet.objects.select_related("score").get(asked=row)
    still_open(row, now)
    form = _checked(row, version, answers)
    sheet = Sheet(
        client=row.client, asked=row, instrument=row.instrument, version=row.version,
        language=row.language, answered_at=now, informant_id=row.informant_id,
        source=Sheet.Source.INFORMANT if row.informant_id else Sheet.Source.CLIENT,
        facts=known_facts(form, facts or {}),
    )  # fmt: skip
    if row.in_interview:
        sheet.source, sheet.entered_by = Sheet.Source.INTERVIEW, policy.person(by)
        notes, key = row.draft.get("notes", {}), form.content.key
        sheet.notes = rules.notes_for_them(key, notes, answers, sheet.facts) or None
        answers = rules.for_them(key, answers, sheet.facts)
    write(sheet, form, answers, now)
    if left.may_have_been(row, now):
        alerts.handed_in(by=BY, client=row.client, sheet=sheet, now=now)
    row.state, row.closed_at, row.looked_at, row.draft = Asked.State.ANSWERED, now, now, {}
    row.save(update_fields=["state", "closed_at", "looked_at", "draft"])
    return sheet


@action("measure.enter")
def enter(
    *, by: Any, client: Client, instrument: str, version: int, answers: Mapping[str, Any],
    source: str, answered_on: date, now: datetime, facts: Mapping[str, str] | None = None,
    informant: Informant | None = None, language: str = "",
) -> Sheet:  # fmt: skip
    """Enter what was answered on paper or in an interview, or a rating, of the day it is of.

    Args:
        informant: who answered about the client, or who rated; none is the client.
        language: of the words that were answered; empty is the client's.

    Raises:
        CannotAnswer: as for ``answer``; under "source" and "answered_on" what is wrong there.
    """
    if source not in SOURCES or (source == Sheet.Source.CLINICIAN) is not _rates(by, informant):
        raise CannotAnswer({"source": _("Choose one from the list.")})
    form = enterable(client, instrument, version, informant)
    fit(form, answers)
    sheet = Sheet(
        client=client, instrument=instrument, version=version, source=source, informant=informant,
        entered_by=policy.person(by),
        language=rules.asked_in(language, tongues.of(client), form.words),
        answered_at=instant_of(answered_on, now), facts=known_facts(form, facts or {}),
        keyed_times=1 if source == Sheet.Source.PAPER else 0,
    )  # fmt: skip
    write(sheet, form, answers, now)
    return sheet


@action("measure.enter")
def correct(
    *, by: Any, client: Client, sheet: Sheet, answers: Mapping[str, Any], now: datetime,
    facts: Mapping[str, str] | None = None,
) -> Sheet:  # fmt: skip
    """Replace a sheet that was entered wrongly. Both are kept; the newest counts.

    Raises:
        CannotAnswer: as for ``answer``, the sheet was corrected before, or somebody else rated.
    """
    row = Sheet.objects.select_for_update(of=("self",)).select_related("score")
    old = row.get(pk=sheet.pk, client=client)
    old.client = client
    if old.replaced_by_id is not None:
        raise CannotAnswer({"": _("This sheet was corrected already. Open the newest one.")})
    if old.source == Sheet.Source.CLINICIAN:
        _rates(by, old.informant)
    form = form_of(old.instrument, old.version)
    if form.content.is_adaptive:
        raise CannotAnswer({"": _("An adaptive test is not corrected. Ask it anew.")})
    fit(form, answers)
    new = Sheet(
        client=client, instrument=old.instrument, version=old.version, language=old.language,
        source=old.source, answered_at=old.answered_at, entered_by=policy.person(by),
        informant_id=old.informant_id, notes=old.notes,
        keyed_times=1 if old.keyed_times else 0,
        facts=known_facts(form, facts or {}),
    )  # fmt: skip
    write(new, form, answers, now)
    Sheet.objects.filter(pk=old.pk).update(replaced_by=new)
    return new


# What all of them do ----------------------------------------------------------------------


def _row(asked: Asked) -> Asked:
    found = _held(asked_id=asked.pk)
    if not found:
        raise Asked.DoesNotExist
    row: Asked = found[0]
    return row


@prepared
def _held(*, asked_id: Any) -> QuerySet[Asked]:
    rows = Asked.objects.select_for_update(of=("self",)).select_related("client__data_key")
    return rows.filter(pk=asked_id)


def _locked(asked: Asked, now: datetime) -> Asked:
    row = _row(asked)
    still_open(row, now)
    return row


def still_open(row: Asked, now: datetime) -> None:
    """Whether it can be answered at ``now``.

    Raises:
        Closed: withdrawn, too late, or answered already.
    """
    if row.state == Asked.State.ANSWERED:
        raise Closed(_("These questions were answered already."))
    if row.state == Asked.State.WITHDRAWN:
        raise Closed(_("These questions are no longer asked."))
    if row.expires_at <= now:
        raise Closed(_("The time for these questions is over."))
    if row.informant_id is not None and not informants.agreed(row.client_id):
        raise Closed(_("These questions are no longer asked."))


def _checked(row: Asked, version: int, answers: Mapping[str, Any]) -> Any:
    if version != row.version:
        raise CannotAnswer({"": _("These are answers to another version. Begin again.")})
    form = form_of(row.instrument, row.version)
    fit(form, answers, whole=False)
    return form


def _rates(by: Any, informant: Informant | None) -> bool:
    """Whether ``by`` is the clinician who rates.

    Raises:
        CannotAnswer: it is somebody else's rating.
    """
    if informant is None or informant.kind != Informant.Kind.CLINICIAN:
        return False
    if by.staff is None or informant.rater_id != by.staff.pk:
        raise CannotAnswer({"source": _("A rating is entered by whoever rates.")})
    return True


def enterable(
    client: Client, instrument: str, version: int, informant: Informant | None = None
) -> Any:
    """The form whose answers may be entered for ``client`` now.

    Raises:
        CannotAnswer: a couple's page, a questionnaire not asked here any more, or conditions that
            nobody accepted; or as ``form_of``.
    """
    if client.is_together:
        raise CannotAnswer({"": _("Enter answers on the page of the person who gave them.")})
    if informant is not None and informant.client_id != client.pk:
        raise CannotAnswer({"who": _("Choose one from the list.")})
    if informant is not None and instruments.is_own(instrument, client):
        words = _("What is in the client's own words is answered by the client alone.")
        raise CannotAnswer({"": words})
    if not instruments.open_to(instrument, client):
        raise CannotAnswer({"": _("This questionnaire is not asked here any more.")})
    form = form_of(instrument, version)
    if form.content.is_adaptive:
        raise CannotAnswer({"": _("An adaptive test is answered by the client, step by step.")})
    if not packs.may_ask(instrument):
        raise CannotAnswer({"": _("The conditions of this questionnaire are not accepted here.")})
    return form


def fit(form: Any, answers: Mapping[str, Any], *, whole: bool = True) -> None:
    """Refuse what cannot stand on the form.

    Args:
        whole: refuse a sheet without any answer, too.

    Raises:
        CannotAnswer: it cannot, by item.
    """
    found = wrong(rules.wrong_in(form.content.key, form.content.counted(answers)))
    found |= wrong(written.wrong_in(form.content.written, answers))
    if found:
        raise CannotAnswer(found)
    if whole and rules.is_empty(answers):
        raise CannotAnswer({"": _("Answer at least one question.")})


def known_facts(form: Any, given: Mapping[str, str]) -> dict[str, str]:
    """Only what the questionnaire needs, and only what it knows; the rest is not known."""
    needed = rules.facts_needed(form.content.key)
    return {name: value for name, value in given.items() if value in needed.get(name, ())}


def instant_of(day: date, now: datetime) -> datetime:
    """Today is now; another day is its noon, by the practice's clock.

    Raises:
        CannotAnswer: it has not come yet, or is none Rapport works with.
    """
    today = clock.local(now).date()
    if day > today:
        raise CannotAnswer({"answered_on": _("This day has not come yet.")})
    try:
        clock.within_limits(day)
    except clock.BadDate as problem:
        raise CannotAnswer({"answered_on": str(problem)}) from None
    return now if day == today else datetime.combine(day, time(12), tzinfo=clock.zone())


def write(sheet: Sheet, form: Any, answers: Mapping[str, Any], now: datetime) -> None:
    """The sheet, its scores, and an alert for every rule that holds. Announces ScoreRecorded.

    Raises:
        CannotAnswer: nothing was answered.
    """
    if rules.is_empty(answers):
        raise CannotAnswer({"": _("Answer at least one question.")})
    content = form.content
    sheet.answers = rules.tidy(content.key, answers) | written.tidy(content.written, answers)
    sheet.save(force_insert=True)
    _score(sheet, content)
    for rule, risky in content.dangers(sheet.answers).items():
        alerts.raise_(
            by=BY, client=sheet.client, sheet=sheet, answers=risky, rule=rule, now=now
        )  # fmt: skip
    announce(ScoreRecorded(sheet.pk))


def _score(sheet: Sheet, content: Any) -> None:
    """What the sheet comes to, and each of its parts where it comes to nothing else."""
    whole = scored.columns(content, sheet.answers, sheet.facts)
    about = {"client": sheet.client, "at": sheet.answered_at, "informant_id": sheet.informant_id}
    Score.objects.create(sheet=sheet, whole=sheet, instrument=sheet.instrument, **about, **whole)
    Score.objects.bulk_create(
        Score(sheet=sheet, **about, **part) for part in scored.parts(content, whole)
    )
