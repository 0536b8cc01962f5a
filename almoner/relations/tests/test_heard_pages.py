"""The carrier's call, and the pages of what came in."""

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.edges import sms
from almoner.ground import clock
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import Consent, File, Received
from almoner.relations.tests.make import CYS, NOON, SECOND, text_in

URL = "https://desk.example/messages/received/"
TOKEN = "12345"


@pytest.fixture(autouse=True)
def ours(clinic, settings):
    settings.SMS_WEBHOOK_URL, settings.SMS_TOKEN = URL, TOKEN


def call(client, *, mark=None, **said):
    form = {"MessageSid": "SM1", "From": CYS, "To": "+16085550100", "Body": "STOP"} | said
    given = sms.signature(URL, {name: [each] for name, each in form.items()}, TOKEN)
    headers = {sms.SIGNATURE: given if mark is None else mark}
    return client.post("/messages/received/", form, headers=headers)


# --- The carrier's call.


def test_the_signature_is_the_carriers_own():
    """The example of its documentation."""
    fields = {
        "CallSid": ["CA1234567890ABCDE"], "Caller": ["+14158675310"], "Digits": ["1234"],
        "From": ["+14158675310"], "To": ["+18005551212"],
    }  # fmt: skip
    url = "https://example.com/myapp.php?foo=1&bar=2"

    assert sms.signature(url, fields, TOKEN) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_a_signed_stop_is_obeyed_and_nothing_is_said_in_the_answer(client):
    answer = call(client)

    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert answer.headers["Content-Type"] == "text/xml"
    assert queries.silenced(CYS).evidence == "STOP"


@pytest.mark.parametrize("mark", ["", "forged", "é", "AAAA"])
def test_what_the_carrier_did_not_sign_is_refused_and_nothing_is_written(client, mark):
    assert call(client, mark=mark).status_code == 403
    assert not Received.objects.exists()
    assert not Consent.objects.exists()
    assert not Outgoing.objects.exists()


def test_words_changed_on_the_way_are_refused(client):
    form = {"MessageSid": "SM1", "From": CYS, "Body": "START"}
    given = sms.signature(URL, {name: [each] for name, each in form.items()}, TOKEN)

    assert call(client, mark=given).status_code == 403


def test_without_a_token_nothing_is_genuine(client, settings):
    settings.SMS_TOKEN = ""
    given = sms.signature(URL, {"Body": ["STOP"]}, "")

    assert call(client, mark=given).status_code == 403


def with_picture(client, url, **more):
    return call(client, Body="My card", NumMedia="1", MediaUrl0=url,
                MediaContentType0="image/jpeg", **more)  # fmt: skip


def test_a_picture_with_a_text_is_asked_for_at_our_carrier_alone(client, settings):
    settings.SMS_URL, settings.SMS_ACCOUNT = "https://carrier.example", "AC1"
    place = "Messages/MM1/Media/ME1"
    with_picture(client, f"https://carrier.example/2010-04-01/Accounts/AC1/{place}")
    with_picture(client, "http://169.254.169.254/latest/", MessageSid="SM2")

    first, second = File.objects.order_by("pk")
    assert (first.name, first.place, first.state) == ("picture-1.jpg", place, "waiting")
    assert (second.name, second.place, second.why) == ("picture-1.jpg", "", "elsewhere")


@pytest.mark.parametrize("count", ["", "-1", "x", "²", "9" * 40])
def test_a_number_of_files_that_is_none_is_none(client, count):
    assert call(client, Body="My card", NumMedia=count).status_code == 200
    assert not File.objects.exists()


def test_the_same_call_again_changes_nothing(client):
    call(client)

    assert call(client).status_code == 200
    assert (Received.objects.count(), Consent.objects.count()) == (1, 4)


@pytest.mark.parametrize("said", [{"From": "12345"}, {"MessageSid": ""}, {"From": "+1608555\n"}])
def test_a_signed_call_that_no_answer_could_reach_is_refused(client, said):
    assert call(client, **said).status_code == 400
    assert not Received.objects.exists()


