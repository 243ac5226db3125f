"""A signed note on paper: every word is there, inside the margins, in both directions."""

import io

import numpy
import pypdf
import pypdfium2
import pytest
from hypothesis import example, given, settings

from rapport.core import press
from rapport.core.prose import tree
from rapport.record.press import NOTE
from tests.core.test_prose import typed

from . import papers

MARKUP = (
    r"#import \"x\" #panic() $x^2$ $ \ @ref <label> <script>alert(1)</script> [#read(\"/x\")] "
    r"`raw` /* no */ // no =heading ~ -- ---a --> \u{41} &amp; {{ x }} {% x %} '“”'"
)
LONG = "Maria de los Ángeles " * 14 + "Ibáñez"
UNBROKEN = "Wolfeschlegelsteinhausen" * 13


def read(made):
    return pypdf.PdfReader(io.BytesIO(made))


def text(made):
    return "\n".join(page.extract_text() for page in read(made).pages)


def run_together(words):
    """Without the places where a line or page ends."""
    return "".join(words.split())


def pictures(made):
    """Each page as rows of grey, at 72 dots an inch."""
    for page in pypdfium2.PdfDocument(made):
        yield page.render(scale=1, grayscale=True).to_numpy().squeeze()


@pytest.mark.parametrize("paper", [papers.english(), papers.german()], ids=["en", "de"])
def test_every_word_is_on_paper(paper):
    seen = text(press.pdf(NOTE, paper))
    together = run_together(seen.replace("-\n", ""))
    for word in (
        *(value for key, value in paper["words"].items() if key not in ("page", "gaps")),
        paper["client"],
        paper["practice"]["name"],
        *paper["practice"]["place"].split("\n"),
        paper["date"],
        paper["time"],
        paper["contact"],
        paper["clinician"],
        *paper["remarks"],
        *(section["heading"] for section in paper["sections"]),
        *(word for score in paper["scores"] for word in score.values()),
        *paper["signed"].values(),
        *paper["cosigned"].values(),
        paper["number"],
        paper["command"],
    ):
        assert run_together(word).replace("-", "") in together.replace("-", "")


def test_long_words_break_and_are_found_again():
    seen = text(press.pdf(NOTE, papers.german()))
    assert "Hohenstein-Löwenberg-\nWittgenstein" in seen
    assert "Arbeitsunfähigkeitsbe-\nscheinigung" in seen
    assert "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter" in seen
    assert "\u200b" not in seen


def test_the_prose_keeps_its_lists_lines_and_numbers():
    lines = text(press.pdf(NOTE, papers.english())).split("\n")
    for line in ("• she answers her sister again", "– alone, without the phone", "1. keep the walk",
                 "Mood: brighter, at times tearful", "Affect: congruent"):  # fmt: skip
        assert line in lines
    assert "17. März: Versöhnung" in text(press.pdf(NOTE, papers.german())).split("\n")


def test_the_last_page_holds_seals_in_groups_and_both_times():
    paper = papers.english()
    last = read(press.pdf(NOTE, paper)).pages[-1].extract_text()
    assert last.startswith("Verification")
    assert (
        "9f86 d081 884c 7d65 9a2f eaa0 c55a d015\na3bf 4f1b 2b0b 822c d15d 6c15 b0f0 0a08" in last
    )
    for seal in paper["seals"]:
        assert seal["at_utc"] in last and seal["at_local"] in last
        assert seal["code"] in run_together(last)
    assert paper["command"] in last


def test_each_page_says_which_it_is():
    pages = read(press.pdf(NOTE, papers.english())).pages
    for number, page in enumerate(pages, 1):
        assert f"Progress note 5f0a7be2c913 Page {number} of {len(pages)}" in page.extract_text()


