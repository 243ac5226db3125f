"""The one picture of a client's measures, through both doors and on paper."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.people.models import Account
from rapport.progress.chosen import actions as choosing
from rapport.progress.expected.queries import Expected, Point
from rapport.progress.measures import course as courses
from rapport.progress.measures import instruments
from rapport.progress.models import Mark
from rapport.progress.picture import queries, rules
from rapport.web import courses as in_words
from rapport.web import pictures, readings
from tests.factories import (
    NOW,
    AFit,
    AMark,
    AnAccount,
    AnAppointment,
    AnEpisode,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

PORTAL = "/portal/picture/"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"), legal_name="Mara Kern")


@pytest.fixture
def portal(mara):
    """Mara's own browser."""
    return inside(Account.objects.get(pk=mara.account.pk), "portal")


def scored(client, *totals, form="phq-9", weeks=2, cut=10, **more):
    """Totals so many weeks apart, the last of them today."""
    bands = instruments.get(form).content.score.total.bands
    for n, total in enumerate(reversed(totals)):
        at = NOW - timedelta(weeks=weeks * n)
        sheet = ASheet(client=client, instrument=form, answered_at=at,
                       version=more.get("version", 1))  # fmt: skip
        band = next((b.name for b in bands if b.range[0] <= total <= b.range[1]), "")
        AScore(sheet=sheet, total=total, total_rounded=total, band=band,
               above_cutoff=total >= cut, status=more.get("status", "SCORED"))  # fmt: skip


def desk(client, more=""):
    return f"/desk/clients/{client.pk}/picture/{more}"


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def found(ana, client, wanted="all"):
    return queries.of(by=ana.account, client=client, wanted=wanted, now=NOW)


def said(ana, client):
    (one,) = pictures.for_desk(found(ana, client), {})
    return " ".join(one.said)


def test_every_measure_stands_on_one_axis_with_two_sentences(ana, mara):
    scored(mara, 20, 18, 12)
    scored(mara, 11, 9, form="gad-7")
    AnAppointment(client=mara, clinician=ana, status="KEPT", starts_at=NOW - timedelta(days=9))
    AnAppointment(client=mara, clinician=ana, status="MISSED", starts_at=NOW - timedelta(days=2))
    shown = page(inside(ana.account), desk(mara))
    assert shown.count('<svg class="chart__svg') == 4
    assert (
        "Since 10 Dec 2029 it went from 20 to 12, more than measurement error explains: an "
        "improvement. It stands at 12, moderate, above the cut-off of 10."
    ) in shown
    assert "from 11 to 9, no more than measurement error explains" in shown
    assert "now below the cut-off of 10" in shown
    assert "Two scores are few" in shown
    assert "1 session was held in this time." in shown
    assert "NHS Talking Therapies" in shown  # the parameters, folded
    assert shown.count('class="chart__tick" x1') == 4  # one session in each drawing
    assert "Mara" not in shown.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize(
    ("totals", "given", "words"),
    [
        ((14,), {}, "There is one score so far, of 7 Jan 2030; nothing can be compared yet."),
        ((14, 14), {}, "It is the same as on 24 Dec 2029."),
        ((8, 16), {}, "it got worse. It stands at 16, moderately severe, now above the cut-off"),
        ((8, 10), {}, "It stands at 10, moderate, just at the cut-off of 10."),
        ((20, 5), {}, "an improvement. It stands at 5, mild, now below the cut-off of 10."),
        ((20, 14), {"version": 7}, "of different versions or languages of the form; they are not"),
    ],
)
def test_what_it_says_is_what_can_be_said(ana, mara, totals, given, words):
    scored(mara, *totals, **given)
    assert words in said(ana, mara)


