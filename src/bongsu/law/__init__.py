"""The UN regime on the DPRK as dated facts, and the questions asked of it."""

from bongsu.law.model import Measure, Resolution
from bongsu.law.reading import load_regime, regime_from
from bongsu.law.regime import Answer, Bearing, Regime

__all__ = ["Answer", "Bearing", "Measure", "Regime", "Resolution", "load_regime", "regime_from"]
