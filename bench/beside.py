"""What stands beside the diary: hours, what is offered, who waits, who asked, standing slots.

Rows as actions leave them, as in ``bulk``; the same few however large the practice is.
"""

from datetime import date, time, timedelta
from typing import Any

WAITING, FREE, ASKING, STANDING = 60, 10, 60, 40
HOURS = time(8), time(18)
FRONT, MARA = "front@bench.invalid", "mara@bench.invalid"


def offered(ana: Any, client: Any) -> None:
    """Ana's hours and one type that ``client``, who has a key to the portal, may book."""
    from tests.factories import AnAccount, AStretch, AType

    from rapport.meeting.models import Diary, SelfBooking
    from rapport.people.models import Account, Client

    account = AnAccount(realm=Account.Realm.PORTAL, email=MARA)
    Client.objects.filter(pk=client.pk).update(account=account)
    Diary.objects.create(
        staff=ana, horizon_days=120, notice_minutes=60, buffer_before=5, buffer_after=5
    )
    for weekday in range(1, 6):
        AStretch(staff=ana, weekday=weekday, from_at=HOURS[0], until_at=HOURS[1])
    AType(name="Session", bookers=["ACTIVE", "PUBLIC"]).clinicians.set([ana])
    SelfBooking.objects.create(most_ahead=50)


def at_the_front(house: Any) -> None:
    """Somebody at the front desk."""
    from tests.factories import Colleague

    Colleague(roles=["FRONT_DESK"], at=[house], account__email=FRONT)


def waiting(clients: list[Any], ana: Any) -> None:
    """Who waits, and hours that fell free in the coming weeks."""
    from tests.factories import AFreedHour, AWaitingEntry

    from rapport.core import time as clock

    now = clock.now()
    for n, client in enumerate(clients[:WAITING]):
        soon = clock.today() + timedelta(weeks=6)
        AWaitingEntry(client=client, since=now - timedelta(days=n), confirmed_at=now,
                      confirm_on=soon)  # fmt: skip
    for n in range(FREE):
        start = clock.day_bounds(clock.today() + timedelta(n + 3))[0] + timedelta(hours=19)
        AFreedHour(clinician=ana, starts_at=start, freed_at=now, could_take=1)


def inquiries(house: Any, ana: Any) -> None:
    """Who asked and was not answered yet, some with something to do."""
    from tests.factories import AnInquiry, AnInquiryTask, ClientOf

    from rapport.core import time as clock

    now, today = clock.now(), clock.today()
    for n in range(ASKING):
        asks = ClientOf(status="INQUIRY", place=house)
        at = now - timedelta(hours=5 * n)
        one = AnInquiry(client=asks, responsible=ana, received_at=at, stage_since=at)
        if n % 3 == 0:
            AnInquiryTask(inquiry=one, whose=ana, due_on=today + timedelta(n % 5), made_at=now)


def standing(clients: list[Any], staff: list[Any], first: date) -> None:
    """Standing slots in the evening, made for a year, each by its own action."""
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.series import actions
    from rapport.meeting.series.rules import Rule

    monday = first + timedelta(7 - first.weekday())
    for n, client in enumerate(clients[:STANDING]):
        turn, who = divmod(n, len(staff))
        wanted = actions.Wanted(clinician=staff[who], rule=Rule("WEEKLY"),
                                starts_on=monday + timedelta(turn % 5), at=time(20))  # fmt: skip
        actions.begin(by=System("bench"), client=client, wanted=wanted, now=clock.now())


def reminding() -> None:
    """The practice reminds, a day before."""
    from rapport.contact.models import Reminding
    from rapport.core import time as clock

    Reminding.objects.create(changed_at=clock.now())
