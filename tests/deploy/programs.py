"""Programs of the system that read what is deployed."""

import os
import shutil

import pytest

SBIN = f"{os.environ['PATH']}:/usr/sbin:/sbin"


def program(name: str) -> str:
    """Return the path of a program, and skip the test where there is none."""
    found = shutil.which(name, path=SBIN)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found
