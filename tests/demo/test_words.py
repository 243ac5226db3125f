"""What is written is fit to be read: in length, in respect, and about nobody."""

import re
from itertools import chain

import pytest

from rapport.demo import cast
from rapport.demo.stories import privately, risk_of_today, shelf, stories
from rapport.demo.stories.told import SECTIONS, Session

BANNED = (
    "denies", "denied", "denying", "non-compliant", "noncompliant", "compliance", "compliant",
    "manipulative", "manipulation", "addict", "addicted", "alcoholic", "patient", "patients",
    "borderline", "resistant", "attention-seeking", "hysterical", "suffers", "victim",
    "committed suicide", "failed attempt", "successful suicide", "clean", "drug abuser", "lazy",
    "crazy", "refused", "claims", "allegedly", "commits", "disorder", "syndrome",
)  # fmt: skip
QUOTED = re.compile(r'"[^"]*"')
SUICIDE = re.compile(
    r"item 9|dying|suicid|death|be(ing)? dead|to die|not living|not be here|not wanting", re.I
)
ALL = [*stories(), risk_of_today()]


def written():
    """Every text and where it stands, gaps closed."""
    for story in ALL:
        for seed in range(3):
            for ended in ("", *story.ends):
                for n, one in enumerate(story.course(len(story.sessions), seed=seed, ended=ended)):
                    yield f"{story.id} {n}", "\n".join(one.note.values())
                    if one.returned:
                        yield f"{story.id} {n} remark", one.returned.remark
    for template in SECTIONS:
        for n, one in enumerate(shelf.ordinary(template)):
            yield f"{template} {n}", "\n".join(one.note.values())
            yield f"{template} {n} freely", shelf.freely(template, one)["note"]
    for n, one in enumerate(chain(shelf.absences(), shelf.endings())):
        yield f"absence or ending {n}", one.note
    for one in privately():
        yield one.id, one.text


WRITTEN = list(dict(written()).items())


def test_no_note_is_too_short_or_too_long():
    off = {where: len(text.split()) for where, text in WRITTEN}
    assert {where: n for where, n in off.items() if not 25 <= n <= 220} == {}


def test_no_word_that_looks_down_on_anybody_outside_of_what_was_said():
    banned = re.compile(r"\b(" + "|".join(map(re.escape, BANNED)) + r")\b", re.I)
    found = [(where, banned.findall(QUOTED.sub("", text))) for where, text in WRITTEN]
    assert [one for one in found if one[1]] == []


def test_nobody_of_the_cast_is_named():
    words = {word for given in (*cast.GIVEN, *cast.FAMILY) for word in re.split(r"[ \-]", given)}
    words |= {part for _, name, _, _ in cast.STAFF for part in name.split() if part != "Dr."}
    named = re.compile(r"\b(" + "|".join(map(re.escape, words)) + r")\b")
    assert [(where, named.findall(text)) for where, text in WRITTEN if named.search(text)] == []


def test_no_gap_is_left_open_and_no_markup_but_lists_and_emphasis():
    for where, text in WRITTEN:
        assert not re.search(r"[{}<>#`\[\]]", text), where
        assert text.count('"') % 2 == 0, where


def test_what_varies_fits_into_its_sentence():
    told = '{who} came. {who} left? "{who}," said {who}.\n- {who} stayed\n\n{n} of {who}'
    one = Session(note={"note": told}).filled({"who": "the aunt", "n": "3"})
    heard = 'The aunt came. The aunt left? "The aunt," said the aunt.\n- The aunt stayed\n\n'
    assert one.note["note"] == heard + "3 of the aunt"


def test_every_alternative_is_heard_of():
    for story in ALL:
        heard = "\n".join(" ".join(one.note.values()) for one in story.sessions)
        for key, ways in story.vary.items():
            assert f"{{{key}}}" in heard, (story.id, key)
            assert len(ways) == len(set(ways)) >= 2, (story.id, key)


def test_an_answer_above_zero_is_spoken_about_in_the_note_of_that_day():
    for story in ALL:
        for one in story.sessions:
            if one.item_nine:
                assert SUICIDE.search(" ".join(one.note.values())), story.id
                assert f"item 9 at {one.item_nine}" in " ".join(one.note.values()), story.id


def test_item_nine_in_a_text_is_the_answer_of_that_day():
    for story in ALL:
        for one in story.sessions:
            for said in re.findall(r"item 9 at (\d)", " ".join(one.note.values())):
                assert int(said) == one.item_nine, story.id


@pytest.mark.parametrize("template", SECTIONS)
def test_ordinary_hours_are_many_and_can_be_written_freely(template):
    shelved = shelf.ordinary(template)
    assert len([one for one in shelved if "ADULT" in one.kinds]) >= 20
    for one in shelved:
        assert tuple(one.note) == SECTIONS[template]
        freely = shelf.freely(template, one)["note"]
        assert freely.count("\n\n") == 1
        assert all(text.strip()[1:] in freely for text in one.note.values())


def test_a_risk_is_asked_about_in_every_first_and_last_hour():
    for story in ALL:
        told = [one for one in story.sessions if one.what == "KEPT"]
        for one in (told[0], *(one for one in told if one.ending)):
            text = " ".join(one.note.values())
            assert SUICIDE.search(text), story.id


def test_fragments_of_process_notes_belong_to_an_author_and_a_modality():
    assert len(privately()) == 8
    assert len({one.id for one in privately()}) == 8
