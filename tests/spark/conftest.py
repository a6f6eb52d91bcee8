"""Java made ready for little work: what it would spend on compiling for hours of running is most of these tests."""

from __future__ import annotations

import os

os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
