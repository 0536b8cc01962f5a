"""What every page's frame needs."""

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, object]:
    """The CSP nonce, which every script and every element htmx may act on must carry."""
    return {"nonce": getattr(request, "csp_nonce", "")}
