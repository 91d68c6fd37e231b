"""Projects: the ledger, what is flagged in it, monthly sheets, edits, and what projects did."""