def test_a_later_episode_is_compared_with_its_own_beginning(ana, mara):
    scored(mara, 24, 22, 6, 5, weeks=20)
    AnEpisode(client=mara, responsible=ana, opened_on=(NOW - timedelta(weeks=22)).date())
    picture = found(ana, mara, "episode")
    (one,) = picture.measured
    assert [point.shown for point in one.shown.points] == [6, 5]
    assert one.shown.points[0].joined is False
    assert (one.reading.first.points, one.reading.last.points) == (6, 5)
    assert "no_room" not in one.reading.caveats
    (everything,) = found(ana, mara).measured
    assert len(everything.shown.points) == 4
    assert everything.reading.first.points == 6
    assert found(ana, mara, "year").elsewhere == 0
    mara.episodes.update(opened_on=NOW.date())
    assert "It is the first score of this episode, of 7 Jan 2030;" in said(ana, mara)


def test_a_sheet_without_a_score_breaks_the_line_and_is_said(ana, mara):
    scored(mara, 20, 14)
    sheet = ASheet(client=mara, answered_at=NOW - timedelta(weeks=1))
    AScore(sheet=sheet, status="NOT_SCORABLE", total=None, total_rounded=None, band="")
    ASheet(client=mara, instrument="no-such-form", answered_at=NOW)
    (one,) = pictures.for_desk(found(ana, mara), {})
    assert "chart__line" not in one.drawings[0]
    assert any("Once too many questions stayed open" in note for note in one.notes)


def test_where_the_time_shown_is_empty_the_way_to_everything_stands(ana, mara):
    browser = inside(ana.account)
    assert "The picture begins with the first answers." in page(browser, desk(mara))
    scored(mara, 20, weeks=1)
    mara.scores.update(at=NOW - timedelta(days=800))
    assert "In this time there is no score." in page(browser, desk(mara, "?span=year"))
    shown = page(browser, desk(mara, "?span=all"))
    assert 'aria-current="page">Everything' in shown
    assert "of 30 Oct 2027: it says little about today" in shown
    assert 'aria-current="page">This episode' in page(browser, desk(mara, "?span=nonsense"))


def test_three_hundred_scores_stay_one_line_and_the_oldest_give_way(ana, mara, monkeypatch):
    scored(mara, *[n % 20 for n in range(300)], weeks=1 / 7)
    picture = found(ana, mara)
    (shown,) = pictures.for_desk(picture, {})
    assert (len(shown.rows), picture.older) == (300, False)
    assert len("".join(shown.drawings)) < 220_000
    monkeypatch.setattr(queries, "MOST", 40)
    picture = found(ana, mara)
    assert (len(picture.measured[0].shown.points), picture.older) == (40, True)


def test_every_form_of_the_library_has_its_place(ana, mara):
    names = [name for name in instruments.with_words()][:20]
    for name in names:
        form = instruments.get(name).content
        low, high = form.key.span(form.key.total)
        scored(mara, low, high, form=name)
    shown = page(inside(ana.account), desk(mara))
    assert shown.count("data-chart") == len(names)
    assert page(inside(ana.account), desk(mara)).count("chart__reader") == len(names)


def test_the_picture_judges_by_the_number_the_practice_chose(ana, mara):
    scored(mara, 50, 44, form="pcl-5")
    (usual,) = found(ana, mara).measured
    olga = Colleague(roles=["OWNER"])
    choosing.choose(by=olga.account, instrument="pcl-5", what="change:nhs", now=NOW)
    (chosen,) = found(ana, mara).measured
    assert (usual.judged.published.name, chosen.judged.published.name) == ("va", "nhs")


def test_an_expected_range_is_drawn_and_said_in_legend_and_table(ana, mara):
    scored(mara, 20, 14)
    scored(mara, 9, form="gad-7")
    start, end = NOW - timedelta(weeks=2), NOW + timedelta(weeks=6)
    told = Expected("phq-9", (Point(start, 16, 18, 20),), (Point(end, 4, 8, 12),), episodes=400,
                    near=120, learned_at=NOW)  # fmt: skip
    shown, other = sorted(
        pictures.for_desk(found(ana, mara), {"phq-9": told}), key=lambda one: -len(one.rows)
    )
    assert shown.plot.period == other.plot.period
    assert shown.plot.period[1] == end
    assert "400 ended episodes of this practice" in shown.expected
    assert shown.rows[0].notes == ["expected: 16 to 20"]
    assert not other.expected


