"""Files that come with e-mails and texts: looked at, kept with the message, and handed on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.edges.papers import NotKept, Why
from almoner.ground.models import Event
from almoner.patients.actions import handing
from almoner.patients.models import Email, Phone
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import Refusal
from almoner.relations.models import File
from almoner.relations.rules.files import MOST_FILES, TRIES, Came
from almoner.relations.tests.make import CYS, NOON, mail_in, photo, text_in

CYS_MAIL = "cy@people.example"
HOUR = timedelta(hours=1)


HIDDEN = b"<script>alert(1)</script>"
"""Behind the last pixel of a picture, where nobody looks."""


def sent(name="card.png", raw=None):
    return Came(name, raw=photo() + HIDDEN if raw is None else raw)


def nowhere(_place):
    raise actions.NotFetched


def look(at=NOON, fetch=nowhere, **which):
    actions.look_at_files(fetch=fetch, at=at, **which)


@pytest.fixture(autouse=True)
def _ours(clinic):
    pass


class Papers:
    """Whoever keeps patients' documents: it has room for some."""

    def __init__(self):
        self.kept, self.room = [], 20

    def take(self, handed):
        if len(self.kept) >= self.room:
            return None
        self.kept.append(handed)
        return len(self.kept)


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    papers = Papers()
    monkeypatch.setattr(handing, "_takers", [papers.take])
    return papers


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    patient = patients.patient()
    Email.objects.create(patient=patient, address=CYS_MAIL)
    Phone.objects.create(patient=patient, number=CYS, rank=9)
    return patient


def by_mail(*files):
    return mail_in("My card", sender=CYS_MAIL, files=files or (sent(),))


def test_nothing_goes_to_a_record_before_it_is_known_who_wrote(ana, cy, papers):
    row = by_mail()
    look()

    [file] = File.objects.all()
    assert file.state == "kept"
    assert papers.kept == []

    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON + HOUR)

    file.refresh_from_db()
    [paper] = papers.kept
    assert (paper.patient_id, paper.channel, paper.title) == (cy.pk, "email", "card.png")
    assert (paper.sent_at, paper.at, paper.media) == (NOON, NOON + HOUR, "image/jpeg")
    assert (file.state, file.document_id, file.content) == ("handed_on", 1, None)


def test_of_a_file_looked_at_only_after_it_is_known_who_wrote_nothing_is_lost(ana, cy, papers):
    row = by_mail()
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    assert papers.kept == []

    look()

    assert [each.patient_id for each in papers.kept] == [cy.pk]


def test_only_what_we_drew_ourselves_is_kept(cy):
    by_mail()
    look()

    file = File.objects.get()
    assert file.raw is None
    assert bytes(file.content).startswith(b"\xff\xd8\xff")
    assert HIDDEN not in bytes(file.content)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    head=st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF"]),
    rest=st.binary(max_size=200),
    name=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
)
def test_whatever_comes_is_kept_as_our_own_or_refused_with_a_reason(db, head, rest, name):
    with transaction.atomic():
        by = f"{abs(hash((head, rest, name)))}@people.example"
        row = mail_in("x", sender=by, files=[Came(name.strip()[:120] or "x", raw=head + rest)])
        look()
        for later in range(1, TRIES + 1):
            look(NOON + later * 5 * HOUR)

        [line] = queries.files_of([row.pk])[row.pk]
        assert line.state in ("kept", "refused")
        assert (line.state == "refused") == bool(line.why_not)
        assert File.objects.get(pk=line.id).raw is None
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("song.mp3", b"ID3 music", "no_file"),
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"<html>", "no_file"),
        ("broken.pdf", b"%PDF-1.4 nothing", "unreadable"),
        ("huge.jpg", b"\xff\xd8\xff" + bytes(15 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_refused_is_said_by_name_and_why(client, ana, name, raw, why):
    row = by_mail(sent(name, raw))
    look()

    [line] = queries.files_of([row.pk])[row.pk]
    assert (line.name, line.state, line.why) == (name, "refused", why)
    page = client.get(reverse("conversation_from", args=[row.conversation_id])).content.decode()
    assert name in page
    assert line.why_not in page


def test_more_than_ten_are_named_and_not_kept():
    row = by_mail(*(sent(f"{number}.png") for number in range(MOST_FILES + 2)))

    lines = queries.files_of([row.pk])[row.pk]
    assert [line.why for line in lines] == [""] * MOST_FILES + ["too_many"] * 2


def test_seen_to_without_knowing_who_wrote_throws_the_files_away(ana, cy):
    row = by_mail()
    look()

    actions.see_to_text(officer=ana, received=row, why="advertising", at=NOON)

    file = File.objects.get()
    assert (file.state, file.content, file.decided_by_id) == ("thrown_away", None, ana.pk)
    with pytest.raises(actions.MessageRefused):
        actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)


def test_a_file_thrown_away_while_it_is_looked_at_stays_thrown_away(ana):
    row = text_in("My card", files=[Came("picture-1.png", place="Messages/MM1/Media/ME1")])

    def meanwhile(_place):
        actions.throw_files_away(officer=ana, received=row, at=NOON)
        return photo()

    look(fetch=meanwhile)

    assert File.objects.get().state == "thrown_away"


def test_one_that_was_answered_can_be_said_to_be_theirs_while_a_file_waits(ana, cy, papers):
    row = by_mail()
    look()
    actions.answer(
        officer=ana, received=row, words="Who is this?", key="k", about=None, up_to=row.pk,
        at=NOON,
    )  # fmt: skip

    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)

    assert [each.patient_id for each in papers.kept] == [cy.pk]


