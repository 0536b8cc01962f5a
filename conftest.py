import os

import hypothesis
import pytest
from django.conf import settings
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from tests import embedded
from tests.primaries import crowded


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Start every test database as a copy of the migrated template."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = embedded.template()


@pytest.fixture(autouse=True)
def _one_primary_button(monkeypatch):
    """Refuse a page with two buttons that both claim to come next, in any state a test met it."""
    ask = Client.request

    def request(client, **sent):
        answer = ask(client, **sent)
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        found = crowded(answer.content.decode()) if html and not answer.streaming else []
        if found:
            pytest.fail(f"more than one primary button: {found}")
        return answer

    monkeypatch.setattr(Client, "request", request)


# The same examples each time: a test that fails on one run fails on all. New ones are looked for
# by `make explore`. How long one takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("new", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure():
    """Hash passwords cheaply: what Argon2 costs on purpose, hundreds of tests would pay."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    """Try a story in a browser once more when it failed, and say so in the summary.

    Two cores run a clinic, its partners and several browsers here: what a page waits for comes
    late now and then. Nothing else is tried again, and no story that is ``told_once``.
    """
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("told_once"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter):
    """Show what each first try failed on, beside what failed for good."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"{report.nodeid} was tried again, since:")
        terminalreporter.write_line(report.longreprtext)


class ByStory(LoadScopeScheduling):
    """A module of ``tests`` shares one desk or tells one story: one process runs it, in its order.

    xdist's own groups are lost on this pytest, which keeps a node's id elsewhere.
    """

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path.startswith("tests/") else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ByStory(config, log)
