//! Every method and every network has a row in its guide.

use crate::{models::Architecture, unlearn::Method};

#[test]
fn every_baseline_has_a_row() {
    let guide = include_str!("../docs/method.md");
    let ours = [Method::UGradSl, Method::UGradSlPlus];
    for method in Method::ALL.into_iter().filter(|method| method.unlearns()) {
        let row = guide.lines().any(|line| line.starts_with(&format!("| `{method}` |")));
        assert!(row || ours.contains(&method), "docs/method.md has no row for {method}");
    }
}

#[test]
fn every_network_has_a_row() {
    let guide = include_str!("../docs/models.md");
    for network in Architecture::ALL {
        let name = format!("`{network}`");
        let first = |line: &str| line.split('|').nth(1).is_some_and(|cell| cell.contains(&name));
        assert!(guide.lines().any(first), "docs/models.md has no row for {network}");
    }
}
