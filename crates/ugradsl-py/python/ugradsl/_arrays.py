"""Inputs as arrays that the library takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import DataError

if TYPE_CHECKING:
    from ._typing import Array, Floats, Layout

_CHANNELS = (1, 3, 4)
_CHUNK = 1024  # rows that are converted at once
_LOOSE = 1e-3  # of a step: more than single precision loses


def is_table(value: Any) -> bool:
    """Whether it is a table of pandas, or of a library with the same names."""
    return hasattr(value, "columns") and hasattr(value, "dtypes") and hasattr(value, "iloc")


def is_picture(value: Any) -> bool:
    """Whether it is a picture of PIL."""
    return hasattr(value, "getbands") and hasattr(value, "__array_interface__")


def is_missing(value: Any) -> bool:
    """Whether it is ``None``, or what NumPy and pandas have for a value that is missing."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return getattr(value, "ndim", 0) == 0 and bool(value != value)


def as_array(value: Any) -> Array:
    """Whatever holds numbers or texts as an array, without a copy where NumPy needs none."""
    import numpy as np

    if hasattr(value, "detach"):
        value = value.detach().cpu()
        # NumPy does not know bfloat16.
        return np.asarray(value.float() if str(value.dtype) == "torch.bfloat16" else value)
    if hasattr(value, "to_numpy"):
        return np.asarray(value.to_numpy())
    if isinstance(value, (list, tuple)) and value and not isinstance(value[0], (str, int, float)):
        return stacked(value)
    return np.asarray(value)


def stacked(rows: list[Any] | tuple[Any, ...]) -> Array:
    """Rows of the same shape as one array."""
    import numpy as np

    arrays = [_picture(row) if is_picture(row) else as_array(row) for row in rows]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        shown = ", ".join(str(shape) for shape in sorted(shapes, key=str)[:3])
        raise DataError(
            f"the rows do not have one shape: {shown}; resize them before they are handed in, or let "
            'Dataset.open(folder, settings={"reading.resize": 64}) read them'
        )
    return np.stack(arrays)


def _picture(picture: Any) -> Array:
    """The values of a picture of PIL."""
    import numpy as np

    if picture.mode in ("P", "PA"):
        raise DataError(
            f"a picture has mode {picture.mode!r}, whose values are numbers of colours in its palette: hand in "
            'picture.convert("RGB")'
        )
    return np.asarray(picture)


def channels_first(pictures: Array, layout: Layout | None, what: str, notes: list[str]) -> Array:
    """Pictures as `[n, channels, height, width]`; a shape in which two axes may be the channels is refused."""
    if pictures.ndim == 3:
        return pictures[:, None]
    if layout is None:
        first, last = pictures.shape[1] in _CHANNELS, pictures.shape[3] in _CHANNELS
        if first == last:
            raise DataError(
                f"the {what} pictures have shape {pictures.shape}, in which the channels may be the second or the last "
                'axis: say layout="nchw" or layout="nhwc"'
            )
        layout = "nchw" if first else "nhwc"
        if layout == "nhwc":
            notes.append(f"the last axis of {pictures.shape} is taken for the channels")
    return pictures if layout == "nchw" else pictures.transpose(0, 3, 1, 2)


def pixels(pictures: Array, what: str, notes: list[str]) -> Array:
    """Pictures as bytes, from bytes or from numbers between 0 and 1."""
    import numpy as np

    if pictures.dtype == np.uint8:
        return np.ascontiguousarray(pictures)
    if pictures.dtype.kind in "iu":
        if pictures.size and (pictures.min() < 0 or pictures.max() > 255):
            raise DataError(f"the {what} pixels are {pictures.dtype}, but not all of them are 0 to 255")
        return np.ascontiguousarray(pictures, dtype=np.uint8)
    if pictures.dtype.kind != "f":
        raise DataError(f"the {what} pixels are {pictures.dtype}: give uint8, or floats from 0 to 1")
    taken, loss = np.empty(pictures.shape, np.uint8), 0.0
    for start in range(0, len(pictures), _CHUNK):
        part = pictures[start : start + _CHUNK].astype(np.float64)
        _check_range(part, start, what)
        steps = np.floor(part * 255 + 0.5)
        loss = max(loss, float(np.abs(part * 255 - steps).max(initial=0.0)))
        taken[start : start + _CHUNK] = steps
    if loss > _LOOSE:
        notes.append(f"the {what} pixels were rounded to 256 steps, by up to {loss:.2f} of a step")
    return taken


def _check_range(part: Array, start: int, what: str) -> None:
    import numpy as np

    wrong = ~((part >= 0) & (part <= 1))
    if wrong.any():
        row, *place = (int(at) for at in np.argwhere(wrong)[0])
        raise DataError(
            f"pixel {tuple(place)} of {what} row {start + row} is {part[(row, *place)]:.4g}, which is not between 0 and "
            "1: hand in uint8 from 0 to 255, or floats from 0 to 1, before they are normalised, and say how they are with "
            "normalisation=(means, deviations)"
        )


def numbers(rows: Array, what: str) -> Floats:
    """Rows of numbers as `[n, d]` of single precision."""
    import numpy as np

    if rows.dtype.kind not in "biuf":
        raise DataError(f"the {what} rows are {rows.dtype}, which is not a type of numbers")
    return np.ascontiguousarray(rows, dtype=np.float32)


def table(rows: Any, what: str) -> tuple[Floats, list[str]]:
    """The columns of a table as rows of numbers, and their names."""
    import numpy as np

    names = [str(name) for name in rows.columns]
    columns = []
    for at, name in enumerate(names):
        column = rows.iloc[:, at]
        values = column.to_numpy()
        if values.dtype.kind not in "biuf":
            raise DataError(
                f"column {name!r} of the {what} table is {column.dtype}, not numbers: leave it out, or make columns of "
                "numbers of it (pandas.get_dummies)"
            )
        columns.append(values.astype(np.float32))
    if not columns:
        raise DataError(f"the {what} table has no columns of numbers")
    return np.ascontiguousarray(np.stack(columns, axis=1)), names
