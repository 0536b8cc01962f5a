from django.apps import AppConfig


class Relations(AppConfig):
    name = "almoner.relations"
