"""Data sets."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import DataError, NetworkError, SettingError
from .requests import Forget, request

if TYPE_CHECKING:
    from ._native import Dataset as _Native
    from ._typing import Array, Layout, Normalisation, Part, Path, Settings, Source
    from .network import Network

__all__ = ["Dataset"]


class Dataset:
    """Labelled rows to train and to test on: pictures, rows of numbers, or texts.

    Parameters
    ----------
    train, test : (inputs, labels), table, or data set
        The rows. Inputs are

        * pictures, ``[n, height, width]``, ``[n, channels, height, width]`` or ``[n, height, width, channels]``: ``uint8``
          from 0 to 255, or floats from 0 to 1, before any normalisation; or a list of PIL pictures of one size;
        * rows of numbers, ``[n, d]``, taken as they are (standardise them before); or a table of pandas;
        * texts, a sequence of ``str``.

        Labels are ``[n]``: numbers of classes from 0, or their names. Instead of a pair, a table with ``labels``, a
        ``datasets.Dataset``, a torchvision data set, any other data set of pairs whose rows can be indexed, or a
        ``DataLoader``, whose data set is taken without its ``collate_fn``.
    classes : sequence of str, optional
        Names of the classes in the order of their numbers. By default those of the source, or the numbers.
    ids : sequence or str, optional
        What the training rows are called, each once; or the name of the column. If they are paths
        (:class:`os.PathLike`), requests can name files by patterns.
    groups : sequence or str, optional
        Whom each training row belongs to: a name, ``None``, or a list of names; or the name of the column.
    columns : mapping of str to sequence, or sequence of str, optional
        What else is known of the training rows, for :func:`ugradsl.where`; a sequence has the names of the columns.
    inputs, labels : str, optional
        Names of columns, where the source has columns.
    layout : {"nchw", "nhwc"}, optional
        Where the channels of pictures are. Tensors of torch have them second; in other arrays it follows from the shape,
        and a shape that leaves it open is refused.
    normalisation : (means, deviations) or str, optional
        How pixels are normalised for networks that are trained here. By default by the means and deviations of the
        training set.
    features : sequence of str, optional
        Names of the numbers of a row.
    vocabulary, length : int, optional
        Most tokens in the vocabulary of texts, and how many tokens a text has.
    tokenizer : str, os.PathLike or tokenizer, optional
        The tokenizer of a network from elsewhere, which cuts the texts: the file ``tokenizer.json``, or a fast tokenizer of
        transformers or tokenizers. By default one is trained on the training texts.
    like : Network, optional
        A network that was trained on such data: its tokenizer is used, and its numbering of the classes.
    validation : float
        Share of the test rows, at least 0 and below 1, that only guards see: nothing is measured on them.
    name : str
        What reports call the data.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.zeros((6, 4, 4), np.uint8), np.array([0, 1, 0, 1, 0, 1])
    >>> data = Dataset(train=(x, y), test=(x[:2], y[:2]), classes=["cat", "dog"])
    >>> data.shape, data.classes
    ((1, 4, 4), ('cat', 'dog'))
    """

    _native: _Native

    def __init__(
        self,
        train: Source,
        test: Source,
        *,
        classes: Sequence[Any] | None = None,
        ids: Sequence[Any] | str | None = None,
        groups: Sequence[Any] | str | None = None,
        columns: Mapping[str, Sequence[Any]] | Sequence[str] = (),
        inputs: str | Sequence[str] | None = None,
        labels: str | None = None,
        layout: Layout | None = None,
        normalisation: Normalisation | None = None,
        features: Sequence[str] | None = None,
        vocabulary: int | None = None,
        length: int | None = None,
        tokenizer: Any = None,
        like: Network | None = None,
        validation: float = 0.5,
        name: str = "data",
    ) -> None:
        from . import _values
        from ._labels import codes
        from ._sources import Columns, check_classes, check_columns, take

        named = Columns(
            inputs,
            labels,
            ids if isinstance(ids, str) else None,
            groups if isinstance(groups, str) else None,
            () if isinstance(columns, Mapping) else tuple(columns),
        )
        whole, rest = take(train, "training", named), take(test, "test", named)
        check_columns(whole, rest, named)
        check_classes(whole, rest)
        of_network = like.classes if like is not None else None
        known = next((names for names in (classes, whole.classes, of_network) if names is not None), None)
        numbers, names = codes({"training": whole.labels, "test": rest.labels}, known)
        notes: list[str] = []
        first = _values.values(whole.inputs, "training", layout, notes)
        second = _values.values(rest.inputs, "test", layout, notes)
        _values.check_alike(first, second)
        sets = (first.values, numbers["training"]), (second.values, numbers["test"])
        for what, (rows, of_rows) in zip(("training", "test"), sets, strict=True):
            if len(rows) != len(of_rows):
                raise DataError(f"the {what} set has {len(rows)} inputs, but {len(of_rows)} labels")
        about: _native._About = {
            "name": name,
            "classes": names,
            "normalisation": _values.normalisation(normalisation),
            "ids": _values.row_names(whole.ids if ids is None or isinstance(ids, str) else ids),
            "groups": _values.groups(whole.groups if groups is None or isinstance(groups, str) else groups),
            "columns": _values.columns(columns, whole),
            "notes": notes,
            "validation": validation,
        }
        cut: _native._Cut = {"vocabulary": vocabulary, "length": length, "tokenizer": _values.tokenizer(tokenizer)}
        of_kinds = {"pictures": {"layout": layout}, "numbers": {"features": features}, "texts": cut}
        _values.check_settings(first.kind, of_kinds)
        self._native = _values.native(first, sets, about, cut, features, _that_read(like))

    @classmethod
    def open(
        cls,
        data: Path,
        *,
        root: Path | None = None,
        like: Network | None = None,
        limit_train: int | None = None,
        limit_test: int | None = None,
        settings: Settings | None = None,
    ) -> Dataset:
        """Open what ``--data`` of the command line opens: a known name, a folder, or a file.

        Parameters
        ----------
        data : str or os.PathLike
            Such as ``"mnist-subset"``, which is built in, or a folder with one folder of pictures per class.
        root : str or os.PathLike, optional
            Where named data sets lie; by default the environment variable ``UGRADSL_DATA``.
        like : Network, optional
            A network that was trained on such data: they are read in the same way as then.
        limit_train, limit_test : int, optional
            Rows to keep.
        settings : mapping, optional
            How the data are read, by keys of a recipe, such as ``{"reading.test_share": 0.2, "reading.resize": 64}``.

        Returns
        -------
        Dataset
            The data, with the ids, groups and columns that they have.
        """
        from ._settings import of_data

        arguments = {"data": os.fspath(data), "limit_train": limit_train, "limit_test": limit_test}
        place = root if root is not None else os.environ.get("UGRADSL_DATA") or None
        return cls._of(_native.Dataset.open(place, of_data(arguments, settings or {}), _that_read(like)))

    @classmethod
    def _of(cls, native: _Native) -> Dataset:
        data = cls.__new__(cls)
        data._native = native
        return data

    @property
    def name(self) -> str:
        """What reports call the data."""
        return self._native.name

    @property
    def kind(self) -> str:
        """``images``, ``features`` or ``texts``."""
        return self._native.kind

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width; for numbers and texts 1, 1 and how many numbers or tokens a row has."""
        channels, height, width = self._native.shape
        return channels, height, width

    @property
    def rows(self) -> tuple[int, int]:
        """Number of training rows and of test rows."""
        train, test = self._native.rows
        return train, test

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of their numbers."""
        return tuple(self._native.classes)

    @property
    def ids(self) -> tuple[str, ...] | None:
        """What the training rows are called, if they have names."""
        ids = self._native.ids
        return None if ids is None else tuple(ids)

    @property
    def normalisation(self) -> str:
        """Means and deviations of the channels."""
        return self._native.normalisation

    @property
    def notes(self) -> tuple[str, ...]:
        """What was guessed or changed when the data were read, a sentence each."""
        return tuple(self._native.notes)

    @property
    def digest(self) -> str:
        """SHA-256 of rows and labels, as 64 hexadecimal digits."""
        return self._native.digest()

    def labels(self, part: Part = "train") -> Array:
        """One class number per row, ``[n]``.

        Parameters
        ----------
        part : {"train", "test"}
            Of which rows.

        Returns
        -------
        numpy.ndarray
            ``uint32``.
        """
        import numpy as np

        if part not in ("train", "test"):
            raise SettingError(f"unknown part {part!r}: choose train or test")
        train, test = self._native.labels
        return np.array(train if part == "train" else test, dtype=np.uint32)

    def taken(self, forget: Forget, seed: int = 0) -> dict[str, Any]:
        """What a request takes, before anything is done.

        Parameters
        ----------
        forget : Request or str
            The request.
        seed : int
            Seed of a random share.

        Returns
        -------
        dict
            ``rows`` (how many), ``numbers`` and ``names``; ``classes`` and ``groups``, each as its name, the rows that are
            taken and the rows that it has; and ``copies`` that stay.
        """
        from ._settings import checked_seed

        taken: dict[str, Any] = json.loads(self._native.taken(request(forget)._json(), checked_seed(seed))[0])
        return taken

    def overview(self) -> dict[str, Any]:
        """What the data hold: rows per class and group, columns, exact copies, notes."""
        overview: dict[str, Any] = json.loads(self._native.overview()[0])
        return overview

    def __repr__(self) -> str:
        train, test = self.rows
        return (
            f"<Dataset {self.name!r}: {train} training and {test} test rows, {self.kind} of shape {self.shape} in "
            f"{len(self.classes)} classes>"
        )

    def _repr_html_(self) -> str:
        from ._html import preformatted

        return preformatted(self._native.overview()[1])


def opened(data: Any) -> _native.Dataset:
    """Refuse what is not a data set, and say how to make it one."""
    if isinstance(data, Dataset):
        return data._native
    raise DataError(
        f"the data are {type(data).__name__}, not a Dataset: make one with Dataset(train=..., test=...) or Dataset.open(...)"
    )


def _that_read(like: Network | None) -> _native.Network | None:
    """A network that knows how it read its data; one that does not is refused."""
    if like is None:
        return None
    if like._native.reads is None:
        raise NetworkError(
            "like= names a network that does not know yet how it reads rows: call network.fitted(data) first, or give its "
            "tokenizer.json with tokenizer="
        )
    return like._native
