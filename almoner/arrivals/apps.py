from django.apps import AppConfig


class Arrivals(AppConfig):
    name = "almoner.arrivals"
