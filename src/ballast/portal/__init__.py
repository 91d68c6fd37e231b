"""What people see: pages that show what the brain computed, and compute nothing."""
