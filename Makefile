# Two commands set up and go: `make run` and `make test`. `make check` is what must be clean before a commit.
PY := .venv/bin/python

.PHONY: test
test:
	$(PY) -m pytest
