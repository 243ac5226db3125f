"""The day sheet: what is in it, for whom, and that nobody reads it without the passphrase."""

import base64
import re
from datetime import date, timedelta
from html import unescape

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings
from django.utils import translation

from rapport.core import policy, practice, time, vault
from rapport.core.jobs import run_due
from rapport.core.keys import KeyProblem
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.meeting.day_sheet import actions, folder, jobs, page, queries, rules
from rapport.meeting.models import DaySheet, Diary
from rapport.people.models import BreakGlass, CareTeamMember, GroupMember, Practice, Staff
from rapport.people.practice.queries import remember_zone
from rapport.people.staff import actions as staffing
from tests.factories import (
    NOW,
    AContact,
    ADaySheet,
    AnAppointment,
    APlace,
    APractice,
    ARelatedPerson,
    ARoom,
    ASheet,
    AType,
    ClientOf,
    Colleague,
    SupervisedBy,
)

from .sealed import opened, parts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time.at(NOW):
        yield


@pytest.fixture
def house():
    APractice(time_zone="Europe/Berlin")
    remember_zone("Europe/Berlin")
    yield APlace(name="Birch Street")
    remember_zone("UTC")


@pytest.fixture
def ana(house):
    return Colleague(display_name="Ana Ferreira", at=[house])


@pytest.fixture
def fay(house):
    return Colleague(display_name="Fay Desk", roles=["FRONT_DESK"], at=[house])


@pytest.fixture
def mara(ana, house):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=house)
    AContact(client=mara, plain="+4930901820;12", safe_to_message=True)
    AContact(client=mara, kind="MAIL", value="mara@example.net", safe_to_write=True)
    AContact(client=mara, kind="MAIL", value="shared@example.net")
    ARelatedPerson(client=mara, name="Jon Lindgren", reach="+49 30 1111", emergency=True)
    ARelatedPerson(client=mara, name="Nobody Called", reach="+49 30 2222")
    return mara


def met(client, clinician, **given):
    return AnAppointment(client=client, clinician=clinician, place=client.place, **given)


def read(staff, **given):
    """What is sealed in the sheet of ``staff``, as words a reader sees."""
    said = actions.make_passphrase(by=staff.account, now=NOW)
    if given:
        usual = {"days": 7, "names": "FULL", "reach": True}
        actions.choose(by=staff.account, **usual | given)
    made = actions.fetch(by=staff.account, now=NOW)
    return words(opened(*parts(made.content), said))


def words(html):
    read = unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))
    return re.sub(r" ([,:])", r"\1", read)


# What is in it ----------------------------------------------------------------------------


def test_it_shows_when_how_long_who_where_what_and_how_to_reach_them(ana, mara):
    room = ARoom(place=mara.place, name="Blue room")
    met(mara, ana, room=room, type=AType(name="Long session"), starts_at=NOW + HOUR,
        ends_at=NOW + HOUR + timedelta(minutes=80), confirmed_at=NOW)  # fmt: skip

    said = read(ana)
    assert "Monday, 7 January" in said
    assert ("11 a.m. 80 min Mara Lindgren booked · confirmed Long session · in person · "
            "Blue room · Birch Street") in said  # fmt: skip
    assert "+49 30 901820 safe to leave a message · do not text" in said
    assert "mara@example.net" in said
    assert "In an emergency: Jon Lindgren (partner) · +49 30 1111 may know: nothing" in said
    assert "Times are those of Europe/Berlin." in said


def test_a_mail_address_that_is_not_safe_and_whoever_is_not_for_emergencies_stay_out(ana, mara):
    met(mara, ana)
    said = read(ana)

    assert "shared@example.net" not in said
    assert "Nobody Called" not in said


def test_a_number_dials_with_its_extension(ana, mara):
    met(mara, ana)
    said = actions.make_passphrase(by=ana.account, now=NOW)
    html = opened(*parts(actions.fetch(by=ana.account, now=NOW).content), said)

    assert 'href="tel:+4930901820;ext=12"' in html


def test_it_shows_today_and_the_days_after_as_many_as_were_chosen(ana, mara):
    for days in (-1, 0, 6, 7, 13):
        met(mara, ana, starts_at=NOW + timedelta(days=days))

    assert re.findall(r"(\d+) January 2030|, (\d+) January", read(ana)).count(("", "13")) == 1
    assert read(ana).count("Mara Lindgren") == 2
    assert read(ana, days=8).count("Mara Lindgren") == 3
    assert read(ana, days=14).count("Mara Lindgren") == 4
    assert read(ana, days=1).count("Mara Lindgren") == 1
    assert read(ana, days=14).count("No meetings.") == 10


