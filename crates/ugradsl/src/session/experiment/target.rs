//! The accuracy on the forget set that forgetting aims at: neither more nor less is right.

use crate::{
    data::{ResidentSet, Split},
    evaluate::{EvaluateError, predict},
    models::Classifier,
};

/// Accuracy (0..1) that a network which never saw the forget set can be expected to have on it: the
/// `original`'s on test samples, class by class, and none for classes that are forgotten entirely.
///
/// # Errors
///
/// If the network's outputs cannot be read or are not finite.
pub async fn held_out_target<M: Classifier>(
    original: &M,
    train: &ResidentSet,
    test: &ResidentSet,
    split: &Split,
) -> Result<f64, EvaluateError> {
    let on_test = predict(original, test, &test.all_rows()).await?;
    let forgotten = train.host_labels(&split.forget);
    let classes = on_test.classes();
    let (mut hits, mut rows) = (vec![0.0; classes], vec![0.0; classes]);
    for (row, &label) in on_test.labels().iter().enumerate() {
        rows[label as usize] += 1.0;
        hits[label as usize] += f64::from(u8::from(on_test.predicted(row) == label));
    }
    let overall = hits.iter().sum::<f64>() / rows.iter().sum::<f64>().max(1.0);
    let expected = |label: u32| match rows[label as usize] {
        _ if split.left_out.contains(&label) => 0.0,
        0.0 => overall,
        n => hits[label as usize] / n,
    };
    let sum = forgotten.iter().map(|&label| expected(label)).sum::<f64>();
    Ok(sum / forgotten.len().max(1) as f64)
}
