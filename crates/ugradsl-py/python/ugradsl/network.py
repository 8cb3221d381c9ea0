"""Networks."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _native
from ._state import restored, size
from .errors import NetworkError

if TYPE_CHECKING:
    from ._native import Network as _Native
    from ._torch import Origin
    from ._typing import HasArray, Normalisation, Path
    from .data import Dataset

__all__ = ["Network", "architectures"]


class Network:
    """A classifier: its architecture and its weights.

    Made by :meth:`from_torch`, :meth:`from_state_dict`, :meth:`from_onnx` and :meth:`load`, and by :func:`ugradsl.train` and
    :func:`ugradsl.unlearn`.

    Notes
    -----
    A network that was trained here knows its training data and what it has forgotten: it refuses other data, and it cannot be
    trained on what it has forgotten.
    """

    _native: _Native
    _origin: Origin | None

    def __init__(self) -> None:
        raise TypeError(
            "a network is made by Network.from_torch, from_state_dict, from_onnx or load, or by ugradsl.train"
        )

    @classmethod
    def _of(cls, native: _Native, origin: Origin | None = None) -> Network:
        network = cls.__new__(cls)
        network._native, network._origin = native, origin
        return network

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        architecture: str | None = None,
        normalisation: Normalisation | None = None,
        prefix: str | None = None,
    ) -> Network:
        """Read the network in a file.

        Parameters
        ----------
        path : str or os.PathLike
            A file that :meth:`save` or the command line wrote; an ONNX file; or, for a built-in network, safetensors or a
            file of ``torch.save``. Pickles are parsed, never executed.
        architecture : str, optional
            Which built-in network the weights are for, where the file does not say so.
        normalisation : (means, deviations) or str, optional
            How pixels were normalised in its training, where the file does not say so. By default as the data are.
        prefix : str, optional
            Prefix of the names of its tensors, if the file holds several networks.

        Returns
        -------
        Network
            The network.
        """
        from ._values import normalisation as text

        return cls._of(_native.Network.read(path, architecture, text(normalisation), prefix))

    @classmethod
    def from_onnx(
        cls,
        model: Path | bytes,
        *,
        normalisation: Normalisation | None = None,
        freeze: Sequence[str] = (),
        fresh: Path | bytes | None = None,
    ) -> Network:
        """Take the network that another program exported to ONNX.

        Parameters
        ----------
        model : str, os.PathLike or bytes
            The file, or its bytes.
        normalisation : (means, deviations) or str, optional
            How pixels were normalised in its training: an ONNX file does not say so. By default as the data are.
        freeze : sequence of str, optional
            Patterns of the names of tensors that stay as they are.
        fresh : str, os.PathLike or bytes, optional
            The same network before it was trained: retraining begins with it.

        Returns
        -------
        Network
            The network.
        """
        from ._values import normalisation as text

        return cls._of(_native.Network.graph(model, fresh, list(freeze), text(normalisation)))

    @classmethod
    def from_torch(
        cls,
        module: Any,
        example: Any,
        *,
        normalisation: Normalisation | None = None,
        freeze: Sequence[str] = (),
    ) -> Network:
        """Take any module of PyTorch, by exporting it to ONNX.

        Parameters
        ----------
        module : torch.nn.Module
            The network. It is not changed.
        example : torch.Tensor, tuple or dict
            A batch of at least two inputs, normalised as the module gets them; several arguments as a tuple, or by name as a
            dict.
        normalisation : (means, deviations) or str, optional
            How pixels from 0 to 1 were normalised in its training. By default as the data are.
        freeze : sequence of str, optional
            Patterns of the names of tensors that stay as they are.

        Returns
        -------
        Network
            The network; :meth:`state_dict` returns weights under the module's own names.

        Raises
        ------
        NetworkError
            If the module cannot be exported, or its weights could not be put back.
        """
        from ._torch import Origin, export
        from ._values import normalisation as text

        native = _native.Network.graph(export(module, example), None, list(freeze), text(normalisation))
        origin = Origin.of(module.state_dict())
        origin.check([name for name, _ in native.trained()])
        return cls._of(native, origin)

    @classmethod
    def from_state_dict(
        cls,
        state: Mapping[str, HasArray],
        architecture: str,
        *,
        normalisation: Normalisation | None = None,
        prefix: str | None = None,
    ) -> Network:
        """Take the weights of a built-in network.

        Parameters
        ----------
        state : mapping of str to array or tensor
            Such as ``model.state_dict()``.
        architecture : str
            One of :func:`architectures`.
        normalisation : (means, deviations) or str, optional
            How pixels were normalised in its training. By default as the data are.
        prefix : str, optional
            Prefix of the names of its tensors, if the mapping holds several networks.

        Returns
        -------
        Network
            The network; :meth:`state_dict` returns weights under the names that they came with.
        """
        import numpy as np

        from ._arrays import as_array
        from ._torch import Origin
        from ._values import normalisation as text

        arrays = {name: as_array(value) for name, value in state.items()}
        floats = {
            name: np.ascontiguousarray(array, dtype=np.float32)
            for name, array in arrays.items()
            if array.dtype.kind == "f"
        }
        native = _native.Network.weights(floats, architecture, text(normalisation), prefix)
        return cls._of(native, Origin.of(state))

    def fitted(self, data: Dataset) -> Network:
        """Check that the network can read such rows, and return it with what it now knows about them.

        Parameters
        ----------
        data : Dataset
            The data.

        Returns
        -------
        Network
            The same network, which now knows its rows and classes and can be saved.
        """
        return Network._of(_native.fitted(self._native, data._native), self._origin)

    def save(self, path: Path) -> None:
        """Write the network to a file, whole or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            Its name. A network that came from ONNX or PyTorch is written as ONNX, which :meth:`load` reads; under a name that
            ends in ``.safetensors``, only its weights are written, for other programs.
        """
        self._native.save(os.fspath(path))

    def state_dict(self) -> dict[str, Any]:
        """Its weights, by the names that they came with.

        Returns
        -------
        dict of str to array or tensor
            What ``module.load_state_dict`` takes if the network came from PyTorch: tensors of the same types, with those that
            are not trained, such as counters. Otherwise arrays of ``float32``.
        """
        return restored(self._native.state(), self._origin)

    @property
    def architecture(self) -> str:
        """Which built-in network it is, or ``onnx``."""
        return self._native.architecture

    @property
    def digest(self) -> str:
        """SHA-256 of names, shapes and values of its weights, as the command line prints it."""
        return self._native.digest

    @property
    def classes(self) -> tuple[str, ...] | None:
        """Names of the classes that it was trained on, as far as it knows."""
        classes = self._native.classes
        return None if classes is None else tuple(classes)

    @property
    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the tensors that are trained."""
        return {name: tuple(shape) for name, shape in self._native.trained()}

    @property
    def ledger(self) -> tuple[dict[str, Any], ...]:
        """What it has been asked to forget since it was trained, one mapping per request."""
        return tuple(json.loads(self._native.ledger))

    def __repr__(self) -> str:
        reads = self._native.reads
        if reads is None:
            return f"<Network {self.architecture}: its rows and classes are known only with data>"
        shape, classes, _ = reads
        forgotten = f", {len(self.ledger)} requests to forget" if self.ledger else ""
        return f"<Network {self.architecture}: rows of shape {tuple(shape)} in {classes} classes{forgotten}>"

    def _repr_html_(self) -> str:
        from ._html import facts

        reads = self._native.reads
        known = [("reads", f"{tuple(reads[0])} in {reads[1]} classes"), ("normalisation", reads[2])] if reads else []
        trained = sum(size(shape) for shape in self.tensors.values())
        requests = [("forgotten", entry["request"]) for entry in self.ledger]
        return facts(self.architecture, [*known, ("weights", f"{trained:,}"), *requests])


def checked(network: Any) -> Network:
    """Refuse what is not a network, and say how to make it one."""
    if isinstance(network, Network):
        return network
    if hasattr(network, "state_dict"):
        raise NetworkError(
            "this is a module of PyTorch: hand it over with Network.from_torch(module, example), where `example` is a batch "
            "of two inputs"
        )
    raise NetworkError(f"this is {type(network).__name__}, not a Network")


def architectures() -> tuple[str, ...]:
    """Names of the built-in networks.

    Returns
    -------
    tuple of str
        Such as ``"lenet"`` and ``"resnet18"``.
    """
    return tuple(_native.Network.built_in)
