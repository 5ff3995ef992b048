"""Scripts that measure, each beside a peer; see README.md."""

import os

# What is installed from a wheel is compiled; where this is set, a working copy would be compiled
# anew in every run, as it is for no user.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
