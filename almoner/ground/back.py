"""The way back to where somebody was, when a door asks for something else first."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def first_to(
    name: str, request: HttpRequest, *, back: bool = True, by_way_of: str = ""
) -> HttpResponse:
    """Send a browser to the page of this name, which leads back to where it was.

    ``by_way_of`` names a page that is looked at in between.
    """
    where = resolve_url(name)
    if back:
        next_page = page_of(request)
        if by_way_of:
            next_page = f"{resolve_url(by_way_of)}?{urlencode({'next': next_page})}"
        where = f"{where}?{urlencode({'next': next_page})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return redirect(where)


def page_of(request: HttpRequest) -> str:
    """The address of the page somebody looks at: where a form or a fragment was asked from.

    An address that only takes what a form sends is no page to come back to.
    """
    fragment = "HX-Request" in request.headers
    if request.method == "GET" and not fragment:
        return request.get_full_path()
    whole = request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(whole, allowed_hosts={request.get_host()}):
        return "/"
    page = urlsplit(whole)
    return f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"


def not_a_page(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """The answer to whoever opens an address that only takes what a form sends."""
    refused = HttpResponseNotAllowed(methods)
    if request.method == "GET":
        refused.content = render_to_string("405.html", request=request)
    return refused