def test_what_finds_no_room_stays_with_the_message_until_there_is_some(client, ana, cy, papers):
    papers.room = 1
    row = by_mail(sent("first.png"), sent("last.png"))
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    look()
    assert [each.state for each in queries.files_of([row.pk])[row.pk]] == ["handed_on", "kept"]
    with pytest.raises(actions.MessageRefused) as refused:
        actions.hand_files_on(officer=ana, received=row, at=NOON)
    assert refused.value.reason == Refusal.FULL

    papers.room = 2
    client.post(reverse("files_to_documents", args=[row.pk]))

    assert [each.title for each in papers.kept] == ["first.png", "last.png"]
    assert File.objects.get(name="last.png").state == "handed_on"


def test_what_the_carrier_does_not_hand_over_is_asked_for_again_and_given_up_in_words():
    row = text_in("My card", files=[Came("picture-1.jpg", place="Messages/MM1/Media/ME1")])
    asked = []

    def fails(place):
        asked.append(place)
        raise actions.NotFetched

    for minute in range(0, 6 * 60, 1):
        look(NOON + timedelta(minutes=minute), fetch=fails)

    assert len(asked) == TRIES
    [line] = queries.files_of([row.pk])[row.pk]
    assert (line.state, line.why) == ("refused", "not_fetched")


def test_what_the_carrier_hands_over_the_second_time_is_kept():
    text_in("My card", files=[Came("picture-1.jpg", place="Messages/MM1/Media/ME1")])
    look()
    look(NOON + timedelta(minutes=2), fetch=lambda _place: photo("JPEG"))

    assert File.objects.get().state == "kept"


def test_a_file_too_large_at_the_carrier_is_not_asked_for_again():
    text_in("", files=[Came("picture-1.jpg", place="Messages/MM1/Media/ME1")])

    def large(_place):
        raise NotKept(Why.TOO_LARGE)

    look(fetch=large)

    assert File.objects.get().why == "too_large"


def test_a_text_of_no_words_with_a_picture_must_be_read_by_somebody():
    row = text_in("STOP", files=[Came("picture-1.jpg", place="Messages/MM1/Media/ME1")])

    assert row.work
    assert queries.silenced(CYS) is not None


def test_a_reader_that_dies_on_a_file_does_not_for_ever(monkeypatch):
    by_mail()

    def dies(_content):
        raise MemoryError

    monkeypatch.setattr("almoner.relations.actions.files.screened", dies)
    for each in range(TRIES):
        with pytest.raises(MemoryError):
            look(NOON + each * HOUR)
    look(NOON + TRIES * HOUR)

    assert File.objects.get().why == "unreadable"


# --- Its page.


def test_only_what_was_made_anew_is_handed_out(client, ana, cy):
    row = by_mail()
    where = reverse("received_file", args=[File.objects.get().pk])
    assert client.get(where).status_code == 404
    look()

    answer = client.get(f"{where}?for=received:{row.pk}")

    assert answer.content.startswith(b"\xff\xd8\xff")
    assert HIDDEN not in answer.content
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    noted = AccessEvent.objects.get(screen="relations.received_file")
    assert noted.patient_ids == [cy.pk]


def test_the_conversation_asks_as_many_questions_whatever_came(
    client, ana, cy, django_assert_num_queries
):
    row = by_mail()
    look()
    where = reverse("conversation_from", args=[row.conversation_id])
    client.get(where)
    with django_assert_num_queries(22):
        client.get(where)

    for each in range(3):
        mail_in(f"more {each}", sender=CYS_MAIL, files=[sent("a.png"), sent("b.png")])
    look()
    with django_assert_num_queries(22):
        page = client.get(where).content.decode()

    assert page.count("Kept with the message") == 7


# --- What no act can break.


def _refused(statement, name):
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as sql:
        sql.execute(statement)
    assert error.value.__cause__.diag.constraint_name == name


def test_the_database_hands_on_nothing_of_nobody_and_keeps_only_pictures_and_pdfs(ana):
    by_mail()
    look()

    _refused(
        "UPDATE relations_file SET state = 'handed_on', content = NULL, document_id = 1",
        "file_of_whoever_wrote",
    )
    _refused("UPDATE relations_file SET content = 'x'", "file_stays")
    _refused("DELETE FROM relations_file", "file_stays")
    _refused(
        "INSERT INTO relations_file (received_id, name, state, media, content, settled_at,"
        " place, why, tries) SELECT received_id, 'x', 'kept', 'image/jpeg', '<html>', now(),"
        " '', '', 0 FROM relations_file",
        "file_shows_what_it_says",
    )


def test_that_they_were_thrown_away_is_written_down(ana):
    row = by_mail()

    actions.throw_files_away(officer=ana, received=row, at=NOON)

    told = Event.objects.get(kind="relations.files_thrown_away")
    assert (told.by_id, told.about_id) == (ana.pk, row.pk)
