"""Every address of the desk. Each duty names its own below its first path segment."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from almoner.access.urls import staff
from almoner.patients.views.finding import home
from almoner.portal import urls as portal
from almoner.relations.urls import sent_by_itself, worked_on
from almoner.scheduling.urls import waits
from almoner.telehealth.urls import board, calls


def alive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", home, name="home"),
    path("alive", alive, name="alive"),
    path("setup/", admin.site.urls),
    path("accounts/", include("almoner.access.urls")),
    path("officers/", include(staff)),
    path("board/", include("almoner.arrivals.urls")),
    path("schedule/", include("almoner.scheduling.urls")),
    path("waitlist/", include(waits)),
    path("claims/", include("almoner.billing.urls")),
    path("money/", include("almoner.ledger.urls")),
    path("patients/", include("almoner.patients.urls")),
    path("v/", include("almoner.portal.urls")),
    path("e/", include(portal.errand)),
    path("my/", include(portal.my)),
    path("shared/", include(portal.for_guests)),
    path("portal/", include(portal.desk)),
    path("kiosk/", include(portal.stands)),
    path("kiosks/", include(portal.kiosks_desk)),
    path("video/", include(board)),
    path("call/", include(calls)),
    path("privacy/", include("almoner.privacy.urls")),
    path("messages/", include("almoner.relations.urls")),
    path("cases/", include(worked_on)),
    path("texts/", include(sent_by_itself)),
    path("coverage/", include("almoner.coverage.urls")),
    path("forms/", include("almoner.records.urls")),
    path("surveys/", include("almoner.surveys.urls")),
    path("outreach/", include("almoner.outreach.urls")),
]