def test_a_picture_without_words_is_kept_to_be_read(client):
    assert call(client, Body="").status_code == 200
    assert Received.objects.filter(work=True).count() == 1


def test_a_nul_in_the_words_is_dropped(client):
    call(client, Body="name\0d")

    assert Received.objects.get().body == "named"


def test_nobody_else_may_look_there(client):
    assert client.get("/messages/received/").status_code == 405


# --- The list.


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


def listed(client, show=""):
    return client.get(reverse("conversations"), {"show": show}).content.decode()


def test_where_they_never_wrote_the_list_shows_what_we_wrote(client, ana):
    cy = patients.patient()
    actions.write(
        officer=ana, patient_id=cy.pk, channel="sms", words="Bring your card, please.", key="k",
        about=None, at=clock.now(),
    )  # fmt: skip

    page = listed(client, "all")

    assert "We wrote:" in page
    assert "Bring your card, please." in page


def opened(client, row):
    """The conversation a text is in, by the link of the list."""
    row.refresh_from_db()
    where = (
        reverse("conversation_with", args=[row.patient_id])
        if row.patient_id
        else reverse("conversation_from", args=[row.conversation_id])
    )
    return client.get(where, {"for": f"received:{row.pk}"}).content.decode()


def test_a_text_waits_with_its_words_and_whoever_it_may_be_each_noted(client, ana):
    family = [patients.patient(given=name) for name in ("Cy", "Ada", "Bo", "Di", "Ed", "Flo")]
    row = text_in("please stop texting me")

    assert "please stop texting me" in listed(client)
    page = opened(client, row)

    seen = AccessEvent.objects.get(reason_kind="received")
    assert "please stop texting me" in page
    assert "They may want no more texts." in page
    assert "(312) 555-0117" in page
    assert [f"Garcia, {name}" in page for name in ("Cy", "Ada", "Bo", "Di", "Ed", "Flo")] == (
        [True] * 5 + [False]
    )
    assert sorted(seen.patient_ids) == sorted(each.pk for each in family[:5])
    assert (seen.reason_kind, seen.screen) == ("received", "relations.conversation_from")


def test_the_list_is_paged_and_asks_little(ana, django_assert_num_queries):
    for number in range(27):
        text_in(f"hello {number}", sender=f"+1312555{number:04}", at=NOON + number * SECOND)
    reading = access.reading(ana)

    def page(number):
        return queries.conversations(show="waiting", channel="", number=number, reading=reading)

    with django_assert_num_queries(5):
        first = page(1)
    last = page(2)

    assert [first.object_list[0].words, last.object_list[-1].words] == ["hello 0", "hello 26"]
    assert (len(first.object_list), len(last.object_list)) == (25, 2)


def test_a_text_of_nobody_here_is_noted_as_read_all_the_same(client, ana):
    row = text_in("who is this?", sender="+16085550199")

    assert "Nobody knows whose it is" in listed(client)
    assert AccessEvent.objects.latest("at").screen == "relations.conversations"
    assert "Nobody here has that phone" in opened(client, row)
    assert AccessEvent.objects.latest("at").screen == "relations.conversation_from"


def test_what_was_dealt_with_by_itself_stands_only_among_all(client, ana):
    text_in("STOP")

    assert "Nothing to read" in listed(client)
    assert "<q>STOP</q>" in listed(client, "all")


def test_somebody_says_who_wrote_and_it_stands_on_that_timeline_alone(client, ana):
    cy, ada = patients.patient(), patients.patient(given="Ada")
    row = text_in("I have a rash")

    client.post(reverse("text_is_from", args=[row.pk, ada.pk]))

    row.refresh_from_db()
    assert row.patient_id == ada.pk
    assert "I have a rash" in client.get(reverse("timeline", args=[ada.pk])).content.decode()
    assert "I have a rash" not in client.get(reverse("timeline", args=[cy.pk])).content.decode()
    assert "Garcia, Cy" not in listed(client)
    assert "Garcia, Ada" in listed(client)
    assert "I have a rash" in opened(client, row)


