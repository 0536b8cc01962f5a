"""What the device and the customer's own page show."""

from html import escape
from typing import Any

from almoner.demo.terminal.processor import Order
from almoner.edges.card import FINAL, Status


def pay_page(order: Order) -> str:
    amount = f"${order.amount / 100:.2f}"
    buttons = (
        f'<p><button name="button" value="approve">Pay {amount} with the demo card</button></p>'
        '<p><button name="button" value="cancel">Go back without paying</button></p>'
    )
    closed = f'<p>This page is closed. <a href="{escape(order.back)}">Go back</a></p>'
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Pay by card</title><main><h1>Demo card processor</h1>"
        f'<form method="post">{closed if order.status in FINAL else buttons}</form></main></html>'
    )


def row(order: dict[str, Any]) -> str:
    key = escape(order["idempotency_key"])
    buttons = "".join(
        f'<button name="button" value="{word}">{word.capitalize()}</button> '
        for word in ("approve", "decline", "cancel")
    )
    form = (
        f'<form method="post" action="/control/press"><input type="hidden" name="key" '
        f'value="{key}">{buttons}</form>'
    )
    amount = f"${order['amount'] / 100:.2f}"
    waiting = order["status"] in {Status.PENDING, Status.IN_PROGRESS}
    return (
        f"<article><h2>{escape(order['kind'])} {amount}: {escape(order['status'])}</h2>"
        f"<p>{key} {escape(order['trouble'])}</p>{form if waiting else ''}</article>"
    )
