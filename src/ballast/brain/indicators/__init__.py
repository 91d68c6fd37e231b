"""Indicators as declared objects: what a number is, compiled to one expression and answered."""
