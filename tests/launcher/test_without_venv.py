"""Where Python comes without venv and pip: uv, pinned, from the index that pip would use."""

import hashlib
import http.server
import io
import sys
import threading
import zipfile
from pathlib import Path

import pytest

VERSION = "9.9.9"
MINE = f"uv-{VERSION}-py3-none-anywhere.whl"


def wheel(said="echo made"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr(f"uv-{VERSION}.data/scripts/uv", f"#!/bin/sh\n{said}\n")
    return content.getvalue()


@pytest.fixture
def index(tmp_path):
    """A package index on this machine; what it is asked for."""
    served = {f"/files/{MINE}": wheel()}
    served["/simple/uv/"] = f'<a href="../../files/{MINE}#sha256=0">{MINE}</a>'.encode()
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if self.path in served else 404)
            self.end_headers()
            self.wfile.write(served.get(self.path, b""))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/simple", served, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def bare(launcher, index, monkeypatch, tmp_path):
    """The launcher on such a Python, with a configured index."""
    launcher.CACHE = tmp_path / ".cache"
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", index[0])
    monkeypatch.setattr(launcher, "fits", lambda name: name == MINE)
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda _name: None)
    pin = hashlib.sha256(wheel()).hexdigest()
    (tmp_path / "requirements-uv.txt").write_text(f"uv=={VERSION} \\\n    --hash=sha256:{pin}\n")
    return launcher


def test_uv_is_fetched_once_and_runs(bare, index):
    first = bare.uv()
    assert bare.uv() == first
    assert index[2] == ["/simple/uv/", f"/files/{MINE}"]
    bare.run(first[:1], "Trying it")
    assert bare.PLAIN["UV_DEFAULT_INDEX"] == index[0]


def test_another_uv_than_the_pinned_one_is_never_written(bare, index):
    index[1][f"/files/{MINE}"] = wheel("echo evil")
    with pytest.raises(bare.Trouble, match="nothing of it was run"):
        bare.uv()
    assert not bare.CACHE.exists()


def test_a_machine_that_uv_does_not_know_is_told_what_to_install(bare, index):
    index[1]["/simple/uv/"] = b'<a href="uv-9.9.9-py3-none-elsewhere.whl">another</a>'
    with pytest.raises(bare.Trouble, match="apt install python3-venv"):
        bare.uv()


def test_without_the_network_it_says_so(bare, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(bare.Trouble, match="needs the network the first time"):
        bare.uv()


def test_the_environment_is_made_and_filled_by_uv(bare, monkeypatch, tmp_path):
    ran = []

    def fake(command, _why):
        ran.append(command)
        (bare.VENV / "lib/python3.11/site-packages").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(bare, "run", fake)
    (tmp_path / "requirements.txt").write_text("nothing")
    bare.environment()
    bare.packages("requirements.txt")
    assert [Path(command[0]).name for command in ran] == ["uv", "uv"]
    assert ran[0][-4:] == ["venv", "--python", sys.executable, str(bare.VENV)]
    assert "--require-hashes" in ran[1]


def test_an_environment_from_elsewhere_is_made_anew(launcher):
    launcher.mark("venv", f"pip {launcher.HERE}")
    assert launcher.maker() == "pip"
    launcher.mark("venv", "pip /moved/away")
    assert launcher.maker() == "nobody"


@pytest.mark.parametrize(
    ("system", "machine", "libc", "name", "runs"),
    [
        ("linux", "x86_64", "glibc", "manylinux_2_17_x86_64.manylinux2014_x86_64", True),
        ("linux", "x86_64", "", "manylinux_2_17_x86_64.manylinux2014_x86_64", False),
        ("linux", "x86_64", "", "musllinux_1_1_x86_64", True),
        ("linux", "aarch64", "glibc", "manylinux_2_17_x86_64", False),
        ("darwin", "arm64", "", "macosx_11_0_arm64", True),
        ("darwin", "arm64", "", "macosx_10_12_x86_64", False),
        ("win32", "AMD64", "", "win_amd64", True),
        ("win32", "AMD64", "", "win_arm64", False),
        ("plan9", "x86_64", "", "manylinux_2_17_x86_64", False),
    ],
)
def test_a_wheel_is_chosen_by_its_name(launcher, monkeypatch, system, machine, libc, name, runs):
    monkeypatch.setattr(launcher.sys, "platform", system)
    monkeypatch.setattr(launcher.platform, "machine", lambda: machine)
    monkeypatch.setattr(launcher.platform, "libc_ver", lambda: (libc, ""))
    assert launcher.fits(f"uv-9.9.9-py3-none-{name}.whl") is runs


def test_the_index_is_the_one_of_pips_configuration(launcher, monkeypatch, tmp_path):
    for name in ("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "PIP_CERT"):
        monkeypatch.delenv(name, raising=False)
    told = tmp_path / "pip.conf"
    told.write_text("[global]\nindex-url = https://mirror.example/simple/\ncert = /c.pem\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(told))
    assert launcher.index() == "https://mirror.example/simple"
    assert launcher.pip_setting("cert") == "/c.pem"
    assert launcher.pip_setting("nothing") is None
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.example/simple")
    assert launcher.index() == "https://other.example/simple"
