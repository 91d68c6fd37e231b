"""What a site is: its assets, tags, shifts and tariff, read from one mapping file."""
