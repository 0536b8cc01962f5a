"""Somebody who is due."""

import pytest

from almoner.outreach.tests import make


@pytest.fixture
def who():
    return make.due()
