//! New weights into the same file. Everything else stays byte for byte: names, unknown fields, doc
//! strings, order.

use std::collections::BTreeMap;

use burn::tensor::TensorData;

use super::{
    OnnxError,
    program::{Parameter, Program},
    proto::{ElementType, ModelProto},
    wire::put_bytes,
};

/// The field of the model that holds keys and values of any program.
const METADATA: u64 = 14;

/// `file` with the values of `state`, and `entry` among the metadata instead of an older one.
pub(crate) fn write(
    file: &[u8],
    model: &ModelProto,
    program: &Program,
    state: &BTreeMap<String, TensorData>,
    entry: Option<(&str, &str)>,
) -> Result<Vec<u8>, OnnxError> {
    let mut out = file.to_vec();
    for parameter in program.trained() {
        if let Some(data) = state.get(&parameter.name) {
            overwrite(&mut out, parameter, data)?;
        }
    }
    let Some((key, value)) = entry else { return Ok(out) };
    // From the end, so that the places before stay right.
    let mut old: Vec<_> = model.metadata.iter().filter(|(own, ..)| own == key).collect();
    old.sort_by_key(|(.., whole)| std::cmp::Reverse(whole.start));
    for (.., whole) in old {
        out.drain(whole.clone());
    }
    let mut pair = Vec::new();
    put_bytes(&mut pair, 1, key.as_bytes());
    put_bytes(&mut pair, 2, value.as_bytes());
    put_bytes(&mut out, METADATA, &pair);
    Ok(out)
}

fn overwrite(out: &mut [u8], parameter: &Parameter, data: &TensorData) -> Result<(), OnnxError> {
    let place = &mut out[parameter.place.clone()];
    let values = data.as_slice::<f32>().unwrap_or_default();
    let size = parameter.kind.size();
    if values.len() * size != place.len() {
        return Err(OnnxError::Place {
            name: parameter.name.clone(),
            found: data.shape().to_vec(),
            needed: parameter.dims.clone(),
        });
    }
    for (bytes, value) in place.chunks_exact_mut(size).zip(values) {
        match parameter.kind {
            // A value that is still the same keeps the digits that f32 has not.
            ElementType::F64 => {
                let old = <[u8; 8]>::try_from(&*bytes).map(f64::from_le_bytes).unwrap_or_default();
                if old as f32 != *value {
                    bytes.copy_from_slice(&f64::from(*value).to_le_bytes());
                }
            }
            _ => bytes.copy_from_slice(&value.to_le_bytes()),
        }
    }
    Ok(())
}