def test_a_day_is_the_practices_day(ana, mara):
    met(mara, ana, starts_at=NOW.replace(hour=23, minute=30) - timedelta(days=1))
    met(mara, ana, starts_at=NOW.replace(hour=23, minute=30))
    shown = read(ana, days=1)

    assert shown.count("Mara Lindgren") == 1
    assert "12:30 a.m." in shown


def test_what_was_called_off_is_not_in_it_and_what_is_asked_for_says_so(ana, mara):
    met(mara, ana, status="CANCELLED", cancelled_by="CLIENT")
    met(mara, ana, status="REQUESTED", starts_at=NOW + 2 * HOUR)
    said = read(ana)

    assert said.count("Mara Lindgren") == 1
    assert "asked for" in said
    assert "cancelled" not in said


def test_initials_and_no_numbers_where_that_was_chosen(ana, mara):
    met(mara, ana)
    met(ClientOf(legal_name="1234", care_team=[ana]), ana, starts_at=NOW + HOUR)

    said = read(ana, names="INITIALS")
    assert "M. L." in said
    assert "– booked" in said
    assert "Lindgren" not in said
    assert "In an emergency: partner · +49 30 1111" in said
    bare = read(ana, names="INITIALS", reach=False)
    assert "+49" not in bare
    assert "@" not in bare
    assert "emergency" not in bare


def test_the_way_to_a_meeting_by_video_is_in_ones_own_sheet_alone(ana, fay, mara):
    Diary.objects.create(staff=ana, video_url="https://video.example/ana")
    met(mara, ana, way="VIDEO")

    assert "https://video.example/ana" in read(ana)
    assert "video.example" not in read(fay)


def test_a_couple_is_reached_by_its_members(ana, house):
    couple = ClientOf(legal_name="The Webers", kind="COUPLE", care_team=[ana], place=house)
    for name, number in (("Jo Weber", "+49 30 5"), ("Kim Weber", "+49 30 6")):
        member = ClientOf(legal_name=name, care_team=[ana], place=house)
        AContact(client=member, value=number)
        ARelatedPerson(client=member, name=f"Aunt of {name}", emergency=True)
        GroupMember.objects.create(client=couple, member=member)
    unseen = ClientOf(legal_name="Lee Weber")
    AContact(client=unseen, value="+49 30 7")
    GroupMember.objects.create(client=couple, member=unseen)
    met(couple, ana)
    said = read(ana)

    assert "Jo Weber: +49 30 5" in said
    assert "Kim Weber: +49 30 6" in said
    assert "Aunt of Jo Weber" in said
    assert "Lee" not in said
    assert "+49 30 7" not in said


def test_it_speaks_its_owners_language_else_the_practices(ana, mara):
    Practice.objects.update(locale="ar")
    with translation.override("en"):
        said = actions.make_passphrase(by=ana.account, now=NOW)
        assert '<html lang="ar" dir="rtl">' in actions.fetch(by=ana.account, now=NOW).content
        ana.account.language = "de"
        assert '<html lang="de" dir="ltr">' in page.made(
            by=ana.account, sheet=queries.of(by=ana.account), now=NOW
        )
    assert said


# For whom ---------------------------------------------------------------------------------


def test_who_treats_sees_their_own_meetings_and_the_front_desk_those_of_its_places(ana, fay, mara):
    ben = Colleague(display_name="Ben Ode", at=[mara.place])
    bens = ClientOf(legal_name="Noa Ode", care_team=[ben], place=mara.place)
    far = ClientOf(legal_name="Far Away", care_team=[ana])
    met(mara, ana)
    met(bens, ben)
    met(far, ana, starts_at=NOW + HOUR)

    own, desk = read(ana), read(fay)
    assert [n for n in ("Mara", "Noa", "Far") if n in own] == ["Mara", "Far"]
    assert [n for n in ("Mara", "Noa", "Far") if n in desk] == ["Mara", "Noa"]
    assert desk.index("Ana Ferreira") < desk.index("Ben Ode")


def test_a_supervisor_takes_along_no_meeting_of_others(ana, mara):
    vera = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=vera, supervisee=ana)
    met(mara, ana)

    assert "Mara" not in read(vera)


