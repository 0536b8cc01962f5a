"""Setting the clinic up: tables that few people change and seldom, on pages Django's admin runs.

They stand in the desk's own frame, under its one content policy: templates in ``ground/templates``,
what the admin does otherwise by script in ``ground/setup.py``.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class Site(admin.AdminSite):
    site_title = _("Set up")
    site_header = _("Almoner: set up")
    index_title = _("What the clinic is made of")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """There is one door for everybody, and it counts wrong passwords."""
        if request.user.is_authenticated:
            return redirect("home")
        asked = request.GET.get("next") or resolve_url("admin:index")
        return redirect(f"{resolve_url('account_login')}?{urlencode({'next': asked})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ARG002
        """There is one page for it, which ends other sessions and leaves an event."""
        return redirect("change_password")
