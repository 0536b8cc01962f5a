"""Who is shown the door, and what is not there."""

import pytest

from almoner.access.tests import make as access
from almoner.patients.tests import make
from almoner.patients.tests.test_pages.shared import looks

pytestmark = pytest.mark.django_db


PAGES = [
    ("get", "/patients/{id}/"), ("get", "/patients/{id}/change/"),
    ("get", "/patients/{id}/history/"), ("get", "/patients/{id}/photo/"),
    ("get", "/patients/{id}/panels/details/"), ("post", "/patients/{id}/open/"),
    ("post", "/patients/{id}/review/"), ("post", "/patients/{id}/photo/"),
    ("post", "/patients/{id}/change/"), ("post", "/patients/{id}/not-the-same/1/"),
    ("post", "/patients/{id}/same/1/"), ("post", "/patients/{id}/undecide/1/"),
    ("get", "/patients/{id}/photo/change/"), ("post", "/patients/{id}/photo/remove/"),
    ("get", "/patients/duplicates/"), ("post", "/patients/duplicates/1/"),
    ("post", "/patients/new/typed/"), ("post", "/patients/new/rows/phones/"),
    ("post", "/patients/find/"), ("get", "/patients/new/"), ("post", "/patients/new/alike/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_dot_the_stranger_is_shown_the_door(client, cy, method, page):
    answer = getattr(client, method)(page.format(id=cy.pk), {"q": "garcia"})

    assert answer.status_code == 302
    assert b"Garcia" not in answer.content
    assert not looks().exists()


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_an_administrator_sees_no_patients(client, cy, method, page):
    client.force_login(access.officer("root", roles=("administrator",)))

    answer = getattr(client, method)(page.format(id=cy.pk), {"q": "garcia"})

    assert answer.status_code == 403
    assert b"Garcia" not in answer.content
    assert not looks().exists()


@pytest.mark.parametrize("page", ["/patients/new/", "/patients/{id}/change/"])
def test_a_clinician_looks_but_does_not_change(client, cy, page):
    client.force_login(access.officer("doc", roles=("clinician",)))

    assert client.get(page.format(id=cy.pk)).status_code == 403


@pytest.mark.parametrize(
    ("method", "page"),
    [pair for pair in PAGES if "{id}" in pair[1] and not pair[1].endswith("/1/")],
)
def test_a_patient_that_is_not_there_is_not_found(client, ana, method, page):
    data = {"said": "phone", "confirmed_by": ["birth_date", "phone"]}
    if "photo" in page and method == "post":
        data["picture"] = make.picture()

    assert getattr(client, method)(page.format(id=404), data).status_code == 404
    assert not looks().exists()


def test_ctrl_k_finds_patients_and_logs_them(client, ana, cy):
    answer = client.post("/accounts/palette/", {"q": "garcia 3/4/85"})

    assert f"/patients/{cy.pk}/?found=" in answer.content.decode()
    assert looks().last().patient_ids == [cy.pk]
