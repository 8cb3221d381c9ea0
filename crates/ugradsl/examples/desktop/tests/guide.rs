//! The guide on embedding shows parts of this example: they must be what the example really does.

const GUIDE: &str = include_str!("../../../docs/embedding.md");
const COMPUTE: &str = include_str!("../src/compute.rs");

/// Rust of the guide that is not compiled there, because it needs eframe.
fn snippets() -> Vec<&'static str> {
    let fenced = GUIDE.split("```rust,ignore\n").skip(1);
    fenced.filter_map(|rest| rest.split_once("```").map(|(snippet, _)| snippet)).collect()
}

#[test]
fn snippets_of_the_guide_are_taken_from_the_example() {
    let snippets = snippets();
    assert_eq!(snippets.len(), 2, "the guide shows how the device is opened, and how it is shared");
    for snippet in snippets {
        // A Windows checkout may have other ends of lines in one of the files.
        let [snippet, compute] = [snippet, COMPUTE].map(|text| text.replace('\r', ""));
        assert!(compute.contains(&snippet), "compute.rs does not have this any more:\n{snippet}");
    }
}
