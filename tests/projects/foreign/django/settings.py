import os

INSTALLED_APPS = ["shop"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **{
            key: os.environ.get(f"JAM_{key}", "")
            for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")
        },
    }
}
USE_TZ = True
