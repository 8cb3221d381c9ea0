//! Placeholder.
use super::Report;
impl Report {
    /// json
    /// # Errors
    /// x
    pub fn to_json(&self) -> Result<String, serde_json::Error> { serde_json::to_string_pretty(self) }
    /// md
    pub fn to_markdown(&self) -> String { String::new() }
    /// html
    /// # Errors
    /// x
    pub fn to_html(&self) -> Result<String, super::HtmlError> { Ok(String::new()) }
}
