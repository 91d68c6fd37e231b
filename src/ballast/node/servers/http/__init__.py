"""The HTTP door: look-ups, the REST API, record pages, bulk loads."""
