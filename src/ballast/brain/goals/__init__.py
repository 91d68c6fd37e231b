"""Goals: what was set, held against what is, and against the path to it."""
