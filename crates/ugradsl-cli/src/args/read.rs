//! Arguments that say how data are read, where the data themselves leave it open.

use clap::Args;

/// How data are read; each is for some kinds of data.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "How data are read")]
pub(crate) struct ReadArgs {
    /// Share of the rows to test on, if there is no test part, e.g. 20%.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) test_share: Option<f64>,
    /// A table's column of labels; without headings first, last or a number from 0.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,
    /// A table's column that names the rows.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// A table's column that says whom a row belongs to.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group: Option<String>,
    /// A column of a table that is not learnt from. Repeatable.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) ignore: Vec<String>,
    /// A column of a table that is learnt from although it looks like an id, a person, a time or a
    /// weight. Repeatable.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) feature: Vec<String>,
    /// A table's column of texts to learn from.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) text: Option<String>,
    /// Whether numbers are pixels or features, where both could be.
    #[arg(long, value_name = "KIND", value_parser = ["pixels", "features"])]
    pub(crate) values: Option<String>,
    /// What to do with missing values of a table: put the mean, or drop the rows.
    #[arg(long, value_name = "WHAT", value_parser = ["mean", "drop"])]
    pub(crate) missing: Option<String>,
    /// Where the channels of arrays are: before height and width, or after.
    #[arg(long, value_name = "LAYOUT", value_parser = ["chw", "hwc"])]
    pub(crate) layout: Option<String>,
    /// Make the short side of pictures N pixels long, and cut the centre out as a square.
    #[arg(long, value_name = "N")]
    pub(crate) resize: Option<u32>,
    /// Make all pictures grey, or all coloured.
    #[arg(long, value_name = "CHANNELS", value_parser = ["grey", "rgb"])]
    pub(crate) channels: Option<String>,
    /// Colour behind transparent pixels: white, black or one such as #ff8000.
    #[arg(long, value_name = "COLOUR")]
    pub(crate) background: Option<String>,
    /// Cut texts by the tokenizer of a network from elsewhere, its tokenizer.json, instead of one
    /// trained on them.
    #[arg(long, value_name = "FILE")]
    pub(crate) tokenizer: Option<String>,
    /// Leave damaged pictures and texts out, and say which.
    #[arg(long)]
    pub(crate) skip_damaged: bool,
}

/// `20%` or `0.2`.
fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().map(|value: f64| value / 100.0),
        None => text.trim().parse(),
    };
    let number = number.ok().filter(|share| *share > 0.0 && *share < 1.0);
    number.ok_or_else(|| "write a share between 0 and 1, such as 20% or 0.2".to_owned())
}
