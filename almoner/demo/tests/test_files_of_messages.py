"""A picture goes from a phone through the carrier to the documents of a patient, over the wire."""

import threading
from http.server import ThreadingHTTPServer

import pytest

from almoner.access.tests import make as access
from almoner.demo.enclosed import Enclosed, Store
from almoner.demo.inbox import Clinic, Mailbox, Pages
from almoner.edges import sms
from almoner.facility.models import Organisation
from almoner.patients.models import Phone
from almoner.patients.tests import make as patients
from almoner.records.models import Document
from almoner.records.rules.papers import MOST_WAITING
from almoner.relations import actions, exchange
from almoner.relations.models import File, Received
from almoner.relations.tests.make import CYS, NOON, photo

URL, TOKEN = "https://desk.example/messages/received/", "a token"


@pytest.fixture(autouse=True)
def ours(db, settings):
    Organisation.objects.create(
        id=1, name="Northlight", npi="1", tax_id="1", phone="608-555-0100", address_line="1 Quay"
    )
    settings.SMS_WEBHOOK_URL, settings.SMS_TOKEN, settings.SMS_ACCOUNT = URL, TOKEN, "AC1"


@pytest.fixture
def carrier(settings):
    """The carrier's store, which hands out what it has to our account."""
    store = Store("", "AC1", TOKEN)
    bound = {"mailbox": Mailbox(), "clinic": Clinic("", TOKEN, store=store)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Pages,), bound))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    store.url = settings.SMS_URL = f"http://127.0.0.1:{server.server_port}"
    yield store
    server.shutdown()
    server.server_close()


@pytest.fixture
def cy():
    patient = patients.patient()
    Phone.objects.create(patient=patient, number=CYS, rank=9)
    return patient


def text_with(client, url):
    form = {"MessageSid": "SM1", "From": CYS, "To": "+16085550100", "Body": "My card",
            "NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/png"}  # fmt: skip
    mark = sms.signature(URL, {name: [each] for name, each in form.items()}, TOKEN)
    answer = client.post("/messages/received/", form, headers={sms.SIGNATURE: mark})
    assert answer.status_code == 200
    return Received.objects.get()


def look():
    actions.look_at_files(fetch=exchange.fetched, at=NOON.replace(year=2100))


def test_a_picture_of_a_text_waits_with_the_documents_once_it_is_known_who_wrote(
    client, carrier, cy
):
    row = text_with(client, carrier.put(Enclosed("x", "image/png", photo()), "MM1"))
    look()
    assert File.objects.get().state == "kept"
    assert not Document.objects.exists()

    actions.recognise(officer=access.officer("ana"), received=row, patient_id=cy.pk, at=NOON)

    paper = Document.objects.get()
    assert (paper.patient_id, paper.state, paper.source) == (cy.pk, "waiting", "text")
    assert (paper.title, paper.sent_at) == ("picture-1.png", row.at)
    assert bytes(paper.content).startswith(b"\xff\xd8\xff")
    assert File.objects.get().document_id == paper.pk


def test_where_twenty_documents_wait_the_file_waits_with_its_message(client, carrier, cy):
    row = text_with(client, carrier.put(Enclosed("x", "image/png", photo()), "MM1"))
    look()
    for _each in range(MOST_WAITING):
        Document.objects.create(
            patient=cy, title="x", media="image/jpeg", content=b"x", source="account", sent_at=NOON,
            sha256=bytes.fromhex("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"),
        )  # fmt: skip

    actions.recognise(officer=access.officer("ana"), received=row, patient_id=cy.pk, at=NOON)

    assert Document.objects.count() == MOST_WAITING
    assert File.objects.get().state == "kept"


def test_a_file_the_carrier_has_no_more_is_asked_for_and_given_up(client, carrier):
    text_with(client, f"{carrier.url}/2010-04-01/Accounts/AC1/Messages/MM9/Media/ME9")
    look()

    file = File.objects.get()
    assert (file.state, file.tries) == ("waiting", 1)
