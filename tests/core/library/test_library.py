"""Finding what clinicians contributed, and telling them what is wrong with it."""

import re
from dataclasses import dataclass, field

import pytest

from rapport.core import library
from rapport.core.library import BadLibrary, Entry, NotInLibrary, Words
from rapport.core.shape import Misfit

LICENCE = """
[licence]
class = "OWN"
text = "as Rapport"
rights_holder = "the authors"
source = "written for this test"
checked_on = 2026-11-24
"""
GREEN = f"""
id = "green"
version = 1
minutes = 3
[[examples]]
minutes = 3
{LICENCE}
"""


@dataclass(frozen=True, kw_only=True)
class Tea(Entry):
    minutes: int
    examples: list[dict[str, int]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TeaWords(Words):
    title: str


def brewed(item, example):
    if item.content.minutes != example["minutes"]:
        yield f"takes {item.content.minutes} minutes, not {example['minutes']}"


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch):
    """An empty library with one kind; ``shelf("teas/green.toml", GREEN)`` puts a file in it."""
    monkeypatch.setattr(library, "KINDS", {})
    monkeypatch.setattr(library, "root", lambda: tmp_path)
    library.register("teas", Tea, words=TeaWords, checker=brewed)

    def put(name, content):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    return put


def test_what_is_there_is_found_by_id_with_its_words(shelf):
    shelf("teas/green.toml", GREEN)
    shelf("teas/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')
    shelf("teas/green.zh-Hant-TW.toml", f'title = "綠茶"\n{LICENCE}')

    tea = library.get("teas", "green")

    assert dict(library.find("teas")) == {"green": tea}
    assert (tea.kind, tea.id, tea.content.minutes) == ("teas", "green", 3)
    assert tea.content.licence.class_ == "OWN"
    assert {language: words.title for language, words in tea.words.items()} == {
        "de": "Grüner Tee",
        "zh-Hant-TW": "綠茶",
    }
    assert library.check() == []


def test_the_shelf_cannot_be_changed_from_outside(shelf):
    shelf("teas/green.toml", GREEN)

    with pytest.raises(TypeError):
        library.find("teas")["black"] = None


def test_what_is_not_there_is_named(shelf):
    with pytest.raises(NotInLibrary, match="no teas called 'black'"):
        library.get("teas", "black")
    with pytest.raises(NotInLibrary, match="no kind called 'cakes'"):
        library.find("cakes")
    assert library.find("teas") == {}


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="two kinds"):
        library.register("teas", Tea)


