//! The types of the npm package and what the page says of measures, written by the types of Rust. A
//! drift between the two fails a test, and `UGRADSL_RENEW=1 cargo test --workspace up_to_date`
//! writes the files anew.

use std::{env, fs, path::Path};

use ts_rs::{Config, TS};
use ugradsl::{
    audit::{HiddenMemory, MemoryFinding, RelearnTime},
    device::DeviceInfo,
    evaluate::{Measure, Measures},
    experiment::{HistoryPoint, RunRecord},
    run::{Alarm, Basis, Change, Event, Finding, Remark, StoppedBy, Verdict},
    self_test::Check,
    smoothing::RateHistogram,
};

use crate::{
    inspect::{Relearned, Snapshot},
    lab::{About, DataInfo},
    probe::{Activations, Layer, Links},
};

const FILE: &str = "../../web/package/src/generated.ts";
const HEAD: &str = "/** What the library answers, field for field. Written by `crates/ugradsl-web/src/typescript.rs`. */\n";

const MEASURES_FILE: &str = "../../web/src/measures.ts";
const MEASURES_HEAD: &str =
    "/** Measures in words. Written by `crates/ugradsl-web/src/typescript.rs`. */\n\n";

/// One declaration with its documentation.
fn declaration<T: TS>(config: &Config) -> String {
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config))
}

fn text() -> String {
    // Seeds, steps and bytes are numbers in JSON, too.
    let config = Config::new().with_large_int("number");
    let declarations = [
        declaration::<DeviceInfo>(&config),
        declaration::<Check>(&config),
        declaration::<DataInfo<'static>>(&config),
        declaration::<About<'static>>(&config),
        declaration::<Measures>(&config),
        declaration::<StoppedBy>(&config),
        declaration::<Alarm>(&config),
        declaration::<Verdict>(&config),
        declaration::<Basis>(&config),
        declaration::<Change>(&config),
        declaration::<Finding>(&config),
        declaration::<Remark>(&config),
        declaration::<RateHistogram>(&config),
        declaration::<Event>(&config),
        declaration::<HistoryPoint>(&config),
        declaration::<RunRecord>(&config),
        declaration::<Snapshot>(&config),
        declaration::<RelearnTime>(&config),
        declaration::<HiddenMemory>(&config),
        declaration::<MemoryFinding>(&config),
        declaration::<Relearned>(&config),
        declaration::<Layer>(&config),
        declaration::<Activations>(&config),
        declaration::<Links>(&config),
    ];
    HEAD.to_owned() + &declarations.concat()
}

/// What the page says of measures.
fn measures() -> String {
    let entry = |measure: Measure| {
        let about = measure.explanation();
        format!("  {:?}: {{\n    plain: {:?},\n  }},\n", about.name, about.plain)
    };
    let entries: String = Measure::ALL.into_iter().map(entry).collect();
    format!("{MEASURES_HEAD}export const measures = {{\n{entries}}} as const;\n")
}

#[test]
fn the_types_of_the_npm_package_are_up_to_date() {
    compare(FILE, &text());
}

#[test]
fn what_the_page_says_of_measures_is_up_to_date() {
    compare(MEASURES_FILE, &measures());
}

fn compare(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let written = fs::read_to_string(&path).unwrap_or_default();
    if env::var_os("UGRADSL_RENEW").is_some() {
        fs::write(&path, wanted).expect("the file can be written");
    } else {
        let how = "UGRADSL_RENEW=1 cargo test --workspace up_to_date";
        assert!(
            written == wanted,
            "{file} has drifted from the library; to write it anew:\n    {how}"
        );
    }
}
