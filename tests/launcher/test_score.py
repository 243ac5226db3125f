"""rapport score: a line in, a line out, for a million lines as for one."""

import json
import subprocess
import sys

import pytest
from bench import scoring

from rapport.progress.measures.instruments import INSTRUMENTS
from tests.launcher.conftest import ROOT, environment, rapport

KEYS = ["status", "total", "total_rounded", "band", "above_cutoff", "risk_flag", "subscales"]
SAID = {True: "yes", False: "no", None: "unknown"}


def scored(id, *lines, options=(), code=0):
    """What comes out for ``lines``; text goes in as it is."""
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    done = rapport("score", id, *options, input="".join(f"{line}\n" for line in written))
    assert done.returncode == code, done.stderr
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("id", sorted(INSTRUMENTS.find()))
def test_it_agrees_with_every_worked_case(id):
    one = INSTRUMENTS.get(id).content
    lines = [
        {"answers": {item: None if answer == "" else answer
                     for item, answer in zip(one.key.values, example.answers, strict=False)}}
        | example.facts
        for example in one.examples
    ]  # fmt: skip

    for found, example in zip(scored(id, *lines), one.examples, strict=True):
        more = [name for name in ("findings", "highest") if name in found]
        assert list(found) == KEYS + more
        assert found.get("highest") == example.highest
        for name, said in example.findings.items():
            assert SAID[found["findings"][name]] == said
        assert found["status"] == example.status
        assert found["total"] == pytest.approx(example.total)
        assert (found["total_rounded"], found["band"]) == (example.total_rounded, example.band)
        assert SAID[found["above_cutoff"]] == example.above_cutoff
        assert SAID[found["risk_flag"]] == example.risk
        for name, total in example.subscales.items():
            assert found["subscales"][name]["total"] == pytest.approx(total)


def test_a_part_of_a_form_comes_with_its_own_status():
    (found,) = scored("pcl-5", {"answers": {str(n): 1 for n in range(1, 20)}})

    assert found["status"] == "not_scorable"
    assert found["subscales"]["mood"] == {
        "status": "scored", "total": 7, "total_rounded": 7, "band": None,
    }  # fmt: skip
    assert found["subscales"]["arousal"]["total"] is None


@pytest.mark.parametrize(
    "line, advice",
    [
        ("no JSON", "It is no JSON object"),
        ("", "It is no JSON object"),
        ("[" * 100_000, "It is no JSON object"),
        ('{"answers": {"1": ' + "9" * 5000 + "}}", "It is no JSON object"),
        ("[]", "It has no answers"),
        ('"answers"', "It has no answers"),
        ("{}", "It has no answers"),
        ({"answers": [1, 2]}, "It has no answers"),
        ({"answers": {"1": 4}}, "Item 1 is answered with 0, 1, 2, 3, or null"),
        ({"answers": {"1": "2"}}, "Item 1 is answered with"),
        ({"answers": {"1": True}}, "Item 1 is answered with"),
        ({"answers": {"1": [0]}}, "Item 1 is answered with"),
        ('{"answers": {"1": NaN}}', "Item 1 is answered with"),
        ({"answers": {"0": 1}}, "There is no item '0'"),
        ('{"answers": {"1": 0, "1": 3}}', "It says something twice"),
        ('{"answers": {}, "answers": {"1": 3}}', "It says something twice"),
        ('{"answers": {"1": 0, "1" : 3}, "a:b": 1}', "It says something twice"),
        ('{"answers": {"1": 0}, "answers": 3}', "It says something twice"),
        (json.dumps({"answers": {}, "note": "x" * (1 << 20)}), "It is longer than a megabyte"),
    ],
)
def test_a_line_that_cannot_be_scored_is_named_and_the_others_are_scored(line, advice):
    good = {"answers": {str(n): 1 for n in range(1, 10)}}

    first, second, third = scored("phq-9", good, line, good, code=1)

    assert list(second) == ["error"]
    assert second["error"].startswith(f"Line 2: {advice}")
    assert first["total"] == third["total"] == 9


def test_what_stands_beside_the_answers_is_not_read_unless_a_cut_off_asks_for_it():
    beside = {"id": "a:b", "at": {"day": "09:30"}, "sex": "female"}

    (found,) = scored("audit-c", {"answers": {"1": 1, "2": 1, "3": 1}} | beside)
    assert found["above_cutoff"] is True
    (found,) = scored("audit-c", {"answers": {"1": 1, "2": 1, "3": 1}, "sex": ["female"]})
    assert found["above_cutoff"] is None


