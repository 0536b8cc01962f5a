"""The page that ends e-mails of one kind, reached by the link in one of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.ground.language import OWN_NAMES, PATIENTS_READ
from almoner.patients.rules.details import readable
from almoner.relations import actions, rules
from almoner.relations.rules.no_more_words import NO_MORE


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def no_more_mails(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and end them when that is pressed: here, or in a program of e-mails (RFC 8058).

    What only looks, as a program does that follows every link, ends nothing. It shows nothing of
    anybody. 404: a link that we did not make, or in an e-mail that cannot be ended so.
    """
    message_id = rules.no_more_of(token, settings.SECRET_KEY)
    if request.method != "POST":
        return _page(request, "ask" if message_id is not None else "unknown")
    by_program = request.POST.get("List-Unsubscribe") == "One-Click"
    ended = actions.end_mails(message_id=message_id, by_program=by_program, at=clock.now())
    return _page(request, "ended" if ended else "unknown")


def _page(request: HttpRequest, says: str) -> HttpResponse:
    clinic, asked = facility.organisation(), request.GET.get("lang", "")
    language = asked if asked in PATIENTS_READ else PATIENTS_READ[0]
    context = {
        "words": NO_MORE[language],
        "says": NO_MORE[language][says],
        "state": says,
        "language": language,
        "languages": OWN_NAMES.items(),
        "clinic": clinic.name,
        "phone": clinic.phone,
        "phone_text": readable(clinic.phone),
    }
    status = 404 if says == "unknown" else 200
    return render(request, "relations/no_more.html", context, status=status)
