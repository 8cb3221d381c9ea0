//! Placeholder.
/// x
#[derive(Debug, thiserror::Error)]
pub enum HtmlError {}
