from django.apps import AppConfig
from django.core.checks import register

from almoner.access.checks import every_route_has_a_door


class Access(AppConfig):
    name = "almoner.access"

    def ready(self) -> None:
        register(every_route_has_a_door)
