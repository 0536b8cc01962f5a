"""Pages of the ledger: the desk's payments, the drawer, the books, the processor's notices."""
