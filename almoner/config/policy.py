"""The content security policy: the library's, put together once instead of for every response."""

from functools import cache

from csp import middleware, utils
from csp.constants import HEADER
from django.http import HttpRequest, HttpResponseBase

_MARK = "nonce-of-this-response"


class ContentPolicy(middleware.CSPMiddleware):
    """One policy for all pages; only its nonce is another each time."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        nonce: str | None = getattr(request, "_csp_nonce", None)
        response.headers[HEADER] = _policy(_MARK).replace(_MARK, nonce) if nonce else _policy(None)
        if not nonce:  # a nonce that the header does not hold must be no nonce
            missing = middleware.CheckableLazyObject(self._csp_nonce_post_response)
            request.csp_nonce = missing  # type: ignore[attr-defined]  # where the library keeps it
        return response


@cache
def _policy(nonce: str | None) -> str:
    return utils.build_policy(nonce=nonce)