def test_a_restricted_client_is_in_the_care_teams_sheet_alone(ana, fay, mara):
    mara.restricted = True
    mara.save()
    met(mara, ana)

    assert "Mara" in read(ana)
    assert "Mara" not in read(fay)


def test_what_is_open_for_an_hour_alone_is_not_taken_along(ana, mara):
    ben = Colleague()
    met(mara, ben)
    with time.at(NOW - timedelta(minutes=30)):
        glass = BreakGlass(staff=ben, client=mara, opened_at=NOW - timedelta(minutes=30),
                           closes_at=NOW + timedelta(minutes=30), reason="x")  # fmt: skip
        glass.save()
    assert type(mara).objects.visible_to(ben.account).exists()

    assert "Mara" not in read(ben, days=1)


def test_a_meeting_of_a_client_whom_one_treats_no_more_is_not_in_it(ana, mara):
    met(mara, ana)
    CareTeamMember.objects.update(until_on=NOW.date())

    assert "Mara" not in read(ana)


def test_the_front_desk_sees_neither_emergency_contacts_nor_anything_clinical(ana, fay, mara):
    mara.remark = "wept at the door"
    mara.save()
    ASheet(client=mara)
    met(mara, ana)
    said = read(fay)

    assert "Mara Lindgren" in said
    assert "+49 30 901820" in said
    for kept_in in ("Jon Lindgren", "wept", "PHQ", "emergency"):
        assert kept_in not in said


def test_a_front_desk_that_treats_sees_whom_to_call_for_its_own_clients_alone(house, mara, ana):
    both = Colleague(roles=["FRONT_DESK", "CLINICIAN"], at=[house])
    own = ClientOf(legal_name="Own Client", care_team=[both], place=house)
    ARelatedPerson(client=own, name="Call Me", emergency=True)
    CareTeamMember.objects.create(client=mara, staff=both, from_on=date(2020, 1, 1))
    met(mara, ana)
    met(own, both, starts_at=NOW + HOUR)
    said = read(both)

    assert "Call Me" in said
    assert "Jon Lindgren" not in said


@pytest.mark.parametrize("roles", [["OWNER"], ["BILLER"]])
def test_others_have_none(house, roles):
    with pytest.raises(policy.Denied):
        actions.make_passphrase(by=Colleague(roles=roles, at=[house]).account, now=NOW)


def test_without_a_passphrase_there_is_no_file_and_nothing_to_choose(ana):
    with pytest.raises(actions.NoSheet, match="passphrase first"):
        actions.fetch(by=ana.account, now=NOW)
    with pytest.raises(actions.NoSheet):
        actions.choose(by=ana.account, days=7, names="FULL", reach=True)


def test_it_takes_as_many_statements_for_forty_meetings_as_for_two(
    ana, house, django_assert_num_queries
):
    ADaySheet(staff=ana)
    sheet = queries.everybodys()[0]

    def grown(most):
        for n in range(most):
            client = ClientOf(care_team=[ana], place=house, kind="ADULT" if n else "COUPLE")
            AContact(client=client)
            ARelatedPerson(client=client, emergency=True)
            GroupMember.objects.create(client=client, member=ClientOf(care_team=[ana]))
            met(client, ana, starts_at=NOW + n * HOUR + timedelta(days=most % 3))

    grown(2)
    with django_assert_num_queries(7):
        page.made(by=sheet.staff.account, sheet=sheet, now=NOW)
    grown(13)
    with django_assert_num_queries(7):
        page.made(by=sheet.staff.account, sheet=sheet, now=NOW)


# That nobody else reads it ----------------------------------------------------------------


def test_the_file_says_nothing_of_anybody_in_any_writing(ana, mara):
    Practice.objects.update(name="Practice by the river")
    met(mara, ana)
    actions.make_passphrase(by=ana.account, now=NOW)
    made = actions.fetch(by=ana.account, now=NOW)
    header, body = parts(made.content)
    raw = made.content.encode() + header + body
    told = ("Mara Lindgren", "Lindgren", "901820", "Jon Lindgren", "Ana Ferreira", "Birch Street",
            "by the river", "Europe/Berlin", str(mara.pk), str(ana.pk))  # fmt: skip
    for said in told:
        plain = said.encode()
        by_number = "".join(f"&#{ord(sign)};" for sign in said).encode()
        as_text = base64.b64encode(plain)[:-3]
        for written in (plain, said.encode("utf-16-le"), as_text, plain.hex().encode(), by_number):
            assert written not in raw, said
    assert made.name == "day-sheet-2030-01-07.html"
    assert "Mara" not in repr(made)


