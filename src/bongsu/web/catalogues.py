"""The translation catalogues: those of all pages made into one for each language, where Django finds it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polib

HERE: Final = Path(__file__).parent
TRANSLATED: Final = ("ko", "ja", "fr")
_FILE: Final = "LC_MESSAGES/django.po"


def catalogues(language: str) -> tuple[Path, ...]:
    """The catalogues of a language, the site's own first, then those of the pages, sorted."""
    return tuple(sorted(HERE.rglob(f"locale/{language}/{_FILE}"), key=lambda path: (len(path.parts), str(path))))


def merged(language: str) -> polib.POFile:
    """All catalogues of a language as one; where two translate the same words, the first is kept."""
    whole = polib.POFile(wrapwidth=0)
    whole.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Language": language,
        "Plural-Forms": _PLURALS[language],
    }
    known: set[tuple[str, str | None]] = set()
    for path in catalogues(language):
        for entry in polib.pofile(str(path)):
            name = (entry.msgid, entry.msgctxt)
            if entry.obsolete or entry.fuzzy or name in known:
                continue
            known.add(name)
            whole.append(entry)
    return whole


def compile_catalogues(target: Path) -> None:
    """Write `<language>/LC_MESSAGES/django.mo` for each language under a folder."""
    for language in TRANSLATED:
        folder = target / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        merged(language).save_as_mofile(str(folder / "django.mo"))


# As the Unicode CLDR has them; Korean and Japanese have one form.
_PLURALS: Final = {
    "ko": "nplurals=1; plural=0;",
    "ja": "nplurals=1; plural=0;",
    "fr": "nplurals=2; plural=(n > 1);",
}
