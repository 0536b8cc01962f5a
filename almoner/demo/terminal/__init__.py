"""The demo's card processor, its terminal and the customer, as a process of its own.

Run as ``python -m almoner.demo.terminal --port 8010``. It speaks `docs/card-terminal.md`; the last
two digits of an amount choose what goes wrong. The page at ``/`` shows the device. Everything is
in memory: a fresh process knows nothing. It knows nothing of the product either.
"""
