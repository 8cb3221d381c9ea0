//! Files that hold no weights, and the way from each to a network.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use serde_json::Value;

/// What the file at `path` is, if it can be told, and what to do about it. The file cannot be read
/// as weights.
pub(super) fn what_is_wrong(path: &Path) -> Option<String> {
    half_safetensors(path).or_else(|| other_kind(path))
}

/// Whether a file that starts so is safetensors: the length of a JSON object, and the object.
pub(super) fn is_safetensors(start: &[u8]) -> bool {
    start.get(8) == Some(&b'{')
}

/// Says so if the header of a safetensors file tells of more bytes than there are.
fn half_safetensors(path: &Path) -> Option<String> {
    let file = File::open(path).ok()?;
    let found = file.metadata().ok()?.len();
    let mut start = Vec::new();
    (&file).take(8).read_to_end(&mut start).ok()?;
    let length = u64::from_le_bytes(start.as_slice().try_into().ok()?);
    // As much as the format allows a header.
    if length > 100_000_000 {
        return None;
    }
    (&file).take(length).read_to_end(&mut start).ok()?;
    if !is_safetensors(&start) {
        return None;
    }
    let half = |of: String| {
        Some(format!(
            "a safetensors file that breaks off after {found} {of}: download or copy it again"
        ))
    };
    if found < 8 + length {
        return half("bytes, in its header".to_owned());
    }
    let header: BTreeMap<String, Value> = serde_json::from_slice(start.get(8..)?).ok()?;
    let end = |tensor: &Value| tensor["data_offsets"][1].as_u64();
    let needed = header.values().filter_map(end).max()?.saturating_add(8 + length);
    if found < needed { half(format!("of {needed} bytes")) } else { None }
}

#[cfg(not(feature = "formats"))]
fn other_kind(_: &Path) -> Option<String> {
    None
}

#[cfg(feature = "formats")]
fn other_kind(path: &Path) -> Option<String> {
    use super::ONNX_EXPORT;
    use crate::data::formats::{Kind, what_is_at};

    let keras =
        "export the network to ONNX, `python -m tf2onnx.convert --keras FILE --output net.onnx`";
    Some(match what_is_at(path)? {
        Kind::Hdf5 => format!("an HDF5 file (.h5, .hdf5), as Keras writes: {keras}"),
        Kind::Keras => format!("a Keras model (.keras): {keras}"),
        Kind::TorchScript => format!(
            "a TorchScript program (torch.jit.save), not weights: for a built-in network save its weights, \
             `torch.save(torch.jit.load(path).state_dict(), \"weights.pth\")`; any other network can be exported to \
             ONNX from the module that it was made of, `{ONNX_EXPORT}`"
        ),
        Kind::TorchZip | Kind::TorchOld => {
            "a PyTorch file (torch.save) that is damaged, breaks off, or holds what is never run: load it in Python \
             where you trust it, and save the weights with `torch.save(model.state_dict(), \"weights.pth\")`"
                .to_owned()
        }
        Kind::HalfZip => {
            "a zip file, as torch.save writes (.pt, .pth), that breaks off: download or copy it again".to_owned()
        }
        Kind::Pickle => format!(
            "a Python pickle, which is a program and is never run: load it in Python where you trust it, and save the \
             weights of a PyTorch network with `torch.save(model.state_dict(), \"weights.pth\")`, or export the network \
             to ONNX, `{ONNX_EXPORT}`"
        ),
        Kind::Npy | Kind::Npz => {
            "arrays of NumPy: save them as weights with `safetensors.numpy.save_file(dict(numpy.load(path)), \
             \"weights.safetensors\")`"
                .to_owned()
        }
        Kind::Onnx => "an ONNX file: a network by itself, not weights of a built-in one; if the network was meant, the file \
             breaks off or is damaged: export or copy it again"
            .to_owned(),
        Kind::Safetensors => "a damaged safetensors file: download or copy it again".to_owned(),
        kind => kind.to_string(),
    })
}
