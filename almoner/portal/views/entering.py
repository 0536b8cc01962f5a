"""Getting into an account, making one, getting out."""

import io
import json
from collections.abc import Mapping
from typing import Any

import qrcode
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from fido2.server import Fido2Server
from fido2.webauthn import (
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from qrcode.image.svg import SvgPathImage

from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.portal import actions, forms, queries, rules
from almoner.portal.gate import (
    AccountRequest,
    forget,
    outside,
    page,
    remember,
)
from almoner.portal.models import Entrance
from almoner.portal.rules.accounts import Invited, Kind

_MOST_NAME = 100
_TOLD = {"out": "signed_out", "kept": "kept_for_later"}
"""What the page to sign in says to whoever comes there by one of these."""


@outside("GET", "POST")
def my_enter(request: AccountRequest) -> HttpResponse:
    """Sign in by a passkey (its script asks `my_passkey`), or by name, password and digits."""
    if request.way and request.way.in_at:
        return redirect("my_home")
    if request.method != "POST":
        return _enter(request, next((_TOLD[each] for each in _TOLD if each in request.GET), ""))
    typed = {name: request.POST.get(name, "") for name in ("login", "password")}
    token = actions.enter_with_password(**typed, typed=beside(request), at=clock.now())
    if isinstance(token, actions.NotLetIn):
        return _enter(request, token.why, status=422)
    return let_in(redirect("my_home"), token)


def beside(request: AccountRequest) -> str:
    """What was typed beside the password: the app's digits, or a recovery code."""
    return request.POST.get("digits", "").strip() or request.POST.get("recovery", "")


def _enter(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    facts = {
        "trouble": rules.said(request.language, trouble) if trouble else "",
        "tone": "good" if trouble in _TOLD.values() else "bad",
        "login": request.POST.get("login", ""),
    }
    return page(request, "portal/enter.html", facts, status=status)


@outside("GET", "POST")
def my_join(request: AccountRequest) -> HttpResponse:
    """The code of an invitation, and the birth date of whom it is about."""
    if request.method != "POST":
        return _join(request, "")
    born = rules.birth_date(request.POST.dict())
    if born is None:
        return _join(request, "no_such_day", status=422)
    outcome = actions.say_code(code=request.POST.get("code", ""), born=born, at=clock.now())
    if isinstance(outcome, Invited):
        return _join(request, outcome.value, status=422)
    if request.way and request.way.in_at and request.way.account:
        return _act_too(request, outcome)
    return let_in(redirect("my_join_how"), outcome)


def _act_too(request: AccountRequest, token: str) -> HttpResponse:
    """Who has an account already acts for one more patient by it."""
    way = queries.entrance(token, at=clock.now())
    if way is None or request.way is None or request.way.account is None:
        return redirect("my_join")
    if way.invitation and way.invitation.kind == Kind.SELF:
        return let_in(redirect("my_join_how"), token)  # another person's own account
    try:
        actions.act_too(way=way, account=request.way.account, at=clock.now())
    except actions.NotLetIn as refused:
        return _join(request, refused.why, status=422)
    return redirect(f"{reverse('my_home')}?added=1")


def _join(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    typed = (request.POST or request.GET).dict()
    facts = {
        "parts": rules.date_boxes(request.language, typed),
        "code": typed.get("code", ""),
        "trouble": rules.said(request.language, trouble) if trouble else "",
    }
    return page(request, "portal/join.html", facts, status=status)


@outside("GET", "POST")
def my_join_how(request: AccountRequest) -> HttpResponse:
    """How to sign in from now on: by a passkey, or a password and an app. Needs the code first."""
    way = request.way
    if way is None or way.invitation is None:
        return redirect("my_join")
    if request.method != "POST":
        return _how(request, {})
    own = way.invitation.kind == Kind.SELF
    name = request.POST.get("name", "").strip()[:_MOST_NAME]
    if not own and not name:
        return _how(request, {"name": "name_missing"}, status=422)
    chosen = forms.Chosen(request.POST)
    if not chosen.is_valid():
        missing = {"login": "login_missing", "password": "password_weak"}
        faults = {field: why for field, why in missing.items() if field in chosen.errors}
        return _how(request, faults, status=422)
    return _finish(request, way, name, chosen.cleaned_data)


def _finish(
    request: AccountRequest, way: Entrance, name: str, chosen: Mapping[str, str]
) -> HttpResponse:
    try:
        token = actions.join_with_password(
            way=way, name=name, login=chosen["login"],
            password=chosen["password"], typed=request.POST.get("digits", ""),
            language=request.language, at=clock.now(),
        )  # fmt: skip
    except actions.NotLetIn as refused:
        if refused.why == "stale":  # they finished a moment ago, by the same button
            return redirect("my_enter")
        where = {"login_taken": "login", "digits_wrong": "digits"}.get(refused.why, "")
        return _how(request, {where: refused.why}, status=422)
    return let_in(redirect("my_home"), token)


def _how(request: AccountRequest, faults: Mapping[str, str], *, status: int = 200) -> HttpResponse:
    way = request.way
    if way is None or way.invitation is None:
        raise Http404
    typed = {name: request.POST.get(name, "") for name in ("name", "login", "password")}
    facts = {
        "own": way.invitation.kind == Kind.SELF,
        "typed": typed,
        "faults": {name: rules.said(request.language, why) for name, why in faults.items()},
        "secret": _grouped(queries.readable_secret(actions.secret_for(way))),
        "by_password": bool(request.POST),
    }
    return page(request, "portal/join_how.html", facts, status=status)


@outside("GET")
def my_join_picture(request: AccountRequest) -> HttpResponse:
    """The app's secret as a QR code, for the browser that is joining alone."""
    if request.way is None or request.way.invitation is None:
        raise Http404
    clinic = facility.organisation().name
    address = queries.app_address(actions.secret_for(request.way), account=clinic, clinic=clinic)
    picture = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@outside("POST")
def my_passkey(request: AccountRequest, step: str) -> HttpResponse:
    """What the script asks: ``begin`` gives a challenge, ``end`` takes what the passkey signed."""
    now = clock.now()
    if step == "begin":
        token = actions.open_way(at=now)
        asked, state = server_of(request).authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED
        )
        way = queries.entrance(token, at=now)
        if way is None:
            raise Http404
        actions.challenge(way, state)
        return let_in(JsonResponse(dict(asked.public_key)), token)
    if request.way is None:
        return told(request, "passkey_wrong")
    try:
        token = actions.enter_with_passkey(
            way=request.way, server=server_of(request), said=said_by(request), at=now
        )
    except actions.NotLetIn as refused:
        return told(request, refused.why)
    return let_in(JsonResponse({"go": reverse("my_home")}), token)


@outside("POST")
def my_new_passkey(request: AccountRequest, step: str) -> HttpResponse:
    """The same for a passkey to be made: by whoever is joining, or is in."""
    way = request.way
    if way is None or not (way.invitation or way.in_at):
        return told(request, "stale")
    own = way.invitation is None or way.invitation.kind == Kind.SELF
    if step == "begin":
        return _begin_passkey(request, way)
    said = said_by(request)
    name = str(said.pop("name", "")).strip()[:_MOST_NAME]
    server, now = server_of(request), clock.now()
    try:
        if way.in_at:
            actions.add_passkey(way=way, server=server, said=said, at=now)
            return JsonResponse({"go": reverse("my_ways_in")})
        if not own and not name:
            return told(request, "name_missing")
        token = actions.join_with_passkey(
            way=way, server=server, name=name, said=said, language=request.language, at=now
        )
    except actions.NotLetIn as refused:
        return told(request, refused.why)
    return let_in(JsonResponse({"go": reverse("my_home")}), token)


def _begin_passkey(request: AccountRequest, way: Entrance) -> HttpResponse:
    """A challenge for a passkey; who is in is led to prove first that they still are."""
    if way.in_at:
        try:
            actions.require_proof(way, at=clock.now())
        except actions.NotLetIn as refused:
            why = rules.said(request.language, refused.why)
            return JsonResponse({"trouble": why, "go": reverse("my_prove")}, status=422)
    asked, state = server_of(request).register_begin(
        _user(request),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    actions.challenge(way, state)
    return JsonResponse(dict(asked.public_key))


@outside("POST")
def my_leave(request: AccountRequest) -> HttpResponse:
    if request.way:
        actions.leave(way=request.way, everywhere="everywhere" in request.POST)
    response = redirect(f"{reverse('my_enter')}?out=1")
    forget(response)
    return response


def let_in(response: HttpResponse, token: str) -> HttpResponse:
    remember(response, token)
    return response


def told(request: AccountRequest, why: str) -> HttpResponse:
    return JsonResponse({"trouble": rules.said(request.language, why)}, status=422)


def said_by(request: AccountRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise BadRequest from error
    if not isinstance(said, dict):
        raise BadRequest
    return said


def server_of(request: AccountRequest) -> Fido2Server:
    """A passkey is bound to the name in the address; browsers make none for a bare number."""
    host = request.get_host().partition(":")[0]
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=facility.organisation().name),
        verify_origin=lambda origin: origin == f"{request.scheme}://{request.get_host()}",
    )


def _user(request: AccountRequest) -> PublicKeyCredentialUserEntity:
    """A name for the list of passkeys on the phone: the clinic's, and nothing of a patient."""
    way = request.way
    number = way.account_id or f"way-{way.pk}" if way else ""
    name = facility.organisation().name
    return PublicKeyCredentialUserEntity(id=str(number).encode(), name=name, display_name=name)


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
