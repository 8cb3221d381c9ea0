//! Weights of which nobody has said what network they belong to.

use std::{collections::BTreeMap, fmt};

use super::Weights;

/// Tensors' shapes by name.
pub(super) type Shapes = BTreeMap<String, Vec<usize>>;

/// How many tensors are named of a network that is not known.
const NAMED: usize = 5;

impl Weights {
    /// What the tensors look like: how many they are, what kinds of layers they belong to, and the
    /// first of them.
    ///
    /// ```
    /// use pollster::block_on;
    /// use ugradsl::data;
    /// use ugradsl::device::Device;
    /// use ugradsl::models::import::Weights;
    /// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// let spec = ModelSpec::fitting(Architecture::LeNet, &digits)?;
    /// let state = block_on(read_state(&spec.init(0, &Device::cpu())?))?;
    /// let weights = Weights::from_safetensors(&ModelFile::new(spec.clone(), 0, state).to_bytes()?)?;
    ///
    /// assert!(weights.looks().starts_with("10 tensors of 61706 numbers, from a convolutional network"));
    /// assert_eq!(weights.architectures(&spec), [Architecture::LeNet]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn looks(&self) -> String {
        Looks(&self.all_shapes()).to_string()
    }

    pub(super) fn all_shapes(&self) -> Shapes {
        self.shapes().map(|(name, shape)| (name.to_owned(), shape)).collect()
    }
}

struct Looks<'a>(&'a Shapes);

impl Looks<'_> {
    fn any(&self, is: impl Fn(&str, &[usize]) -> bool) -> bool {
        self.0.iter().any(|(name, shape)| is(name, shape))
    }

    fn kind(&self) -> &'static str {
        let named =
            |parts: &[&str]| self.any(|name, _| parts.iter().any(|part| name.contains(part)));
        match () {
            () if named(&["weight_ih_l0"]) => "a recurrent network",
            () if named(&["attn", "attention", "in_proj_weight", "q_lin", "q_proj"]) => {
                "a transformer"
            }
            () if self.any(|_, shape| shape.len() == 4) => "a convolutional network",
            () if self.any(|_, shape| shape.len() == 3) => {
                "a network with convolutions along a line"
            }
            () => "a network of linear layers",
        }
    }
}

impl fmt::Display for Looks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: usize = self.0.values().map(|shape| shape.iter().product::<usize>()).sum();
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} tensor{plural} of {numbers} numbers, from {}", self.0.len(), self.kind())?;
        if self.any(|name, _| name.ends_with("running_mean")) {
            f.write_str(" with BatchNorm")?;
        }
        f.write_str(": ")?;
        let mut weights: Vec<_> = self.0.iter().filter(|(_, shape)| shape.len() > 1).collect();
        if weights.is_empty() {
            weights = self.0.iter().collect();
        }
        weights.sort_by_cached_key(|(name, _)| by_number(name));
        let named = weights.iter().take(NAMED).map(|(name, shape)| format!("{name} {shape:?}"));
        f.write_str(&named.collect::<Vec<_>>().join(", "))?;
        if weights.len() > NAMED {
            write!(f, " and {} more", weights.len() - NAMED)?;
        }
        Ok(())
    }
}

/// Puts layer 10 after layer 9.
fn by_number(name: &str) -> Vec<(u64, String)> {
    name.split('.').map(|part| (part.parse().unwrap_or(u64::MAX), part.to_owned())).collect()
}
