"""Who is at the desk, and who stands before it."""

import pytest

from almoner.access.tests import make as access
from almoner.patients.tests import make


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy():
    return make.patient()
