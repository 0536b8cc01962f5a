import pytest
from django.conf import settings

from tests import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start every test database as a copy of the migrated template."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = embedded.template()


def pytest_configure():
    """Hash passwords cheaply: what Argon2 costs on purpose, hundreds of tests would pay."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
