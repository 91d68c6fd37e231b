"""The lake: facts, declared once, loaded append-only, read as a viewer may."""
