"""Claims: their pages, their list, and how they are found."""

import pytest
from django.urls import reverse

from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.billing import exchange, offers, queries
from almoner.billing.models import Claim
from almoner.billing.tests import make
from almoner.billing.tests.test_pages.shared import text
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class TestClaims:
    def test_the_list_shows_what_must_be_mended_first(self, desk):
        held = make.claim(patients.patient(addresses=()))
        ready = make.claim()

        shown = text(desk.get(reverse("claims")))

        assert held.number in shown
        assert ready.number not in shown
        assert "front desk" in shown

    @pytest.mark.parametrize(
        "query",
        ["group=ready", "group=x&order=DROP&page=-1&payer=a", "q=A000&group=", "page=99999999999",
         "order=-total&group=done", "order=patient&group=waiting", "q=%00&group="],
    )  # fmt: skip
    def test_nothing_in_the_address_breaks_the_list(self, desk, query):
        make.claim()

        assert desk.get(f"{reverse('claims')}?{query}").status_code == 200

    def test_the_list_takes_few_statements_however_long(self, django_assert_num_queries):
        for _ in range(5):
            make.claim()
        reading = access.reading(make.biller())

        with django_assert_num_queries(2):
            queries.claim_page(queries.Asked(), number=1, today=make.DAY, reading=reading)
        assert len(reading.patient_ids) == 5

    def test_everything_of_a_claim_stands_on_its_page(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, (("CO", "45", 2_000),), (("CO", "197", 3_500),))))

        shown = text(desk.get(reverse("claim", args=[claim.pk])))

        for words in (
            "Above the agreed fee",
            "No authorisation",
            "Partly paid",
            "Owed by insurance",
            "Note an appeal",
            "Write off",
            "Essential (primary) hypertension",
        ):
            assert words in shown
        assert "Bill the patient" not in shown  # CO: never

    def test_ready_claims_are_sent_from_the_list(self, desk):
        claim = make.claim()

        desk.post(reverse("send_ready_claims"))

        claim.refresh_from_db()
        assert claim.state == "queued"

    def test_the_sent_file_shows_this_patients_segments_only(self, desk):
        one = make.claim(patients.patient(family="Alvarez"))
        other = make.claim(patients.patient(family="Bianchi"))
        submission = exchange.send_claims(
            officer=make.biller(), claim_ids=[one.pk, other.pk], at=make.NOON
        ).submission

        shown = text(desk.get(reverse("sent_file", args=[one.pk, submission.pk])))

        assert "ALVAREZ" in shown
        assert one.number in shown
        assert "BIANCHI" not in shown
        assert other.number not in shown

    def test_a_rejected_claim_is_checked_sent_noted_and_corrected_from_its_page(self, desk):
        claim = make.sent()
        Claim.objects.filter(pk=claim.pk).update(state="rejected")
        desk.post(reverse("check_claim", args=[claim.pk]))
        desk.post(reverse("send_claim", args=[claim.pk]))
        desk.post(reverse("note_claim", args=[claim.pk]), {"text": "called the payer"})

        claim.refresh_from_db()
        assert claim.state == "queued"
        assert claim.notes.get().text == "called the payer"
        assert desk.post(reverse("note_claim", args=[claim.pk]), {"text": ""}).status_code == 422

        Claim.objects.filter(pk=claim.pk).update(state="denied", payer_claim_number="P1")
        answer = desk.post(reverse("correct_claim", args=[claim.pk]), {"reason": "modifier"})
        assert str(Claim.objects.get(replaces=claim).pk) in answer["Location"]

    def test_a_claim_that_is_not_there_is_not_found(self, desk):
        assert desk.get(reverse("claim", args=[404])).status_code == 404

    def test_a_clinician_reads_claims_and_cannot_send_them(self, client):
        claim = make.claim()
        client.force_login(access.officer("bea", roles=("clinician",)), backend=BACKEND)

        assert client.get(reverse("claim", args=[claim.pk])).status_code == 200
        assert client.post(reverse("send_claim", args=[claim.pk])).status_code == 403

    def test_a_claim_explains_the_look_at_its_patient(self):
        claim = make.claim()
        reader = access.officer("bea", roles=("biller",))
        reading = access.reading(reader, work_item=WorkItem("claim", claim.pk))

        assert reason_for(reading, claim.patient_id).kind == "claim"


def test_claims_are_counted_by_the_database_in_one_row_for_each_state(django_assert_num_queries):
    for _ in range(3):
        make.claim()
    make.sent()

    with django_assert_num_queries(1) as asked:
        counted = queries.counts()

    assert (counted["ready"] + counted["mend"], counted["waiting"]) == (3, 1)
    assert "GROUP BY" in asked.captured_queries[0]["sql"]


def test_ctrl_k_finds_a_claim_by_its_number(rf):
    claim = make.claim()
    request = rf.get("/")
    request.reading = access.reading(make.biller())

    [hit] = offers.find(request, claim.number[:8])

    assert claim.number in hit.label
    assert request.reading.patient_ids == {claim.patient_id}
    assert request.reading.searched == "claim number"


def test_ctrl_k_finds_claims_by_whose_they_are_and_notes_that_they_were_seen():
    claim = make.claim()
    reading = access.reading(make.biller())

    found = queries.find_claims(claim.patient.family, reading=reading)

    assert [line.id for line in found] == [claim.pk]
    assert claim.patient_id in reading.patient_ids
    assert queries.find_claims("Nobody-of-that-name", reading=reading) == []
