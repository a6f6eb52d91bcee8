"""The site as a WSGI application, for `bongsu serve` and for servers of others."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bongsu.web.settings")
application = get_wsgi_application()
