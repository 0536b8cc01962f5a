from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Ground(AppConfig):
    name = "almoner.ground"

    def ready(self) -> None:
        """Import what duties say of themselves: what they follow, and what they offer.

        ``reactions.py`` names the events a duty follows; ``offers.py`` what it puts on pages of the
        duties below it (navigation, panels, alerts, palette, work items that explain a look).
        """
        autodiscover_modules("reactions", "offers")
