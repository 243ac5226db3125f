"""Who takes the last of something: a clinician with hours, and a client who books by themselves."""

from rapport.meeting.models import Diary
from rapport.people.models import Account
from tests.factories import AnAccount, AStretch, ClientOf, Colleague


def treating(*places):
    one = Colleague(at=list(places))
    Diary.objects.create(staff=one, horizon_days=365)
    AStretch(staff=one)
    return one


def booker(clinician, house):
    account = AnAccount(realm=Account.Realm.PORTAL)
    ClientOf(care_team=[clinician], place=house, account=account)
    return Account.objects.loaded().get(pk=account.pk)
