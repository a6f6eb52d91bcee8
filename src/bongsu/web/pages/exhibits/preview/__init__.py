"""What an exhibit shows at a place cited: a window onto it, never the whole, and nothing of it is ever run."""

from bongsu.web.pages.exhibits.preview.place import Place
from bongsu.web.pages.exhibits.preview.show import INLINE_IMAGES, shown
from bongsu.web.pages.exhibits.preview.window import Row, UnshownError, Window

__all__ = ["INLINE_IMAGES", "Place", "Row", "UnshownError", "Window", "shown"]
