"""Complexity (经济复杂度): what a place can do, and what lies near it."""
