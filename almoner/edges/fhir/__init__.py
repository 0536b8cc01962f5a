"""FHIR R4: resources read and written as bytes."""
