"""From a broker to the spool: MQTT, the two contracts, and what is acknowledged when."""
