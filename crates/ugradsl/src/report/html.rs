//! Placeholder.
/// x
#[derive(Debug)]
pub enum HtmlError {}
