"""What importing costs, and what the names of the package say of themselves."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest
import ugradsl

PUBLIC = [(name, getattr(ugradsl, name)) for name in ugradsl.__all__]
CALLABLES = [(name, value) for name, value in PUBLIC if inspect.isfunction(value)]
CLASSES = [(name, value) for name, value in PUBLIC if inspect.isclass(value)]
METHODS = [
    (f"{name}.{method}", value)
    for name, kind in CLASSES
    for method, value in vars(kind).items()
    if not method.startswith("_") and inspect.isfunction(value)
]


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_takes_less_than_50_ms() -> None:
    code = "import time; start = time.perf_counter(); import ugradsl; print(time.perf_counter() - start)"
    assert min(float(fresh(code)) for _ in range(5)) < 0.05


def test_importing_starts_nothing() -> None:
    code = (
        "import sys, threading, ugradsl; heavy = {'numpy', 'torch', 'pandas', 'tqdm', 'datasets', 'PIL'};"
        "import os; print(sorted(heavy & set(sys.modules)), threading.active_count(),"
        "len(os.listdir('/proc/self/task')) if os.path.isdir('/proc/self/task') else 1)"
    )
    assert fresh(code) == "[] 1 1"


@pytest.mark.parametrize("name, value", CALLABLES + METHODS)
def test_functions_say_what_they_take_and_return(name: str, value: object) -> None:
    text = inspect.getdoc(value) or ""
    assert text, f"{name} says nothing"
    signature = inspect.signature(value)  # type: ignore[arg-type]
    own = [
        each for each in signature.parameters if each not in ("self", "cls", "path", "request", "deep", "parameters")
    ]
    if own and len(text.splitlines()) > 1:
        assert "Parameters\n----------" in text, name
        missing = [each for each in own if each not in text]
        assert not missing, f"{name} does not say what {missing} are"


@pytest.mark.parametrize("name, value", CLASSES)
def test_classes_say_what_they_are(name: str, value: type) -> None:
    assert (inspect.getdoc(value) or "").endswith((".", "'", "'reached'", ")")) or "----" in (value.__doc__ or ""), name


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert ugradsl.__version__ == version("ugradsl")


def test_errors_are_of_pythons_own_kinds() -> None:
    for name in ugradsl.errors.__all__:
        error = getattr(ugradsl.errors, name)
        assert error is ugradsl.UgradslError or issubclass(error, (ValueError, OSError)), name


def test_every_name_is_found_and_no_other() -> None:
    assert set(ugradsl.__all__) == set(dir(ugradsl))
    listed = [name for names in ugradsl._HOMES.values() for name in names]
    assert sorted([*listed, *ugradsl._MODULES]) == sorted(ugradsl.__all__)
    # A module of the same name as a function would take its place once it is imported.
    assert not set(ugradsl._HOMES) & set(ugradsl.__all__) - set(ugradsl._MODULES)
    with pytest.raises(AttributeError, match="no attribute 'forgett'"):
        ugradsl.forgett  # noqa: B018
