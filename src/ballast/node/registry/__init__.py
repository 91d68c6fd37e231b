"""Where the records are kept, ready to be sent."""
