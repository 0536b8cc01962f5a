from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Ground(AppConfig):
    name = "almoner.ground"

    def ready(self) -> None:
        """Import every duty's reactions, so that recording an event knows who follows it."""
        autodiscover_modules("reactions")
