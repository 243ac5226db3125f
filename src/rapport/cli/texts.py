"""What Rapport says, found in its source, and how the catalogues of other languages stand to it."""

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from rapport.cli import bare

SOURCE = "src/rapport"
COMPLETE = frozenset({"de"})  # every text has a translation; other languages may have gaps
Forms = str | tuple[str, ...] | list[str] | None
HOLE = re.compile(r"%\(\w+\)[sd]|%%")
WORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")
}


def catalogues(root: Path) -> Iterator[tuple[str, Path]]:
    """Each language that has a catalogue, and the file."""
    for path in sorted((root / SOURCE / "locale").glob("*/LC_MESSAGES/django.po")):
        yield path.parts[-3], path


def name(language: str) -> str:
    """The language's English name."""
    return str(Locale(language).english_name)


def said(root: Path) -> Catalog:
    """Every text that Python and templates hand over for translation."""
    found = Catalog()
    sources = [path.read_bytes() for path in sorted((root / SOURCE).rglob("*.py"))]
    # The brackets let the reader of Python take a page's indentation for nothing.
    sources += [f"(\n{templatize(one.read_text())}\n)".encode() for one in _templates(root)]
    for source in sources:
        for _line, text, _remarks, context in extract("python", io.BytesIO(source), WORDS):
            found.add(text, context=context)
    return found


def bring_up(root: Path) -> None:
    """Give every catalogue the texts of today: new ones empty, those no longer said left out."""
    today = said(root)
    for language, path in catalogues(root):
        kept = _read(language, path)
        before = {(text.id, text.context): text for text in kept if not text.fuzzy}
        new = Catalog(locale=language)
        for text in today:
            if text.id:
                old = before.get((text.id, text.context), text)
                new.add(text.id, old.string, context=text.context, user_comments=old.user_comments)
        with path.open("wb") as file:
            file.write(_head(language, kept).encode())
            write_po(file, new, width=0, omit_header=True, sort_output=True)


def problems(root: Path) -> Iterator[str]:
    """One sentence for each text no translation reaches, and where a catalogue falls short."""
    for page in _templates(root):
        for words in bare.words(page):
            yield f"{_short(words)} stands untranslatable in {page.relative_to(root / SOURCE)}."
    today = said(root)
    wanted = {(text.id, text.context) for text in today if text.id}
    for language, path in catalogues(root):
        kept = _read(language, path)
        here = {(text.id, text.context) for text in kept if text.id}
        where = f"{name(language)}: "
        for text, _context in sorted(wanted - here, key=str):
            yield f"{where}{_short(text)} is not in the catalogue. Run ./rapport texts."
        for text, _context in sorted(here - wanted, key=str):
            yield f"{where}{_short(text)} is no longer said. Run ./rapport texts."
        for message in kept:
            if message.id:
                yield from (f"{where}{problem}" for problem in _wrong(language, kept, message))


def untranslated(root: Path, language: str) -> int:
    """How many texts of a catalogue have no translation yet."""
    path = dict(catalogues(root))[language]
    return sum(1 for text in _read(language, path) if text.id and not all(_strings(text)))


def _templates(root: Path) -> list[Path]:
    return sorted(p for p in (root / SOURCE).rglob("templates/**/*") if p.is_file())


def _wrong(language: str, kept: Catalog, message: Message) -> Iterator[str]:
    strings = _strings(message)
    name = _short(message.id)
    if message.fuzzy:
        yield f"{name} is marked as uncertain (fuzzy)."
    if not any(strings):
        if language in COMPLETE:
            yield f"{name} has no translation."
        return
    if not all(strings):
        yield f"{name} lacks one of its plural forms."
    for form, string in enumerate(strings):
        asked, given = _holes(_forms(message.id)[-1]), _holes(string)
        alone = message.pluralizable and _is_of_one_number(kept, form)
        if string and given != asked and not (alone and given <= asked):
            yield f"{name} has other placeholders in its translation."


def _is_of_one_number(kept: Catalog, form: int) -> bool:
    """Whether a plural form is said of a single number, and so may leave the number out."""
    which = gettext.c2py(kept.plural_expr)  # type: ignore[attr-defined]
    return sum(1 for n in range(200) if which(n) == form) == 1


def _holes(text: str) -> set[str]:
    return set(HOLE.findall(text))


def _strings(message: Message) -> tuple[str, ...]:
    return _forms(message.string)


def _forms(text: Forms) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _short(text: Forms) -> str:
    return f"“{_forms(text)[0].strip()[:60]}”"


def _read(language: str, path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _head(language: str, catalogue: Catalog) -> str:
    lines = (
        "Project-Id-Version: Rapport",
        f"Language: {language}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    quoted = "".join(f'"{line}\\n"\n' for line in lines)
    about = f"# {name(language)} words of Rapport. AGPL-3.0-or-later."
    return f'{about}\nmsgid ""\nmsgstr ""\n{quoted}\n'
