import hypothesis
import pytest
from django.conf import settings

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
