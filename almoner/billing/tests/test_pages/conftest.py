"""Who works at these pages."""

import pytest

from almoner.billing.tests import make

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def desk(client):
    client.force_login(make.biller(), backend=BACKEND)
    return client
