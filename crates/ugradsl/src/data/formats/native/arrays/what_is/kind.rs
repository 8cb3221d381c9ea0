//! Kinds of files, and the way out of each.

use std::fmt;

/// A kind of file, shown as its name and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the names of the formats")]
pub enum Kind {
    Empty,
    Zeros,
    LfsPointer,
    Page,
    Hdf5,
    Matlab73,
    Matlab5,
    Npy,
    Npz,
    TorchZip,
    TorchOld,
    TorchScript,
    Keras,
    Office,
    Zip,
    HalfZip,
    Pickle,
    Onnx,
    Gzip(Option<Box<Kind>>),
    Tar,
    Parquet,
    HalfParquet,
    Arrow,
    HalfArrow,
    Feather,
    Safetensors,
    Gguf,
    Bzip2,
    Xz,
    Zstandard,
    SevenZip,
    Rar,
    Pdf,
    Sqlite,
    Picture(&'static str),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let packed = |f: &mut fmt::Formatter, name: &str, command: &str| {
            write!(f, "packed as {name}: unpack it with `{command}` and use what is inside")
        };
        f.write_str(match self {
            Self::Empty => "an empty file: copy or download it again",
            Self::Zeros => {
                "a file of zero bytes only, left by a broken download: download it again"
            }
            Self::LfsPointer => "a Git LFS pointer, not the file itself: run `git lfs pull`",
            Self::Page => {
                "a web page or an error message of a server, not the file itself: download it \
                 again from the link that the page gives"
            }
            Self::Hdf5 => {
                "an HDF5 file (.h5, .hdf5): open it with h5py in Python and save its arrays with \
                 `numpy.savez_compressed`, or its weights as .safetensors"
            }
            Self::Matlab73 => {
                "a MATLAB 7.3 file, which is HDF5: save it again in MATLAB with \
                 `save(name, '-v7')`, or its arrays with h5py and `numpy.savez_compressed`"
            }
            Self::Matlab5 => "a MATLAB file (version 5): use it as .mat data",
            Self::Npy => "a NumPy array: use it as .npy data",
            Self::Npz => "an archive of NumPy arrays: use it as .npz data",
            Self::TorchZip => {
                "a PyTorch file (torch.save): use it as weights, or save the arrays of a data set \
                 with `numpy.savez_compressed(path, x=x.numpy(), y=y.numpy())`"
            }
            Self::TorchOld => {
                "a PyTorch file from before version 1.6: load it in Python and save it again with \
                 `torch.save`"
            }
            Self::TorchScript => {
                "a TorchScript program, not weights: save `torch.jit.load(path).state_dict()` with \
                 `torch.save`"
            }
            Self::Keras => {
                "a Keras model (.keras): save its weights as .safetensors, its data with \
                 `numpy.savez_compressed`"
            }
            Self::Office => "a file of an office program: export the sheet as .csv",
            Self::Zip => "a zip archive: unpack it and use what is inside",
            Self::HalfZip => "a zip file (.zip, .npz, .pt) that breaks off: download it again",
            Self::Pickle => {
                "a Python pickle, which is a program and is never run: load it in Python where \
                 you trust it, and save arrays with `numpy.savez_compressed`"
            }
            Self::Onnx => "an ONNX model: use it as a model, not as data",
            Self::Gzip(None) => return packed(f, "gzip", "gunzip"),
            Self::Gzip(Some(inner)) => {
                let inner = inner.to_string();
                let name = inner.split(':').next().unwrap_or_default();
                let tar = *inner_kind(self) == Self::Tar;
                let command = if tar { "tar -xzf" } else { "gunzip" };
                return write!(f, "{name} packed as gzip: unpack it with `{command}`");
            }
            Self::Tar => "a tar archive: unpack it with `tar -xf` and use the folder",
            Self::Parquet => {
                "a Parquet table: save it with `pandas.read_parquet(path).to_csv(new, index=False)`"
            }
            Self::HalfParquet => "a Parquet table that breaks off: download it again",
            Self::Arrow => {
                "an Arrow table: save it with `pandas.read_feather(path).to_csv(new, index=False)`"
            }
            Self::HalfArrow => "an Arrow table that breaks off: download it again",
            Self::Feather => {
                "a Feather table: save it with `pandas.read_feather(path).to_csv(new, index=False)`"
            }
            Self::Safetensors => "weights (.safetensors): use it as a model, not as data",
            Self::Gguf => "weights of a language model (GGUF), which are not supported",
            Self::Bzip2 => return packed(f, "bzip2", "bunzip2"),
            Self::Xz => return packed(f, "xz", "unxz"),
            Self::Zstandard => return packed(f, "Zstandard", "unzstd"),
            Self::SevenZip => return packed(f, "7z", "7z x"),
            Self::Rar => return packed(f, "RAR", "unrar x"),
            Self::Pdf => "a PDF document, not data",
            Self::Sqlite => "an SQLite database: export the table as .csv",
            Self::Picture(name) => {
                return write!(f, "one {name} picture: put pictures into a folder per class");
            }
        })
    }
}

/// What is inside of a gzip file, or the kind itself.
fn inner_kind(kind: &Kind) -> &Kind {
    match kind {
        Kind::Gzip(Some(inner)) => inner,
        other => other,
    }
}
