"""The set-up pages, which Django draws: who may come in, and under which policy."""

from http import HTTPStatus

import pytest
from django.db import connection
from django.urls import reverse

from almoner.access.tests import make
from almoner.billing.models import FilingTerms, StatementTerms
from almoner.facility.models import Organisation

pytestmark = pytest.mark.django_db


def test_administrator_finds_every_set_up_table(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    page = client.get(reverse("admin:index"))

    assert page.status_code == HTTPStatus.OK
    for table in (
        "facility/location",
        "facility/visittype",
        "facility/weeklyhours",
        "coverage/payer",
    ):
        assert table in page.content.decode()


def test_set_up_pages_run_our_scripts_only(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    policy = client.get(reverse("admin:index")).headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_front_desk_is_sent_back_to_its_own_first_page(client):
    client.force_login(make.officer("ana"))

    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0] != reverse("admin:index")
    assert b"facility/location" not in page.content


def test_stranger_signs_in_at_the_one_door(client):
    page = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))


CLINIC = {
    "name": "Oak Clinic", "npi": "1234567893", "tax_id": "999000222", "taxonomy": "261QP2300X",
    "address_line": "1 Oak Street", "city": "Madison", "state": "WI", "zip_code": "53703",
    "phone": "+16085550100", "time_zone": "America/Chicago",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("npi", "1234567890", "not an NPI"),
        ("taxonomy", "FAMILY", "ten characters"),
        ("tax_id", "99-900022", "Nine digits"),
        ("zip_code", "53703-000", "Five digits or nine"),
        ("state", "wi", "Two capital letters"),
    ],
)
def test_a_number_that_would_hold_every_claim_is_refused_where_it_is_typed(
    field, wrong, said, client
):
    client.force_login(make.officer("ada", roles=("administrator",)))

    page = client.post(reverse("admin:facility_organisation_add"), CLINIC | {field: wrong})

    assert said in page.content.decode()
    assert not Organisation.objects.exists()


def test_the_organisation_is_row_one_even_when_the_counter_went_on(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('facility_organisation', 'id'))")

    page = client.post(reverse("admin:facility_organisation_add"), CLINIC)

    assert page.status_code == HTTPStatus.FOUND
    assert Organisation.objects.get().pk == 1


def test_terms_are_entered_and_charges_are_looked_at_only(client):
    client.force_login(make.officer("ada", roles=("administrator",)))
    filing = {"starts": "2026-01-01", "initial_days": 90, "corrected_days": 60, "appeal_days": 45}
    mailing = {"starts": "2026-01-01", "smallest_cents": 500, "due_days": 21, "again_days": 30}

    client.post(reverse("admin:billing_filingterms_add"), filing)
    client.post(reverse("admin:billing_statementterms_add"), mailing)

    assert FilingTerms.objects.get().initial_days == 90
    assert StatementTerms.objects.get().smallest_cents == 500
    listed = client.get(reverse("admin:billing_chargeitem_changelist"))
    assert listed.status_code == HTTPStatus.OK
    added = client.post(reverse("admin:billing_chargeitem_add"), {"code": "ZZ101"})
    assert added.status_code == HTTPStatus.FORBIDDEN


def test_there_is_one_page_to_change_a_password_on(client):
    client.force_login(make.officer("ada", roles=("administrator",)))

    assert client.get("/setup/password_change/").url == reverse("change_password")
