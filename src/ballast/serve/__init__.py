"""Starting what exists, keeping it running, stopping it cleanly; no logic of its own.

Processes are spawned, never forked: Delta's runtime does not survive a fork.
A supervisor of the system's (systemd) may do the same; this one lets ``ballast
up`` work where there is none, and ends every process with itself.
"""
