"""Django's settings; in the tests, the place of the database is that of the test."""

INSTALLED_APPS = ["tasks"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "django_local",
        "HOST": "localhost",
        "USER": "postgres",
        "PASSWORD": "postgres",
    }
}
USE_TZ = True
