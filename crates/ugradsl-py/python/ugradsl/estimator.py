"""A classifier for tables and embeddings in the style of scikit-learn, which can forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .errors import DataError, RunError, SettingError
from .requests import Forget, Request
from .requests import ids as by_ids

if TYPE_CHECKING:
    from ._typing import Array, DeviceName, Floats, Inputs, Labels, Settings
    from .data import Dataset
    from .outcome import Unlearned

__all__ = ["Classifier"]


class Classifier:
    """A network for rows of numbers that learns, forgets and predicts.

    Parameters
    ----------
    architecture : str
        One of :func:`ugradsl.architectures` that takes rows of numbers.
    test_share : float
        Share of the rows, above 0 and below 1, that is held out from training: guards and measures need such rows.
    seed : int
        Seed of weights, shuffles and the draw of the test rows.
    device : {"auto", "cpu", "gpu"}
        Where to compute, as of :class:`Session`.
    training : mapping, optional
        How it is trained, as of :func:`ugradsl.train`.
    method : str
        How it forgets, as of :func:`ugradsl.unlearn`.

    Attributes
    ----------
    classes_ : numpy.ndarray
        The classes, ``[K]``, as ``y`` has them.
    network_ : Network
        The network.
    data_ : Dataset
        The rows, standardised, with their ids.
    outcomes_ : list of Unlearned
        What became of each request, the first one first.

    Examples
    --------
    >>> model = Classifier(seed=1).fit(X, y, ids=names)       # doctest: +SKIP
    >>> model.forget(["ann", "bob"])                          # doctest: +SKIP
    >>> model.predict(X)                                      # doctest: +SKIP
    """

    _parameters = ("architecture", "test_share", "seed", "device", "training", "method")

    classes_: Array
    network_: Any
    data_: Dataset
    outcomes_: list[Unlearned]

    def __init__(
        self,
        architecture: str = "mlp",
        *,
        test_share: float = 0.2,
        seed: int = 0,
        device: DeviceName = "auto",
        training: Settings | None = None,
        method: str = "ugradsl-plus",
    ) -> None:
        self.architecture = architecture
        self.test_share = test_share
        self.seed = seed
        self.device = device
        self.training = training
        self.method = method

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Parameters by name, as scikit-learn asks for them."""
        return {name: getattr(self, name) for name in self._parameters}

    def set_params(self, **parameters: Any) -> Classifier:
        """Set parameters by name, as scikit-learn does."""
        for name, value in parameters.items():
            if name not in self._parameters:
                raise SettingError(f"there is no parameter {name!r}: choose from {', '.join(self._parameters)}")
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks of an estimator in pipelines and cross-validation."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            transformer_tags=None,
            regressor_tags=None,
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(),
        )

    def __sklearn_is_fitted__(self) -> bool:
        """Whether there is a network."""
        return hasattr(self, "network_")

    def fit(
        self, X: Inputs, y: Labels, *, ids: Sequence[Any] | None = None, groups: Sequence[Any] | None = None
    ) -> Classifier:
        """Train the network.

        Parameters
        ----------
        X : array or table, ``[n, d]``
            Rows of numbers. They are standardised by the rows that are trained on.
        y : array, ``[n]``
            Their classes: integers or texts.
        ids : sequence, ``[n]``, optional
            What the rows are called, by which they are forgotten; by default their positions in ``X``.
        groups : sequence, ``[n]``, optional
            Whom they belong to, as of :class:`Dataset`.

        Returns
        -------
        Classifier
            Itself.
        """
        import numpy as np

        from ._arrays import is_missing
        from .data import Dataset
        from .runs import train

        (rows, columns), labels = self._rows(X), np.asarray(y)
        if labels.ndim != 1 or len(labels) != len(rows):
            raise DataError(f"there are {len(rows)} rows, but y has shape {labels.shape}")
        if labels.dtype.kind in "fO" and any(is_missing(label) for label in labels):
            raise DataError("a row of y has no class: leave such rows out")
        names = _per_row(range(len(rows)) if ids is None else ids, len(rows), "ids")
        whose = _per_row(groups, len(rows), "groups") if groups is not None else None
        # A fit that does not end must not leave an older network beside the new classes and means.
        self.__dict__.pop("network_", None)
        self._columns = columns
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        held_out = self._held_out(numbers)
        kept = np.flatnonzero(~held_out)
        self._mean = rows[kept].mean(0, dtype=np.float64)
        deviation = rows[kept].std(0, dtype=np.float64)
        self._deviation = np.where(deviation > 0, deviation, 1.0)
        rows = self._standardised(rows)
        self._held_out_ids = frozenset(str(names[row]) for row in np.flatnonzero(held_out))
        self.data_ = Dataset(
            train=(rows[kept], numbers[kept]),
            test=(rows[held_out], numbers[held_out]),
            classes=[str(name) for name in self.classes_],
            ids=[names[row] for row in kept],
            groups=[whose[row] for row in kept] if whose is not None else None,
            name=type(self).__name__,
        )
        how: dict[str, Any] = {"seed": self.seed, "device": self.device, "training": self.training}
        self.network_ = train(self.architecture, self.data_, **how).network
        self.outcomes_ = []
        return self

    def forget(self, ids: Any, **options: Any) -> Unlearned:
        """Forget rows.

        Parameters
        ----------
        ids : sequence, Request or str
            A sequence of their ids; or a request, such as ``ugradsl.groups("ann")`` or ``"group:ann"``.
        **options
            As of :func:`ugradsl.unlearn`.

        Returns
        -------
        Unlearned
            What became of the request. The network was not trained on test rows, so it need not forget them: a sequence may
            have their ids, which are left out, but not only theirs.
        """
        from .runs import unlearn

        how = {"seed": self.seed, "device": self.device, "training": self.training, "method": self.method}
        done = unlearn(self._fitted(), self.data_, forget=self._request(ids), **{**how, **options})
        self.network_ = done.network
        self.outcomes_.append(done)
        return done

    def decision_function(self, X: Inputs) -> Floats:
        """Logits, ``[n, K]``, of rows with the columns that :meth:`fit` was given."""
        from .measure import predict

        network = self._fitted()
        rows, columns = self._rows(X)
        wanted = len(self._mean)
        if rows.shape[1] != wanted:
            raise DataError(f"X has {rows.shape[1]} columns, but the classifier was fitted on {wanted}")
        if columns and self._columns and columns != self._columns:
            raise DataError(
                f"the columns of X are {', '.join(columns[:20])}, but the classifier was fitted on "
                f"{', '.join(self._columns[:20])}: give the same ones, in the same order"
            )
        return predict(network, self._standardised(rows), device=self.device)

    def predict_proba(self, X: Inputs) -> Floats:
        """Probabilities of the classes, ``[n, K]``."""
        import numpy as np

        logits = self.decision_function(X)
        powers: Floats = np.exp(logits - logits.max(1, keepdims=True))
        shares: Floats = powers / powers.sum(1, keepdims=True)
        return shares

    def predict(self, X: Inputs) -> Array:
        """The most probable class of each row, ``[n]``, as ``y`` has them."""
        logits = self.decision_function(X)
        chosen: Array = self.classes_[logits.argmax(1)]
        return chosen

    def score(self, X: Inputs, y: Labels) -> float:
        """Share of the rows, 0 to 1, whose class is predicted."""
        import numpy as np

        return float((self.predict(X) == np.asarray(y)).mean())

    def _fitted(self) -> Any:
        if not hasattr(self, "network_"):
            raise RunError("the classifier has learnt nothing yet: call fit(X, y) first")
        return self.network_

    def _rows(self, X: Inputs) -> tuple[Floats, list[str] | None]:
        """The rows as an array, and the names of their columns if they are a table."""
        from ._arrays import as_array, is_table, numbers, table

        if is_table(X):
            return table(X, "given")
        rows = numbers(as_array(X), "given")
        if rows.ndim != 2:
            raise DataError(f"X has shape {rows.shape}: rows of numbers are [n, d]")
        return rows, None

    def _standardised(self, rows: Floats) -> Floats:
        import numpy as np

        standardised = (rows - self._mean) / self._deviation
        return np.ascontiguousarray(standardised, dtype=np.float32)

    def _held_out(self, numbers: Array) -> Array:
        """Which rows are the test rows: the same share of each class, one at least of those with two rows."""
        import numpy as np

        if not 0 < self.test_share < 1:
            raise SettingError(f"test_share is {self.test_share}: it must be above 0 and below 1")
        chance, held_out = np.random.default_rng(self.seed), np.zeros(len(numbers), bool)
        for number in np.unique(numbers):
            rows = np.flatnonzero(numbers == number)
            count = min(max(1, round(self.test_share * len(rows))), len(rows) - 1)
            held_out[chance.choice(rows, count, replace=False)] = True
        return held_out

    def _request(self, asked: Any) -> Forget:
        if isinstance(asked, (str, Request)):
            return asked
        names = by_ids(asked).any[0][1]
        trained = [name for name in names if name not in self._held_out_ids]
        if not trained:
            raise DataError("the network was trained on none of these rows: all of them are test rows")
        return by_ids(trained)


def _per_row(given: Sequence[Any], rows: int, what: str) -> list[Any]:
    """As many `given` values as there are rows."""
    values = list(given)
    if len(values) != rows:
        raise DataError(f"there are {rows} rows, but {len(values)} {what}")
    return values
