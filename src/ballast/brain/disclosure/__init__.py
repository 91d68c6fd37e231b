"""Disclosure (统计保密): what may be published so that nobody's own figure can be worked out."""
