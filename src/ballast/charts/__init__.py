"""Figures from small tables, as SVG or PNG, without a browser."""
