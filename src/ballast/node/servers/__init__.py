"""The doors of a node: UDP, TCP and HTTP."""
