"""Build the smallest true thing. Anything a test cares about, the test says.

The cast, by their names in tests: Ana (clinician), Ben (her colleague, a stranger to her
clients), Ines (an intern, supervised by Sam), Fay (front desk), Bill (biller), Olga (owner
with no clinical role), Mara (Ana's client).
"""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import factory

from rapport.contact.models import (
    ConflictCheck,
    ConflictLook,
    HouseServer,
    Inquiry,
    InquiryTask,
    Outside,
    Pushed,
    Referral,
    Referrer,
    Source,
)
from rapport.core import offline, vault
from rapport.meeting.models import (
    Accepted,
    Appointment,
    AppointmentType,
    Change,
    DaySheet,
    Equipment,
    FreedHour,
    Introduction,
    LeftOut,
    Occupancy,
    Offer,
    OtherHours,
    Pause,
    Room,
    Series,
    Terms,
    TimeOff,
    WaitingEntry,
    WorkingHours,
)
from rapport.people.clients.actions import _index
from rapport.people.clients.rules import fold
from rapport.people.models import (
    Account,
    CareTeamMember,
    Client,
    Consent,
    Contact,
    Episode,
    Place,
    Practice,
    RelatedPerson,
    Staff,
    Supervision,
)
from rapport.progress.models import (
    Alert,
    AlertStep,
    Ask,
    Asked,
    Assessment,
    AssessmentReport,
    Battery,
    DailyEntry,
    DailyPause,
    DailyPlan,
    DailyQuestion,
    Fit,
    Informant,
    Keyed,
    Mark,
    Phase,
    PlanLine,
    PlannedTest,
    Recheck,
    Score,
    Sheet,
    Signal,
    SignalStep,
)
from rapport.record.models import Addendum, Note

LONG_AGO = date(2020, 1, 1)
NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


class APractice(factory.django.DjangoModelFactory):
    class Meta:
        model = Practice
        django_get_or_create = ("id",)

    id = 1
    name = "Practice by the river"


class APlace(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"House {n}")


