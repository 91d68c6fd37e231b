"""The durable log between the collector and the lake: nothing acknowledged is lost."""
