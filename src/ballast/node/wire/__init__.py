"""The Handle protocol as bytes: what the native messages hold, without a socket."""
