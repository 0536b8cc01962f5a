"""X12 005010 as health care uses it: a streaming reader, a writer, the guides' rules, acknowledgements."""
