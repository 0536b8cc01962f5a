import pytest
from django.conf import settings

from tests import embedded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start every test database as a copy of the migrated template."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = embedded.template()
