"""The one process that writes: group commit, and the way to it."""
