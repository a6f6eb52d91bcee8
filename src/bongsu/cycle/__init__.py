"""The watch: collect, read, join, detect, report; the only place that knows every step."""

from bongsu.cycle.config import Config, read_config
from bongsu.cycle.reproduce import Reproduction, reproduce
from bongsu.cycle.run import CycleResult, run_cycle

__all__ = ["Config", "CycleResult", "Reproduction", "read_config", "reproduce", "run_cycle"]
