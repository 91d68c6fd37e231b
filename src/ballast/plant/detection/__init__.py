"""What is out of the ordinary, learnt from what was ordinary."""
