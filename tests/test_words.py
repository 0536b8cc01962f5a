"""What staff reads can be translated: every label of a choice, every word kept for a code.

And what patients read of who looked says more than a code.
"""

import importlib
import pkgutil

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Choices
from django.utils.functional import Promise

import almoner
from almoner.access.rules import Role
from almoner.billing.rules.claims import Frequency
from almoner.coverage.queries import wording as coverage
from almoner.coverage.rules.refusals import REFUSALS
from almoner.portal.rules import WORDS
from almoner.portal.rules.account_words import what_word, why_word
from almoner.privacy.templatetags.looks import REASONS
from almoner.privacy.templatetags.screens import SCREENS

# Spoken by codes alone: their labels are made from their names and shown by nobody.
WORDED = ("wording", "templatetags")


def modules():
    for found in pkgutil.walk_packages(almoner.__path__, "almoner."):
        parts = found.name.split(".")
        if not found.ispkg and any(part in WORDED for part in parts) and "tests" not in parts:
            yield found.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_word_kept_for_a_code_can_be_translated(name):
    module = importlib.import_module(name)
    bare = [
        (table, code)
        for table, words in vars(module).items()
        if table.isupper() and isinstance(words, dict)
        for code, told in words.items()
        for word in (told if isinstance(told, tuple) else (told,))
        if isinstance(word, str) and " " in word
    ]

    assert bare == []


def test_a_label_somebody_wrote_for_a_choice_can_be_translated():
    made = _made_by_django()
    written = [
        (model.__name__, field.name, label)
        for model in apps.get_models()
        if model.__module__.startswith("almoner.")
        for field in model._meta.get_fields()
        for value, label in getattr(field, "choices", None) or ()
        if not isinstance(label, Promise) and label not in {None, "", value, *made}
    ]

    assert written == []


def _made_by_django():
    """Labels made of the names of codes: no words of ours, and shown to nobody."""
    waiting, made = [Choices], {frequency.name for frequency in Frequency}
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        made |= {member.name.replace("_", " ").title() for member in kind}
    return made


def test_the_walk_finds_the_words():
    assert {"almoner.billing.queries.wording", "almoner.privacy.templatetags.looks"} <= set(
        modules()
    )
    assert issubclass(apps.get_model("coverage", "Payer").Kind, Choices)


def test_every_refusal_of_a_payer_is_said_and_so_is_what_to_do():
    assert set(coverage.REFUSALS) == {*REFUSALS, ""}
    assert all(str(word).endswith(".") for told in coverage.REFUSALS.values() for word in told)
    assert all(isinstance(word, Promise) for told in coverage.REFUSALS.values() for word in told)


def test_the_set_up_says_its_tables_and_their_fields_in_words():
    tables = [(table, page) for table, page in admin.site._registry.items()]
    tables += [(rows.model, rows) for _, page in tables for rows in page.inlines]
    fields = [
        field
        for table, _ in tables
        for field in (*table._meta.fields, *table._meta.many_to_many)
        if not field.auto_created
    ]
    names = [table._meta.verbose_name for table, _ in tables]
    names += [table._meta.verbose_name_plural for table, _ in tables]
    names += [apps.get_app_config(table._meta.app_label).verbose_name for table, _ in tables]
    names += [field.verbose_name for field in fields]

    assert len(names) > 100
    assert [name for name in names if not isinstance(name, Promise)] == []


def test_a_patient_is_told_who_looked_at_what_and_why_in_words_of_its_own():
    duties = {screen.partition(".")[0] for screen in SCREENS}

    assert [kind for kind in REASONS if why_word(kind) == "why_other"] == []
    assert [duty for duty in duties if what_word(duty) == "what_other"] == []
    told = {*map(why_word, REASONS), *map(what_word, duties), *(f"role_{role}" for role in Role)}
    assert told - WORDS["en"].keys() == set()
