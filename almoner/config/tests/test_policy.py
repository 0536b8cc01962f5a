"""The policy of every page."""

import pytest
from csp.constants import HEADER
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from almoner.config.policy import ContentPolicy


def answered(middleware, *, used):
    request, response = RequestFactory().get("/"), HttpResponse()
    middleware.process_request(request)
    if used:
        request._csp_nonce = "abc123"
    middleware.process_response(request, response)
    return request, response.headers[HEADER]


def test_it_says_what_the_library_would_say():
    ours, theirs = ContentPolicy(lambda _request: None), CSPMiddleware(lambda _request: None)

    for used in (True, False):
        assert answered(ours, used=used)[1] == answered(theirs, used=used)[1]


def test_a_nonce_asked_for_after_the_header_is_written_is_refused():
    request, _policy = answered(ContentPolicy(lambda _request: None), used=False)

    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)
