"""The command line: every command explains itself, and refuses in one sentence."""

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from rapport import cli
from rapport.cli import source
from rapport.cli.commands import check
from rapport.cli.commands import test as suite
from rapport.cli.locks import problems
from rapport.cli.serving import listening
from tests.launcher.conftest import ROOT, environment, rapport

SOON = 30  # seconds; never waited for in full


def test_a_command_that_is_none_is_refused_with_those_that_are():
    done = rapport("dance")
    assert done.returncode == 2
    assert "'verify'" in done.stderr


@pytest.mark.parametrize("command", sorted(cli.found()))
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    assert command in capsys.readouterr().out
    assert cli.found()[command].help
    assert cli.found()[command].__doc__


def test_a_new_practice_prints_its_sheet_and_one_link(made):
    folder, said = made
    assert "RECOVERY SHEET" in said
    assert len(re.findall(r"http://localhost:8000/i/\S+/", said)) == 1
    assert (folder / "keys.json").stat().st_mode & 0o777 == 0o600
    assert not any(b"AGE-SECRET" in p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_a_practice_is_never_made_over_another(made):
    folder, _ = made
    before = (folder / "keys.json").read_bytes()
    done = rapport("init", "--practice", str(folder), "--name", "Other",
                   "--owner", "x@example.org", "--owner-name", "X")  # fmt: skip
    assert done.returncode == 1
    assert "Name another folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "keys.json").read_bytes() == before


def test_a_new_practice_verifies(made):
    done = rapport("verify", "--practice", str(made[0]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is as it was written." in done.stdout


def test_a_folder_without_a_practice_is_one_sentence(tmp_path):
    done = rapport("serve", "--practice", str(tmp_path))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_database_that_is_gone_is_said_and_no_empty_one_takes_its_place(tmp_path, made):
    shutil.copy(made[0] / "keys.json", tmp_path)
    for command in ("verify", "backup", "recover", "serve"):
        given = ["nobody@example.org"] if command == "recover" else []
        done = rapport(command, "--practice", str(tmp_path), *given)
        assert done.returncode == 1
        assert "rapport restore" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "practice.example"])
def test_beyond_this_machine_it_is_served_under_tls_only(tmp_path, host):
    done = rapport("serve", "--practice", str(tmp_path), "--host", host)
    assert done.returncode == 1
    assert done.stderr.startswith("Beyond this machine Rapport is served under TLS only.")


def test_a_certificate_that_is_not_there_is_one_sentence(tmp_path):
    done = rapport("serve", "--practice", str(tmp_path), "--host", "0.0.0.0",
                   "--certificate", str(tmp_path / "none.pem"))  # fmt: skip
    assert done.returncode == 1
    assert "cannot be read" in done.stderr


def test_a_taken_port_is_one_sentence_with_a_free_one(made):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = rapport("serve", "--practice", str(made[0]), "--port", str(port))
    assert done.returncode == 1
    sentence = r"Port (\d+) is taken by another program\. Try --port (\d+)\.\n"
    said = re.fullmatch(sentence, done.stderr)
    assert said and int(said[1]) == port and int(said[2]) != port


def test_small_answers_are_sent_at_once():
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio asks before TCP_NODELAY


@contextlib.contextmanager
def serving(folder, *words):
    call = [sys.executable, "-m", "rapport", "serve", "--practice", str(folder), "--port", "0"]
    with subprocess.Popen([*call, *words], cwd=ROOT, env=environment(), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:  # fmt: skip
        try:
            line = server.stdout.readline()
            yield server, int(re.search(r"http://localhost:(\d+)/", line)[1])
        finally:
            server.kill()


def answer(port, path="/"):
    for _ in range(100):
        try:
            return urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=5)
        except urllib.error.HTTPError as refused:
            return refused
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def test_it_answers_and_stops_cleanly_when_told_to(made):
    with serving(made[0]) as (server, port):
        reply = answer(port, "/desk/signin/")
        assert reply.status == 200
        assert "server" not in {name.lower() for name in reply.headers}
        assert answer(port, "/static/..%2f..%2fsettings.py").status == 404
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait(SOON) == 0
        assert server.stdout.read() == ""


def test_the_locks_are_complete_and_name_no_server():
    assert list(problems(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("--index-url https://packages.example/\n", "names a package server"),
        ("babel==2.18.0\n    # via nothing\n", "babel has no hash"),
        ("", "django is wanted in pyproject.toml"),
    ],
)
def test_a_bad_lock_is_found(tmp_path, text, problem):
    for name in ("requirements-dev.txt", "requirements-node.txt", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "requirements.txt").write_text(text)
    assert any(problem in found for found in problems(tmp_path))


def test_an_option_that_is_none_is_refused():
    done = rapport("serve", "--prot", "8001")
    assert done.returncode == 2
    assert "serve does not know --prot 8001" in done.stderr


def test_what_the_suite_does_not_know_pytest_is_told(monkeypatch):
    told = []
    monkeypatch.setattr(source, "pytest", lambda *words, database: told.append(words) or 0)
    assert cli.main(["test", "--fast", "--database", "sqlite", "-k", "audit", "tests/core"]) == 0
    assert told == [("-q", "-m", "not journey", "-k", "audit", "tests/core")]


@pytest.mark.parametrize(("codes", "end"), [((0, 5), 0), ((5, 0), 0), ((0, 1), 1), ((5, 5), 1)])
def test_the_suite_fails_when_a_part_fails_or_nothing_ran(monkeypatch, capsys, codes, end):
    left = list(codes)
    monkeypatch.setattr(source, "pytest", lambda *_, **__: left.pop(0))
    monkeypatch.setattr(suite, "databases", lambda _: [("one", ""), ("other", "")])
    assert cli.main(["test", "--fast", "-q"]) == end
    assert ("FAILED" in capsys.readouterr().out) is (1 in codes)


@pytest.mark.parametrize("gap", [0, 2])
def test_the_whole_suite_fails_when_it_leaves_a_gap(monkeypatch, capsys, gap):
    told, tools = [], []
    monkeypatch.setattr(source, "pytest", lambda *words, database: told.append(words) or 0)
    monkeypatch.setattr(suite, "databases", lambda _: [("file", ""), ("server", "postgresql:")])
    monkeypatch.setattr(
        source, "tool", lambda *words: tools.append(words) or gap * ("report" in words)
    )

    assert cli.main(["test", "--fast"]) == bool(gap)

    on_file, measured, others = ([w for w in words if w not in suite.MEASURE] for words in told)
    assert [set(suite.MEASURE) < set(words) for words in told] == [True, True, False]
    assert (on_file, measured[3:]) == (["-q", "-m", "not journey"], [*suite.BY_SERVER])
    assert others[3:] == [f"--ignore={one}" for one in suite.BY_SERVER]  # nothing is left out
    assert [words[1] for words in tools] == ["erase", "report"]
    assert ("reached: FAILED" in capsys.readouterr().out) is bool(gap)


def test_a_proof_that_is_none_is_refused_with_those_that_are(capsys):
    assert cli.main(["prove", "nothing"]) == 1
    assert "There is no proof nothing. There are: " in capsys.readouterr().err


def test_a_missing_system_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setattr(suite.os, "geteuid", lambda: 1000)
    suite.install("postgresql", found="/usr/bin")
    with pytest.raises(cli.Trouble, match="sudo apt-get install .* postgresql"):
        suite.install("postgresql", found=None)


def test_every_part_of_the_check_runs_and_the_dirty_one_is_named(monkeypatch, capsys):
    parts = {"lint": lambda: 1, "types": lambda: 0}
    monkeypatch.setattr(check, "PARTS", parts)
    assert check.run(argparse.Namespace(only=None)) == 1
    assert capsys.readouterr().out.endswith("lint: NOT CLEAN\ntypes: clean\n")
    assert check.run(argparse.Namespace(only="types")) == 0


def test_a_benchmark_is_run_from_the_source(monkeypatch, tmp_path, capsys):
    ran = []
    monkeypatch.setattr(source, "root", lambda: tmp_path)
    monkeypatch.setattr(source, "python", lambda *words: ran.append(words) or 0)
    assert cli.main(["bench"]) == 1
    assert "has no folder bench" in capsys.readouterr().err
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "__main__.py").touch()
    assert cli.main(["bench", "--quick"]) == 0
    assert ran == [("-m", "bench", "--quick")]


@contextlib.contextmanager
def half_asked(port):
    """A browser that has sent half of its form."""
    with socket.create_connection(("localhost", port), timeout=SOON) as link:
        link.sendall(
            b"POST /desk/signin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
        )
        assert link.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"  # so it is in hand
        link.sendall(b"half")
        yield link


def test_a_request_in_hand_is_finished_before_it_stops(made):
    with serving(made[0]) as (server, port):
        assert answer(port, "/desk/signin/").status == 200
        with half_asked(port) as slow:
            os.kill(server.pid, signal.SIGTERM)
            time.sleep(0.5)
            slow.sendall(b"done")
            assert slow.recv(4096).startswith(b"HTTP/1.1 4")  # refused, but answered
        assert server.wait(SOON) == 0


def test_a_request_that_never_ends_does_not_keep_it_from_stopping(made):
    with serving(made[0]) as (server, port):
        assert answer(port, "/desk/signin/").status == 200
        with half_asked(port):
            os.kill(server.pid, signal.SIGTERM)
            assert server.wait(SOON) == 0
