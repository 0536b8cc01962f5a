"""FHIR R4 (4.0.1): bytes to frozen values, and what is wrong with them, at its place.

`reading.read_patients` reads a Patient, a Bundle or NDJSON, `reports.read_reports` the results of
a laboratory in the same. Structure is checked by ``fhirkit``
(`structure`), everything else by our own rules (`codes`, `faults`).
"""
