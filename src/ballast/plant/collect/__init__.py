"""The collector: MQTT in, the spool out; nothing acknowledged before it is on the disk."""

from __future__ import annotations

from ballast.plant.collect.orders import COMMAND_MODULE, CollectorOrders
from ballast.plant.collect.pipeline import Pipeline, Taken

__all__ = ["COMMAND_MODULE", "CollectorOrders", "Pipeline", "Taken"]
