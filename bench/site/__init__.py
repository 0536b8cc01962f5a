"""One small page, to compare ways of serving it: signed in, one patient read by ORM, audited."""