def test_what_the_night_learned_stands_on_the_page(ana, mara):
    scored(mara, 14, 13, 12)
    AFit()
    assert "Four in five scores of clients who began alike" in page(inside(ana.account), desk(mara))


def test_the_care_team_notes_corrects_removes_and_brings_back(ana, mara):
    scored(mara, 20, 14)
    browser = inside(ana.account)
    add = f"/desk/clients/{mara.pk}/marks/add/"
    given = {"kind": "EVENT", "on": "2030-01-02", "words": "Lost her jop"}
    wrong = browser.post(add, given | {"on": "2030-02-02"})
    assert (wrong.status_code, b"Lost her jop" in wrong.content) == (422, True)
    assert browser.post(add, given).status_code == 302
    (mark,) = Mark.objects.all()
    shown = page(browser, desk(mara))
    assert "Lost her jop" in shown
    assert shown.count("<title>Lost her jop</title>") == 2
    address = f"/desk/clients/{mara.pk}/marks/{mark.pk}/"
    assert browser.post(address, given | {"words": "Lost her job"}).status_code == 302
    second = Mark.objects.get(replaced_by=None)
    address = f"/desk/clients/{mara.pk}/marks/{second.pk}/"
    assert "Lost her jop" in page(browser, address)
    browser.post(f"{address}remove/")
    shown = page(browser, desk(mara))
    assert "Taken off the picture." in shown
    assert "Lost her job" not in shown
    browser.post(f"{address}back/")
    assert "Lost her job" in page(browser, desk(mara))
    other = ClientOf(care_team=[ana])
    assert browser.get(f"/desk/clients/{other.pk}/marks/{second.pk}/").status_code == 404


def test_who_supervises_reads_and_changes_nothing(ana, mara):
    sam = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ana)
    scored(mara, 20, 14)
    mark = AMark(client=mara, words="Moved house")
    browser = inside(sam.account)
    assert "Life event" not in page(browser, desk(mara))
    assert '<form method="post" class="form"' not in page(
        browser, f"/desk/clients/{mara.pk}/marks/{mark.pk}/"
    )
    given = {"kind": "EVENT", "on": "2030-01-02", "words": "x"}
    assert browser.post(f"/desk/clients/{mara.pk}/marks/{mark.pk}/", given).status_code == 404
    assert inside(Colleague().account).get(desk(mara)).status_code == 404


def test_on_paper_it_is_a_pdf_whose_name_says_nothing(ana, mara):
    scored(mara, 20, 18, 12)
    scored(mara, 8, 7, form="gad-7")
    AMark(client=mara, words="Lost her job", on=NOW.date() - timedelta(days=9))
    AnEpisode(client=mara, responsible=ana, opened_on=(NOW - timedelta(weeks=22)).date())
    answer = inside(ana.account).post(desk(mara, "pdf/"), {"span": "all"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="sheet-2030-01-07.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert AuditEntry.objects.filter(verb="measure.print").exists()


# In the portal ----------------------------------------------------------------------------


def test_the_client_reads_the_same_numbers_and_no_word_for_themselves(mara, portal):
    scored(mara, 20, 18, 12)
    shown = page(portal, PORTAL)
    assert (
        "On this questionnaire you are doing better than on 10 Dec 2029, by more than the ups "
        "and downs every questionnaire has."
    ) in shown
    assert "It does not say who you are, and it is not a diagnosis." in shown
    main = shown.partition("<main")[2].lower()
    for word in ("moderate", "severe", "clinical", "improve", "measurement error"):
        assert word not in main, word
    assert "looks harder" not in shown


def test_what_got_worse_is_said_with_what_to_do(mara, portal):
    scored(mara, 8, 18)
    shown = page(portal, PORTAL)
    assert "it looks harder than on 24 Dec 2029" in shown
    assert "nobody's failing" in shown.replace("&#x27;", "'")
    assert "better" not in shown.partition('<p class="reading">On this')[2].partition("</p>")[0]
    assert shown.count("/help-now/") >= 2


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ((12,), "You have answered this once so far, on 7 Jan 2030."),
        ((12, 12), "Your number is the same as on 24 Dec 2029."),
        ((12, 11), "Your number is 1 point lower than on 24 Dec 2029; a difference like this"),
        ((12, 15), "Your number is 3 points higher than on 24 Dec 2029; a difference like this"),
    ],
)
def test_what_is_no_clear_change_is_called_none(mara, portal, totals, words):
    scored(mara, *totals)
    shown = page(portal, PORTAL)
    assert words in shown
    assert "doing better" not in shown
    assert "looks harder" not in shown


