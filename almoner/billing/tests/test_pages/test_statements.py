"""Statements."""

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import actions, offers
from almoner.billing.models import Statement
from almoner.billing.tests import make
from almoner.billing.tests.test_pages.shared import text
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class TestStatements:
    def owing(self):
        claim = make.sent()
        make.post(make.era(make.answer(claim, (("PR", "1", 3_000),), ())))
        return claim.patient

    def test_a_statement_is_sent_from_the_patient_and_read_and_printed(self, desk):
        cy = self.owing()

        desk.post(reverse("issue_statement", args=[cy.pk]))

        row = Statement.objects.get()
        said = text(desk.get(reverse("statement", args=[row.pk])))
        assert "$30.00" in said
        [line] = row.lines
        year, month, day = line["service_date"].split("-")
        assert f"{month}/{day}/{year} {line['patient_name']}" in said
        printed = desk.get(reverse("statement_pdf", args=[row.pk]))
        assert printed["Content-Type"] == "application/pdf"
        assert printed.content.startswith(b"%PDF")

    def test_nothing_owed_is_said_and_nothing_sent(self, desk):
        cy = patients.patient()

        answer = desk.post(reverse("issue_statement", args=[cy.pk]))

        assert answer.status_code == 302
        assert not Statement.objects.exists()

    def test_the_patients_page_shows_claims_and_statements(self):
        cy = self.owing()
        actions.issue_statement(officer=make.biller(), patient_id=cy.pk, at=make.LATER)
        reading = access.reading(make.biller())

        shown = offers.claims_panel(cy.pk, reading)

        assert len(shown["claims"]) == 1
        assert len(shown["statements"]) == 1
        assert reading.patient_ids == {cy.pk}
