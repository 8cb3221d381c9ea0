//! Values and errors on their way to JavaScript.

use std::fmt::Display;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsError, JsValue};

/// As JSON would have it: objects, arrays, `null` for what is absent.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    value.serialize(&Serializer::json_compatible()).map_err(error)
}

/// An `Error` with the library's sentence as its message.
#[allow(clippy::needless_pass_by_value)] // the shape that `map_err` wants
pub(crate) fn error(error: impl Display) -> JsError {
    JsError::new(&error.to_string())
}
