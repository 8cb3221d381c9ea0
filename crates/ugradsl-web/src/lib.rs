//! ugradsl in a browser: the same experiments, behind a class that JavaScript can hold.
//!
//! Nothing is computed here that the library does not compute: this crate keeps a [`Lab`], turns
//! its answers into JavaScript values, and projects features for a picture. It runs in a dedicated
//! Worker, since training would block a page; `web/package/src/worker.ts` is that Worker.

#![recursion_limit = "256"]

mod convert;
mod inspect;
mod lab;
mod pca;
mod probe;
#[cfg(test)]
mod typescript;

pub use lab::Lab;

/// Makes a panic say in the console where it happened; the trap that follows says nothing.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