def test_bytes_that_are_no_text_are_named():
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "score", "phq-9"], cwd=ROOT, env=environment(),
        input=b'\xff\xfe\n\xef\xbb\xbf{"answers": {}}\n', capture_output=True, check=False,
    )  # fmt: skip

    first, second = done.stdout.splitlines()
    assert done.returncode == 1
    assert b"Line 1: It is no UTF-8" in first
    assert b"error" in second  # a mark of byte order belongs at the start of a file


def test_a_file_from_windows_is_read_too():
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "score", "phq-2"], cwd=ROOT, env=environment(),
        input=b'\xef\xbb\xbf{"answers": {"1": 1, "2": 2}}\r\n{"answers": {}}', check=False,
        capture_output=True,
    )  # fmt: skip

    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, first["total"], second["status"]) == (0, 3, "not_scorable")


def test_another_cut_off_can_be_chosen():
    eight = {"answers": dict(zip("1234567", [3, 3, 2, 0, 0, 0, 0], strict=True))}

    assert scored("gad-7", eight)[0]["above_cutoff"] is False
    assert scored("gad-7", eight, options=["--cutoff", "nhs"])[0]["above_cutoff"] is True


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["phq9"], "There is no questionnaire phq9. Did you mean phq-9 or phq-a or phq-8?"),
        (["PHQ-9"], "There is no questionnaire PHQ-9. Did you mean phq-9"),
        (["zzz"], "There is no questionnaire zzz. See them all with rapport score --list."),
        ([], "Say which questionnaire. See them all with rapport score --list."),
        (["gad-7", "--cutoff", "mine"], "GAD-7 has no cut-off mine. There are: developers, nhs."),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(words, sentence):
    done = rapport("score", *words, input="")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1


def test_what_can_be_scored_is_listed():
    said = rapport("score", "--list").stdout

    assert [line.split()[0] for line in said.splitlines()] == sorted(INSTRUMENTS.find())
    assert "Generalized Anxiety Disorder scale (cut-offs: developers, nhs)" in said


def test_an_answer_comes_before_the_next_question_is_asked():
    call = [sys.executable, "-m", "rapport", "score", "phq-2"]
    with subprocess.Popen(call, cwd=ROOT, env=environment(), text=True, bufsize=1,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:  # fmt: skip
        for total in (1, 2, 3):
            run.stdin.write(json.dumps({"answers": {"1": total, "2": 0}}) + "\n")
            assert json.loads(run.stdout.readline())["total"] == total
        run.stdin.close()
        assert run.wait(10) == 0


def test_who_reads_only_the_first_line_is_not_bothered():
    lines = '{"answers": {}}\n' * 50_000
    call = [sys.executable, "-m", "rapport", "score", "phq-9"]
    with subprocess.Popen(call, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:  # fmt: skip
        run.stdout.close()
        try:
            run.stdin.write(lines)
            run.stdin.close()
        except BrokenPipeError:
            run.stdin = None
        assert run.stderr.read() == ""
        assert run.wait(30) == 0


def test_memory_does_not_grow_with_the_lines(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    line = json.dumps({"answers": {str(n): n % 4 for n in range(1, 10)}}) + "\n"
    sizes = []
    for count in (1_000, 150_000):
        source = tmp_path / f"{count}.jsonl"
        source.write_text(line * count)
        sizes.append(scoring.command(source)[1])

    assert sizes[0] < 100
    assert sizes[1] - sizes[0] < 5  # megabytes; the longer file has twelve


def test_memory_does_not_grow_with_a_line_that_never_ends():
    """200 MB without a line's end, as from a file that is no text: read, never held."""
    call = [sys.executable, "-c", MEASURED, "score", "phq-9"]
    with subprocess.Popen(call, cwd=ROOT, env=environment(), stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as run:  # fmt: skip
        for _ in range(200):
            run.stdin.write(b"x" * (1 << 20))
        run.stdin.close()
        said, peak = run.stdout.read().splitlines()  # VmHWM: 41000 kB

    assert json.loads(said)["error"].startswith("Line 1: It is longer than a megabyte")
    assert int(peak.split()[1]) < 100_000


MEASURED = """
import sys
from rapport import cli
cli.main(sys.argv[1:])
with open("/proc/self/status") as status:
    sys.stdout.write(next(line for line in status if line.startswith("VmHWM")))
"""


def test_it_needs_neither_django_nor_numpy_nor_a_practice(tmp_path):
    program = (
        "import sys; from rapport import cli; code = cli.main(['score', 'phq-9']);"
        "from django.conf import settings;"
        "print(code, settings.configured, 'numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), cwd=tmp_path, input='{"answers": {}}',
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[1] == "0 False False", done.stderr
    assert list(tmp_path.iterdir()) == []