def test_nobody_opens_it_with_another_passphrase_or_after_a_change(ana, mara):
    met(mara, ana)
    said = actions.make_passphrase(by=ana.account, now=NOW)
    header, body = parts(actions.fetch(by=ana.account, now=NOW).content)
    assert "Mara" in opened(header, body, said)

    later = actions.make_passphrase(by=ana.account, now=NOW)
    for damaged in ((header, body, later), (header.replace(b"2030", b"2031"), body, said),
                    (header, body[:-1] + bytes([body[-1] ^ 1]), said)):  # fmt: skip
        with pytest.raises(InvalidTag):
            opened(*damaged)
    assert "Mara" in opened(*parts(actions.fetch(by=ana.account, now=NOW).content), later)


def test_the_passphrase_is_kept_nowhere(ana):
    said = actions.make_passphrase(by=ana.account, now=NOW).replace("-", "")
    row = DaySheet.objects.values_list().get()

    assert not any(said.encode() in bytes(v) for v in row if isinstance(v, (bytes, memoryview)))
    assert said not in str(row)
    assert queries.of(by=ana.account).lock().key not in bytes(DaySheet.objects.get().key)


def test_a_key_moved_to_another_persons_sheet_does_not_open(ana, fay):
    ADaySheet(staff=ana)
    other = ADaySheet(staff=fay)
    theirs = DaySheet.objects.get(staff=ana)
    DaySheet.objects.filter(pk=other.pk).update(key=theirs.key)

    with pytest.raises(KeyProblem):
        actions.fetch(by=fay.account, now=NOW)


def test_its_key_goes_along_when_the_practice_key_is_changed(ana, mara):
    met(mara, ana)
    said = actions.make_passphrase(by=ana.account, now=NOW)
    version = vault.rotate()

    assert DaySheet.objects.get().key_version == version == practice.current().keyring.version
    assert "Mara" in opened(*parts(actions.fetch(by=ana.account, now=NOW).content), said)


def test_a_name_is_never_markup(ana, house):
    met(ClientOf(legal_name="<b>&amp;</b><script>x</script>", care_team=[ana], place=house), ana)
    said = actions.make_passphrase(by=ana.account, now=NOW)
    html = opened(*parts(actions.fetch(by=ana.account, now=NOW).content), said)

    assert "<script" not in html
    assert "&lt;b&gt;&amp;amp;" in html


def test_its_own_policy_names_its_script_and_style_and_allows_nothing_else(ana):
    actions.make_passphrase(by=ana.account, now=NOW)
    made = actions.fetch(by=ana.account, now=NOW).content
    inline = re.search(r"<script>(.*?)</script>", made, re.S)[1]
    style = re.search(r"<style>(.*?)</style>", made, re.S)[1]
    rule = re.search(r'Content-Security-Policy" content="([^"]+)"', made)[1]

    assert rule == (
        f"default-src 'none'; script-src 'sha256-{page.digest(inline)}'; "
        f"style-src 'sha256-{page.digest(style)}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(
        r"\b(src|srcset|action|ping)=|url\(|@import|fetch\(|http", made.split("<header>")[1]
    )
    assert made.count("<script") == 2


# That it is recorded, written at night and goes with its owner ----------------------------


def trail(verb):
    return AuditEntry.objects.filter(verb=verb, allowed=True).order_by("number")


def test_every_night_each_sheet_is_written_whole_for_its_owner_alone(ana, fay, mara, tmp_path):
    met(mara, ana)
    said = actions.make_passphrase(by=ana.account, now=NOW)
    ADaySheet(staff=fay)
    here = tmp_path / "sheets"
    (tmp_path / "sheets").mkdir(mode=0o700)
    (here / "day-sheet-00000000.html").write_text("of somebody who left")
    (here / "letter.html").write_text("not ours")
    with override_settings(DAY_SHEETS=str(here)):
        jobs.write(now=NOW)
        jobs.write(now=NOW)

    mine = queries.of(by=ana.account)
    names = {rules.name_of_sheet(one.pk) for one in DaySheet.objects.all()}
    assert {path.name for path in here.iterdir()} == names | {"letter.html"}
    file = here / rules.name_of_sheet(mine.pk)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Mara" in opened(*parts(file.read_text()), said)
    assert mine.written_at == NOW == mine.made_at
    named = [e for e in trail("day_sheet.write") if ["people.client", str(mara.pk)] in e.subject]
    assert [e.by for e in named] == ["system:cron"] * 4  # each night for both who see her


