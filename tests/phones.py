"""The demo's phones, and a reminder that is due, by the product's own action."""

import os
import subprocess
import sys
import textwrap

import httpx

from tests import browser
from tests.waiting import until

REMIND = """
    import sys
    import django
    django.setup()
    from almoner.ground import clock
    from almoner.portal import queries
    from almoner.relations import actions
    event = queries.last_change(int(sys.argv[1]))
    actions.remind_of_visit(event=event, key=f"reminder-{sys.argv[1]}-story", confirmed=False,
                            check_in=False, at=clock.now())
"""


def address(clinic):
    return clinic.partners["phones"]


def script(clinic, number, answer, keys=""):
    """What this phone does when it rings next."""
    told = {"To": number, "Answer": answer, "Keys": keys}
    httpx.post(f"{address(clinic)}/script", data=told, trust_env=False)


def remind(clinic, appointment_id):
    """Have the patient of a visit reminded of it now."""
    var = browser.ROOT / "var" / "test" / clinic.database_url.rpartition("/")[2].partition("?")[0]
    told = os.environ | {
        "DATABASE_URL": clinic.database_url,
        "ALMONER_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
    }
    command = [sys.executable, "-c", textwrap.dedent(REMIND), str(appointment_id)]
    subprocess.run(command, cwd=browser.ROOT, env=told, check=True)


def call_to(clinic, number, status):
    """The last call to a number, once it has come so far."""

    def calls():
        return httpx.get(f"{address(clinic)}/calls.json", trust_env=False).json()

    def found():
        mine = [each for each in calls() if (each["to"], each["status"]) == (number, status)]
        return next(iter(mine), None)

    return until(found, shows=calls)
