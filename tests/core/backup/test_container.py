"""The inside of a backup: what is packed comes out, and nothing else is taken for it."""

import errno
import io
import json
import tarfile

import pyrage
import pytest

from rapport.core.backup import container
from rapport.core.backup.problems import BackupProblem, DamagedBackup, WrongSheet

MEMBERS = {"about.json": b"{}", "files/a/b.bin": b"x" * 1300, "database/000001": b""}


class Taken:
    """Keeps every member."""

    def __init__(self):
        self.members = {}

    def begin(self, name):
        self.members[name] = self.content = bytearray()

    def data(self, chunk):
        self.content += chunk

    def end(self):
        self.members = {name: bytes(content) for name, content in self.members.items()}


def packed(members=MEMBERS, end=True):
    packer = container.Packer()
    blocks = [block for name in members for block in packer.whole(name, members[name])]
    return b"".join([*blocks, *(packer.end() if end else [])])


def unpacked(raw, piece=4096):
    taken = Taken()
    unpacker = container.Unpacker(taken)
    for start in range(0, len(raw), piece):
        assert unpacker.write(raw[start : start + piece]) == len(raw[start : start + piece])
    unpacker.flush()
    unpacker.finish()
    return taken.members


@pytest.mark.parametrize("piece", [1, 511, 512, 513, 100_000])
def test_what_is_packed_comes_out_in_whatever_pieces_it_arrives(piece):
    members = unpacked(packed(), piece)

    assert set(json.loads(members.pop("manifest.json"))["members"]) == set(MEMBERS)
    assert members == MEMBERS


def test_any_tar_program_opens_it():
    with tarfile.open(fileobj=io.BytesIO(packed())) as archive:
        assert archive.getnames() == [*MEMBERS, "manifest.json"]


@pytest.mark.parametrize(
    ("size", "parts"),
    [(0, 1), (1, 1), (container.PART, 1), (container.PART + 1, 2), (3 * container.PART, 3)],
)
def test_a_database_of_any_size_is_cut_into_parts(size, parts):
    packer, content = container.Packer(), b"d" * size
    chunks = [content[at : at + 999_983] for at in range(0, size, 999_983)]
    raw = b"".join([*packer.parts("database", chunks), *packer.end()])

    members = unpacked(raw, 65_536)

    names = [name for name in members if name.startswith("database/")]
    assert names == [f"database/{n:06}" for n in range(1, parts + 1)]
    assert b"".join(members[name] for name in names) == content


@pytest.mark.parametrize(
    "name", ["../keys", "/etc/passwd", "files/.hidden", "files/a//b", "other", "files/" + "a" * 95]
)
def test_a_name_that_leaves_the_folder_is_not_packed(name):
    assert not container.allowed(name)
    with pytest.raises(BackupProblem, match="cannot be backed up"):
        list(container.Packer().whole(name, b""))


def test_a_file_that_grew_meanwhile_is_taken_as_long_as_it_was():
    packer = container.Packer()
    raw = b"".join([*packer.member("files/a", 4, [b"123", b"456"]), *packer.end()])

    assert unpacked(raw)["files/a"] == b"1234"


def test_a_file_that_shrank_meanwhile_ends_the_backup():
    with pytest.raises(BackupProblem, match="changed while it was backed up"):
        list(container.Packer().member("files/a", 9, [b"123"]))


def header(name, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.type = kind
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "raw",
    [
        b"no tar at all".ljust(512),
        packed() + header("files/late"),
        packed(end=False) + header("about.json"),
        header("files/folder", tarfile.DIRTYPE),
        header("files/link", tarfile.SYMTYPE),
        header("../outside"),
        bytes(512) + header("files/after-the-end"),
    ],
    ids=["garbage", "late", "twice", "a folder", "a link", "outside", "after the end"],
)
def test_what_does_not_belong_into_a_backup_is_refused(raw):
    with pytest.raises(DamagedBackup, match="not a backup of Rapport"):
        unpacked(raw)


def listing(text):
    packer = container.Packer()
    return b"".join([*packer.whole("about.json", b"{}"), *packer.whole("manifest.json", text)])


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (packed(end=False), "list is missing"),
        (listing(b"[]") + bytes(1024), "list is missing"),
        (listing(b'{"members": {}}') + bytes(1024), "parts of it are missing"),
        (packed()[:-512], "parts of it are missing"),
        (packed()[:-1], "parts of it are missing"),
        (packed() + b"more", "parts of it are missing"),
    ],
)
def test_what_is_not_all_of_it_is_refused(raw, says):
    with pytest.raises(DamagedBackup, match=says):
        unpacked(raw)


@pytest.fixture
def mine():
    return pyrage.x25519.Identity.generate()


def closed(mine, raw=None):
    target = io.BytesIO()
    container.encrypt([raw or packed()], target, [mine.to_public()])
    return target.getvalue()


def test_it_opens_with_the_sheet_it_was_closed_for_and_no_other(mine):
    taken = Taken()
    container.decrypt(io.BytesIO(closed(mine)), taken, mine)
    assert MEMBERS.items() <= taken.members.items()

    with pytest.raises(WrongSheet):
        container.decrypt(io.BytesIO(closed(mine)), Taken(), pyrage.x25519.Identity.generate())


@pytest.mark.parametrize("left", [0, 10, -1, -600])
def test_a_cut_one_is_refused(mine, left):
    with pytest.raises(DamagedBackup):
        container.decrypt(io.BytesIO(closed(mine)[:left]), Taken(), mine)


def test_a_problem_while_packing_is_told_in_its_own_words(mine):
    def blocks():
        yield packed(end=False)
        raise BackupProblem("A file of the practice changed while it was backed up.")

    with pytest.raises(BackupProblem, match="changed while"):
        container.encrypt(blocks(), io.BytesIO(), [mine.to_public()])


def test_a_backup_that_nobody_could_open_is_not_made():
    with pytest.raises(pyrage.EncryptError):
        container.encrypt([packed()], io.BytesIO(), [])


def test_a_full_disk_is_no_damage_of_the_backup(mine):
    class Full(Taken):
        def data(self, chunk):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        container.decrypt(io.BytesIO(closed(mine)), Full(), mine)
