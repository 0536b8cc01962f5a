"""An account without a code of the desk's; whoever asks reads the same words."""

from django.http import HttpResponse
from django.shortcuts import redirect

from almoner.ground import clock
from almoner.portal import actions, forms, rules
from almoner.portal.gate import AccountRequest, outside, page
from almoner.portal.views.entering import let_in


@outside("GET", "POST")
def my_join_ask(request: AccountRequest) -> HttpResponse:
    """Who they say they are, and where a code could reach them."""
    if request.way and request.way.in_at:
        return redirect("my_home")
    if request.method != "POST":
        return _ask(request, "")
    form = forms.JoinAsk(request.POST)
    if not form.is_valid():
        return _ask(request, form.why(), status=422)
    born = rules.birth_date(request.POST.dict())
    if born is None:
        return _ask(request, "no_such_day", status=422)
    token = actions.ask_to_join(
        **form.said(),
        born=born,
        language=request.language,
        network=request.META.get("REMOTE_ADDR", ""),
        at=clock.now(),
    )
    return let_in(redirect("my_join_type"), token)


def _ask(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    typed = request.POST.dict()
    facts = {
        "parts": rules.date_boxes(request.language, typed),
        "typed": {name: typed.get(name, "") for name in ("given", "family", "where")},
        "trouble": rules.said(request.language, trouble) if trouble else "",
        "wrong": trouble,
    }
    return page(request, "portal/join_ask.html", facts, status=status)


@outside("GET", "POST")
def my_join_type(request: AccountRequest) -> HttpResponse:
    """The code that was sent, if one was: the page is the same for everybody."""
    if request.way is None or request.way.in_at:
        return redirect("my_join_ask")
    if request.method != "POST":
        return _type(request, "")
    token = actions.say_digits(
        way=request.way, typed=request.POST.get("code", "")[:40], at=clock.now()
    )
    if not token:
        return _type(request, "type_code_wrong", status=422)
    return let_in(redirect("my_join_how"), token)


def _type(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    facts = {"trouble": rules.said(request.language, trouble) if trouble else ""}
    return page(request, "portal/join_type.html", facts, status=status)
