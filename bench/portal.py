"""The patients' own pages: home over HTTP, as the patients' database role; check-in by keys."""

from bench.client import load, request
from bench.harness import Figure, Sample, apart, at_most, figure
from bench.pages import WINDOW, WINDOWS, _desk, _note

AT_ONCE = 2  # what is promised is what the server takes, not how long a crowd waits
ACCOUNTS = 8  # two tries at the door each, of the twenty a minute that one address has
CHECK_INS = "3"


@figure("Check-in ahead by keys at 320 px, a card, every form and a reload at each answer")
def check_in() -> Figure:
    took = apart("ahead", CHECK_INS)["took"]
    return Figure(Sample(tuple(took), "s"), at_most(90.0))


@figure("Portal home over HTTP, 200,000 patients", clinic=True)
def home() -> Figure:
    cookies = _let_in()
    with _desk() as (port, _send):
        asked = [request("GET", "/my/", headers={"Cookie": f"my={each}"}) for each in cookies]
        runs = [
            load(port, asked, connections=AT_ONCE, seconds=WINDOW) for _window in range(WINDOWS)
        ]
    assert all(set(run.statuses) == {"200"} for run in runs)
    latencies = Sample(tuple(each for run in runs[1:] for each in run.latencies))
    return Figure(latencies, at_most(60.0, "p95"), note=_note(latencies))


def _let_in() -> list[str]:
    """What the browsers keep of so many patients with a visit to come; their accounts stay."""
    from django.conf import settings

    from almoner.ground import clock
    from almoner.portal.gate.accounts import COOKIE
    from almoner.portal.tests import joining
    from almoner.scheduling.models import Appointment

    settings.ALLOWED_HOSTS.append("testserver")
    known = clock.now().timestamp()
    grown_up = Appointment.objects.filter(
        status="booked", starts_at__gt=clock.now(), patient__birth_date__lt="1990-01-01"
    )
    found = grown_up.filter(patient__acted_for_by=None).select_related("patient")
    found = found.order_by("starts_at", "pk")[:ACCOUNTS]
    clients = [
        joining.account(row.patient, login=f"bench-{known:.0f}-{number}", name="")[0]
        for number, row in enumerate(found)
    ]
    return [client.cookies[COOKIE].value for client in clients]
