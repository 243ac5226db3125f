"""One client's way through the practice: admitted, met, asked, written about, discharged."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from rapport.demo import cast, courses, stories
from rapport.demo.cast import RISK, Person, Stay
from rapport.demo.courses import Contact, Course
from rapport.demo.founding import House
from rapport.people.accounts import actions as accounts
from rapport.people.circle import actions as circle
from rapport.people.circle import queries as around
from rapport.people.clients import actions as clients
from rapport.people.clients.models import RelatedPerson
from rapport.people.clients.queries import hold_team
from rapport.people.consents import actions as consents
from rapport.people.consents.models import Consent
from rapport.people.episodes import actions as episodes

REFERRED = ("SELF", "DOCTOR", "FAMILY", "COLLEAGUE", "SELF", "HOSPITAL", "DOCTOR")


@dataclass
class Case:
    """A client of the demo, and what is known of them while it is being made."""

    house: House
    n: int
    person: Person
    seed: int
    client: Any = None
    open: Any = None
    series: Any = None  # their standing slot
    part: str = ""  # what is different about it: TURNS of rooms, or it RESTS
    courses: list[Course] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.seed} case {self.n}")  # noqa: S311  invention

    @property
    def staff(self) -> Any:
        """Who treats them."""
        return self.house.staff[self.person.clinician]

    @property
    def carer(self) -> Any:
        """The account of whoever treats them."""
        return self.staff.account

    @property
    def supervised(self) -> bool:
        return self.staff.has("INTERN")

    def lay(self) -> None:
        """Give each stretch of care its days."""
        treated = self.person.status not in ("WAITING", "INQUIRY")
        if not (treated and self.person.alone):
            return
        diary = self.house.diaries[self.person.clinician]
        for stay in self.person.stays:
            self.courses.append(courses.lay(
                self.person, self.n, stay, diary, intern=self.supervised, seed=self.seed
            ))  # fmt: skip

    def day(self, ago: int) -> date:
        return self.house.shape.today - timedelta(days=ago)

    def office(self, day: date) -> datetime:
        """Some moment of that day's office hours; of today's, one that is over."""
        hour = self.house.shape.at(day, 0) + timedelta(minutes=self.dice.randint(5, 240))
        return min(hour, self.house.shape.now - timedelta(minutes=self.dice.randint(30, 90)))

    @property
    def admitted(self) -> datetime:
        """When they came here."""
        first = self.person.stays[0].since if self.person.stays else min(self.n, 20)
        opened = self.house.shape.at(self.day(first), 0)
        return min(opened, self.house.shape.now - timedelta(hours=2))

    @property
    def forgotten(self) -> str:
        """A consent that nobody asked for, of one client in seven."""
        return "PRIVACY" if self.n % 7 == 5 else ""

    # Coming and going ---------------------------------------------------------------------

    def plan(self, days: Any) -> None:
        """Admission, consents, stretches of care."""
        opened = self.admitted
        days.at(opened, self.admit, "clients")
        for stay in self.person.stays:
            begins = min(self.house.shape.at(self.day(stay.since), 0) + timedelta(minutes=20),
                         self.house.shape.now - timedelta(minutes=100))  # fmt: skip
            days.at(begins, lambda now, stay=stay: self._begin(stay))
            if stay.until is not None:
                ends = self.house.shape.at(self.day(stay.until), 9, 30)
                ends = min(ends, self.house.shape.now - timedelta(minutes=5))
                days.at(ends, lambda now, stay=stay: self._end(stay))
        if self.person.stays:
            self._consents(days, self.day(self.person.stays[0].since), opened)

    def admit(self, now: datetime) -> None:
        person, by, n = self.person, self.house.by, self.n
        self.client = client = clients.admit(
            by=by, legal_name=person.name, preferred_name=person.preferred, kind=person.kind,
            status="INQUIRY", pronouns=person.pronouns, place=self.house.place(person.clinician),
            birth_on=None if person.kind in ("COUPLE", "FAMILY") else person.born,
            clinician=self.staff, now=now, languages=list(cast.SPEAK.get(n, ())),
            remark="Prefers a call in the evening." if n % 5 == 0 else "",
        )  # fmt: skip
        self._reach(by)
        if person.restricted:
            clients.restrict(by=by, client=client, restricted=True)
        if n == 0:
            client.account = accounts.open_(by=by, email="mara@demo.invalid", realm="PORTAL")
        client.status = person.status
        client.save(update_fields=["account", "status"])
        hold_team(client, list(client.care_team.all()))

    def _reach(self, by: Any) -> None:
        person, client, n = self.person, self.client, self.n
        circle.add_contact(
            by=by, client=client, kind="PHONE", value=person.phone, label="mobile",
            safe_to_message=n % 3 != 0 or n == RISK, safe_to_text=not cast.no_texts(n),
        )  # fmt: skip
        if n % 2 == 0:
            circle.add_contact(
                by=by, client=client, kind="MAIL", value=person.mail, safe_to_write=True
            )  # fmt: skip
        if n % 4 == 0 or n == RISK or person.kind == "MINOR":
            minor = person.kind == "MINOR"
            circle.add_related(
                by=by, client=client, relation="PARENT" if minor else "PARTNER",
                name=f"Alex {person.name.split()[-1]}", reach_at=person.phone, emergency=True,
                may_know="CARE" if minor else "NOTHING", safe_to_write=minor,
                mail=f"alex.{n}@demo.invalid" if minor else "",
            )  # fmt: skip

    def _begin(self, stay: Stay) -> None:
        modality = ""
        if self.courses:
            modality = self.courses[self.person.stays.index(stay)].story.modality
        self.open = episodes.open_(
            by=self.house.by, client=self.client, responsible=self.staff, on=self.day(stay.since),
            problem=stay.problem, modality=modality,
            referral_source=REFERRED[self.n % len(REFERRED)],
            first_contact_on=self.day(stay.since) - timedelta(days=cast.waited(self.n)),
        )  # fmt: skip

    def _end(self, stay: Stay) -> None:
        assert stay.until is not None
        episodes.close(
            by=self.house.by, client=self.client, episode=self.open, on=self.day(stay.until),
            reason=stay.ended,
        )  # fmt: skip

    @property
    def agrees(self) -> RelatedPerson | None:
        """Who agrees for a minor."""
        if self.person.kind != "MINOR":
            return None
        return next(iter(around.agreeing(by=self.house.by, client=self.client)), None)

    def _consents(self, days: Any, since: date, opened: datetime) -> None:
        fits = [one for one in stories.consents() if self.person.kind in one.kinds]
        pattern = fits[self.n % len(fits)] if fits else None
        for paper in pattern.papers if pattern else ():
            if paper.kind not in Consent.Kind.values or (paper.kind == self.forgotten):
                continue
            at = max(self.office(since + timedelta(days=paper.after)),
                     opened + timedelta(minutes=40))  # fmt: skip
            if since + timedelta(days=paper.after) > self.house.shape.today:
                continue
            kept: dict[str, Any] = {}
            days.at(at, lambda now, paper=paper, kept=kept: kept.update(row=consents.note(
                by=self.carer, client=self.client, kind=paper.kind, version=paper.version,
                given_on=now.astimezone(self.house.shape.zone).date(), how=paper.given, now=now,
                person=self.agrees,
            )), "consents")  # fmt: skip
            gone = since + timedelta(days=paper.withdrawn_after)
            if paper.withdrawn_after and gone < self.house.shape.today:
                days.at(max(self.office(gone), at), lambda now, kept=kept: consents.withdraw(
                    by=self.carer, client=self.client, consent=kept["row"],
                    on=now.astimezone(self.house.shape.zone).date(),
                ))  # fmt: skip

    @property
    def contacts(self) -> list[Contact]:
        """Everything that was or is to come, in order."""
        return [one for course in self.courses for one in course.contacts]