class AnAccount(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    realm = Account.Realm.DESK
    password = "!"  # noqa: S105  nothing opens it


class Colleague(factory.django.DjangoModelFactory):
    """Somebody who works here: ``Colleague(roles=["CLINICIAN"], at=[house])``."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    account = factory.SubFactory(AnAccount)
    legal_name = factory.Sequence(lambda n: f"Colleague {n}")
    display_name = factory.SelfAttribute("legal_name")
    roles = factory.LazyFunction(lambda: ["CLINICIAN"])
    started_on = LONG_AGO

    @factory.post_generation
    def at(staff, create, places):
        staff.places.set(places or [])


class ClientOf(factory.django.DjangoModelFactory):
    """A client with a care team: ``ClientOf(care_team=[ana])``."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    data_key = factory.LazyFunction(lambda: vault.new_key("CLIENT", now=NOW))
    legal_name = factory.Sequence(lambda n: f"Client {n}")
    sort_name = factory.LazyAttribute(lambda c: fold(c.legal_name)[:300])
    place = factory.SubFactory(APlace)
    status = Client.Status.ACTIVE
    created_at = NOW

    @factory.post_generation
    def care_team(client, create, people):
        for staff in people or []:
            CareTeamMember.objects.create(client=client, staff=staff, from_on=LONG_AGO)

    @factory.post_generation
    def grams(client, create, _value):
        _index(client)


class SupervisedBy(factory.django.DjangoModelFactory):
    class Meta:
        model = Supervision

    from_on = LONG_AGO


class AContact(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    kind = Contact.Kind.PHONE
    value = plain = "+49 30 901820"
    lookup = b"x" * 32


class ARelatedPerson(factory.django.DjangoModelFactory):
    class Meta:
        model = RelatedPerson

    relation = RelatedPerson.Relation.PARTNER
    name = factory.Sequence(lambda n: f"Partner {n}")


class AnEpisode(factory.django.DjangoModelFactory):
    class Meta:
        model = Episode

    opened_on = LONG_AGO


class AConsent(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    kind = Consent.Kind.TREATMENT
    version = "2030-1"
    given_on = LONG_AGO
    noted_at = NOW


class AnEquipment(factory.django.DjangoModelFactory):
    """``AnEquipment(place=house)``: a VR headset."""

    class Meta:
        model = Equipment

    kind = "VR headset"
    name = factory.Sequence(lambda n: f"Headset {n}")


class ARoom(factory.django.DjangoModelFactory):
    class Meta:
        model = Room

    name = factory.Sequence(lambda n: f"Room {n}")


class AType(factory.django.DjangoModelFactory):
    class Meta:
        model = AppointmentType

    name = factory.Sequence(lambda n: f"Type {n}")


class ADaySheet(factory.django.DjangoModelFactory):
    """``ADaySheet(staff=ana)``, under a key that no passphrase gives: nothing here opens it."""

    class Meta:
        model = DaySheet

    locked_at = NOW

    @classmethod
    def _create(cls, model, *args, **given):
        sheet = model(*args, **given)
        sheet.keep(offline.Lock(b"k" * 32, b"s" * 16))
        sheet.save()
        return sheet


class AStretch(factory.django.DjangoModelFactory):
    """``AStretch(staff=ana)``: Mondays, nine to five."""

    class Meta:
        model = WorkingHours

    weekday = 1
    from_at = time(9)
    until_at = time(17)


class AnOtherDay(factory.django.DjangoModelFactory):
    """``AnOtherDay(staff=ana)``: next Monday in the morning alone."""

    class Meta:
        model = OtherHours

    on = NOW.date() + timedelta(7)
    stretches = factory.LazyFunction(lambda: [["09:00", "12:00"]])


class ATimeOff(factory.django.DjangoModelFactory):
    """``ATimeOff(staff=ana)``: the day of NOW."""

    class Meta:
        model = TimeOff

    starts_at = NOW.replace(hour=0)
    ends_at = factory.LazyAttribute(lambda a: a.starts_at + timedelta(days=1))
    made_at = NOW


class ASeries(factory.django.DjangoModelFactory):
    """``ASeries(client=mara, clinician=ana)``: every Monday at ten from NOW on, nothing made."""

    class Meta:
        model = Series

    rule = "FREQ=WEEKLY"
    starts_on = NOW.date()
    at = time(10)
    zone = "UTC"
    made_at = NOW


class APause(factory.django.DjangoModelFactory):
    class Meta:
        model = Pause

    series = factory.SubFactory(ASeries)
    client = factory.SelfAttribute("series.client")
    from_on = NOW.date() + timedelta(7)
    until_on = NOW.date() + timedelta(27)
    made_at = NOW


class ALeftOut(factory.django.DjangoModelFactory):
    class Meta:
        model = LeftOut

    series = factory.SubFactory(ASeries)
    client = factory.SelfAttribute("series.client")
    nth_on = NOW.date() + timedelta(7)
    why = "HOLIDAY"


class AnAppointment(factory.django.DjangoModelFactory):
    """``AnAppointment(client=mara, clinician=ana)`` at NOW for 50 minutes; it holds its time."""

    class Meta:
        model = Appointment
        skip_postgeneration_save = True

    starts_at = NOW
    ends_at = factory.LazyAttribute(lambda a: a.starts_at + timedelta(minutes=50))
    booked_at = NOW

    @factory.post_generation
    def held(appointment, create, _value):
        if appointment.status == Appointment.Status.CANCELLED:
            return
        for kind, thing in (
            ("CLINICIAN", appointment.clinician_id),
            ("CLIENT", appointment.client_id),
            ("ROOM", appointment.room_id),
        ):
            if thing is not None:
                Occupancy.objects.create(
                    kind=kind, thing=thing, starts_at=appointment.starts_at,
                    ends_at=appointment.ends_at, appointment=appointment,
                )  # fmt: skip


class AChange(factory.django.DjangoModelFactory):
    class Meta:
        model = Change

    client = factory.SelfAttribute("appointment.client")
    what = Change.What.KEPT
    at = NOW
    revision = 2


class AWaitingEntry(factory.django.DjangoModelFactory):
    """``AWaitingEntry(client=mara)``: any time, with anybody, since NOW."""

    class Meta:
        model = WaitingEntry

    wants = "FIRST"
    since = NOW
    confirmed_at = NOW
    confirm_on = NOW.date() + timedelta(weeks=6)


class AFreedHour(factory.django.DjangoModelFactory):
    """``AFreedHour(clinician=ana)``: two days after NOW for 50 minutes, by video or phone."""

    class Meta:
        model = FreedHour

    starts_at = NOW + timedelta(days=2)
    ends_at = factory.LazyAttribute(lambda hour: hour.starts_at + timedelta(minutes=50))
    ways = factory.LazyFunction(lambda: ["VIDEO", "PHONE"])
    freed_at = NOW


class AnOffer(factory.django.DjangoModelFactory):
    """``AnOffer(hour=hour, entry=entry)``: asked at NOW, an hour to answer."""

    class Meta:
        model = Offer

    client = factory.SelfAttribute("entry.client")
    position = 1
    state = "OFFERED"
    way = "VIDEO"
    minutes = 50
    offered_at = NOW
    answer_by = NOW + timedelta(hours=1)


class SomeTerms(factory.django.DjangoModelFactory):
    class Meta:
        model = Terms

    version = factory.Sequence(lambda n: n + 1)
    hours = 24
    texts = factory.LazyFunction(lambda: {"en": "Call off a day before."})
    from_on = LONG_AGO
    made_at = NOW


class AcceptedTerms(factory.django.DjangoModelFactory):
    """``AcceptedTerms(appointment=monday)``: by its client, when it was booked."""

    class Meta:
        model = Accepted

    client = factory.SelfAttribute("appointment.client")
    terms = factory.SubFactory(SomeTerms)
    at = NOW


class AnIntroduction(factory.django.DjangoModelFactory):
    class Meta:
        model = Introduction

    client = factory.SelfAttribute("appointment.client")
    words = "I sleep badly."
    zone = "UTC"
    may_contact_at = NOW


class AnAsk(factory.django.DjangoModelFactory):
    class Meta:
        model = Ask

    instrument = "phq-9"
    set_at = NOW


class APlanLine(factory.django.DjangoModelFactory):
    class Meta:
        model = PlanLine

    occasion = "INTAKE"
    instrument = "phq-9"
    set_at = NOW


class ARecheck(factory.django.DjangoModelFactory):
    class Meta:
        model = Recheck

    instrument = "phq-9"
    condition = "cutoff"
    then = "gad-7"
    set_at = NOW


class AnAsked(factory.django.DjangoModelFactory):
    class Meta:
        model = Asked

    instrument = "phq-9"
    version = 1
    language = "en"
    way = Asked.Way.LINK
    asked_at = NOW
    expires_at = NOW + timedelta(days=7)


class AKeyed(factory.django.DjangoModelFactory):
    """``AKeyed(client=mara)``: a PHQ-9 on paper, keyed once."""

    class Meta:
        model = Keyed

    instrument = "phq-9"
    version = 1
    asked = factory.LazyAttribute(
        lambda k: AnAsked(client=k.client, way="DESK", state="WITHDRAWN", closed_at=NOW)
    )
    answered_at = first_at = NOW
    first = factory.LazyFunction(
        lambda: {"answers": {str(n): 1 for n in range(1, 11)}, "facts": {}}
    )


class AnInformant(factory.django.DjangoModelFactory):
    """``AnInformant(client=mara)``: a parent, known by the role alone."""

    class Meta:
        model = Informant

    kind = Informant.Kind.PARENT
    by_role = True


class ASheet(factory.django.DjangoModelFactory):
    class Meta:
        model = Sheet

    instrument = "phq-9"
    version = 1
    language = "en"
    source = Sheet.Source.CLIENT
    answers = factory.LazyFunction(lambda: {str(n): 1 for n in range(1, 10)})
    answered_at = NOW


class AScore(factory.django.DjangoModelFactory):
    class Meta:
        model = Score

    client = factory.SelfAttribute("sheet.client")
    whole = factory.SelfAttribute("sheet")
    instrument = factory.SelfAttribute("sheet.instrument")
    at = factory.SelfAttribute("sheet.answered_at")
    informant = factory.SelfAttribute("sheet.informant")
    status = Score.Status.SCORED
    total = 9.0
    total_rounded = 9
    band = "mild"
    above_cutoff = False
    risk = True


class AMark(factory.django.DjangoModelFactory):
    class Meta:
        model = Mark

    kind = Mark.Kind.EVENT
    on = factory.LazyFunction(lambda: NOW.date())
    words = "Moved house"
    set_at = NOW


class AnAssessment(factory.django.DjangoModelFactory):
    class Meta:
        model = Assessment

    question = "Why is school hard?"
    made_at = NOW


class AnAssessmentReport(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentReport

    client = factory.SelfAttribute("assessment.client")
    number = 1
    content = factory.LazyFunction(lambda: {
        "question": "Why is school hard?", "how": "observed", "level": 0.95, "rows": [],
        "critical": [], "pairs": [], "texts": {"findings": "", "summary": "", "advice": ""},
        "plain": {"intro": "", "advice": ""}, "plain_lines": {},
    })  # fmt: skip
    made_at = NOW


class APlannedTest(factory.django.DjangoModelFactory):
    class Meta:
        model = PlannedTest

    client = factory.SelfAttribute("assessment.client")
    place = 1
    kind = PlannedTest.Kind.ELSEWHERE
    title = "Block test"
    note = ""


class ABattery(factory.django.DjangoModelFactory):
    class Meta:
        model = Battery

    name = factory.Sequence(lambda n: f"Intake {n}")
    made_at = NOW


class ADailyPause(factory.django.DjangoModelFactory):
    class Meta:
        model = DailyPause

    plan = factory.SubFactory("tests.factories.ADailyPlan")
    client = factory.SelfAttribute("plan.client")
    from_on = factory.SelfAttribute("plan.from_on")
    set_at = NOW


class ADailyPlan(factory.django.DjangoModelFactory):
    class Meta:
        model = DailyPlan

    client = factory.SubFactory(ClientOf)
    from_on = NOW.date()
    made_at = NOW


class ADailyQuestion(factory.django.DjangoModelFactory):
    """One question: ``ADailyQuestion(plan=plan, kind="COUNT")``."""

    class Meta:
        model = DailyQuestion

    plan = factory.SubFactory(ADailyPlan)
    client = factory.SelfAttribute("plan.client")
    number = factory.LazyAttribute(lambda one: one.plan.questions.count() + 1)
    kind = "RATING"
    better = "lower"
    words = factory.LazyFunction(lambda: {"title": "Tension", "low": "calm", "high": "as bad"})
    from_on = factory.SelfAttribute("plan.from_on")
    made_at = NOW


class ADailyEntry(factory.django.DjangoModelFactory):
    class Meta:
        model = DailyEntry

    plan = factory.SubFactory(ADailyPlan)
    client = factory.SelfAttribute("plan.client")
    on = factory.SelfAttribute("plan.from_on")
    sent = factory.LazyFunction(uuid.uuid4)
    kept_at = NOW


class APhase(factory.django.DjangoModelFactory):
    class Meta:
        model = Phase

    client = factory.SubFactory(ClientOf)
    letter = "B"
    on = NOW.date()
    words = "Going outside"
    set_at = NOW


class AnAlert(factory.django.DjangoModelFactory):
    class Meta:
        model = Alert

    client = factory.SelfAttribute("sheet.client")
    instrument = factory.SelfAttribute("sheet.instrument")
    rule = "item-9"
    raised_at = NOW
    answer_by = NOW + timedelta(hours=1)


class AnAlertStep(factory.django.DjangoModelFactory):
    class Meta:
        model = AlertStep

    client = factory.SelfAttribute("alert.client")
    what = AlertStep.What.RAISED
    at = NOW


EXPECTED = {
    "growth": {
        "fixed": [{"name": name, "value": value, "error": 0.1} for name, value in (
            ("constant", 2.0), ("time", -1.5), ("intake", 0.8), ("intake x time", -0.05))],
        "intercept_sd": 3.0, "slope_sd": 0.8, "correlation": -0.2, "therapist_sd": 0.0,
        "residual_sd": 3.0, "method": "REML", "criterion": 0.0, "rows": 2400, "clients": 400,
        "therapists": 0, "singular": [], "converged": True, "evaluations": 1,
    },
    "shape": "log", "case_mix": [], "least": 0.0, "most": 27.0, "better": "lower",
}  # fmt: skip
NORMAL = {
    "verdict": "holds", "before": None, "after": None, "knots": [0.0],
    **{side: {"0.5": [0.6744898], "0.8": [1.2815516], "0.9": [1.6448536]}
       for side in ("down", "up")},
}  # fmt: skip


class AFit(factory.django.DjangoModelFactory):
    """A fit that holds, of people who begin with moderate complaints."""

    class Meta:
        model = Fit

    instrument = "phq-9"
    version = 1
    verdict = Fit.Verdict.HOLDS
    episodes = 400
    scores = 2400
    near = factory.LazyFunction(lambda: {"moderate": 120, "severe": 4})
    course = factory.LazyFunction(lambda: EXPECTED)
    at_intake = factory.LazyFunction(lambda: NORMAL)
    so_far = factory.LazyFunction(lambda: NORMAL)
    planned = 20.0
    learned_at = NOW - timedelta(hours=6)


class ASignal(factory.django.DjangoModelFactory):
    """``ASignal(score=score, owner=ana)``."""

    class Meta:
        model = Signal

    client = factory.SelfAttribute("score.client")
    instrument = factory.SelfAttribute("score.instrument")
    at = factory.SelfAttribute("score.at")
    level = Signal.Level.AMBER
    reasons = factory.LazyFunction(lambda: [
        {"kind": "worse than at intake", "ground": "change", "again": False,
         "numbers": {"score": 21, "intake": 14, "points": 6}}
    ])  # fmt: skip
    raised_at = NOW


class ASignalStep(factory.django.DjangoModelFactory):
    """``ASignalStep(signal=signal, staff=ana)``."""

    class Meta:
        model = SignalStep

    client = factory.SelfAttribute("signal.client")
    what = "PLAN"
    at = NOW


class ANote(factory.django.DjangoModelFactory):
    """A draft: ``ANote(client=mara, author=ana)``."""

    class Meta:
        model = Note

    template = "free"
    happened_on = NOW.date()
    sections = factory.LazyFunction(lambda: {"note": "Slept better."})
    created_at = NOW
    saved_at = NOW


class AnAddendum(factory.django.DjangoModelFactory):
    class Meta:
        model = Addendum

    client = factory.SelfAttribute("note.client")
    text = "The call was on Tuesday."
    signed_at = NOW
    seal = b"s" * 32
    seal_key = "00" * 32


class AnOutside(factory.django.DjangoModelFactory):
    """A calendar elsewhere: ``AnOutside(staff=ana)``; it has no address and is never read."""

    class Meta:
        model = Outside

    kind = Outside.Kind.DAV
    name = factory.Sequence(lambda n: f"Calendar {n}")
    host = "calendar.example"
    added_at = NOW
    next_at = NOW


class APushed(factory.django.DjangoModelFactory):
    """A meeting that was moved in a calendar elsewhere: ``APushed(outside=…, appointment=…)``."""

    class Meta:
        model = Pushed

    state = Pushed.State.CONFLICT
    what = Pushed.What.MOVED
    starts_at = factory.SelfAttribute("appointment.starts_at")
    ends_at = factory.SelfAttribute("appointment.ends_at")
    theirs_starts_at = factory.LazyAttribute(lambda p: p.starts_at + timedelta(hours=1))
    theirs_ends_at = factory.LazyAttribute(lambda p: p.ends_at + timedelta(hours=1))


class AHouseServer(factory.django.DjangoModelFactory):
    class Meta:
        model = HouseServer

    host = "calendar.home"
    port = factory.Sequence(lambda n: 5232 + n)
    allowed_at = NOW


class ASource(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")


class AReferrer(factory.django.DjangoModelFactory):
    class Meta:
        model = Referrer

    name = factory.Sequence(lambda n: f"Referrer {n}")
    trusted = True


class AnInquiry(factory.django.DjangoModelFactory):
    """``AnInquiry(client=nadia)``: somebody who rang at NOW, and whom nobody has answered."""

    class Meta:
        model = Inquiry

    client = factory.SubFactory(ClientOf, status="INQUIRY")
    came_by = Inquiry.CameBy.PHONE
    received_at = NOW
    stage_since = NOW


class AnInquiryTask(factory.django.DjangoModelFactory):
    class Meta:
        model = InquiryTask

    client = factory.SelfAttribute("inquiry.client")
    words = "Call back"
    due_on = NOW.date()
    made_at = NOW


class AConflictCheck(factory.django.DjangoModelFactory):
    class Meta:
        model = ConflictCheck

    client = factory.SelfAttribute("inquiry.client")
    names = factory.LazyFunction(lambda: ["Jonas Weber"])
    at = NOW
    outcome = ConflictCheck.Outcome.LOOK


class AConflictLook(factory.django.DjangoModelFactory):
    class Meta:
        model = ConflictLook

    client = factory.SelfAttribute("check_of.client")


class AReferral(factory.django.DjangoModelFactory):
    class Meta:
        model = Referral

    client = factory.SelfAttribute("inquiry.client")
    referrer = factory.SubFactory(AReferrer)
    shared = factory.LazyFunction(lambda: ["NAME"])
    agreed_on = NOW.date()
    agreed_how = Referral.How.SAID
    at = NOW
