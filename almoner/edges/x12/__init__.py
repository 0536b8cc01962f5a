"""X12 005010 as health care uses it: reader, writer, the guides' rules, acknowledgements."""
