import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.utils.functional import Promise

import almoner
from almoner.access import actions
from almoner.access import queries as access
from almoner.access.checks import routes
from almoner.access.models import AccessEvent
from almoner.access.tests import make
from almoner.ground import clock, events
from almoner.patients.models import Patient
from almoner.privacy import queries
from almoner.privacy.templatetags.looks import PURPOSES, REASONS, SEARCHED, note_words
from almoner.privacy.templatetags.screens import SCREENS, screen_name

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = queries.Filter(since=NOON - timedelta(days=7), until=NOON + timedelta(days=1))


@pytest.fixture
def paul():
    return make.officer("paul", roles=("privacy",))


def patient(mrn):
    return Patient.objects.create(mrn=mrn, family="Cy", given=mrn, registered_at=NOON)


def look(officer, *patients, at=NOON, queue="", said=""):
    reading = make.reading(officer, at=at, queue=queue, said=said)
    reading.saw(person.pk for person in patients)
    actions.record_access(reading)


def listed(paul, narrowed=WEEK, **more):
    return queries.looks(narrowed, reading=make.reading(paul, at=NOON), **more)


def test_the_unexplained_come_first_however_old(paul):
    ana, cy = make.officer("ana"), patient("1")
    look(ana, cy, at=NOON - timedelta(hours=5), said="caller")
    look(ana, cy, at=NOON, queue="day board")

    lines, _ = listed(paul)

    assert [(line.reason_kind, line.unexplained) for line in lines] == [
        ("said", True),
        ("day board", False),
    ]


@pytest.mark.parametrize(
    ("later", "standing"),
    [(timedelta(hours=1), "C"), (timedelta(hours=25), "D"), (timedelta(hours=-1), "D")],
)
def test_a_reason_given_alone_is_borne_out_by_an_effect_within_a_day(paul, later, standing):
    ana, cy = make.officer("ana"), patient("1")
    look(ana, cy)
    events.record("scheduling.booked", at=NOON + later, by=ana, about=cy, patient_id=cy.pk)

    (line,), _ = listed(paul)

    assert line.standing == standing


def test_what_a_colleague_did_bears_nothing_out(paul):
    ana, bea, cy = make.officer("ana"), make.officer("bea"), patient("1")
    look(ana, cy)
    events.record("scheduling.booked", at=NOON, by=bea, about=cy, patient_id=cy.pk)

    (line,), _ = listed(paul)

    assert line.unexplained


