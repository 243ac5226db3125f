"""The key beside an answer: the digit that stands there, wherever digits stand there."""

import re

import pytest

from rapport.core import time
from rapport.progress.measures import asking
from rapport.web import answer_keys
from tests.factories import NOW, APractice, ClientOf, Colleague
from tests.progress.held_here import built, draft, question
from tests.web.stepping import inside

TENS = [str(n) for n in range(11)]
TEN_KEYS = [*TENS[:10], "+"]


@pytest.mark.parametrize(
    ("choices", "keys"),
    [
        ([(n, n) for n in TENS], TEN_KEYS),
        ([(n, f"{n} · words") for n in TENS], TEN_KEYS),
        ([("0", "not at all"), *((n, n) for n in TENS[1:10]), ("10", "fully")], TEN_KEYS),
        ([(n, n) for n in TENS[1:]], TEN_KEYS[1:]),
        ([(n, n) for n in TENS[:5]], TENS[:5]),
        ([("0", "never"), ("1", "1 time"), ("2", "2 times")], ["0", "1", "2"]),
        ([("0", "never"), ("1", "often")], ["1", "2"]),  # in words: what they count is not shown
        ([("0", "1 or 2"), ("1", "3 or 4")], ["1", "2"]),  # numbers that mean something else
        ([("0", "−2 · words"), ("2", "0 · words")], ["1", "2"]),
        ([("0", "0"), ("25", "25"), ("50", "50")], ["1", "2", "3"]),
        ([(str(n), "words") for n in range(12)], [*TENS[1:10], "", "", ""]),
        ([("female", "Female"), ("-", "I would rather not say")], ["1", "2"]),
        ([], []),
    ],
    ids=["0-10", "with words", "words at the ends", "1-10", "0-4", "times", "words",
         "other numbers", "goals", "percents", "twelve", "a fact", "none"],
)  # fmt: skip
def test_a_digit_chooses_itself_where_digits_stand_and_a_place_elsewhere(choices, keys):
    assert answer_keys.of(choices) == keys


def keys_in(html):
    """Value, key and hint of each answer on a page."""
    rows = re.findall(r'name="answer" value="(\d+)" data-key="(.?)".*?</button>', html)
    hints = re.findall(r"<kbd[^>]*>(.)</kbd></button>", html)
    return rows, hints


@pytest.fixture
def ana(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield Colleague(roles=["OWNER", "CLINICIAN"])


def test_link_interview_and_preview_say_the_same_keys(ana):
    mara, form = ClientOf(care_team=[ana]), built(ana.account, question(), missing=0)
    form.draft = draft(question())
    form.save(update_fields=["draft"])
    desk = inside(ana.account)
    (put,) = asking.ask(
        by=ana.account, client=mara, instruments=[form.code], way="LINK", now=time.now()
    )
    begun = desk.post(f"/desk/clients/{mara.pk}/measures/interview/", {"instrument": form.code})
    expected = (list(zip(TENS, TEN_KEYS, strict=True)), TEN_KEYS)
    for page in (f"{put.path}1/1/", f"{begun.headers['Location']}1/",
                 f"/desk/practice/questionnaires/{form.pk}/preview/"):  # fmt: skip
        assert keys_in(desk.get(page).content.decode()) == expected, page
    steps = desk.get(f"{put.path}pack/").json()["parts"][0]["steps"]
    assert [(value, key) for value, _label, key in steps[0]["choices"]] == expected[0]