@pytest.mark.parametrize(
    ("paper", "size"), [(papers.english(), (612, 792)), (papers.german(), (595, 842))]
)
def test_the_sheet_is_the_one_of_the_land(paper, size):
    box = read(press.pdf(NOTE, paper)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize("paper", [papers.english(), papers.arabic()], ids=["en", "ar"])
def test_who_listens_to_the_page_hears_its_structure(paper):
    root = read(press.pdf(NOTE, paper)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == paper["lang"]
    tags = {node["/S"] for node in nodes(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/Table", "/TH", "/BlockQuote"} <= tags
    alts = [node["/Alt"] for node in nodes(root["/StructTreeRoot"]) if "/Alt" in node]
    assert alts == [paper["chart"]["alt"]]
    meta = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in meta and "<pdfaid:part>2<" in meta


def nodes(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield kid
            yield from nodes(kid)


def test_arabic_runs_from_the_right_and_english_inside_it_from_the_left():
    made = press.pdf(NOTE, papers.arabic())
    assert "على" in text(made) and "وحدها" in text(made)
    first = next(pictures(made))
    middle = first.shape[1] // 2
    title = first[110:140]
    assert (title[:, middle:] < 200).any() and not (title[:, :middle] < 200).any()
    assert "She wrote: “It was a calm week.”" in text(made)


@pytest.mark.parametrize("name", [LONG, UNBROKEN, "ليلى عبد الرحمن " * 19], ids=["en", "one", "ar"])
@pytest.mark.parametrize("make", [papers.english, papers.german, papers.arabic])
def test_a_long_name_wraps_everywhere_it_stands(make, name):
    person = {"name": name, "at": name}
    score = {"instrument": name, "total": "27", "band": name, "date": "24 Nov"}
    made = press.pdf(
        NOTE,
        make(
            client=name, clinician=name, contact=name, remarks=[name], date=name, scores=[score],
            practice={"name": name, "place": name}, signed=person, cosigned=person,
            sections=[{"heading": name, "prose": tree(f"# {name}\n\n- {name}\n\n> {name}")}],
        ),
    )  # fmt: skip
    assert_inside_the_margins(made)


def assert_inside_the_margins(made):
    for picture in pictures(made):
        height, width = picture.shape
        across, below = 80, 40  # dots; the margins are a little wider
        for margin in (
            picture[:, :across],
            picture[:, width - across :],
            picture[height - below :],
        ):
            assert numpy.all(margin > 250)


@pytest.mark.parametrize("make", [papers.english, papers.arabic])
def test_forty_sections_with_everything_in_them(make):
    everything = (
        "# One\n### Two\n\n- a\n  1. b\n     > c\n\n2024. year\n7) seven\n\n***both***\n\n---\n"
        "line\nline\n\n" + "word " * 300
    )
    sections = [{"heading": f"Part {n}", "prose": tree(everything)} for n in range(40)]
    made = press.pdf(NOTE, make(sections=sections))
    seen = text(made)
    assert seen.count("Part ") == 40
    assert run_together(seen).count("word" * 300) + seen.count("\nword") >= 40
    assert_inside_the_margins(made)


def test_markup_of_every_kind_is_printed_as_it_was_typed():
    paper = papers.english(
        client=MARKUP, contact=MARKUP, clinician=MARKUP, remarks=[MARKUP],
        sections=[{"heading": MARKUP, "prose": tree(MARKUP)}],
        signed={"name": MARKUP, "at": MARKUP}, words=papers.ENGLISH | {"note": MARKUP},
    )  # fmt: skip
    seen = run_together(text(press.pdf(NOTE, paper)))
    assert seen.count(run_together(MARKUP)) >= 5
    assert seen.count(run_together("#panic()")) >= 7


@settings(max_examples=15, deadline=None)
@given(typed, typed)
@example("#\n\n- \n\n1.\n\n> ", "> # A\n\n- # B\n  ###### C")
def test_whatever_is_typed_prints_by_the_standard(text, later):
    addendum = {"author": "A", "at": "B", "prose": tree(later)}
    paper = papers.english(
        sections=[{"heading": "A", "prose": tree(text)}, {"heading": "", "prose": tree(later)}],
        addenda=[addendum],
    )
    assert press.pdf(NOTE, paper)


def test_what_is_nested_as_deeply_as_prose_allows_still_prints():
    for deep in ("> " * 16, "- " * 8, "1. > " * 5, "> - " * 5):
        made = press.pdf(
            NOTE, papers.english(sections=[{"heading": "A", "prose": tree(deep + "w")}])
        )
        assert "w" in text(made)


def test_a_note_with_nothing_but_a_signature():
    paper = papers.english(sections=[], scores=[], addenda=[], remarks=[], seals=[])
    del paper["chart"], paper["cosigned"]
    seen = text(press.pdf(NOTE, paper))
    assert "Signed" in seen
    for absent in ("Scores", "Added later", "Co-signed"):
        assert absent not in seen


def test_letters_that_no_face_has_are_said_to_be_missing():
    paper = papers.english(client="漢字 😀")
    made = press.pdf(NOTE, paper)
    assert run_together(papers.ENGLISH["gaps"]) in run_together(text(made))
    assert read(made).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert papers.ENGLISH["gaps"] not in text(press.pdf(NOTE, papers.english()))


def test_a_note_with_a_strange_letter_and_no_word_for_it_is_refused_without_its_words():
    paper = papers.english()
    paper["client"] = "Mara \U00013000"  # no typeface here has hieroglyphs
    del paper["words"]["gaps"]

    with pytest.raises(press.CannotPrint) as refusal:
        press.pdf(NOTE, paper)
    assert "Mara" not in str(refusal.value)
