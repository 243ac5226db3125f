"""With the backup and the sheet alone a practice is back; anything else is refused untouched."""

import io

import pyrage
import pytest

from rapport.core import keys
from rapport.core.backup import about, container

from .conftest import ON_POSTGRES, backed_up, held, rapport, writing


def test_what_was_acknowledged_before_is_back_whole_and_opens(made, tmp_path, empty_database):
    file, sheet, before = made
    back, database = tmp_path / "back", empty_database()

    done = rapport("restore", file, "--to", back, "--sheet", sheet, database=database)

    assert done.returncode == 0, done.stderr
    now = held(back, database)
    assert set(before) <= set(now["clients"])
    assert all(remark.startswith("qwelephant ") for remark in now["clients"].values())
    rows = now["rows"]
    assert rows["people.Client"] + rows["record.AuthorKey"] == rows["core.DataKey"]
    assert now["signs in"]
    verified = rapport("verify", "--practice", back, database=database)
    assert "Everything is as it was written." in verified.stdout, verified.stdout


def test_every_row_is_back(practice, tmp_path, empty_database):
    folder, database, sheet = practice
    with writing(folder, database) as hand:
        for _ in range(5):
            hand.stdout.readline()
    file = backed_up(folder, database)
    there = held(folder, database)
    back, new = tmp_path / "back", empty_database()

    assert rapport("restore", file, "--to", back, "--sheet", sheet, database=new).returncode == 0

    here = held(back, new)
    # the record of the backup itself, and its line in the trail, come after the copy
    for later in ("core.BackupRecord", "core.AuditEntry"):
        assert there["rows"].pop(later) - here["rows"].pop(later) == 1
    assert here == there


def test_the_sheet_may_be_typed(made, tmp_path, empty_database):
    file, sheet, _ = made
    rows = [line for line in sheet.read_text().splitlines() if line.strip()[:2] in
            {"1 ", "2 ", "3 ", "4 "}]  # fmt: skip

    done = rapport("restore", file, "--to", tmp_path / "back", stdin="\n".join(rows) + "\n\n",
                   database=empty_database())  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_no_planted_word_stands_in_it(made):
    raw = made[0].read_bytes()

    assert not [word for word in (b"Zyxorchid", b"qwelephant", b"zyxorchid") if word in raw]
    assert len(raw) > 50_000


def test_the_copy_elsewhere_is_the_same(practice, tmp_path):
    folder, database, _ = practice
    disk = tmp_path / "disk"
    disk.mkdir()

    done = rapport("backup", "--practice", folder, "--copy-to", disk, database=database)

    assert done.returncode == 0, done.stderr
    (file,) = (folder / "backups").glob("*.age")
    assert (disk / file.name).read_bytes() == file.read_bytes()
    assert (disk / file.name).stat().st_mode & 0o777 == 0o600


def wrong_sheet(file, sheet):
    sheet.write_text(keys.RecoverySheet.new().identity)
    return "another recovery sheet"


def mistyped(file, sheet):
    text = sheet.read_text()
    row = next(line for line in text.splitlines() if line.strip().startswith("2 "))
    last = row.rstrip()[-1]
    sheet.write_text(text.replace(row, row.rstrip()[:-1] + ("Q" if last != "Q" else "P")))
    return "Row 2 of the recovery sheet is mistyped"


def cut(share):
    def shorten(file, sheet):
        raw = file.read_bytes()
        file.write_bytes(raw[: int(len(raw) * share)])
        return "backup"

    return shorten


def flipped(share):
    def flip(file, sheet):
        raw = bytearray(file.read_bytes())
        raw[int((len(raw) - 1) * share)] ^= 1
        file.write_bytes(raw)
        return "damaged"

    return flip


class Altered:
    """Takes a backup apart and packs it again with another ``about.json``."""

    def __init__(self, change):
        self.change, self.members = change, []

    def begin(self, name):
        self.members.append((name, bytearray()))

    def data(self, chunk):
        self.members[-1][1].extend(chunk)

    def end(self):
        pass

    def __call__(self, file, sheet):
        paper = keys.RecoverySheet.parse(sheet.read_text())
        self.members = []
        container.decrypt(io.BytesIO(file.read_bytes()), self, paper.opener)
        packer = container.Packer()

        def blocks():
            for name, content in self.members:
                if name != container.MANIFEST:
                    said = bytes(content)
                    if name == about.NAME:
                        said = self.change(said)
                    yield from packer.whole(name, said)
            yield from packer.end()

        with file.open("wb") as target:
            recipient = pyrage.x25519.Recipient.from_str(paper.recipient)
            container.encrypt(blocks(), target, [recipient])
        return "made by a newer Rapport"


REFUSED = {
    "another sheet": wrong_sheet,
    "a mistyped sheet": mistyped,
    "nothing in it": cut(0.0),
    "cut in its head": cut(0.001),
    "cut in the middle": cut(0.5),
    "cut before its end": cut(0.99),
    "a flipped byte early": flipped(0.2),
    "a flipped byte late": flipped(1.0),
    "a newer format": Altered(lambda said: said.replace(b'"format": 1', b'"format": 2')),
    "a newer table": Altered(lambda said: said.replace(b'"0001_', b'"0999_')),
}


@pytest.mark.parametrize("spoil", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_trusted_is_refused_and_nothing_is_left(
    made, tmp_path, empty_database, spoil
):
    file, sheet, _ = made
    said = spoil(file, sheet)
    new = empty_database()
    before = sorted(path.name for path in tmp_path.iterdir())

    done = rapport("restore", file, "--to", tmp_path / "back", "--sheet", sheet, database=new)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_folder_in_use_is_not_touched(written, empty_database):
    folder, _, sheet, file, _ = written
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    done = rapport("restore", file, "--to", folder, "--sheet", sheet, database=empty_database())

    assert done.returncode == 1
    assert "something in that folder already" in done.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_backup_goes_only_where_its_kind_of_database_is(made, tmp_path):
    file, sheet, _ = made
    other = "" if ON_POSTGRES else "postgresql://nobody@localhost:1/none"

    done = rapport("restore", file, "--to", tmp_path / "back", "--sheet", sheet, database=other)

    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert not (tmp_path / "back").exists()


def test_looking_writes_nothing(made, tmp_path):
    file, sheet, _ = made

    done = rapport("restore", file, "--to", tmp_path / "back", "--sheet", sheet, "--check-only")

    assert done.returncode == 0, done.stderr
    assert "Nothing was written." in done.stdout
    assert not (tmp_path / "back").exists()


def test_no_folder_no_copy_and_no_backup(practice, tmp_path):
    folder, database, _ = practice

    done = rapport("backup", "--practice", folder, "--copy-to", tmp_path / "none",
                   database=database)  # fmt: skip

    assert done.returncode == 1
    assert "is no folder" in done.stderr
    assert not list((folder / "backups").iterdir())
