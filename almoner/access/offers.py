"""What this duty offers to the frame of every page."""

from django.utils.translation import gettext_lazy as _

from almoner.ground import shell

shell.register(
    shell.NavItem(_("Set up"), "admin:index", "access.manage", icon="gear", order=90, key="u")
)
