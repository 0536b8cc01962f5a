"""What this duty offers to the frame of every page."""

from django.utils.translation import gettext_lazy as _

from almoner.access.rules import SIGNED_IN
from almoner.ground import shell

shell.register(
    shell.NavItem(
        _("Set up"), "admin:index", "access.manage", icon="gear", order=90, key="u", aside=True
    )
)
shell.register(
    shell.NavItem(
        _("Officers"), "officers", "access.manage", icon="people", order=95, key="o", aside=True
    )
)
shell.action(
    shell.Action(
        _("Let somebody sign in"),
        "add_officer",
        "access.manage",
        icon="plus",
        words=_("add new officer user staff"),
    )
)
shell.action(
    shell.Action(
        _("Change my password"), "change_password", SIGNED_IN, icon="lock", words=_("new own")
    )
)
