"""A synthetic clinic and its trading partners, each a process of its own."""
