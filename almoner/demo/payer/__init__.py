"""The payers of the demo and the clearinghouse before them: a process of its own.

Run as ``python -m almoner.demo.payer --port 8010``. It speaks X12 over HTTP as a real partner would
(``almoner.edges.clearinghouse``): a 270 is answered by a 271 at once; a file of claims is answered
by TA1, 999, 277CA and, a little later, 835 in the mailbox.

What goes wrong on demand is told by the last two characters of a member id (``plans.SUFFIXES``), or
by ``POST /control``; see ``docs/demo-payer.md``.
"""
