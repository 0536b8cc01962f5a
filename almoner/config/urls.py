"""Every address of the desk. Each duty names its own below its first path segment."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from almoner.access.urls import staff
from almoner.patients.views.finding import home


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
    path("claims/", include("almoner.billing.urls")),
    path("money/", include("almoner.ledger.urls")),
    path("patients/", include("almoner.patients.urls")),
    path("v/", include("almoner.portal.urls")),
    path("privacy/", include("almoner.privacy.urls")),
    path("messages/", include("almoner.relations.urls")),
    path("coverage/", include("almoner.coverage.urls")),
    path("forms/", include("almoner.records.urls")),
]
