"""Chains (产业链): who supplies whom, what a sector draws along, and what comes from abroad."""
