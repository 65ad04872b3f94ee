"""The site's settings, made fast and closed for tests: nothing outside a temporary folder, no manifest of static files."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "for-tests-only-" + "x" * 50)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="minernews-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["DEBUG"] = "false"
os.environ["HTTPS"] = "false"
# What a developer's .env may say otherwise.
os.environ["SITE_NAME"] = "minernews"
os.environ["COVER_HOSTS"] = "images.unsplash.com"
os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,[::1]"

from minernews.settings import *  # noqa: E402, F403
from minernews.settings import DATABASES, STORAGES  # noqa: E402

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: browser tests read it from the server's thread, as WAL is meant to be used.
    DATABASES["default"]["TEST"]["NAME"] = f"{os.environ['DATA_DIR']}/test.sqlite3"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
