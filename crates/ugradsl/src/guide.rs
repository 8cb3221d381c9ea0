//! Guides: the mathematics, and instructions that are longer than the documentation of one item.
//!
//! | guide | says |
//! |---|---|
//! | [`method`] | the loss, the guards, the baselines and the measures, with their formulas and sources |
//! | [`embedding`] | how a desktop or a web application uses the library |
//! | [`data`] | which data sets and files are read, and how to say what to forget |
//! | [`models`] | the built-in networks, and weights from elsewhere |

#[doc = include_str!("../docs/method.md")]
pub mod method {}

#[doc = include_str!("../docs/embedding.md")]
pub mod embedding {}

#[doc = include_str!("../docs/data.md")]
pub mod data {}

#[doc = include_str!("../docs/models.md")]
pub mod models {}
