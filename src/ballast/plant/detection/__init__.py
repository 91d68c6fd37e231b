"""Anomalies in machine data: thresholds from training rows alone, batch and stream alike."""
