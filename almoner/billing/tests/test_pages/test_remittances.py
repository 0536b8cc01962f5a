"""Remittances."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.billing import actions, queries
from almoner.billing.models import Remittance, RemittedClaim
from almoner.billing.tests import make
from almoner.billing.tests.test_pages.shared import text
from almoner.ground.models import Event

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class TestRemittances:
    def refused(self):
        content = make.era(make.answer(make.sent(), *make.PAID), cents=1)
        make.post(content)
        return Remittance.objects.get()

    def test_a_refusal_shows_the_segment_the_sums_and_what_to_do(self, desk):
        shown = text(desk.get(reverse("remittance", args=[self.refused().pk])))

        assert "<mark>BPR*I*0.01*C*" in shown
        assert "$0.01" in shown
        assert "$135.00" in shown
        assert "no cent of this payment is in the ledger" in shown

    def test_a_refusal_taken_up_leaves_the_list_of_work(self, desk):
        row = self.refused()
        listed = reverse("remittances") + "?state=work"
        assert row.trace_number in text(desk.get(listed))

        desk.post(reverse("handle_refusal", args=[row.pk]), {"reason": "asked Ms Lee"})

        assert row.trace_number not in text(desk.get(listed))
        assert "asked Ms Lee" in text(desk.get(reverse("remittance", args=[row.pk])))

    def test_a_posted_payment_shows_its_claims_and_takebacks(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, *make.PAID), takes=(("WO", 500),)))

        shown = text(desk.get(reverse("remittance", args=[Remittance.objects.get().pk])))

        assert claim.number in shown
        assert "as first payer (1)" in shown
        assert "WO REF1" in shown

    def test_a_file_is_brought_and_posted_by_a_job(self, desk):
        content = make.era(make.answer(make.sent(), *make.PAID))

        answer = desk.post(
            reverse("bring_remittance"), {"file": SimpleUploadedFile("x.835", content)}
        )

        assert answer.status_code == 302
        assert not Remittance.objects.exists()
        actions.resume(at=make.LATER)
        assert Remittance.objects.get().state == "posted"

    def test_a_file_that_is_no_835_is_said_to_be_none(self, desk):
        answer = desk.post(
            reverse("bring_remittance"), {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")}
        )

        assert answer.status_code == 422

    def test_an_unmatched_answer_is_matched_from_its_suggestions(self, desk):
        claim = make.sent()
        make.post(make.era(make.answer(claim, *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()
        page = reverse("match_answer", args=[row.pk])
        assert claim.number in text(desk.get(page))
        assert desk.post(page, {"number": "A1"}).status_code == 422

        desk.post(page, {"number": claim.number})

        row.refresh_from_db()
        assert (row.state, row.claim_id) == ("posted", claim.pk)

    def test_what_waits_for_a_person_comes_before_the_next_file(self, desk):
        calm = desk.get(reverse("remittances")).content.decode().partition("</main>")[0]
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))

        page = desk.get(reverse("remittances")).content.decode().partition("</main>")[0]

        primary = re.compile(r'class="(?:button )?primary"[^>]*>([^<]+)<')
        assert primary.findall(calm) == ["Read and post"]
        assert primary.findall(page) == ["Match 1 answer"]

    def test_an_unmatched_answer_is_set_aside(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()

        desk.post(reverse("match_answer", args=[row.pk]), {"reason": "old system"})

        row.refresh_from_db()
        assert row.state == "set_aside"

    def unbalanced(self, claim, **facts):
        """A refused payment of this claim, at fault in its first line."""
        answer = make.answer(claim, *make.PAID, **facts)
        first, second = answer.lines
        make.post(make.era(replace(answer, lines=(replace(first, paid=first.paid + 1), second))))
        return Remittance.objects.get()

    def test_who_posts_nothing_sees_the_place_of_a_fault_without_the_person(self, client):
        claim = make.sent()
        page = reverse("remittance", args=[self.unbalanced(claim).pk])
        client.force_login(access.officer("ng", roles=("clinician",)), backend=BACKEND)

        shown = text(client.get(page))

        assert f"CLP*{claim.number}*" in shown
        assert "NM1*QC*1*•••*•••" in shown
        assert claim.patient.family not in shown
        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind) == ([claim.patient_id], "claim")
        client.force_login(make.biller(), backend=BACKEND)
        assert claim.patient.family in text(client.get(page))

    def test_a_refused_payment_of_nobody_of_ours_is_noted_by_the_payment(self, desk):
        row = self.unbalanced(make.sent(), account="NOTOURS")

        assert "NOTOURS" in text(desk.get(reverse("remittance", args=[row.pk])))

        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind, looked.reason_id, looked.grade) == (
            [], "remittance", row.pk, "A",
        )  # fmt: skip

    def test_the_list_of_what_is_to_be_matched_is_noted_although_nobody_is_known(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))

        desk.get(reverse("unmatched_answers"))

        looked = AccessEvent.objects.get()
        assert (looked.patient_ids, looked.reason_kind) == ([], "answers to be matched")

    def test_an_answer_to_be_matched_is_noted_by_its_payment(self, desk):
        make.post(make.era(make.answer(make.sent(), *make.PAID, account="X", control="Y")))
        row = RemittedClaim.objects.get()

        desk.get(reverse("match_answer", args=[row.pk]))

        looked = AccessEvent.objects.get(patient_ids=[])
        assert (looked.reason_kind, looked.reason_id) == ("remittance", row.remittance_id)

    def test_what_needs_a_person_is_counted_once_each(self):
        claims = [make.sent() for _ in range(4)]
        make.post(
            make.era(
                *(make.answer(claim, *make.PAID) for claim in claims[:2]),
                *(
                    make.answer(claim, *make.PAID, account=f"X{claim.pk}", control=f"Y{claim.pk}")
                    for claim in claims[2:]
                ),
            )
        )

        [line] = queries.remittance_page("work", number=1).object_list

        assert (line.posted, line.unmatched) == (2, 2)
        assert queries.unmatched_count()[0] == 2

    def test_the_file_somebody_brought_says_who(self, desk):
        content = make.era(make.answer(make.sent(), *make.PAID))

        desk.post(reverse("bring_remittance"), {"file": SimpleUploadedFile("x.835", content)})

        assert Event.objects.get(kind="billing.file_received").by_id == make.biller().pk

    @pytest.mark.parametrize("query", ["", "state=x&page=x", "state=posted", "state=refused"])
    def test_nothing_in_the_address_breaks_the_list(self, desk, query):
        self.refused()

        assert desk.get(f"{reverse('remittances')}?{query}").status_code == 200
