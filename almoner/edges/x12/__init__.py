"""X12 005010 as health care uses it: a streaming reader, a writer, rules, acknowledgements.

For callers:

- ``syntax``: ``blocks``, ``segments``, ``readable``, ``Segment``, ``Fault``, ``X12SyntaxError``
- ``writer``: ``Writer``, ``Envelope``, ``plain``, ``Unwritable``
- ``check``: ``check(bytes or binary file) -> report.Report`` with ``report.Verdict``
- ``guides``: ``GUIDES``; to add one see its docstring
"""
