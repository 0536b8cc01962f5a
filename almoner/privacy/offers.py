"""What this duty offers to the frame of every page."""

from django.utils.translation import gettext_lazy as _

from almoner.ground import shell

shell.register(shell.NavItem(_("Privacy"), "looks", "privacy.view", icon="eye", order=80, key="v"))
