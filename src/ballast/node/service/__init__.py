"""What may be asked of a node, by whom, and what it answers."""
