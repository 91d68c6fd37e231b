"""The Sparkplug B payload: bytes in, metrics out, without a socket."""
