"""A Sparkplug B host application as a state machine: messages and ticks in, actions out."""
