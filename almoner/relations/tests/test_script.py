"""A call led by the script: who calls by one key, what is kept of it, and whose words they are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import Call, Conversation, ScriptLine
from almoner.relations.queries import script as known
from almoner.relations.rules.script import SCRIPT, TOLD, CallerKind
from almoner.relations.tests.make import CYS, NOON, SECOND

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HTMX = {"HX-Request": "true"}
KINDS = [each.value for each in CallerKind]


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy(ana):
    return patients.patient(given="Cyrus", family="Vale", phones=(patients.Phone(number=CYS),))


def page(client, **said):
    answer = client.get(reverse("calling"), {"number": CYS, **said})
    assert answer.status_code == 200
    return answer.content.decode()


def identified(client, patient, **said):
    return client.post(
        reverse("caller_is", args=[patient.pk]),
        {"confirmed_by": ["name", "birth_date"], "number": CYS, **said}, headers=HTMX,
    )  # fmt: skip


def ended(client, where, **said):
    form = {"way": "in", "disposition": "settled", "number": CYS, **said}
    return client.post(where, form, headers=HTMX)


# --- The script as it is read.


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_caller_has_a_script_in_order_that_ends_in_what_may_be_said(kind, db):
    read = known.script(kind, asked=[], sure=False)

    assert read.steps[0].asks == "caller_name"
    assert len(read.steps) >= 3
    assert [each.asks for each in read.told] == [TOLD]
    assert all(each.does and each.en and each.es for each in (*read.steps, *read.told))


def test_what_comes_with_the_house_is_signable_and_easy_to_understand(db):
    for row in ScriptLine.objects.all():
        assert not row.waits, row
        assert not queries.faulty(SCRIPT, row), row


def test_one_key_chooses_who_calls_and_only_then_is_there_a_script(client, cy):
    before = page(client)
    assert 'data-key="t"' in before
    assert "What is your date of birth?" not in before

    shown = page(client, kind="patient")

    assert "What is your date of birth?" in shown
    assert "¿Cuál es su fecha de nacimiento?" in shown
    assert "Not before two identifiers agree" in shown


def test_a_kind_that_is_none_shows_no_script(client, cy):
    assert 'id="script-asked"' not in page(client, kind="plumber")


def test_the_script_costs_one_query(client, cy):
    page(client)  # what is looked up once for many pages has been
    with CaptureQueriesContext(connection) as without:
        page(client)
    with CaptureQueriesContext(connection) as led:
        page(client, kind="payer")

    assert len(led) == len(without) + 1


def test_whom_nobody_knows_may_be_told_nothing_though_somebody_was_made_sure_of(client, cy):
    identified(client, cy)

    assert "Nothing of anybody" in page(client, kind="unknown")
    assert "Two identifiers agree" in page(client, kind="acts_for")


def test_what_was_ticked_stays_ticked_when_it_is_known_who_it_is(client, cy):
    said = {"kind": "patient", "asked": ["caller_name", "birth_date", "x"]}

    where = identified(client, cy, **said).headers["HX-Redirect"]

    assert where.startswith(reverse("calling"))
    shown = client.get(where).content.decode()
    assert 'name="asked" value="birth_date" checked' in shown
    assert 'name="asked" value="one_more" checked' not in shown
    assert "Two identifiers agree" in shown
    assert "asked=x" not in where


# --- What stays with the call.


def test_the_log_keeps_who_called_what_was_asked_and_which_identifiers_agreed(client, cy):
    identified(client, cy)

    ended(client, reverse("call_with", args=[cy.pk]), kind="patient",
          asked=["birth_date", "caller_name"])  # fmt: skip

    call = Call.objects.get()
    assert (call.caller, call.asked) == ("patient", ["caller_name", "birth_date"])
    assert sorted(call.matched) == ["birth_date", "name"]
    shown = client.get(reverse("conversation_with", args=[cy.pk])).content.decode()
    log = shown[shown.index(f'id="call-{call.pk}"') :]
    assert "The patient" in log
    assert "who is calling, the birth date" in log
    assert "name, birth date" in log or "birth date, name" in log
    kept = f"{call.asked} {call.matched} {Event.objects.get(kind='relations.called').data}"
    assert str(cy.birth_date.year) not in kept


def test_nobody_can_say_that_identifiers_agreed_which_were_not_compared(client, cy, ana):
    where = reverse("call_with", args=[cy.pk])

    ended(client, where, kind="payer", asked=["reference"], matched=["name", "mrn"])

    assert Call.objects.get().matched == []


@pytest.mark.parametrize(("minutes", "agreed"), [(29, 2), (31, 0)])
def test_what_was_compared_half_an_hour_before_is_no_part_of_a_call(
    client, ana, cy, minutes, agreed
):
    identified(client, cy)
    call = {"incoming": True, "disposition": "settled", "caller": "patient", "asked": []}
    later = NOON + timedelta(minutes=minutes)

    row = actions.log_call_with(officer=ana, patient_id=cy.pk, call=call, at=later)

    assert len(row.matched) == agreed


def test_a_call_without_the_script_is_kept_as_ever(client, cy):
    identified(client, cy)

    ended(client, reverse("call_with", args=[cy.pk]), asked=["birth_date"])

    call = Call.objects.get()
    assert (call.caller, call.asked, call.matched) == ("", [], [])


def test_of_a_number_nobody_has_it_is_kept_what_was_asked(client, ana):
    shown = page(client, kind="unknown")
    assert 'hx-include="#script-asked"' in shown

    ended(client, reverse("call_at"), kind="unknown", asked=["purpose"])

    call = Call.objects.get()
    assert (call.patient, call.caller, call.asked) == (None, "unknown", ["purpose"])
    where = reverse("conversation_from", args=[Conversation.objects.get().pk])
    assert "what it is about" in client.get(where).content.decode()


def test_words_that_are_none_of_the_script_keep_no_call(client, cy):
    answer = ended(client, reverse("call_with", args=[cy.pk]), kind="patient", asked=["ssn"])

    assert answer.status_code == 422
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"caller": "plumber"}, "call_caller_known"),
        ({"asked": ["birth_date"]}, "call_asked_by_the_script"),
        ({"caller": "patient", "asked": ["4/27/1984"]}, "call_asked_by_the_script"),
        ({"matched": ["name"]}, "call_matched_identifiers"),
        ({"caller": "patient", "matched": ["Cyrus"]}, "call_matched_identifiers"),
        ({"caller": "patient", "matched": ["name"], "patient": None}, "call_matched_identifiers"),
    ],
)
def test_the_database_keeps_codes_and_no_answers(client, cy, change, rule):
    ended(client, reverse("call_with", args=[cy.pk]))

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Call.objects.update(**change)
    assert violated(refused.value, rule)


# --- Whose words they are.


def browser(officer):
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def test_an_administrator_writes_the_words_and_officers_read_them_once_another_signed(client, cy):
    ada, mara = (access.officer(each, roles=("administrator",)) for each in ("ada", "mara"))
    row = ScriptLine.objects.get(caller="patient", asks="birth_date")
    typed = {"place": 5, "ask_en": row.ask_en, "say_en": "When were you born?",
             "say_es": "¿Cuándo nació?"}  # fmt: skip
    where = reverse("admin:relations_scriptline_change", args=[row.pk])

    assert browser(ada).post(where, typed).status_code == 302
    assert "What is your date of birth?" in page(client, kind="patient")
    waiting = browser(mara).get(reverse("words_to_sign")).content.decode()
    assert "When were you born?" in waiting
    row.refresh_from_db()
    seen = queries.seen_words(row)
    with pytest.raises(actions.TextRefused):
        actions.sign_words(officer=ada, code="script", row_id=row.pk, seen=seen, at=NOON)
    actions.sign_words(officer=mara, code="script", row_id=row.pk, seen=seen, at=NOON)

    shown = page(client, kind="patient")
    assert "When were you born?" in shown
    assert "¿Cuándo nació?" in shown
    assert "What is your date of birth?" not in shown
    assert known.script("patient", asked=[], sure=False).steps[0].asks == "birth_date"


def test_whom_a_line_is_for_and_what_it_asks_is_changed_by_nobody(cy):
    row = ScriptLine.objects.get(caller="payer", asks=TOLD)
    ada = browser(access.officer("ada", roles=("administrator",)))
    typed = {"caller": "unknown", "asks": "purpose", "place": 90, **row.words}

    ada.post(reverse("admin:relations_scriptline_change", args=[row.pk]), typed)

    row.refresh_from_db()
    assert (row.caller, row.asks, row.place) == ("payer", TOLD, 90)
