from django.apps import AppConfig


class Coverage(AppConfig):
    name = "almoner.coverage"
