//! Batches that the device unpacks and normalises against the same arithmetic on the host.

use std::io::Write;

use ugradsl::data::{ImageSet, Normalisation, ResidentSet, RowKind, TextSet, Tokenizer};

use crate::support::{Draw, all, compare, on_every_backend, same};

#[test]
fn gathered_batches_are_normalised_images() {
    // Pixel counts on and off multiples of 4, the pixels of a word.
    let shapes = [[1, 1, 1], [1, 1, 2], [2, 3, 1], [1, 3, 3], [3, 5, 5], [3, 1, 1], [1, 28, 28]];
    on_every_backend(|device, findings| {
        for shape in shapes {
            let values = shape.iter().product::<usize>();
            let mut draw = Draw::new(values as u64);
            let n = 301;
            let mut pixels: Vec<u8> =
                draw.below(n * values, 256).into_iter().map(|pixel| pixel as u8).collect();
            // A word of 255s is -1 as an integer: the sign must not leak into the pixels.
            pixels[..values].fill(255);
            let labels: Vec<u32> =
                draw.below(n, 10).into_iter().map(|label| label as u32).collect();
            let channels = 0..shape[0];
            let normalisation = Normalisation {
                mean: channels.clone().map(|c| 0.1 + 0.3 * c as f32).collect(),
                std: channels.map(|c| 0.35 - 0.1 * c as f32).collect(),
            };
            let set = ImageSet::new(shape, pixels, labels).unwrap();
            let batches: [(&str, Vec<u32>); 4] = [
                ("all rows", (0..n as u32).collect()),
                ("backwards", (0..n as u32).rev().step_by(3).collect()),
                ("one row", vec![0]),
                ("one row again and again", vec![300, 0, 300, 300, 7]),
            ];
            let resident = ResidentSet::new(&set.clone().into(), &normalisation, device);
            for (name, rows) in batches {
                findings.case(format!("{shape:?}, {name}"), || {
                    let (images, labels) = resident.gather(&rows);
                    let dims = images.dims();
                    let found: Vec<f32> = images.into_data().try_to_vec().unwrap();
                    let area = shape[1] * shape[2];
                    let expected: Vec<f64> = rows
                        .iter()
                        .flat_map(|&row| set.row(row as usize).iter().enumerate())
                        .map(|(i, &pixel)| {
                            let (mean, std) =
                                (normalisation.mean[i / area], normalisation.std[i / area]);
                            (f64::from(pixel) / 255.0 - f64::from(mean)) / f64::from(std)
                        })
                        .collect();
                    let labels: Vec<i64> =
                        labels.into_data().convert::<i64>().try_to_vec().unwrap();
                    let on_host = resident.host_labels(&rows);
                    let wanted: Vec<u32> =
                        rows.iter().map(|&row| set.labels()[row as usize]).collect();
                    let wide = wanted.iter().map(|&label| i64::from(label)).collect();
                    all([
                        same("shape", dims, [rows.len(), shape[0], shape[1], shape[2]]),
                        compare("pixels", &found, &expected, |i| 1e-6 * expected[i].abs().max(1.0)),
                        same("labels", labels, wide),
                        same("labels on the host", on_host, wanted),
                    ])
                });
            }
        }
    });
}

#[test]
fn gathered_texts_are_their_tokens() {
    let words: Vec<String> = (0..70_000_u32).map(|i| format!("{i:x}")).collect();
    let tokenizer = Tokenizer::train(&words, 1 << 16).unwrap();
    let most = tokenizer.vocabulary() - 1;
    on_every_backend(|device, findings| {
        for length in [1, 3, 128] {
            findings.case(format!("{length} tokens, up to {most}"), || {
                let n = 50;
                let mut draw = Draw::new(length as u64);
                let mut tokens: Vec<u32> =
                    draw.below(n * length, most).into_iter().map(|token| token as u32).collect();
                tokens[0] = most as u32;
                let set = TextSet::new(length, tokens, vec![0; n], tokenizer.clone()).unwrap();
                let rows = [0, 49, 0, 7];
                let expected: Vec<f32> = rows
                    .iter()
                    .flat_map(|&row| &set.tokens()[row as usize * length..][..length])
                    .map(|&token| token as f32)
                    .collect();
                let resident = ResidentSet::new(&set.into(), &Normalisation::identity(1), device);
                let (texts, _) = resident.gather(&rows);
                let dims = texts.dims();
                let found: Vec<f32> = texts.into_data().try_to_vec().unwrap();
                all([
                    same("shape", dims, [4, 1, 1, length]),
                    same("tokens", found, expected),
                    same("texts", resident.kind(), RowKind::Texts),
                ])
            });
        }
    });
}

/// What the least of WebGPU's devices lends to a buffer, and twice that: with more the test would
/// take more memory than it is worth.
const MODEST: u64 = 1 << 28;

#[test]
fn rows_beyond_one_buffer_are_gathered_in_order() {
    on_every_backend(|device, findings| {
        let limit = device.info().largest_tensor().filter(|limit| *limit <= MODEST);
        let Some(limit) = limit else {
            let device = device.info();
            let _ =
                writeln!(std::io::stderr(), "skipped: {device} lends a buffer more than {MODEST}");
            return;
        };
        let (shape, size) = ([3, 32, 32], 3072);
        let fit = (limit / size as u64) as usize;
        let n = fit + 10;
        findings.case(format!("{n} images where {fit} fit"), || {
            let pixels = (0..n * size).map(|at| (at / size * 31 + at % size * 7) as u8).collect();
            let set = ImageSet::new(shape, pixels, vec![0; n]).unwrap();
            let rows = [n - 1, 0, fit, fit - 1, fit, 17, n - 1].map(|row| row as u32);
            let expected: Vec<f64> = rows
                .iter()
                .flat_map(|&row| set.row(row as usize))
                .map(|&pixel| f64::from(pixel) / 255.0)
                .collect();
            let samples = set.into();
            let resident =
                ResidentSet::try_new(&samples, &Normalisation::identity(3), device).unwrap();
            let found: Vec<f32> = resident.gather(&rows).0.into_data().try_to_vec().unwrap();
            all([
                same("pieces", ResidentSet::pieces(&samples, device), 2),
                compare("pixels", &found, &expected, |_| 1e-6),
            ])
        });
    });
}
