"""Modules of PyTorch: exported to ONNX, and their weights given back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from typing import Any

from .errors import NetworkError


def export(module: Any, example: Any) -> bytes:
    """The module as ONNX that can be trained further: with its names and its BatchNorm, for batches of any size."""
    torch = _torch()
    if not isinstance(module, torch.nn.Module):
        raise NetworkError(f"this is {type(module).__name__}, not a module of PyTorch (torch.nn.Module)")
    arguments, named = _arguments(torch, example)
    free = {0: torch.export.Dim.DYNAMIC}
    shapes = {name: free for name in named} if named else tuple(free for _ in arguments)
    # Parts may be in different modes, as a frozen BatchNorm is.
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "network.onnx")
            torch.onnx.export(
                module,
                arguments,
                path,
                kwargs=named or None,
                input_names=list(named) or None,
                dynamic_shapes=shapes,
                dynamo=True,
                optimize=False,
                external_data=False,
                verbose=False,
            )
            with open(path, "rb") as file:
                return file.read()
    except (NetworkError, KeyboardInterrupt):
        raise
    except ModuleNotFoundError as error:
        raise NetworkError(
            f"PyTorch exports networks with the help of {error.name}, which is not installed: pip install onnx onnxscript"
        ) from error
    except Exception as error:
        raise NetworkError(
            f"PyTorch cannot export the module: {_reason(error)}; `example` must be a batch of two inputs, as the module gets "
            "them"
        ) from error
    finally:
        for part, mode in modes:
            part.training = mode


def _reason(error: BaseException) -> str:
    """The first cause, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")


def _torch() -> Any:
    import torch

    return torch


def _arguments(torch: Any, example: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The positional and the named arguments that `example` stands for."""
    named = dict(example) if isinstance(example, Mapping) else {}
    arguments = () if named else example if isinstance(example, tuple) else (example,)
    tensors = [*arguments, *named.values()]
    if not tensors or not all(isinstance(each, torch.Tensor) and each.ndim for each in tensors):
        raise NetworkError("`example` must be a tensor with a batch of inputs, a tuple of such, or a dict of such")
    small = min(len(each) for each in tensors)
    if small < 2:
        raise NetworkError(
            f"`example` has a batch of {small}: PyTorch would fix the size of all batches to that; give two inputs or more"
        )
    return arguments, named


class Origin:
    """What a ``state_dict`` had: names, types, and the values that are not trained."""

    def __init__(self, entries: dict[str, Any], same: dict[str, str]) -> None:
        self.entries = entries
        self.same = same

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Origin:
        """Remember `state`; the values are copied, because the module may be trained further."""
        first: dict[Any, str] = {}
        same: dict[str, str] = {}
        for name, value in state.items():
            place = _place(value)
            if place is not None and place in first:
                same[name] = first[place]
            elif place is not None:
                first[place] = name
        entries = {name: value.detach().clone() if hasattr(value, "detach") else value for name, value in state.items()}
        return cls(entries, same)

    def check(self, trained: list[str]) -> None:
        """Refuse a network whose trained tensors have other names than here: they could not be put back."""
        unknown = [name for name in trained if name not in self.entries]
        if unknown:
            raise NetworkError(
                f"PyTorch's exporter renamed or changed {len(unknown)} tensors of the module, so that their weights could "
                f"not be put back: {', '.join(unknown[:5])}; export it yourself, and use Network.from_onnx"
            )

    def restore(self, arrays: dict[str, Any]) -> dict[str, Any]:
        """The weights as they were, with the values of `arrays`."""
        return {name: self._restored(name, value, arrays) for name, value in self.entries.items()}

    def _restored(self, name: str, value: Any, arrays: dict[str, Any]) -> Any:
        known = name if name in arrays else self._alias(name, arrays)
        if known is None:
            return value.clone() if hasattr(value, "clone") else value
        array = arrays[known].reshape(tuple(value.shape))
        if not hasattr(value, "detach"):
            return array.astype(value.dtype, copy=False)
        return _torch().from_numpy(array.copy()).to(dtype=value.dtype, device=value.device)

    def _alias(self, name: str, arrays: dict[str, Any]) -> str | None:
        """Another name of the same tensor: an exporter keeps only one of them."""
        group = self.same.get(name, name)
        names = [group, *(other for other, first in self.same.items() if first == group)]
        return next((other for other in names if other in arrays), None)


def _place(value: Any) -> Any:
    """Where a tensor lies in memory: names with the same place are names of one tensor."""
    if not hasattr(value, "data_ptr") or not value.numel():
        return None
    return value.data_ptr(), tuple(value.shape), tuple(value.stride())
