"""What a shop floor asks: measures applied to what the lake holds of its machines."""