def test_pages_follow_one_another_without_gap_or_repeat(paul, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    ana, cy = make.officer("ana"), patient("1")
    for minute in range(8):
        look(ana, cy, at=NOON + timedelta(minutes=minute // 2), queue="q" * (minute % 3))

    seen, after = [], None
    while True:
        lines, after = listed(paul, after=queries.Cursor.parse(str(after)) if after else None)
        seen += [line.id for line in lines]
        if after is None:
            break

    assert len(seen) == len(set(seen)) == 8


def test_a_page_takes_one_query(paul, django_assert_num_queries):
    ana = make.officer("ana")
    for number in range(20):
        look(ana, patient(str(number)))

    with django_assert_num_queries(1):
        listed(paul)


def test_the_privacy_officer_is_watched_too(client, paul):
    look(make.officer("ana"), patient("1"), at=clock.now() - timedelta(minutes=1))
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/privacy/")

    own = AccessEvent.objects.get(officer=paul)
    assert "Cy, 1" in page.content.decode()
    assert (own.screen, own.reason_kind, own.grade) == ("privacy.looks", "privacy review", "B")


@pytest.mark.parametrize("roles", [("officer",), ("biller",), ("manager",), ("administrator",)])
def test_nobody_else_sees_the_log(client, roles):
    client.force_login(
        make.officer("dot", roles=roles),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    assert client.get("/privacy/").status_code == 403


def test_an_unknown_name_is_said_and_what_was_typed_is_kept(client, paul):
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/privacy/?officer=nobody&days=30")

    assert page.status_code == 422
    assert "That is no one officer" in page.content.decode()
    assert 'value="nobody"' in page.content.decode()


@pytest.mark.parametrize("text", ["", "x", "1.2", "1.2026-01-01", "1.2026-01-01T00:00.x"])
def test_a_forged_cursor_is_the_first_page(text):
    assert queries.Cursor.parse(text) is None


def test_verifying_says_that_the_log_is_whole(client, paul):
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "every seal fits" in client.post("/privacy/verify/").content.decode()


def test_a_paper_that_names_strangers_is_listed_with_nobody_of_ours(client, paul):
    reading = make.reading(make.officer("bill"), at=clock.now(), queue="answers to be matched")
    reading.saw_strangers()
    actions.record_access(reading)
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/privacy/").content.decode()

    assert "people a partner's paper names" in page.replace("&#x27;", "'")
    assert "List: answers to be matched" in page


def test_everything_that_leads_to_a_look_has_a_word_for_the_privacy_officer():
    kinds = set(access._resolvers) | {"said", "search"}
    lists = {
        word.value.value
        for path in Path(almoner.__file__).parent.rglob("views/*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "door"
        for word in call.keywords
        if word.arg == "queue" and isinstance(word.value, ast.Constant)
    }

    assert len(lists) > 8
    assert (kinds | lists) - set(REASONS) == set()
    assert all(isinstance(word, Promise) for word in (*REASONS.values(), *PURPOSES.values()))


def test_every_door_has_a_word_for_the_privacy_officer():
    doors = {
        route.callback.door.screen
        for _, route in routes(get_resolver().url_patterns)
        if hasattr(route.callback, "door")
    }

    assert len(doors) > 100
    assert set(SCREENS) == doors
    assert all(isinstance(word, Promise) for word in SCREENS.values())


def test_the_list_shows_words_and_no_codes(client, paul):
    ana, cy = make.officer("ana"), patient("1")
    reading = make.reading(ana, at=clock.now() - timedelta(hours=2), screen="patients.summary")
    reading.searched = "name, birth_date"
    reading.saw([cy.pk])
    actions.record_access(reading)
    later = clock.now() - timedelta(hours=1)
    events.record("patients.changed", at=later, by=ana, about=cy, patient_id=cy.pk)
    client.force_login(paul, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/privacy/").content.decode()

    assert "Patient in short, over a list" in page
    assert "name, birth date" in page
    assert "borne out by: Details changed" in page
    assert "patients.summary" not in page


def test_a_screen_that_is_no_more_stands_as_it_was_written():
    assert screen_name("patients.long_gone") == "patients.long_gone"


def test_everything_a_search_is_made_by_has_a_word():
    held = {
        text.value
        for path in Path(almoner.__file__).parent.rglob("*.py")
        if {"billing", "patients", "scheduling"} & set(path.parts) and "tests" not in path.parts
        for part in ast.walk(ast.parse(path.read_text()))
        if _tells_what_was_searched(part)
        for text in ast.walk(part)
        if isinstance(text, ast.Constant) and str(text.value).strip(", 0")
    }

    assert len(held) > 7
    assert held - set(SEARCHED) == set()
    assert note_words("name, phone", "said") == "name, phone"


def _tells_what_was_searched(part):
    """``reading.searched = …`` and ``held.append("mrn")``."""
    if isinstance(part, ast.Assign):
        return getattr(part.targets[0], "attr", "") == "searched"
    if isinstance(part, ast.Call) and getattr(part.func, "attr", "") in {"append", "insert"}:
        return getattr(part.func.value, "id", "") == "held"
    return False


def test_an_officer_is_found_by_the_name_that_the_list_shows(paul):
    ana = make.officer("ana")
    day = {"since": NOON, "until": NOON, "show": "all", "mrn": ""}

    found = [
        queries.narrowed_to(officer=typed, **day).officer_id for typed in ("ana", "Ana", "ANA")
    ]

    assert found == [ana.pk] * 3


def test_two_officers_of_one_name_are_told_apart_by_their_user_names(paul):
    for username in ("ana", "ana2"):
        officer = make.officer(username)
        officer.name = "Ana Silva"
        officer.save()
    day = {"since": NOON, "until": NOON, "show": "all", "mrn": ""}

    with pytest.raises(queries.NoSuchOne):
        queries.narrowed_to(officer="Ana Silva", **day)
    assert queries.narrowed_to(officer="ana2", **day).officer_id == officer.pk
