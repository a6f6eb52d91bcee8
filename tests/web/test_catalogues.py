"""The translations: every word of the site in all its languages, its placeholders kept, one word for one thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, Token, TokenType

from bongsu.cases import words as casework
from bongsu.cases.catalogue import CATALOGUE
from bongsu.web.catalogues import HERE, TRANSLATED, catalogues, merged

GETTEXTS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
PLURALS = {"ngettext", "ngettext_lazy"}
CONTEXTS = {"pgettext", "pgettext_lazy"}
_TEXT = r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'"
TRANSLATE = re.compile(rf"^trans(?:late)?\s+(?:{_TEXT})(?:.*\bcontext\s+(?:{_TEXT}))?", re.DOTALL)
FILTERED = re.compile(rf"(?<![\w])_\((?:{_TEXT})\)")
CONTEXT = re.compile(rf"\bcontext\s+(?:{_TEXT})")
PERCENT = re.compile(r"%\((\w+)\)[sd]")
BRACES = re.compile(r"(?<!{){(\w+)}")
Message = tuple[str, str | None, str | None]  # the text, its plural, its context

# Texts that stay as they are in all languages.
UNTRANSLATED = {"", "Bongsu"}


def in_template(text: str) -> Iterator[Message]:
    """What a template has translated, as Django looks it up."""
    block: list[Token] | None = None
    opened = ""
    for token in Lexer(text).tokenize():
        if token.token_type is TokenType.BLOCK and token.contents.startswith(("blocktrans", "endblocktrans")):
            if block is None:
                block, opened = [], token.contents
            else:
                yield _block(opened, block)
                block = None
        elif block is not None:
            block.append(token)
        elif token.token_type is TokenType.BLOCK and (found := TRANSLATE.match(token.contents)):
            text_, context = found[1] or found[2], found[3] or found[4]
            yield text_.replace("\\'", "'").replace('\\"', '"'), None, context
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from ((each[1] or each[2], None, None) for each in FILTERED.finditer(token.contents))


def _block(opened: str, tokens: list[Token]) -> Message:
    forms: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents.strip() == "plural":
            forms.append([])
        elif token.token_type is TokenType.VAR:
            forms[-1].append(f"%({token.contents.partition('|')[0].strip()})s")
        else:
            forms[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(form) for form in forms]
    if " trimmed" in opened:
        texts = [" ".join(line.strip() for line in text.split("\n")).strip() for text in texts]
    context = CONTEXT.search(opened)
    return texts[0], texts[1] if len(texts) > 1 else None, (context[1] or context[2]) if context else None


def in_module(text: str) -> Iterator[Message]:
    """What a Python module has translated: the texts written in its calls of gettext."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        name = node.func.id
        if name in CONTEXTS and len(given) > 1:
            yield given[1], None, given[0]
        elif name in PLURALS and len(given) > 1:
            yield given[0], given[1], None
        elif name in GETTEXTS and given:
            yield given[0], None, None


def of_casework() -> Iterator[Message]:
    """The sentences that the floor below the site says, which pages translate."""
    for said in CATALOGUE.values():
        yield from ((text, None, None) for text in said)
    for kind in vars(casework).values():
        if isinstance(kind, type) and issubclass(kind, Enum):
            yield from ((each.words, None, None) for each in kind if hasattr(each, "words"))


@cache
def used() -> dict[str, tuple[Message, ...]]:
    """What each part of the site has translated: the site's own, accounts, and each page."""
    parts: dict[str, set[Message]] = {"cases": set(of_casework())}
    for path in sorted(HERE.rglob("*")):
        if path.suffix not in {".py", ".html"}:
            continue
        within = path.relative_to(HERE).parts
        part = (
            within[1] if within[0] == "pages" and len(within) > 2 else "accounts" if within[0] == "accounts" else "site"
        )
        if within[:2] in {("templates", name) for name in ("account", "mfa", "allauth")}:
            part = "accounts"
        read = in_module if path.suffix == ".py" else in_template
        parts.setdefault(part, set()).update(each for each in read(path.read_text()) if each[0] not in UNTRANSLATED)
    return {part: tuple(sorted(found, key=str)) for part, found in parts.items()}


@cache
def known(language: str) -> dict[tuple[str, str | None], polib.POEntry]:
    return {(entry.msgid, entry.msgctxt): entry for entry in merged(language)}


def all_entries(language: str) -> Iterator[tuple[Path, polib.POEntry]]:
    for path in catalogues(language):
        yield from ((path, entry) for entry in polib.pofile(str(path)) if not entry.obsolete)


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("part", sorted(used()))
def test_everything_that_is_said_is_said_in_every_language(part: str, language: str) -> None:
    lacking = []
    for text, plural, context in used()[part]:
        entry = known(language).get((text, context))
        if entry is None or not all(forms(entry)) or (plural is not None and not entry.msgid_plural):
            lacking.append(text)
    assert lacking == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_what_it_translates(language: str) -> None:
    wrong = []
    for path, entry in all_entries(language):
        for placeholder in (PERCENT, BRACES):
            wanted = set(placeholder.findall(entry.msgid_plural or entry.msgid))
            if placeholder is BRACES and PERCENT.search(entry.msgid):
                continue
            first = set(placeholder.findall(entry.msgid))
            given = [set(placeholder.findall(form)) for form in forms(entry) if form]
            if any(each not in (wanted, first) for each in given):
                wrong.append((path.parts[-5], entry.msgid, forms(entry)))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [(str(path), entry.msgid) for path, entry in all_entries(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_same_words_are_translated_alike_everywhere(language: str) -> None:
    said: dict[tuple[str, str | None], dict[str, str]] = {}
    for path, entry in all_entries(language):
        said.setdefault((entry.msgid, entry.msgctxt), {}).setdefault("|".join(forms(entry)), path.parts[-5])
    assert {name: found for (name, _), found in said.items() if len(found) > 1} == {}


def test_the_words_of_a_template_are_read_as_django_looks_them_up() -> None:
    text = (
        "{% translate 'Done' %} {% blocktranslate with day=x|date %}due {{ day }}, 5 %{% endblocktranslate %}"
        "{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    assert list(in_template(text)) == [
        ("Done", None, None),
        ("due %(day)s, 5 %%", None, None),
        ("%(n)s row", "%(n)s rows", None),
    ]
