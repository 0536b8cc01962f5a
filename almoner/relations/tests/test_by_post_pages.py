"""Letters on the desk's pages: written, printed, posted and kept, each where it belongs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.actions import by_post, came_by_post
from almoner.relations.models import CaseThing, Conversation, Message, Paper, Received
from almoner.relations.queries import unread
from almoner.relations.rules import WaitsFor
from almoner.relations.tests.make import NOON, SECOND, case, photo
from almoner.relations.tests.test_by_post import TODAY, writes

Document = apps.get_model("records", "Document")
LATER = NOON + 10 * SECOND
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def house(clinic, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return clinic


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


def talk_of(person):
    return reverse("conversation_with", args=[person.pk])


def sends(client, person, words="Your shoes.", **more):
    form = {"to": "letter", "words": words, "key": uuid4().hex, "seen": 0, "language": "es"} | more
    return client.post(talk_of(person), form, headers={"HX-Request": "true"})


def moves(client, row, act, **said):
    return client.post(
        reverse("letter_moved", args=[row.pk]), {"act": act} | said, headers={"HX-Request": "true"}
    )


def brings(client, person, **more):
    form = {
        "file": SimpleUploadedFile("scan.png", photo()), "on": "11/21/2026", "sender": "Cy Garcia",
        "words": "Where are my shoes?", "key": uuid4().hex,
    } | more  # fmt: skip
    return client.post(reverse("letter_came", args=[person.pk]), form)


def came(officer, person, on=TODAY, at=NOON, key="c" * 32, **more):
    facts = {"scan": photo(), "on": on, "sender": "Cy", "words": "", "key": key} | more
    return came_by_post.letter_came(
        officer=officer, patient_id=person.pk, came=came_by_post.Came(**facts), at=at
    )


class TestWriting:
    def test_it_is_written_in_the_same_box_and_then_printed(self, client, ana, cy):
        page = client.get(f"{talk_of(cy)}?by=letter").content.decode()
        assert re.search(r'value="letter"\s+checked', page)

        assert sends(client, cy).status_code == 204
        row = Message.objects.get(channel="letter")
        assert (row.body, row.language) == ("Your shoes.", "es")
        printed = reverse("paper_pdf", args=[row.pk])
        assert printed in client.get(talk_of(cy)).content.decode()
        answer = client.get(printed)
        assert answer.content == bytes(Paper.objects.get().pdf)
        seen = AccessEvent.objects.filter(screen="relations.paper_pdf").get()
        assert seen.patient_ids == [cy.pk]

    def test_without_words_it_says_so_and_keeps_the_way(self, client, ana, cy):
        answer = sends(client, cy, " ")
        assert answer.status_code == 422
        assert re.search(r'value="letter"\s+checked', answer.content.decode())

    def test_who_gets_no_letters_is_offered_none(self, client, ana):
        page = client.get(talk_of(patients.patient(addresses=()))).content.decode()
        assert "Write a letter" not in page
        assert 'value="letter"' not in page

    def test_there_is_no_paper_of_a_text(self, client, ana, cy):
        text = actions.write(
            officer=ana, patient_id=cy.pk, channel="sms", words="x", key="k", about=None,
            at=NOON,
        )  # fmt: skip

        assert client.get(reverse("paper_pdf", args=[text.pk])).status_code == 404

    def test_an_answer_to_a_case_can_be_a_letter(self, client, ana, cy):
        row = case(ana, patient_id=cy.pk)
        form = {"to": "letter", "words": "x", "key": uuid4().hex, "seen": 0, "language": "en"}

        answer = client.post(
            reverse("answer_case", args=[row.pk]), form, headers={"HX-Request": "true"}
        )

        assert answer.status_code == 204
        assert CaseThing.objects.filter(case=row, kind="message").count() == 1


class TestThePost:
    def test_posted_and_brought_back_and_written_again(self, client, ana, cy):
        row = writes(ana, cy)

        assert "Print and post it" in client.get(reverse("undelivered")).content.decode()
        moves(client, row, "posted", on="11/23/2026")
        assert Paper.objects.get().state == "posted"
        moves(client, row, "returned", on="11/23/2026", why="moved away")
        page = client.get(reverse("undelivered")).content.decode()
        assert "moved away" in page
        assert "To be done by" in page
        client.post(reverse("message_again", args=[row.pk]), headers={"HX-Request": "true"})
        assert list(Paper.objects.order_by("pk").values_list("state", flat=True)) == [
            "returned", "queued",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "said",
        [{"act": "posted"}, {"act": "posted", "on": "soonish"}, {"act": "eaten"},
         {"act": "queued", "on": "11/23/2026"}, {"act": "returned", "on": "11/23/2026"}],
    )  # fmt: skip
    def test_what_cannot_be_said_changes_nothing(self, client, ana, cy, said):
        row = writes(ana, cy)

        assert moves(client, row, **said).status_code == 204
        assert Paper.objects.get().state == "queued"

    def test_it_is_taken_back(self, client, ana, cy):
        row = writes(ana, cy)
        moves(client, row, "withdrawn")
        assert Paper.objects.get().state == "withdrawn"

    def test_it_has_arrived(self, client, ana, cy):
        row = writes(ana, cy)
        moves(client, row, "posted", on="11/23/2026")
        moves(client, row, "delivered", on="11/23/2026")
        assert Paper.objects.get().state == "delivered"


class TestWhatCame:
    def test_it_is_a_message_in_of_that_day_and_its_scan_a_document(self, client, ana, cy):
        assert brings(client, cy).status_code == 302

        row = Received.objects.get()
        assert (row.channel, row.patient, row.body) == ("letter", cy, "Where are my shoes?")
        assert f"{row.at.date()}" == "2026-11-21"
        assert (row.work, row.desk) == (True, "front")
        document = Document.objects.get(patient=cy)
        assert (document.source, document.state, document.media) == (
            "letter", "waiting", "image/jpeg",
        )  # fmt: skip
        page = client.get(talk_of(cy)).content.decode()
        assert "Where are my shoes?" in page
        assert reverse("document", args=[document.pk]) in page
        assert f"from=received:{row.pk}" in page  # a case can be opened of it
        assert "Cy Garcia" in client.get(reverse("timeline", args=[cy.pk])).content.decode()

    def test_it_waits_among_what_is_to_be_read_and_can_be_taken(self, client, ana, cy):
        row = came(ana, cy)

        assert unread.waiting(ana, NOON).count == 1
        page = client.get(f"{reverse('conversations')}?by=letter").content.decode()
        assert talk_of(cy) in page
        actions.take_messages(officer=ana, conversation_id=row.conversation_id, at=NOON)
        assert Received.objects.get().owner == ana

    def test_it_is_due_since_the_day_it_came_and_told_of_when_late(self, ana, cy):
        late, fresh = came(ana, cy, TODAY - 30 * DAY), came(ana, cy, key="d" * 32)

        assert late.answer_by < NOON < fresh.answer_by
        assert actions.tell_of_late(at=NOON) == 1

    def test_a_letter_answers_it_and_only_what_was_seen(self, ana, cy):
        first, _second = came(ana, cy), came(ana, cy, key="d" * 32)

        writes(ana, cy, up_to=first.pk)

        handled = Received.objects.order_by("pk").values_list("handled_why", flat=True)
        assert list(handled) == ["answered", ""]

    def test_what_a_letter_answered_waits_again_when_it_is_taken_back(self, ana, cy):
        first = came(ana, cy)
        row = writes(ana, cy, up_to=first.pk)
        assert unread.waiting(ana, NOON).count == 0

        by_post.take_letter_back(officer=ana, message=row, at=NOON)

        assert unread.waiting(ana, NOON).count == 1

    def test_what_waits_for_the_patient_goes_on(self, ana, cy):
        row = case(ana, patient_id=cy.pk)
        actions.wait(officer=ana, case=row, reason=WaitsFor.PATIENT, words="", at=NOON)
        came(ana, cy, at=LATER)
        assert type(row).objects.get(pk=row.pk).state == "open"

    def test_twice_sent_it_is_one(self, ana, cy):
        assert came(ana, cy) == came(ana, cy)
        assert Document.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"file": SimpleUploadedFile("x.exe", b"MZ\x90")}, "neither a picture"),
            ({"on": "11/30/2026"}, "cannot have been that day"),
            ({"on": "1/1/2026"}, "cannot have been that day"),
            ({"file": ""}, "Choose a file."),
            ({"sender": " "}, "required"),
        ],
    )
    def test_what_is_no_letter_is_not_kept(self, client, ana, cy, wrong, says):
        answer = brings(client, cy, **wrong)

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not Received.objects.exists()

    def test_the_database_takes_none_of_nobody_and_none_without_a_sender(self, ana, cy):
        row = came(ana, cy)
        for wrong in ({"patient": None}, {"sender": " "}):
            with pytest.raises(IntegrityError) as error, transaction.atomic():
                Received.objects.filter(pk=row.pk).update(**wrong)
            assert violated(error.value, "received_from_an_address")

    def test_nobody_keeps_one_who_does_not_answer_messages(self, client, cy):
        client.force_login(access.officer("bil", roles=("biller",)))
        assert client.get(reverse("letter_came", args=[cy.pk])).status_code == 403


class TestReading:
    def test_the_timeline_by_letter_shows_both(self, client, ana, cy):
        writes(ana, cy)
        came(ana, cy)
        actions.write(officer=ana, patient_id=cy.pk, channel="email", words="x", key="e" * 32,
                      about=None, at=NOON)  # fmt: skip

        lines, _more = queries.timeline(
            cy.pk, reading=access.reading(ana), only="messages", by="letter"
        )

        assert {line.kind for line in lines} == {
            "relations.letter_written",
            "relations.letter_came",
        }
        page = client.get(f"{reverse('timeline', args=[cy.pk])}?only=messages&by=letter")
        assert "Letter written, to be posted" in page.content.decode()

    def test_a_thread_of_letters_asks_little_however_many(self, ana, cy, django_assert_num_queries):
        for number in range(1, 9):
            writes(ana, cy, key=f"{number:032x}")
            came(ana, cy, key=f"{number:032x}", at=NOON + number * SECOND)
        talk = Conversation.objects.get(patient=cy)

        with django_assert_num_queries(6):
            lines, _older = queries.thread(talk, reading=access.reading(ana))
        assert len(lines) == 16

    def test_the_page_asks_as_much_with_one_letter_as_with_many(
        self, client, ana, cy, django_assert_max_num_queries
    ):
        for number in range(1, 7):
            writes(ana, cy, key=f"{number:032x}")
        client.get(talk_of(cy))
        with django_assert_max_num_queries(48):
            client.get(talk_of(cy))

    def test_the_list_of_what_did_not_arrive_asks_two_questions(
        self, ana, cy, django_assert_num_queries
    ):
        for number in range(1, 7):
            writes(ana, cy, key=f"{number:032x}")
        with django_assert_num_queries(2):
            page = queries.undelivered(number=1, reading=access.reading(ana))
        assert len(page.object_list) == 6
