"""No sentence in the product's code is bare English to staff: each can be translated."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import almoner
from almoner.edges import x12
from almoner.edges.x12.check import check
from almoner.ground import words
from almoner.ground.language import PATIENTS_READ
from almoner.ground.templatetags import desk
from tests.test_words import modules

FOR_OTHERS = {
    # at the shell: what loads codes and people, and what was wrong with the file
    "billing.actions.codes",
    "edges.x12.grammar",
    "edges.x12.guides",
    "edges.x12.syntax.Segment",
    "edges.icd10cm",
    "patients.actions.importing",
    "patients.exchange",
    "records.actions.results",
    "records.exchange",
    # for a partner
    "billing.exchange._file",
    "billing.queries.remittances.letter_to_payer",
    "edges.x12.claim",
    "edges.x12.remittance.writer._heading",
    # for who wrote a wrong call, a route without a door, two keys alike; a request nobody types
    "access.checks.every_route_has_a_door",
    "access.door._through",
    "ground.shell.register",
    "edges.card._call",
    "ledger.actions.journals.PostedDifferently",
    "ledger.rules.accounts",
    # for patients: languages by their own names
    "ground.tongues.TONGUES",
    # what is typed here and only looked up, and a permission's code
    "access.rules.roles.SIGNED_IN",
    "billing.rules.codes.ABBREVIATIONS",
    "patients.rules.box._MONTHS",
    "patients.rules.nicknames._PAIRS",
    "patients.rules.relations.SPANISH",
    "relations.rules.answers._STRANGER",
    "relations.rules.texts.HEALTH",
}
"""Where sentences stand that staff read on no page. A place that holds none any more is refused."""

NOT_HERE = {"tests", "migrations", "demo", "config", "fhir"}
"""What runs the place speaks to the shell, and FHIR is read there only."""

MARKS = {
    "_", "_now", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy",
}  # fmt: skip
CODES = {"Literal", "compile", "exception", "error", "AssertionError"}
"""Patterns, lines of a log, and what cannot happen."""

SENTENCE = re.compile(r"[A-Za-z']{2,}[,:;]? [A-Za-z%]{2,}|^ ?[a-z]+ [a-z]+\.?$")
SQL = re.compile(
    r"\b(SELECT|FROM|UPDATE|INSERT|WHERE|WHEN|COPY|ANALYZE|JOIN|SET|UNION|AND|RESET|LOCKED|GROUP|"
    r"ORDER|CASE|THEN|WITH|AS|IN|IS|ON|CREATE|DROP|TRIGGER|EACH)\b"
)
MARKUP = re.compile(r"""<|=['"]""")
NAMES = re.compile(r"[\w.()\[ ]+(,\s*[\w.()\]]+)+,?\s*")


def spoken() -> Iterator[tuple[str, str]]:
    """Each bare sentence of the product's code, and where it stands."""
    root, coded = Path(almoner.__file__).parent, _codes_with_words()
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if not NOT_HERE & set(parts):
            for name, text in _bare(ast.parse(path.read_text())):
                if text not in coded:
                    yield ".".join(part for part in (*parts, name) if part != "__init__"), text


def test_a_sentence_in_the_code_can_be_translated():
    bare = list(spoken())

    said = [(where, text) for where, text in bare if not _place(where)]
    assert said == []
    assert {_place(where) for where, _ in bare} == FOR_OTHERS


def _place(where: str) -> str | None:
    return next((known for known in FOR_OTHERS if f"{where}.".startswith(f"{known}.")), None)


def _codes_with_words() -> set[str]:
    """Codes that read like words, and have words of their own."""
    tables = (vars(importlib.import_module(name)) for name in modules())
    return {
        str(code)
        for table in tables
        for words in table.values()
        if isinstance(words, dict)
        for code in words
    }


def _bare(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for top in tree.body:
        left_out = _left_out(top)
        for node in ast.walk(top):
            if isinstance(node, ast.Constant) and id(node) not in left_out and _reads(node.value):
                yield _name(top), node.value


def _reads(value: object) -> bool:
    return (
        isinstance(value, str)
        and bool(SENTENCE.search(value))
        and not (SQL.search(value) or NAMES.fullmatch(value) or MARKUP.search(value))
    )


def _name(node: ast.AST) -> str:
    """What a statement, a base class or what is called is named."""
    if isinstance(node, ast.Assign):
        return _name(node.targets[0])
    if isinstance(node, ast.AnnAssign):
        return _name(node.target)
    named = (getattr(node, key, None) for key in ("name", "id", "attr"))
    return next((str(name) for name in named if name), "")


def _left_out(top: ast.stmt) -> set[int]:
    """What is no word of ours to staff: marked already, a comment, a code, a patient's language."""
    return {id(part) for node in ast.walk(top) for gone in _gone(node) for part in ast.walk(gone)}


def _gone(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Compare():
            yield node
        case ast.Call(func=called) | ast.Subscript(value=called) if _name(called) in MARKS | CODES:
            yield node
        case ast.ClassDef() if {"StrEnum", "TextChoices"} & set(map(_name, node.bases)):
            yield from (line for line in node.body if isinstance(line, ast.Assign))
        case ast.Dict():
            yield from filter(None, node.keys)
            yield from _for_patients(node)


def _for_patients(node: ast.Dict) -> Iterator[ast.AST]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value in PATIENTS_READ:
            yield value


@pytest.mark.parametrize(
    "code",
    [
        'def go():\n    raise Wrong(f"{code} is not a code.")',
        'REASONS = {"16": "Something is missing"}',
        'class Wrong(Exception):\n    text = "Nothing was changed."',
    ],
)
def test_the_walk_finds_a_bare_sentence(code):
    assert len(list(_bare(ast.parse(code)))) == 1


def test_a_kept_sentence_is_said_in_the_readers_language(monkeypatch):
    spanish = {"The file": "El archivo", "no error": "sin error", "Held.": "Retenido."}
    monkeypatch.setattr(desk, "_", lambda text: spanish.get(text, text))

    assert desk.in_words("The file: no error\nHeld.") == "El archivo: sin error\nRetenido."
    assert desk.in_words("said by a payer: 12:30") == "said by a payer: 12:30"


def test_a_sentence_with_facts_is_said_with_them_also_when_it_was_kept_in_a_row(monkeypatch):
    spanish = {
        "%(where)s lacks %(label)s.": "A %(where)s le falta %(label)s.",
        "Loop %(name)s": "el bucle %(name)s",
        "a status": "un estado",
    }
    monkeypatch.setattr(desk, "_", lambda text: spanish.get(text, text))
    where = words.saying("Loop %(name)s", name="2000A")
    told = words.saying("%(where)s lacks %(label)s.", where=where, label="a status")

    kept = json.loads(json.dumps({"message": told} | words.apart(told)))
    again = words.together(kept["message"], kept)

    assert kept["message"] == told == "Loop 2000A lacks a status."
    assert desk.in_words(told) == "A el bucle 2000A le falta un estado."
    assert desk.in_words(again) == "A Loop 2000A le falta un estado."
    assert desk.in_words(words.together("Held.", {})) == "Held."


def test_every_fault_of_a_file_carries_a_code_and_words_that_can_be_said_again():
    found = list(check(b"ISA*00*" + b"~ST*271*0001~").all_faults)
    odd = (Path(x12.__file__).parent / "tests" / "samples").glob("*")
    for path in odd:
        if path.is_file():
            found += check(path.read_bytes().replace(b"*CI*", b"*ZZ*")).all_faults
    marked = set(_marked())

    assert found
    assert all(fault.code for fault in found)
    patterns = {getattr(fault.message, "pattern", str(fault.message)) for fault in found}
    assert patterns <= marked


def _marked() -> Iterator[str]:
    """All sentences of the product marked for the translators."""
    for path in Path(almoner.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _name(call.func) == "gettext_noop":
                yield from (word.value for word in call.args if isinstance(word, ast.Constant))


def test_a_kept_sentence_has_its_colon_only_before_a_detail():
    marked = [
        word.value
        for path in Path(almoner.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and _name(call.func) == "gettext_noop"
        for word in call.args
        if isinstance(word, ast.Constant)
    ]

    assert len(marked) > 100
    assert [word for word in marked if ": " in word] == []


def test_what_a_step_or_a_trouble_is_kept_as_is_marked_even_when_it_is_one_word():
    bare = [
        (path.name, word.value.value)
        for path in Path(almoner.__file__).parent.rglob("actions/*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg in {"what", "trouble"} and isinstance(word.value, ast.Constant)
        if word.value.value
    ]

    assert bare == []
