"""X12 005010 as health care uses it: a streaming reader, a writer, rules, acknowledgements.

For callers (each folder's and module's docstring says more):

- ``syntax``: ``blocks`` and ``segments`` stream a file; ``readable`` gives a value's text;
  ``Segment``, ``Fault`` (with ``place``), ``X12SyntaxError``
- ``writer``: ``Writer`` with ``Envelope`` writes one interchange; ``plain`` makes text that can be
  sent; ``Unwritable``
- ``amounts``: ``cents``, ``decimal``: money between text and whole cents
- ``check``: ``check(bytes or binary file)`` gives a ``report.Report`` with a ``report.Verdict`` for
  the file, each interchange, group and transaction set, and every ``Fault``; it never raises
- ``guides``: ``GUIDES``, and in its docstring how to add one
- ``claim``: a professional claim as frozen values; ``write_837p``, ``read_837p``
- ``acknowledgement``: TA1, 999 and 277CA, made from a report or from values, and read
- ``remittance``: the 835; ``balance``, ``read_835``, ``write_835``
- ``eligibility``: the 270 and 271
"""
