"""The photo: taken, shown, replaced and removed."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.patients import actions
from almoner.patients.models import Photo
from almoner.patients.tests import make

pytestmark = pytest.mark.django_db


def take(client, patient, upload=None):
    return client.post(f"/patients/{patient.pk}/photo/", {"picture": upload or make.picture()})


def events_of(patient):
    return [event.kind for event in Event.objects.filter(patient_id=patient.pk).order_by("id")]


def test_a_photo_is_drawn_anew_and_served_through_the_door(client, ana, cy):
    answer = take(client, cy)

    face = client.get(f"/patients/{cy.pk}/photo/")
    assert answer["Location"] == f"/patients/{cy.pk}/"
    assert face["Content-Type"] == "image/jpeg"
    with Image.open(BytesIO(face.content)) as drawn:
        assert drawn.size == (320, 320)


def test_the_page_offers_a_file_or_the_camera_and_shows_what_is_kept(client, ana, cy):
    before = client.get(f"/patients/{cy.pk}/photo/change/").content.decode()
    take(client, cy)
    after = client.get(f"/patients/{cy.pk}/photo/change/").content.decode()

    assert 'capture="user"' in before
    assert 'enctype="multipart/form-data"' in before
    assert "No photo is kept" in before
    assert "Remove the photo" not in before
    assert f"/patients/{cy.pk}/photo/?v=2" in after
    assert "Replace the photo" in after
    assert "Remove the photo" in after


@pytest.mark.parametrize("upload", [b"<svg onload=alert(1)>", b"", b"\xff\xd8\xff garbage"])
def test_what_is_no_picture_is_refused_on_the_page_and_what_was_kept_stays(client, ana, cy, upload):
    take(client, cy)

    answer = take(client, cy, SimpleUploadedFile("face.jpg", upload))

    assert answer.status_code == 422
    assert answer.context["form"].errors["picture"]
    assert 'id="faults"' in answer.content.decode() or "aria-invalid" in answer.content.decode()
    assert Photo.objects.count() == 1


def test_nothing_chosen_says_what_to_do(client, ana, cy):
    answer = client.post(f"/patients/{cy.pk}/photo/")

    assert answer.status_code == 422
    assert b"Choose a picture first" in answer.content


def test_a_photo_is_replaced_and_its_address_is_new(client, ana, cy):
    take(client, cy)
    take(client, cy, make.picture("JPEG", (400, 400)))

    assert Photo.objects.count() == 1
    assert b"photo/?v=3" in client.get(f"/patients/{cy.pk}/photo/change/").content


def test_removing_it_is_one_event_and_removing_nothing_is_none(client, ana, cy):
    take(client, cy)

    client.post(f"/patients/{cy.pk}/photo/remove/")
    client.post(f"/patients/{cy.pk}/photo/remove/")

    assert not Photo.objects.exists()
    assert client.get(f"/patients/{cy.pk}/photo/").status_code == 404
    assert events_of(cy) == ["patients.registered", "patients.pictured", "patients.photo_removed"]


def test_a_clinician_neither_takes_nor_removes_a_photo(client, ana, cy):
    take(client, cy)
    doctor = access.officer("doc", roles=("clinician",))
    client.force_login(doctor)

    assert take(client, cy).status_code == 403
    assert client.get(f"/patients/{cy.pk}/photo/change/").status_code == 403
    with pytest.raises(PermissionDenied):
        actions.remove_photo(officer=doctor, patient_id=cy.pk, at=make.REGISTERED)
    assert Photo.objects.exists()
