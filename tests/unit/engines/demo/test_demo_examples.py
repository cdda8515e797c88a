"""Every example in a docstring of the demo engine is run."""

import doctest
import importlib
import pkgutil

import pytest

import varde.engines.demo


MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(
        varde.engines.demo.__path__, "varde.engines.demo."
    )
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    results = [doctest.testmod(importlib.import_module(name)) for name in MODULES]
    assert sum(result.attempted for result in results) >= 12