@pytest.mark.parametrize(
    "name, content, complaint",
    [
        ("teas/green.toml", "minutes = ", "green.toml: is no TOML"),
        ("teas/green.toml", GREEN.encode("utf-16"), "green.toml: save the file as UTF-8"),
        ("teas/green.toml", GREEN.replace('"green"', '"black"'), "green.toml: id: must be 'green'"),
        (
            "teas/green.toml",
            GREEN.replace("version = 1", "version = 0"),
            "version: counts from 1",
        ),
        ("teas/green.toml", GREEN.replace(LICENCE, ""), "licence: is missing"),
        ("teas/green.toml", GREEN.replace("source =", "origin ="), "licence.source: is missing"),
        ("teas/Green Tea.toml", GREEN, "Green Tea.toml: rename the file"),
        ("teas/green.txt", "x", "green.txt: rename the file"),
        ("teas/green.de.toml", "", "green.de.toml: title: is missing"),
        (
            "teas/black.de.toml",
            f'title = "x"\n{LICENCE}',
            "library/teas/black: has words but no black.toml",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_advice(shelf, name, content, complaint):
    shelf(name, content)

    with pytest.raises(BadLibrary, match=re.escape(complaint)):
        library.find("teas")
    assert any(complaint in problem for problem in library.check())


def test_words_beside_a_bad_file_are_not_blamed(shelf):
    shelf("teas/green.toml", "minutes = ")
    shelf("teas/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')

    (problem,) = library.check()
    assert "green.toml: is no TOML" in problem


def test_a_kind_without_words_refuses_them(shelf):
    library.register("pots", Tea)
    shelf("pots/green.toml", GREEN)
    assert library.get("pots", "green").words == {}

    library.KINDS["pots"].loaded.clear()
    shelf("pots/green.de.toml", f'title = "x"\n{LICENCE}')
    with pytest.raises(BadLibrary, match="pots have no words of their own"):
        library.find("pots")


def test_each_file_passes_its_own_examples(shelf):
    shelf("teas/green.toml", GREEN + "[[examples]]\nminutes = 5\n")

    (problem,) = library.check()
    assert problem.startswith("library/teas/green.toml: examples[2]: takes 3 minutes, not 5")
    assert problem.endswith(f" (line {GREEN.count(chr(10)) + 1})")
    with pytest.raises(BadLibrary, match="takes 3 minutes, not 5"):
        library.get("teas", "green")


def test_examples_that_take_long_are_left_to_the_check(shelf):
    library.KINDS.clear()
    library.register("teas", Tea, checker=brewed, light=False)
    shelf("teas/green.toml", GREEN + "[[examples]]\nminutes = 5\n")

    assert library.get("teas", "green").content.minutes == 3
    (problem,) = library.check()
    assert "examples[2]: takes 3 minutes, not 5" in problem


def hot(tea):
    if tea.minutes > 10:
        yield Misfit("minutes", "more than ten makes it bitter")


def named(tea, words):
    if words.title == "Tea":
        yield Misfit("title", f"says nothing of {tea.id}")


def test_what_makes_no_sense_is_told_in_its_own_file_on_its_line(shelf):
    library.KINDS.clear()
    library.register("teas", Tea, words=TeaWords, sense=hot, fluent=named)
    shelf(
        "teas/black.toml",
        GREEN.replace('"green"', '"red"').replace("minutes = 3", "minutes = 11", 1),
    )
    shelf("teas/green.toml", GREEN)
    shelf("teas/green.en.toml", f'\n\ntitle = "Tea"\n{LICENCE}')

    assert library.check() == [
        "library/teas/black.toml: id: must be 'black', like the file's name (line 2)",
        "library/teas/black.toml: minutes: more than ten makes it bitter (line 4)",
        "library/teas/green.en.toml: title: says nothing of green (line 3)",
    ]
    with pytest.raises(BadLibrary, match="makes it bitter"):
        library.ready()


def test_a_file_that_lies_elsewhere_is_read_with_the_words_beside_it(shelf, tmp_path):
    shelf("mine/green.toml", GREEN)
    shelf("mine/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')
    shelf("mine/greener.toml", "minutes = ")
    teas = library.KINDS["teas"]

    for name in ("green.toml", "green.de.toml"):
        item = teas.read(tmp_path / "mine" / name)
        assert (item.content.minutes, list(item.words)) == (3, ["de"])
    assert library.find("teas") == {}


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("none.toml", "none.toml: cannot be read: No such file or directory"),
        ("folder.toml", "folder.toml: cannot be read: Is a directory"),
        ("My Tea.toml", "My Tea.toml: rename the file"),
        ("deep.toml", "deep.toml: is nested too deeply"),
        ("latin.toml", "latin.toml: save the file as UTF-8 (line 2)"),
    ],
)
def test_a_file_elsewhere_that_cannot_be_read_is_named(shelf, tmp_path, name, complaint):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "deep.toml").write_text("a = " + "[" * 100_000)
    (tmp_path / "latin.toml").write_bytes(b'a = 1\nb = "\xe4"\n')

    with pytest.raises(BadLibrary, match=re.escape(complaint)):
        library.KINDS["teas"].read(tmp_path / name)


def test_a_mark_of_byte_order_is_no_part_of_the_file(shelf):
    shelf("teas/green.toml", b"\xef\xbb\xbf" + GREEN.replace("\n", "\r\n").encode())

    assert library.get("teas", "green").content.minutes == 3


def test_a_kind_with_a_checker_needs_examples(shelf):
    shelf("teas/green.toml", GREEN.replace("[[examples]]\nminutes = 3", ""))

    assert library.check() == [
        "library/teas/green.toml: examples: is missing; add at least one worked example (line 1)"
    ]


def test_a_kind_without_a_checker_needs_none(shelf):
    library.register("pots", Tea)
    shelf("pots/green.toml", GREEN.replace("[[examples]]\nminutes = 3", ""))

    assert library.check() == []


def test_a_folder_nobody_reads_is_named(shelf, tmp_path):
    (tmp_path / "cakes").mkdir()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "README.md").write_text("about")

    assert library.check() == [
        "library/cakes: no kind has this name; rename the folder or register the kind"
    ]


def test_a_file_is_read_once(shelf, tmp_path):
    shelf("teas/green.toml", GREEN)
    first = library.get("teas", "green")
    (tmp_path / "teas" / "green.toml").unlink()

    assert library.get("teas", "green") is first
    library.ready()


def test_words_under_a_licence_of_their_own_lie_in_a_folder_beside(shelf, tmp_path):
    library.KINDS.clear()
    library.register("teas", Tea, words=TeaWords, checker=brewed, beside="boxes")
    library.register("boxes", Tea)
    shelf("teas/green.toml", GREEN)
    assert library.get("teas", "green").words == {}  # there are no boxes yet

    library.KINDS["teas"].loaded.clear()
    shelf("boxes/red.toml", GREEN.replace('"green"', '"red"'))
    (tmp_path / "boxes" / "red").mkdir()
    shelf("boxes/red/LICENCE.txt", "theirs")
    shelf("boxes/red/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')

    assert library.get("teas", "green").words["de"].title == "Grüner Tee"
    assert list(library.find("boxes")) == ["red"]
    assert library.check() == []


def test_beside_lie_words_alone_and_each_once(shelf, tmp_path):
    library.KINDS.clear()
    library.register("teas", Tea, words=TeaWords, checker=brewed, beside="boxes")
    library.register("boxes", Tea)
    (tmp_path / "boxes" / "red").mkdir(parents=True)
    shelf("teas/green.toml", GREEN)
    shelf("teas/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')
    shelf("boxes/red/green.de.toml", f'title = "Grüner Tee"\n{LICENCE}')
    shelf("boxes/red/black.toml", GREEN.replace('"green"', '"black"'))

    assert library.check() == [
        "library/boxes/red/black.toml: move this file to library/teas; here lie words alone",
        "library/teas/green.de.toml: these words stand in another file already; remove one",
    ]
