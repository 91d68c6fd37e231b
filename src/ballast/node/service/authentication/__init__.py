"""Who asks: challenges, their answers, and what is proved by them."""
