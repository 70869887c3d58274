import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")  # pictures are drawn to files

settings.register_profile("flowsheet", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("flowsheet")
