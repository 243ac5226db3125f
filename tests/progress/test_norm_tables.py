"""Norm tables: read whole or not at all, looked at, released, corrected as a new version."""

import pytest

from rapport.core.models import DataKey
from rapport.core.policy import Denied
from rapport.progress.models import NormTable, NormVersion
from rapport.progress.norms import actions, queries, rules
from tests.factories import NOW, Colleague

from .tested_here import ABOUT, LINES, loaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(ana):
    return ana.account


def refused(by, raw, **about):
    given = raw if isinstance(raw, bytes) else raw.encode()
    before = (NormTable.objects.count(), NormVersion.objects.count(), DataKey.objects.count())
    with pytest.raises(actions.CannotLoad) as problem:
        loaded(by, lines=given, **about)
    assert before == (
        NormTable.objects.count(), NormVersion.objects.count(), DataKey.objects.count()
    )  # fmt: skip
    return problem.value.fields


def test_nothing_uses_a_table_before_it_is_released(by):
    table = loaded(by, release=False)
    assert queries.released(by=by) == []
    assert queries.in_use(by=by, table_id=table.pk) is None
    assert [one.version.number for one in queries.listed(by=by)] == [1]

    released = actions.release(by=by, table=table, now=table.made_at)
    assert [one.pk for one in queries.released(by=by)] == [released.pk]
    assert actions.release(by=by, table=table, now=table.made_at) is None  # pressed twice


def test_a_correction_is_a_new_version_and_the_old_one_stays_as_it_was(by):
    table = loaded(by)
    first = queries.in_use(by=by, table_id=table.pk)
    loaded(by, table=table, lines=LINES.replace(",65,94,", ",66,95,"), release=False)
    assert queries.in_use(by=by, table_id=table.pk).number == 1
    loaded(by, table=table, lines=LINES.replace(",65,94,", ",67,96,"))  # the first try gives way
    now = queries.in_use(by=by, table_id=table.pk)
    assert (now.number, now.rows[2]["value"]) == (2, 67)
    assert NormVersion.objects.get(pk=first.pk).rows[2]["value"] == 65
    assert [one.number for one in queries.versions(by=by, table=table)] == [2, 1]


def test_what_was_looked_at_is_thrown_away_and_a_released_one_is_not(by):
    assert actions.drop(by=by, table=loaded(by, release=False)) is None
    assert not NormTable.objects.exists()
    table = loaded(by)
    loaded(by, table=table, release=False)
    assert actions.drop(by=by, table=table).pk == table.pk
    actions.drop(by=by, table=table)
    assert [one.number for one in queries.versions(by=by, table=table)] == [1]


def test_only_what_was_looked_at_is_released_or_thrown_away(by):
    table = loaded(by, release=False)
    seen = str(queries.versions(by=by, table=table)[0].pk)
    loaded(by, table=table, lines=LINES.replace(",65,94,", ",67,96,"), release=False)
    for act in (
        lambda: actions.release(by=by, table=table, now=table.made_at, seen=seen),
        lambda: actions.drop(by=by, table=table, seen=seen),
    ):
        with pytest.raises(actions.CannotLoad, match="in the meantime"):
            act()
    (version,) = queries.versions(by=by, table=table)
    assert version.released_at is None
    assert actions.release(by=by, table=table, now=table.made_at, seen=str(version.pk)) == version


def test_a_retired_table_is_offered_no_more_and_comes_back(by):
    table = loaded(by)
    actions.retire(by=by, table=table, now=table.made_at)
    assert queries.released(by=by) == []
    actions.reopen(by=by, table=table)
    assert len(queries.released(by=by)) == 1


def test_its_words_lie_sealed(by):
    loaded(by)
    assert "Memory" not in str(list(NormVersion.objects.values()))
    assert "Invented" not in str(list(NormVersion.objects.values()))


def table_of(by, raw):
    return queries.in_use(by=by, table_id=loaded(by, lines=raw).pk).rows


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_spreadsheets_make_of_a_table_reads_the_same(by, ends):
    plain = table_of(by, LINES)
    semicolons = LINES.replace(",", ";").replace("0.91", "0,91").replace("0.8;", "0,8;")
    marked = semicolons.replace("\n", ends).encode("utf-8-sig")
    assert table_of(by, marked) == plain
    assert table_of(by, LINES.replace(",", "\t").replace("\n", ends).encode("utf-16")) == plain
    assert table_of(by, LINES.replace("\n", ends + ends)) != []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        (b"\x00\x01\x02scale", "no text file"),
        (b"PK\x03\x04\x00\x00", "no text file"),
        ('scale,"sex\nMemory', "never closed"),
        ("scale,sex,age_from,age_to,raw,t\n", "no line below"),
        ("<html>", "no such column"),
        ("scale;age_from;age_to;raw;t\nM;6;7;1;50;9\n", "Line 2: this line has more or fewer"),
    ],
    ids=["nothing", "blank", "nul", "zip", "quote", "header", "html", "cells"],
)
def test_bad_files_are_refused_in_words(by, raw, says):
    assert says in " ".join(refused(by, raw)["file"])


def test_every_fault_names_its_line_and_column_and_nothing_is_half_written(by):
    lines = LINES.replace("Memory,any,18,49,10,19,50", "Memory,any,18,49,10,x,y")
    assert refused(by, lines)["file"] == [
        "Line 3, column raw_to: this is no number that can be read: write 45, 45.5 or 45,5.",
        "Line 3, column t: this is no number that can be read: write 45, 45.5 or 45,5.",
    ]


def test_a_file_full_of_faults_says_how_many_more_there_are(by):
    lines = "scale,age_from,age_to,raw,t\n" + "M,6,7,1,x\n" * 80
    faults = refused(by, lines)["file"]
    assert (len(faults), faults[-1]) == (rules.FAULTS_SHOWN + 1, "And 30 more.")


def test_a_file_that_is_too_large_is_not_read(by):
    assert "1 MB" in refused(by, b"x" * (rules.MOST_BYTES + 1))["file"][0]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"title": " "}, "title"),
        ({"source": "x" * 501}, "source"),
        ({"population": "\x07"}, "population"),
        ({"licence": ""}, "licence"),
        ({"year": "last"}, "year"),
        ({"year": "2032"}, "year"),
        ({"better": "sideways"}, "better"),
        ({"words": "low"}, "words"),
        ({"words": "0-39 = low\n41-60 = high"}, "words"),
        ({"words": "0-39.5 = low"}, "words"),
        ({"words_source": ""}, "words_source"),
    ],
)
def test_what_is_said_of_a_table_is_asked_for(by, about, field):
    assert list(refused(by, LINES, **about)) == [field]


def test_words_are_not_needed(by):
    version = queries.in_use(by=by, table_id=loaded(by, words="", words_source="").pk)
    assert version.about["words"] == []
    assert version.about["scales"] == ["Memory", "Speed", "Order"]


def test_the_front_desk_loads_none(by):
    fay = Colleague(roles=["FRONT_DESK"])
    with pytest.raises(Denied):
        actions.load(by=fay.account, raw=LINES.encode(), about=ABOUT, now=NOW)
    assert not NormTable.objects.exists()
