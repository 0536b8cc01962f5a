"""How one signs in: passkeys, recovery codes, and the proof asked for before they change."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from fido2.webauthn import UserVerificationRequirement

from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, inside, room, too_often
from almoner.portal.views.entering import beside, said_by, server_of, told

_ASKS = {"contact": "my_contact", "people": "my_people"}
"""Pages that ask for the proof, beside that of the ways in."""


@room("GET", "POST")
def my_ways_in(request: AccountRequest) -> HttpResponse:
    """The passkeys, the password and the recovery codes of an account; one passkey less."""
    trouble = ""
    if request.method == "POST":
        try:
            with queries.as_the_desk():
                passkey_id = row_id(request.POST.get("forget")) or 0
                actions.forget_passkey(
                    way=queries.own_way(request.way), passkey_id=passkey_id, at=clock.now()
                )
            return redirect("my_ways_in")
        except actions.NotLetIn as refused:
            if refused.why == "prove_first":
                return redirect("my_prove")
            trouble = rules.said(request.language, refused.why)
    facts = _ways(request) | {"trouble": trouble}
    return inside(request, "portal/ways_in.html", facts, status=409 if trouble else 200)


def _ways(request: AccountRequest) -> dict[str, Any]:
    language, account = request.language, request.account
    with queries.as_the_desk():
        keys = [
            (key.pk, rules.said(language, "passkey_of", day=rules.date_text(
                queries.local_day(key.made_at), language)))
            for key in queries.passkeys(account.pk)
        ]  # fmt: skip
        left = queries.codes_left(account.pk)
    has_password = bool(account.login)
    return {
        "keys": keys,
        "password": rules.said(language, "password_is", login=account.login)
        if has_password
        else "",
        "codes": rules.said(language, "codes_left" if left else "codes_none", left=left)
        if has_password
        else "",
    }


@room("GET", "POST")
def my_codes(request: AccountRequest) -> HttpResponse:
    """Make recovery codes and show them, now and never again."""
    if request.method != "POST":
        return redirect("my_ways_in")
    try:
        with queries.as_the_desk():
            codes = actions.new_codes(way=queries.own_way(request.way), at=clock.now())
    except actions.NotLetIn as refused:
        return redirect("my_prove" if refused.why == "prove_first" else "my_ways_in")
    return inside(request, "portal/codes.html", {"codes": codes})


@room("GET", "POST")
def my_prove(request: AccountRequest) -> HttpResponse:
    """Show once more that one is who signed in: by password here, by passkey through its script."""
    if request.method != "POST":
        return _prove(request, "")
    if too_often(request):
        return _prove(request, "too_often", status=429)
    with queries.as_the_desk():
        why = actions.prove_with_password(
            way=queries.own_way(request.way), password=request.POST.get("password", ""),
            typed=beside(request), at=clock.now(),
        )  # fmt: skip
    return _prove(request, why, status=422) if why else redirect(_then(request))


def _then(request: AccountRequest) -> str:
    """The page that asked for the proof."""
    return reverse(_ASKS.get(request.GET.get("then", ""), "my_ways_in"))


def _prove(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    with queries.as_the_desk():
        facts = {
            "trouble": rules.said(request.language, trouble) if trouble else "",
            "has_passkey": bool(queries.passkeys(request.account.pk)),
            "has_password": bool(request.account.login),
            "then": f"?then={then}" if (then := request.GET.get("then")) in _ASKS else "",
        }
    return inside(request, "portal/prove.html", facts, status=status)


@room("POST")
def my_prove_passkey(request: AccountRequest, step: str) -> HttpResponse:
    """What the script asks: ``begin`` gives a challenge, ``end`` takes what the passkey signed."""
    way, server = queries.own_way(request.way), server_of(request)
    if step == "begin":
        asked, state = server.authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED
        )
        with queries.as_the_desk():
            actions.challenge(way, state)
        return JsonResponse(dict(asked.public_key))
    try:
        with queries.as_the_desk():
            actions.prove_with_passkey(
                way=way, server=server, said=said_by(request), at=clock.now()
            )
    except actions.NotLetIn as refused:
        return told(request, refused.why)
    return JsonResponse({"go": _then(request)})