def test_a_client_notes_what_happened_and_sees_what_was_reached(ana, mara, portal):
    AMark(client=mara, kind="MILESTONE", words="A whole week at work", shared=True)
    AMark(client=mara, words="Relapse feared")
    assert "The picture begins with your first answers." in page(portal, PORTAL)
    given = {"on": "2030-01-03", "words": "My sister came"}
    wrong = portal.post("/portal/marks/add/", given | {"words": " "})
    assert wrong.status_code == 422
    assert portal.post("/portal/marks/add/", given).status_code == 302
    shown = page(portal, PORTAL)
    assert "What you have reached" in shown
    assert "A whole week at work" in shown
    assert "noted by you" in shown
    assert "Relapse" not in shown
    mark = Mark.objects.get(by_client=True)
    address = f"/portal/marks/{mark.pk}/"
    portal.post(address, given | {"words": "Both sisters came"})
    mark = Mark.objects.get(by_client=True, replaced_by=None)
    address = f"/portal/marks/{mark.pk}/"
    answer = portal.post(f"{address}remove/", follow=True)
    assert b"You can bring it back here." in answer.content
    assert "Both sisters" not in page(portal, PORTAL)
    portal.post(f"{address}back/")
    assert "Both sisters came" in page(portal, PORTAL)
    shown = page(inside(ana.account), desk(mara))
    assert "the client&#x27;s own words" in shown or "the client's own words" in shown
    noa = ClientOf(account=AnAccount(realm="PORTAL"))
    other = inside(Account.objects.get(pk=noa.account.pk), "portal")
    assert other.get(address).status_code == 404
    assert "Both sisters" not in page(other, PORTAL)


def test_the_ways_lead_to_the_picture(ana, mara, portal):
    scored(mara, 20, 14)
    assert desk(mara) in page(inside(ana.account), f"/desk/clients/{mara.pk}/measures/")
    assert PORTAL in page(portal, "/portal/measures/")
    assert PORTAL in page(portal, "/portal/")


@pytest.fixture
def means():
    """A course of means, and what it says, under words that somebody typed in."""
    days = NOW - timedelta(days=7), NOW
    given = {"band": "low", "above_cutoff": None, "prorated": False, "version": 1,
             "language": "en", "current": True}  # fmt: skip
    points = tuple(
        courses.Point(sheet=uuid4(), at=at, total=total, shown=total, **given)
        for at, total in zip(days, (2.5, 2.83), strict=True)
    )
    seen = [rules.Seen(one.at, one.shown, None) for one in points]
    read = rules.reading(seen, rules.Verdict(None), first=seen[0], lower_is_better=False,
                         scale=(1, 5), now=NOW)  # fmt: skip
    typed = replace(instruments.find("brs"), words=instruments.find("phq-9").words)
    return courses.Course(typed, points), read


def test_a_mean_is_said_with_its_decimals_to_both(means):
    assert "0.33 points higher" in readings.kindly(*means)[0]
    changed, _stands = readings.sentences(*means)
    assert "it went from 2.50 to 2.83" in changed


def test_a_mean_is_said_in_the_reader_s_way_of_writing_numbers(means):
    with translation.override("de"):
        assert "0,33" in readings.kindly(*means)[0]
        (drawn, _narrow) = in_words.drawn(in_words.plot(means[0]))
    assert ">2,83</text>" in drawn and ">2.83</text>" not in drawn
