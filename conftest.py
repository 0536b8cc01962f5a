import hypothesis
import pytest
from django.conf import settings
from xdist.scheduler import LoadScopeScheduling

from tests import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start every test database as a copy of the migrated template."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = embedded.template()


# The same examples each time: a test that fails on one run fails on all.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("same")


def pytest_configure():
    """Hash passwords cheaply: what Argon2 costs on purpose, hundreds of tests would pay."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class ByStory(LoadScopeScheduling):
    """A module of ``tests`` shares one desk or tells one story: one process runs it, in its order.

    xdist's own groups are lost on this pytest, which keeps a node's id elsewhere.
    """

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path.startswith("tests/") else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ByStory(config, log)
