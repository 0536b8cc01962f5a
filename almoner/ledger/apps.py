from django.apps import AppConfig


class Ledger(AppConfig):
    name = "almoner.ledger"
