//! One process of cargo, as a value.

use std::fmt;

/// Arguments of one cargo process. Displays as a line that can be pasted into a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CargoCall {
    /// What follows `cargo`.
    pub(crate) args: Vec<String>,
    /// Set for this process only.
    pub(crate) env: Option<(&'static str, &'static str)>,
}

impl CargoCall {
    /// `cargo` with these arguments.
    pub(crate) fn new<const N: usize>(args: [&str; N]) -> Self {
        Self { args: args.map(str::to_owned).into(), env: None }
    }

    /// The documentation of the libraries; that of the binary `ugradsl` would be written over that
    /// of the library of the same name.
    pub(crate) fn docs() -> Self {
        let call = Self::new(["doc", "--workspace", "--lib", "--no-deps", "--locked"]);
        Self { env: Some(("RUSTDOCFLAGS", "-D warnings")), ..call }
    }

    /// The same with further arguments.
    pub(crate) fn with(mut self, args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }
}

impl fmt::Display for CargoCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, value)) = self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str("cargo")?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        assert_eq!(
            CargoCall::docs().with(["--open"]).to_string(),
            r#"RUSTDOCFLAGS="-D warnings" cargo doc --workspace --lib --no-deps --locked --open"#
        );
    }
}
