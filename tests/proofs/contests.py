"""Ways in which ten want what one can have: who takes part, and what they contest.

Every contest has hours of its own, so that at the end each hour can be asked who has it.
"""

import uuid
from dataclasses import dataclass
from datetime import time as dawn
from datetime import timedelta

from django.db.models import Count

from rapport.core import time
from rapport.core.policy import System
from rapport.meeting.appointments import holding
from rapport.meeting.models import Appointment, Diary, Hold, Occupancy, SelfBooking, WaitingSettings
from rapport.meeting.series import actions as series
from rapport.meeting.series.rules import Rule
from rapport.meeting.waiting import answering, offering
from rapport.people.models import Account, GroupMember
from tests.factories import (
    AFreedHour,
    AnAccount,
    AnAppointment,
    AnEquipment,
    APlace,
    APractice,
    ARoom,
    AStretch,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

from .attempts import Attempt

RIVALS = 10  # for one hour
BY = System("proof")
WEEKS = 3  # of a standing slot
LASTS = timedelta(minutes=50)
BEFORE = timedelta(days=500)  # ahead: where stands what is moved


@dataclass
class Contest:
    """What is wanted by all: the time of one clinician, client, room or piece of equipment, at each
    of ``hours``."""

    attempts: list[Attempt]
    kind: str
    thing: uuid.UUID
    hours: list
    same: bool = False  # one form sent again: everybody is told yes

    def who_has_it(self):
        """How many appointments hold each of its hours; by a query, whatever was answered."""
        held = Occupancy.objects.filter(kind=self.kind, thing=self.thing).exclude(appointment=None)
        return [
            held.between(start, end).aggregate(n=Count("appointment", distinct=True))["n"]
            for start, end in self.hours
        ]


@dataclass
class House:
    """Everybody who takes part."""

    desk: Account
    clinicians: list
    clients: list
    others: list  # whose standing slots are changed
    phones: list
    couple: object
    rooms: list
    offered: object
    roomed: object  # the same where a room is free
    place: object
    piece: object  # of equipment, the only one
    flown: object  # the same where it is free


def house(attempts):
    """Eleven clinicians, ten clients and ten others, rooms, a couple, and who books for all."""
    APractice()
    place = APlace()
    clinicians = [Colleague(at=[place]) for _ in range(RIVALS + 1)]
    accounts = [AnAccount(realm=Account.Realm.PORTAL) for _ in range(RIVALS)]
    clients = [ClientOf(care_team=[one], place=place, account=account)
               for one, account in zip(clinicians, accounts, strict=False)]  # fmt: skip
    for one in clinicians:
        Diary.objects.create(staff=one, notice_minutes=0, horizon_days=3650, keeps_holidays=False)
        for weekday in range(1, 8):
            AStretch(staff=one, weekday=weekday, from_at=dawn(0, 0), until_at=dawn(23, 59))
    SelfBooking.objects.create(any_clinician=True, most_ahead=attempts)
    WaitingSettings.objects.create(most_at_once=RIVALS, answer_minutes=2880)
    couple = ClientOf(kind="COUPLE", care_team=clinicians[:1], place=place)
    for member in clients[:2]:
        GroupMember.objects.create(client=couple, member=member)
    phones = Account.objects.in_bulk([one.pk for one in accounts])
    return House(
        desk=Colleague(roles=["FRONT_DESK"], at=[place]).account, clinicians=clinicians,
        clients=clients, others=[ClientOf(place=place) for _ in range(RIVALS)],
        phones=[phones[one.pk] for one in accounts], couple=couple,
        rooms=[ARoom(place=place) for _ in range(RIVALS)], place=place,
        offered=AType(bookers=["ACTIVE", "PUBLIC"]),
        roomed=AType(bookers=["ACTIVE"], needs_room=True), piece=AnEquipment(place=place),
        flown=AType(bookers=["ACTIVE"], equipment=["VR headset"]),
    )  # fmt: skip


# When ---------------------------------------------------------------------------------------


def hour_of(n):
    """When the n-th contest is about."""
    day, hour = divmod(n, 12)
    midnight = time.day_bounds(time.today() + timedelta(days=day + 1))[0]
    return midnight + timedelta(hours=2 * hour)


def standing_hour(n):
    """When the first day of a standing slot is that the n-th contest is about: between those."""
    week, turn = divmod(n, 84)
    return hour_of(turn) + timedelta(weeks=WEEKS * week, hours=1)


def weekly(start):
    """A standing slot's hours."""
    return [(start + timedelta(weeks=n), start + timedelta(weeks=n) + LASTS) for n in range(WEEKS)]


# One attempt --------------------------------------------------------------------------------


def when(start):
    return {"on": f"{start:%Y-%m-%d}", "at": f"{start:%H:%M}", "minutes": "50", "way": "HERE"}


def where(room):
    return {"where": f"room:{room.pk}" if room is not None else ""}


def want(house, n, *, client, clinician=0, room=None, at=None, once="", way="send"):
    """The desk books."""
    form = when(at or hour_of(n)) | where(room) | {
        "kind": "SESSION", "video_url": "", "once": str(once),
        "clinician": str(house.clinicians[clinician].pk),
    }  # fmt: skip
    return Attempt(n, way, f"/desk/calendar/book/?client={client.pk}", form)


def button(clinician, start):
    return f"{start:%Y-%m-%dT%H:%M}+00:00|{clinician.pk}"


def keep(house, n, k, way="keep"):
    """A client in the portal keeps the hour, and takes it or lets it go."""
    start = {"start": button(house.clinicians[0], hour_of(n))}
    return Attempt(n, way, f"/portal/book/{house.offered.pk}/?zone=UTC", start, house.phones[k],
                   then=button(house.clinicians[k], hour_of(n) + BEFORE))  # fmt: skip


def keep_with(house, n, k, type):
    """The same with a clinician of their own, where only what meetings share is scarce."""
    start = {"start": button(house.clinicians[k], hour_of(n))}
    return Attempt(n, "keep", f"/portal/book/{type.pk}/?zone=UTC", start, house.phones[k],
                   then=button(house.clinicians[k], hour_of(n) + BEFORE))  # fmt: skip


def ask(house, n, k):
    """A stranger at the public door asks for it; each comes from elsewhere."""
    form = {"start": button(house.clinicians[0], hour_of(n)), "name": f"Stranger {n} {k}",
            "mail": f"s{n}x{k}@example.org", "may_contact": "on",
            "from": f"10.{n // 250}.{n % 250}.{k}"}  # fmt: skip
    return Attempt(n, "ask_first", f"/first/{house.offered.pk}/?zone=UTC", form)


def stand(house, n, *, client, clinician=0, rooms=(None, None), once=""):
    """The desk begins a standing slot."""
    form = when(standing_hour(n)) | where(rooms[0]) | {
        "every": "1", "often": "WEEKLY", "times": str(WEEKS), "holidays": "KEEP",
        "kind": "SESSION", "clinician": str(house.clinicians[clinician].pk), "once": str(once),
        "then": f"room:{rooms[1].pk}" if rooms[1] is not None else "",
    }  # fmt: skip
    return Attempt(n, "send", f"/desk/clients/{client.pk}/standing/", form)


def move(house, n, k):
    """The desk moves a meeting, which stands elsewhere, to the hour."""
    clinician, client = house.clinicians[k], house.clients[k]
    start = hour_of(n) + BEFORE
    stands = AnAppointment(client=client, clinician=clinician, starts_at=start,
                           ends_at=start + LASTS, place=house.place)  # fmt: skip
    form = when(hour_of(n)) | where(None) | {
        "clinician": str(house.clinicians[0].pk), "revision": str(stands.revision),
    }  # fmt: skip
    return Attempt(n, "send", f"/desk/appointments/{stands.pk}/move/", form)


def follow(house, n, k):
    """The desk changes this meeting of a standing slot and all that follow, to one clinician."""
    start, other = standing_hour(n), house.clinicians[k + 1]
    wanted = series.Wanted(
        clinician=other, rule=Rule("WEEKLY", times=WEEKS), starts_on=start.date(),
        at=start.time(), holidays="KEEP",
    )  # fmt: skip
    made = series.begin(by=BY, client=house.others[k], wanted=wanted, now=time.now())
    first = Appointment.objects.filter(series=made).earliest("starts_at")
    form = when(start) | where(None) | {
        "clinician": str(house.clinicians[0].pk), "revision": str(first.revision),
        "series_revision": str(made.revision), "scope": "FOLLOWING",
    }  # fmt: skip
    return Attempt(n, "send", f"/desk/appointments/{first.pk}/move/", form)


# What is contested --------------------------------------------------------------------------


def at_one_hour(house, n, attempts, kind="CLINICIAN", thing=None, same=False, lasts=LASTS):
    thing = thing or house.clinicians[0].pk
    return Contest(attempts, kind, thing, [(hour_of(n), hour_of(n) + lasts)], same)


def at_standing_hours(house, n, attempts, kind="CLINICIAN", thing=None, same=False, only=None):
    hours = weekly(standing_hour(n))
    thing = thing or house.clinicians[0].pk
    return Contest(attempts, kind, thing, hours[only : only + 1] if only else hours, same)


def ran_out(house, n):
    """Time that somebody kept and did not take in time; nobody has looked since."""
    start, ago = hour_of(n), time.now() - timedelta(minutes=1)
    hold = Hold(clinician=house.clinicians[0], client=house.clients[0], way="HERE",
                starts_at=start, ends_at=start + LASTS, made_at=ago, expires_at=ago)  # fmt: skip
    holding.keep(hold, holding.things([house.clients[0].pk], house.clinicians[0].pk, None))


def fill(house, n, room):
    """Every other room is kept for somebody."""
    start, now = hour_of(n), time.now()
    hold = Hold(clinician=house.clinicians[-1], way="HERE", starts_at=start, ends_at=start + LASTS,
                made_at=now, expires_at=now + timedelta(days=1))  # fmt: skip
    holding.keep(hold, [("ROOM", one.pk) for one in house.rooms if one != room])


def offers(house, n):
    """An hour that fell free is offered to ten who wait; each has a link."""
    for _ in range(RIVALS):
        AWaitingEntry(client=ClientOf(care_team=house.clinicians[:1], place=house.place))
    hour = AFreedHour(clinician=house.clinicians[0], starts_at=hour_of(n), place=house.place,
                      ways=["HERE", "VIDEO", "PHONE"])  # fmt: skip
    offering.offer(by=BY, hour=hour, now=time.now(), how="AT_ONCE")
    asked = hour.offers.filter(state="OFFERED")
    paths = [answering.link(by=BY, offer=one) for one in asked]
    return [Attempt(n, "accept", path, {"answer": "yes"}) for path in paths]


def contests(house):
    """Every contest by its name: what makes the n-th of it."""
    ten, clients, rooms = range(RIVALS), house.clients, house.rooms
    hour, weeks = at_one_hour, at_standing_hours

    def booked(n, ks=ten, **given):
        return [want(house, n, client=clients[k], **given) for k in ks]

    def kept(n, ks=ten):
        return [keep(house, n, k) for k in ks]

    def asked(n, ks=ten):
        return [ask(house, n, k) for k in ks]

    def begun(n, ks=ten):
        return [stand(house, n, client=clients[k]) for k in ks]

    def one_client(n):
        first = clients[0]
        rivals = [want(house, n, client=first, clinician=k) for k in ten]
        return hour(house, n, rivals, "CLIENT", first.pk)

    def one_room(n):
        room = rooms[n % RIVALS]
        rivals = [want(house, n, client=clients[k], clinician=k, room=room) for k in ten]
        return hour(house, n, rivals, "ROOM", room.pk)

    def last_room(n):
        room = rooms[n % RIVALS]
        fill(house, n, room)
        desk = [want(house, n, client=clients[k], clinician=k, room=room) for k in ten[5:]]
        rivals = [*(keep_with(house, n, k, house.roomed) for k in ten[:5]), *desk]
        return hour(house, n, rivals, "ROOM", room.pk)

    def last_piece(n):
        rivals = [keep_with(house, n, k, house.flown) for k in ten]
        return hour(house, n, rivals, "EQUIPMENT", house.piece.pk)

    def a_couple(n):
        who = [house.couple if k % 2 else clients[0] for k in ten]
        rivals = [want(house, n, client=who[k], clinician=k) for k in ten]
        return hour(house, n, rivals, "CLIENT", clients[0].pk)

    def crosswise(n):
        room = rooms[n % RIVALS]
        rivals = [want(house, n, client=clients[k % 2], clinician=1 - k % 2, room=room)
                  for k in ten]  # fmt: skip
        return hour(house, n, rivals, "ROOM", room.pk)

    def overlapping(n):
        minutes = [timedelta(minutes=k) for k in ten]  # all within the hour: the next is another's
        rivals = [want(house, n, client=clients[k], at=hour_of(n) + minutes[k]) for k in ten]
        return hour(house, n, rivals, lasts=LASTS + minutes[-1])

    def given_up(n):
        patient = want(house, n, client=clients[0], way="send_until_it_is_had")
        return hour(house, n, [patient, *(keep(house, n, k, "let_go") for k in ten[1:])])

    def over(n):
        ran_out(house, n)
        return hour(house, n, [*booked(n, ten[:5]), *kept(n, ten[5:])])

    def among_bookings(n):
        second = standing_hour(n) + timedelta(weeks=1)
        rivals = [*begun(n, ten[:5]), *booked(n, ten[5:], at=second)]
        return weeks(house, n, rivals, only=1)

    def in_turn(n):
        rivals = [stand(house, n, client=clients[k], clinician=k, rooms=rooms[:2]) for k in ten]
        return weeks(house, n, rivals, "ROOM", rooms[1].pk, only=1)

    return {
        "one clinician": lambda n: hour(house, n, booked(n)),
        "one client": one_client,
        "one room": one_room,
        "the last room": last_room,
        "the last piece of equipment": last_piece,
        "a couple and one of it": a_couple,
        "overlapping hours": overlapping,
        "a room crosswise": crosswise,
        "holds alone": lambda n: hour(house, n, kept(n)),
        "holds and bookings": lambda n: hour(house, n, [*kept(n, ten[::2]), *booked(n, ten[1::2])]),
        "holds that are given up": given_up,
        "a hold that ran out": over,
        "strangers": lambda n: hour(house, n, asked(n)),
        "strangers, clients and the desk": lambda n: hour(
            house, n, [*asked(n, ten[:4]), *kept(n, ten[4:7]), *booked(n, ten[7:])]
        ),
        "standing slots": lambda n: weeks(house, n, begun(n)),
        "standing slots and bookings": among_bookings,
        "rooms in turn": in_turn,
        "moves": lambda n: hour(house, n, [move(house, n, k) for k in ten]),
        "moves and bookings": lambda n: hour(
            house, n, [*(move(house, n, k) for k in ten[:5]), *booked(n, ten[5:])]
        ),
        "this and following": lambda n: weeks(house, n, [follow(house, n, k) for k in ten]),
        "offers": lambda n: hour(house, n, offers(house, n)),
        "one form sent ten times": lambda n: hour(
            house, n, booked(n, [0], once=uuid.UUID(int=n + 1)) * RIVALS, same=True
        ),
        "one standing slot sent ten times": lambda n: weeks(
            house, n, [stand(house, n, client=clients[0], once=uuid.UUID(int=n + 1))] * RIVALS,
            same=True,
        ),
        "one client ten times": lambda n: hour(house, n, kept(n, [0] * RIVALS)),
    }  # fmt: skip