def test_without_a_folder_nothing_is_written(ana):
    ADaySheet(staff=ana)
    jobs.write(now=NOW)

    assert DaySheet.objects.get().written_at is None


def test_a_sheet_that_cannot_be_made_holds_up_no_other_and_its_file_stays(ana, fay, tmp_path):
    broken, whole = ADaySheet(staff=ana), ADaySheet(staff=fay)
    DaySheet.objects.filter(pk=broken.pk).update(key=b"x" * 60)
    (tmp_path / rules.name_of_sheet(broken.pk)).write_text("of yesterday")

    with pytest.raises(ExceptionGroup) as wrong:
        folder.write_all(by=System("cli"), folder=tmp_path, now=NOW)
    assert len(wrong.value.exceptions) == 1
    assert (tmp_path / rules.name_of_sheet(broken.pk)).read_text() == "of yesterday"
    assert (tmp_path / rules.name_of_sheet(whole.pk)).exists()
    written = dict(DaySheet.objects.values_list("pk", "written_at"))
    assert written == {broken.pk: None, whole.pk: NOW}


def test_a_folder_that_is_not_there_is_not_made(ana, tmp_path):
    ADaySheet(staff=ana)
    with pytest.raises(FileNotFoundError):
        folder.write_all(by=System("cli"), folder=tmp_path / "unmounted", now=NOW)

    assert DaySheet.objects.get().written_at is None


def test_a_half_written_file_never_has_the_name(tmp_path, ana):
    sheet = ADaySheet(staff=ana)
    left = tmp_path / f".{rules.name_of_sheet(sheet.pk)}.part"
    left.write_text("a killed process left this")
    folder.write_all(by=System("cli"), folder=tmp_path, now=NOW)

    assert [path.name for path in tmp_path.iterdir()] == [rules.name_of_sheet(sheet.pk)]


def test_who_leaves_has_no_sheet_any_more(ana, fay, mara, tmp_path):
    olga = Colleague(roles=["OWNER"])
    gone, later = ADaySheet(staff=ana), ADaySheet(staff=fay)
    staffing.end(by=olga.account, staff=ana, on=NOW.date())
    staffing.end(by=olga.account, staff=fay, on=NOW.date() + timedelta(days=1))
    run_due(NOW, loud=True)
    assert list(DaySheet.objects.values_list("pk", flat=True)) == [later.pk]
    with time.at(NOW + timedelta(days=1)):
        folder.write_all(by=System("cli"), folder=tmp_path, now=NOW + timedelta(days=1))
    assert not DaySheet.objects.exists()
    assert list(tmp_path.iterdir()) == []
    assert gone.pk != later.pk


def test_who_has_another_role_now_gets_none_and_the_old_file_goes(ana, tmp_path):
    sheet = ADaySheet(staff=ana)
    file = tmp_path / rules.name_of_sheet(sheet.pk)
    file.write_text("of yesterday")
    Staff.objects.filter(pk=ana.pk).update(roles=["BILLER"])

    assert folder.write_all(by=System("cli"), folder=tmp_path, now=NOW) == 0
    assert not file.exists()


def test_ending_it_forgets_the_key(ana):
    ADaySheet(staff=ana)
    actions.end(by=ana.account)

    assert not DaySheet.objects.exists()
    assert str(ADaySheet(staff=ana)).startswith("day sheet ")


# Rules ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "old"), [(0, False), (24, False), (24.001, True), (-1, False), (None, True)]
)
def test_a_sheet_is_old_after_24_hours(hours, old):
    made_at = None if hours is None else NOW - timedelta(hours=hours)

    assert rules.is_old(made_at, NOW) is old


def test_only_files_that_are_called_so_are_ours():
    name = rules.name_of_sheet(DaySheet().pk)

    assert rules.is_ours(name)
    for other in ("day-sheet-2026-11-26.html", f"x{name}", f"{name}.part", "", "letter.html"):
        assert not rules.is_ours(other)
