"""The sample factory: a refrigeration-valve shop, synthetic, the same every time it is asked."""