def test_somebody_without_that_phone_cannot_have_written_it(client, ana):
    other = patients.patient(phones=())
    row = text_in("hello")

    answer = client.post(reverse("text_is_from", args=[row.pk, other.pk]))

    row.refresh_from_db()
    assert "not theirs" in answer.headers["HX-Trigger"]
    assert row.patient_id is None


def test_an_officer_reads_a_revocation_in_own_words_and_they_are_its_evidence(client, ana):
    row = text_in("ya no me manden mensajes")

    client.post(reverse("text_no_more", args=[row.pk]))

    said = queries.silenced(CYS)
    assert (said.evidence, said.how, said.by_id) == ("ya no me manden mensajes", "told", ana.pk)
    assert "Nothing to read" in listed(client)
    assert (
        "seen to that" in client.post(reverse("text_no_more", args=[row.pk])).headers["HX-Trigger"]
    )


def test_a_text_is_seen_to_for_a_reason_once(client, ana):
    row = text_in("running late")
    where = reverse("text_seen_to", args=[row.pk])

    assert "few words" in client.post(where, {"reason": " "}).headers["HX-Trigger"]
    client.post(where, {"reason": "Told Dr Ng"})

    assert "seen to that" in client.post(where, {"reason": "again"}).headers["HX-Trigger"]
    assert "Told Dr Ng" in opened(client, row)
    assert Event.objects.latest("id").kind == "relations.seen_to"


def test_the_first_page_says_how_many_wait_and_nothing_when_none_does(client, ana):
    assert "texts-today" not in client.get("/").content.decode()
    text_in("hello")
    text_in("STOP")

    assert "Read 1 message<" in client.get("/").content.decode()


def test_a_text_explains_a_look_while_it_waits(client, ana):
    cy, stranger = patients.patient(), patients.patient(phones=())
    row = text_in("hello")

    def kind(who):
        item = WorkItem("received", row.pk)
        return reason_for(access.reading(ana, work_item=item, at=clock.now()), who.pk).kind

    assert (kind(cy), kind(stranger)) == ("received", "said")
    actions.see_to_text(officer=ana, received=row, why="done", at=clock.now())
    assert kind(cy) == "received"  # whoever has seen to it sees that it is done
    Received.objects.update(handled_at=NOON)
    assert kind(cy) == "said"


def test_who_may_not_write_to_patients_neither_sees_the_list_nor_acts(client):
    row = text_in("hello")
    client.force_login(access.officer("linh", roles=("clinician",)))

    assert client.get(reverse("conversations")).status_code == 403
    assert client.post(reverse("text_no_more", args=[row.pk])).status_code == 403
    assert "Conversations" not in client.get("/").content.decode()


# --- The patient's pages.


def test_the_header_says_no_texts_and_the_timeline_by_which_words(client, ana):
    cy = patients.patient()
    where = reverse("timeline", args=[cy.pk])
    before = client.get(where).content.decode()
    text_in("Alto!")

    after = client.get(where).content.decode()
    text_in("START")
    again = client.get(where).content.decode()

    assert ["No texts" in page for page in (before, after, again)] == [False, True, False]
    assert "“Alto!”" in after
    assert "Only START" in after


def test_what_one_of_a_house_wrote_is_not_shown_to_whoever_looks_at_another(client, ana):
    cy, ada = patients.patient(), patients.patient(given="Ada")
    row = text_in("stop texting me about my rash")
    client.post(reverse("text_is_from", args=[row.pk, ada.pk]))
    client.post(reverse("text_no_more", args=[row.pk]))

    for who, theirs in ((cy, False), (ada, True)):
        page = client.get(reverse("timeline", args=[who.pk])).content.decode()
        assert "Only START" in page
        assert ("rash" in page) is theirs
