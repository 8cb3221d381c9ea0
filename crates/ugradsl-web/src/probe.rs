//! Asking a network about any image: its answer, what its layers make of it, and how they are
//! connected.

use js_sys::Float32Array;
use serde::Serialize;
use ugradsl::{
    data::{ImageSet, ResidentSet, Samples},
    evaluate::{LayerOutputs, layers, predict},
    models::read_state,
};
use wasm_bindgen::prelude::*;

use crate::{
    Lab,
    convert::{error, to_js},
    inspect::values,
};

/// What a network makes of one image.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct Activations {
    /// Probability of each class, 0..1.
    #[cfg_attr(test, ts(type = "Float32Array"))]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    probabilities: Float32Array,
    /// From the first to the features.
    layers: Vec<Layer>,
}

/// The outputs of a layer for one image.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct Layer {
    /// The layer whose weights made them, as in the names of the network's tensors.
    name: String,
    /// Maps (or units), height, width.
    shape: [usize; 3],
    /// Row-major.
    #[cfg_attr(test, ts(type = "Float32Array"))]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    values: Float32Array,
}

/// How strongly the maps or units of two layers are connected.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct Links {
    /// The layer that the connections lead to, as in the names of the network's tensors.
    name: String,
    outputs: usize,
    inputs: usize,
    /// `[outputs, inputs]`, row-major: the weights themselves, or of a convolution the norms of
    /// its kernels.
    #[cfg_attr(test, ts(type = "Float32Array"))]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    strengths: Float32Array,
}

#[wasm_bindgen]
impl Lab {
    /// Class probabilities of any images, `[n, channels, height, width]` bytes: `[n, classes]`.
    /// `model`: of a run, a snapshot or an import, or `live` for the network in training.
    ///
    /// # Errors
    ///
    /// If there is no such network, or the images do not have the shape of the data.
    pub async fn predict(&mut self, model: &str, pixels: Vec<u8>) -> Result<Vec<f32>, JsError> {
        let network = self.network(model)?;
        let set = self.probe(pixels)?;
        Ok(values(&predict(&network, &set, &set.all_rows()).await.map_err(error)?))
    }

    /// What a network makes of one image.
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict).
    pub async fn activations(&mut self, model: &str, pixels: Vec<u8>) -> Result<JsValue, JsError> {
        let network = self.network(model)?;
        let set = self.probe(pixels)?;
        let answer = predict(&network, &set, &[0]).await.map_err(error)?;
        let layers = layers(&network, &set, 0).await.map_err(error)?;
        let layers = layers.into_iter().map(Layer::from).collect();
        let probabilities = numbers(&values(&answer));
        to_js(&Activations { probabilities, layers })
    }

    /// The connections between the layers that [`activations`](Self::activations) shows: of
    /// convolutions from maps to maps, and from the features to the classes.
    ///
    /// # Errors
    ///
    /// If there is no such network, or the device fails.
    pub async fn links(&mut self, model: &str) -> Result<JsValue, JsError> {
        let network = self.network(model)?;
        let classes = self.experiment()?.dataset().classes;
        let state = read_state(&network).await.map_err(error)?;
        let mut links = Vec::new();
        for (tensor, data) in &state {
            let Some(name) = tensor.strip_suffix(".weight") else { continue };
            let weights = data.as_slice::<f32>().map_err(|fault| error(format!("{fault:?}")))?;
            let (outputs, inputs, kernel) = match data.shape().to_vec()[..] {
                [outputs, inputs, height, width] if inputs > 1 => (outputs, inputs, height * width),
                [outputs, inputs] if outputs == classes => (outputs, inputs, 1),
                _ => continue,
            };
            let strengths: Vec<f32> = weights.chunks(kernel).map(strength).collect();
            let strengths = numbers(&strengths);
            links.push(Links { name: name.to_owned(), outputs, inputs, strengths });
        }
        to_js(&links)
    }

    /// Labels of the test set.
    ///
    /// # Errors
    ///
    /// If there is no experiment.
    pub fn test_labels(&self) -> Result<Vec<u32>, JsError> {
        Ok(self.experiment()?.dataset().test.labels().to_vec())
    }

    /// Pixels of test images, one after the other.
    ///
    /// # Errors
    ///
    /// If a row is not there.
    pub fn test_pixels(&self, rows: &[u32]) -> Result<Vec<u8>, JsError> {
        let images = self.experiment()?.dataset().test.images();
        let images = images.ok_or_else(|| error("the data are not images"))?;
        Ok(images.select(rows).map_err(error)?.pixels().to_vec())
    }

    fn probe(&self, pixels: Vec<u8>) -> Result<ResidentSet, JsError> {
        let data = self.experiment()?.dataset();
        let shape = data.test.shape();
        let count = pixels.len() / shape.iter().product::<usize>().max(1);
        let images = ImageSet::new(shape, pixels, vec![0; count]).map_err(error)?;
        ResidentSet::try_new(&Samples::from(images), &data.normalisation, &self.device)
            .map_err(error)
    }
}

impl From<LayerOutputs> for Layer {
    fn from(outputs: LayerOutputs) -> Self {
        let values = numbers(&outputs.values);
        Self { name: outputs.name.to_owned(), shape: outputs.shape, values }
    }
}

/// Many numbers at once: value by value they would take as long as a step of training.
fn numbers(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

/// A weight itself; of a kernel, its norm.
fn strength(kernel: &[f32]) -> f32 {
    match kernel {
        [weight] => *weight,
        _ => kernel.iter().map(|weight| weight * weight).sum::<f32>().sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::strength;

    #[test]
    fn a_weight_keeps_its_sign_and_a_kernel_has_a_norm() {
        assert!((strength(&[-0.5]) + 0.5).abs() < f32::EPSILON);
        assert!((strength(&[3.0, 0.0, -4.0, 0.0]) - 5.0).abs() < f32::EPSILON);
    }
}
