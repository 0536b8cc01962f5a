import pytest

from almoner.facility.tests import make as facility


@pytest.fixture(autouse=True)
def clinic(request, settings):
    """A clinic that patients reach by a link."""
    if "django_db" in {mark.name for mark in request.node.iter_markers()}:
        request.getfixturevalue("db")
        facility.organisation()
        settings.ADDRESS = "https://clinic.example"
