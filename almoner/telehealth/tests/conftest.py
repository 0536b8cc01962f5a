import pytest

from tests import gateways


@pytest.fixture
def gateway(settings):
    server = gateways.Pretended()
    settings.JANUS_URL, settings.JANUS_SECRET = server.gateway.url, server.gateway.secret
    yield server
    server.close()
