"""The public names are what they claim to be, and cost nothing to import."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import deepocr_kit
from deepocr_kit import AsyncPipeline, Pipeline

PACKAGES = sorted(
    module.name
    for module in pkgutil.walk_packages(deepocr_kit.__path__, "deepocr_kit.")
    if not any(part.startswith("_") for part in module.name.split("."))
)
VENDORS = {
    "openai",
    "boto3",
    "botocore",
    "httpx",
    "httpx2",
    "rapidocr",
    "onnxruntime",
    "cv2",
    "numpy",
    "pypdfium2",
    "typer",
}


def test_every_public_name_loads_and_is_listed_once_in_order() -> None:
    names = deepocr_kit.__all__

    assert list(names) == sorted(set(names))
    assert dir(deepocr_kit) == list(names)
    assert all(getattr(deepocr_kit, name) is not None for name in names)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Pipelin"):
        _ = deepocr_kit.Pipelin


@pytest.mark.parametrize("name", PACKAGES)
def test_the_public_names_of_a_module_exist_and_are_its_only_public_definitions(name: str) -> None:
    if name.endswith("__main__"):
        pytest.skip("runs a command when it is imported")
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", None)

    assert listed is not None, f"{name} has no __all__"
    assert all(hasattr(module, item) for item in listed)
    defined = {
        item
        for item, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == name
        and not item.startswith("_")
        and "[" not in item  # pydantic puts parametrised generics into the module that asks for them
    }
    assert defined <= set(listed), f"{name}: {sorted(defined - set(listed))} are neither private nor listed"


@pytest.mark.parametrize("method", ["__init__", "run", "run_many", "stream"])
def test_the_blocking_and_the_async_pipeline_take_the_same_arguments(method: str) -> None:
    blocking = inspect.signature(getattr(Pipeline, method)).parameters
    coroutine = inspect.signature(getattr(AsyncPipeline, method)).parameters

    assert list(blocking.values()) == list(coroutine.values())


def test_importing_the_package_loads_no_vendor_sdk() -> None:
    code = "import sys, deepocr_kit, deepocr_kit.errors, deepocr_kit.documents; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not VENDORS & set(loaded)


def test_the_pure_layers_load_no_vendor_sdk() -> None:
    layers = ", ".join(f"deepocr_kit.{layer}" for layer in ("grounding", "layout", "quality", "rendering"))
    code = f"import sys, {layers}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not (VENDORS | {"anyio", "asyncio", "tenacity"}) & set(loaded)
