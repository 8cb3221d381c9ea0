"""Rows from arrays, lists, tables and the data sets of others."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pytest
import ugradsl
from ugradsl import DataError, Dataset

Y = np.array([0, 1, 0, 1, 2, 2])
X = np.random.default_rng(0).integers(0, 256, (6, 3, 5, 5), dtype=np.uint8)


def made(x: Any = X, y: Any = Y, **more: Any) -> Dataset:
    return Dataset(train=(x, y), test=(x, y), **more)


def test_bytes_floats_and_channels_last_are_the_same_pictures() -> None:
    wanted = made().digest
    assert made(X.astype(np.float32) / 255).digest == wanted
    assert made(X.astype(np.int64)).digest == wanted
    last = made(X.transpose(0, 2, 3, 1))
    assert last.digest == wanted and "last axis" in last.notes[0]
    assert made(X.transpose(0, 2, 3, 1), layout="nhwc").notes == ()
    assert made(list(X)).digest == wanted
    grey = made(X[:, 0])
    assert (grey.shape, grey.kind) == ((1, 5, 5), "images")


def test_a_view_is_read_as_it_stands() -> None:
    wide = np.zeros((6, 3, 5, 10), np.uint8)
    wide[..., ::2] = X
    assert made(wide[..., ::2]).digest == made().digest


def test_rounded_pixels_are_noted() -> None:
    pixels = np.full((6, 1, 5, 5), 0.5014)
    pixels[:, :, 0] = 0
    notes = made(pixels).notes
    assert any("rounded to 256 steps" in note for note in notes)


@pytest.mark.parametrize(
    "x, y, words",
    [
        (X - 300.0, Y, "before they are normalised"),
        (np.where(X.max() == X, np.nan, X / 255), Y, "not between 0 and 1"),
        (np.zeros((6, 3, 3, 3), np.uint8), Y, 'layout="nchw"'),
        (np.zeros((6, 7, 5, 5), np.uint8), Y, 'layout="nchw"'),
        (X[:5], Y, "5 inputs, but 6 labels"),
        (X, Y - 1, "classes are numbered from 0"),
        (X, Y + 0.5, "give the numbers of classes as integers"),
        (X, np.eye(6), "argmax"),
        (np.zeros(6), Y, "have shape (6,)"),
        (X.astype(np.int32) * 2, Y, "not all of them are 0 to 255"),
        (np.zeros((6, 2)) + np.inf, Y, "feature 0 of row 0 is inf"),
        ([X[0], X[1], X[2], X[3], X[4], X[5][:, :4]], Y, "resize"),
        (iter([1]), Y, "shape ()"),
    ],
)
def test_refusals_name_the_place_and_the_way_out(x: Any, y: Any, words: str) -> None:
    with pytest.raises(DataError) as refused:
        made(x, y)
    assert words in str(refused.value)
    assert isinstance(refused.value, ValueError)


def test_classes_have_names() -> None:
    named = made(y=["cat", "dog", "cat", "dog", "eel", "eel"])
    assert named.classes == ("cat", "dog", "eel") and (named.labels() == Y).all()
    other = made(y=["cat", "dog", "cat", "dog", "eel", "eel"], classes=["eel", "dog", "cat"])
    assert (other.labels() == 2 - Y).all()
    assert made(classes=["a", "b", "c"]).classes == ("a", "b", "c")
    with pytest.raises(DataError, match="'eel', which is not one of cat, dog"):
        made(y=["cat", "dog", "cat", "dog", "eel", "eel"], classes=["cat", "dog"])
    with pytest.raises(DataError, match="label 2 at row 4"):
        made(classes=["a", "b"])


def test_rows_have_ids_groups_and_columns() -> None:
    data = made(
        ids=[f"p{row}" for row in range(6)],
        groups=["ann", None, ["ann", "bob"], "bob", float("nan"), "eve"],
        columns={"country": ["DE", "FR", "DE", "DE", "FR", "FR"]},
    )
    rows = lambda asked: data.taken(asked)["numbers"]
    assert rows(ugradsl.ids("p1", "p4")) == rows(ugradsl.ids(["p4", "p1"])) == [1, 4]
    assert rows(ugradsl.groups("ann")) == [0, 2] and rows("group:bob") == [2, 3]
    assert rows(ugradsl.where(country="FR")) == [1, 4, 5]
    assert rows(ugradsl.classes("1") | ugradsl.rows(0)) == [0, 1, 3]
    assert rows(ugradsl.classes(0, 1).but_not(ugradsl.groups("ann"))) == [1, 3]
    assert rows(ugradsl.rows(np.array([False, True, False, False, False, True]))) == [1, 5]
    assert rows(ugradsl.rows(np.array([3, 5]))) == [3, 5] and rows(ugradsl.rows(np.int64(3))) == [3]
    with pytest.raises(DataError, match="5 names are given for 6"):
        made(ids=range(5))
    with pytest.raises(DataError, match="row 1 of the training set has no id"):
        made(ids=["a", None, "c", "d", "e", "f"])
    gaps = made(columns={"country": ["DE", None, "FR", "FR", "FR", "FR"]})
    with pytest.raises(ugradsl.RequestError, match="None"):
        gaps.taken(ugradsl.where(country="None"))
    with pytest.raises(DataError, match="more than one row is called"):
        made(ids=["a"] * 6)
    with pytest.raises(DataError, match="column 'country' has 1 values"):
        made(columns={"country": ["DE"]})


def test_paths_are_found_by_patterns() -> None:
    data = made(ids=[PurePath(f"{'ab'[row % 2]}/{row}.png") for row in range(6)])
    assert data.taken(ugradsl.files("b/*.png"))["numbers"] == [1, 3, 5]
    assert data.taken(ugradsl.files(["a/0.png", "b/1.png"]))["numbers"] == [0, 1]
    assert data.taken(ugradsl.ids(PurePath("a/2.png")))["numbers"] == [2]


@pytest.mark.parametrize(
    "asked, words",
    [
        (ugradsl.ids("x"), "have no ids"),
        (ugradsl.classes("cow"), "cow"),
        (ugradsl.groups("ann"), "ann"),
        (ugradsl.rows(99), "99"),
        (ugradsl.rows(1, 1), "1"),
        ("nonsense", "nonsense"),
        (ugradsl.random(1.5), "1.5"),
        (ugradsl.rows(), "no"),
        (ugradsl.rows(np.array([True, False])), "the mask has 2 values, and there are 6 training rows"),
    ],
)
def test_requests_that_cannot_be_carried_out_are_refused(asked: Any, words: str) -> None:
    with pytest.raises(ugradsl.RequestError, match=words):
        made().taken(asked)


def test_values_and_paths_are_taken_as_they_are() -> None:
    data = made(columns={"unit": ["R&D", "R&D=2", "HR", "R", "R", "R"], "D": ["2", "2", "2", "2", "1", "1"]})
    taken = lambda asked: data.taken(asked)["numbers"]
    assert taken(ugradsl.where(unit="R&D=2")) == [1] and taken(ugradsl.where(unit="R&D", D=2)) == [0]
    assert taken("where:unit=R&D=2") == [3]
    files = made(ids=[Path(name) for name in ["Tom and Jerry.png", "Tom.png", "a", "b", "c", "d"]])
    assert files.taken(ugradsl.files("Tom and*"))["numbers"] == [0]


def test_what_is_not_a_request_is_refused_with_the_ways_to_make_one() -> None:
    with pytest.raises(TypeError, match=r"ugradsl\.ids\(\.\.\.\)"):
        made().taken([1, 2])  # type: ignore[arg-type]
    with pytest.raises(ugradsl.RequestError, match="with_copies"):
        ugradsl.rows(1).with_copies() | ugradsl.rows(2)
    with pytest.raises(ugradsl.RequestError, match="numbered from 0"):
        ugradsl.rows(-1)
    with pytest.raises(ugradsl.RequestError, match=r"1\.5 is not a class"):
        ugradsl.classes(1.5)


def test_rows_that_are_kept_out_stay_out() -> None:
    one, other = ugradsl.classes(0), ugradsl.classes(1)
    with pytest.raises(ugradsl.RequestError, match="kept out last"):
        one.but_not(ugradsl.rows(0)) | other
    with pytest.raises(ugradsl.RequestError, match="copies are added last"):
        one.with_copies().but_not(other)


def test_numbers_and_texts() -> None:
    numbers = made(np.arange(12.0).reshape(6, 2), features=["age", "height"])
    assert (numbers.kind, numbers.shape) == ("features", (1, 1, 2))
    texts = made([f"text number {row}" for row in range(6)], vocabulary=300, length=8)
    assert (texts.kind, texts.shape) == ("texts", (1, 1, 8))
    assert made(np.array([f"text number {row}" for row in range(6)]), vocabulary=300, length=8).digest == texts.digest
    with pytest.raises(DataError, match="row 1 of the training set is int, not a text"):
        made(np.array(["a", 2, "c", "d", "e", "f"], dtype=object))


WORDS = """{ "version": "1.0", "added_tokens": [], "normalizer": { "type": "Lowercase" },
    "pre_tokenizer": { "type": "Whitespace" }, "post_processor": null, "decoder": null,
    "model": { "type": "WordLevel", "vocab": { "[PAD]": 0, "[UNK]": 1, "moon": 2 }, "unk_token": "[UNK]" } }"""


def test_texts_are_cut_by_the_tokenizer_of_others(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(WORDS)
    texts = ["Moon moon", "sun", "moon sun", "Sun sun", "sun moon", "mars"]
    data = made(texts, tokenizer=tmp_path / "tokenizer.json", length=2)

    class Fast:
        class backend_tokenizer:
            to_str = staticmethod(lambda: WORDS)

    assert made(texts, tokenizer=Fast(), length=2).digest == data.digest != made(texts, vocabulary=300, length=2).digest
    with pytest.raises(DataError, match="use_fast=True"):
        made(texts, tokenizer=len)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(DataError, match=r"not a tokenizer\.json"):
        made(texts, tokenizer=tmp_path / "tokenizer.json")


def test_what_would_not_be_read_is_refused() -> None:
    texts = [f"text number {row}" for row in range(6)]
    with pytest.raises(DataError, match="layout= is for pictures, but the training set has texts"):
        made(texts, layout="nchw")
    with pytest.raises(DataError, match="vocabulary= is for texts, but the training set has pictures"):
        made(vocabulary=300)
    with pytest.raises(DataError, match="tokenizer= and vocabulary= choose the tokenizer"):
        made(texts, vocabulary=300, tokenizer=type("Fast", (), {"to_str": lambda self: WORDS})())
    with pytest.raises(DataError, match="ids='who' names columns, but the training set has none"):
        made(ids="who")
    graph = ugradsl.Network.from_state_dict({"fc.weight": np.zeros((3, 75), np.float32)}, "mlp")
    with pytest.raises(ugradsl.NetworkError, match=r"like=.*call network\.fitted\(data\)"):
        made(like=graph)
    with pytest.raises(ugradsl.SettingError, match="unknown part 'tset'"):
        made().labels("tset")  # type: ignore[arg-type]


def test_a_missing_label_is_not_a_class() -> None:
    with pytest.raises(DataError, match="row 1 of the training set has no label"):
        made(y=["cat", None, "cat", "dog", "eel", "eel"])


class Pairs:
    """A data set as torch has them."""

    classes = ["cat", "dog", "eel"]

    def __len__(self) -> int:
        return 6

    def __getitem__(self, row: int) -> tuple[Any, Any]:
        return X[row], Y[row]


class Loader:
    """A loader of it."""

    collate_fn = None

    sampler: Any = None

    def __init__(self) -> None:
        self.dataset = Pairs()


def test_rows_that_can_be_indexed_are_taken() -> None:
    data = Dataset(train=Pairs(), test=Loader())
    assert data.classes == ("cat", "dog", "eel") and data.digest == made().digest
    with pytest.raises(DataError, match="cannot be indexed"):
        Dataset(train=(each for each in Pairs()), test=Pairs())  # type: ignore[arg-type]
    with pytest.raises(DataError, match="not a pair"):
        Dataset(train=X, test=Pairs())
    part = Loader()
    part.sampler = range(4)
    with pytest.raises(DataError, match="takes 4 of 6 rows"):
        Dataset(train=part, test=Pairs())


def test_classes_have_the_same_numbers_in_both_sets() -> None:
    other = Pairs()
    other.classes = ["cat", "eel"]
    with pytest.raises(DataError, match="the test set cat, eel"):
        Dataset(train=Pairs(), test=other)


def test_tables_of_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(
        {"age": [1, 2, 3, 4, 5, 6], "height": 0.5, "who": list("abcdef"), "town": "Bonn", "y": list("uvuvww")}
    )
    data = Dataset(train=table, test=table, labels="y", ids="who", columns=["town"])
    assert (data.shape, data.classes, data.ids) == ((1, 1, 2), ("u", "v", "w"), tuple("abcdef"))
    assert data.taken(ugradsl.ids("b"))["names"] == ["b"]
    pair = Dataset(train=(table[["age", "height"]], table["y"]), test=(table[["age", "height"]], table["y"]))
    assert pair.digest == data.digest
    with pytest.raises(DataError, match="column 'town' of the training table is .*get_dummies"):
        Dataset(train=table, test=table, labels="y", ids="who")
    with pytest.raises(DataError, match="no column 'z'"):
        Dataset(train=table, test=table, labels="z")
    with pytest.raises(DataError, match="no column 'z'"):
        Dataset(train=table, test=table, labels="y", inputs=["age", "z"])
    numbers, turned = table[["age", "height"]], table[["height", "age"]]
    with pytest.raises(DataError, match="in the same order"):
        Dataset(train=(numbers, table["y"]), test=(turned, table["y"]))
    whose = made(groups=pandas.array(["ann", None, "bob", "bob", "bob", "bob"], dtype="string"))
    assert whose.taken(ugradsl.groups("ann"))["numbers"] == [0]
    shared = made(groups=np.array([["ann", "bob"]] * 3 + [["eve", "bob"]] * 3))
    assert shared.taken(ugradsl.groups("ann"))["numbers"] == [0, 1, 2]


def test_pictures_of_pil() -> None:
    pil = pytest.importorskip("PIL.Image")
    pictures = [pil.fromarray(picture.transpose(1, 2, 0)) for picture in X]
    assert made(pictures).digest == made().digest
    with pytest.raises(DataError, match=r'mode .P.*convert\("RGB"\)'):
        made([picture.convert("P") for picture in pictures])


def test_known_data_are_opened_as_on_the_command_line(digits: Dataset) -> None:
    assert digits.rows == (300, 100) and digits.shape == (1, 28, 28)
    assert digits.normalisation == "0.1307/0.3081"
    assert "300 training and 100 test rows" in repr(digits)
    with pytest.raises(DataError, match="neither a data set nor an existing"):
        Dataset.open("no-such-data")
    with pytest.raises(ugradsl.SettingError, match='did you mean "reading.test_share"'):
        Dataset.open("mnist-subset", settings={"reading.test_shar": 0.2})
    with pytest.raises(ugradsl.SettingError, match=r"training\.epochs does not say how data are read"):
        Dataset.open("mnist-subset", settings={"training.epochs": 3})
    with pytest.raises(ugradsl.SettingError, match="limit_train is given twice"):
        Dataset.open("mnist-subset", limit_train=30, settings={"limit_train": 40})
    with pytest.raises(ugradsl.DataError, match="1000000 rows"):
        Dataset.open("mnist-subset", limit_train=10**6)
