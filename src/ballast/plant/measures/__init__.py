"""What a shop floor is judged by: ISO 22400, control charts, capability, energy, carbon."""
