//! The counting kernel against PyTorch and against its oracle: counts must be equal, so every
//! threshold lies in a gap between the distances.

use std::collections::BTreeMap;

use burn::tensor::{DType, Device as BurnDevice, Int, Tensor, TensorData};
use serde::Deserialize;
use ugradsl::{
    device::Device,
    smoothing::{
        Distance, distance_quantile, neighbour_count, neighbour_count_reference, pair_distances,
    },
};

use crate::support::{Draw, all, golden, on_every_backend, same};

const DISTANCES: [Distance; 2] = [Distance::Euclidean, Distance::Cosine];

#[derive(Deserialize)]
struct Golden {
    cases: Vec<GoldenCase>,
}

#[derive(Deserialize)]
struct GoldenCase {
    name: String,
    f: usize,
    r: usize,
    d: usize,
    metric: Distance,
    forgotten: Vec<f32>,
    retained: Vec<f32>,
    beta: f32,
    counts: Vec<i64>,
    quantiles: BTreeMap<String, f64>,
}

/// Two sets of rows `[f, d]` and `[r, d]`.
struct Sets {
    f: usize,
    r: usize,
    d: usize,
    forgotten: Vec<f32>,
    retained: Vec<f32>,
}

impl Sets {
    /// Rows like features after a ReLU: about a third of the values is zero. The second retained
    /// row is the first forgotten one, the third is its double, and the last of each set is zero.
    fn draw(f: usize, r: usize, d: usize) -> Self {
        let mut draw = Draw::new((f * 1_000_000 + r * 1_000 + d) as u64);
        let mut rows = |n: usize| -> Vec<f32> {
            draw.uniform(n * d, -0.5, 1.0).iter().map(|x| x.max(0.0)).collect()
        };
        let (mut forgotten, mut retained) = (rows(f), rows(r));
        if f > 3 && r > 4 {
            retained[d..2 * d].copy_from_slice(&forgotten[..d]);
            for k in 0..d {
                retained[2 * d + k] = 2.0 * forgotten[k];
            }
            forgotten[(f - 1) * d..].fill(0.0);
            retained[(r - 1) * d..].fill(0.0);
        }
        Self { f, r, d, forgotten, retained }
    }

    fn forgotten(&self, device: &BurnDevice) -> Tensor<2> {
        matrix(&self.forgotten, [self.f, self.d], device)
    }

    fn retained(&self, device: &BurnDevice) -> Tensor<2> {
        matrix(&self.retained, [self.r, self.d], device)
    }

    /// A threshold in the widest gap near the given share of all distances, and the counts there
    /// according to the oracle in f64.
    fn oracle(&self, distance: Distance, share: f64) -> (f32, Vec<i64>) {
        let cpu = Device::cpu();
        let wide = |rows: Tensor<2>| rows.cast(DType::F64);
        let forgotten = wide(self.forgotten(cpu.burn()));
        let retained = wide(self.retained(cpu.burn()));
        let all = pair_distances(forgotten.clone(), retained.clone(), distance);
        let mut all: Vec<f64> = all.into_data().try_to_vec().unwrap();
        all.sort_by(f64::total_cmp);
        let middle = (share * (all.len() - 1) as f64) as usize;
        let gap = |i: &usize| all[i + 1] - all[*i];
        let widest = |reach: usize| {
            let near = middle.saturating_sub(reach)..(middle + reach).min(all.len() - 1);
            near.max_by(|a, b| gap(a).total_cmp(&gap(b))).filter(|at| gap(at) > 1e-4)
        };
        // Where many distances are the same the gap may be far away.
        let mut reaches = [all.len() / 50 + 4, all.len() / 4, all.len()].into_iter();
        let at = reaches.find_map(widest).expect("distances that differ");
        let beta = ((all[at] + all[at + 1]) / 2.0) as f32;
        (beta, ints(neighbour_count_reference(forgotten, retained, beta, distance)))
    }
}

fn matrix(values: &[f32], shape: [usize; 2], device: &BurnDevice) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn ints(tensor: Tensor<1, Int>) -> Vec<i64> {
    tensor.into_data().convert::<i64>().try_to_vec().unwrap()
}

#[test]
fn counts_are_those_of_pytorch() {
    let golden: Golden = golden!("neighbour_count");
    on_every_backend(|device, findings| {
        let device = device.burn();
        for case in &golden.cases {
            findings.case(&case.name, || {
                let forgotten = matrix(&case.forgotten, [case.f, case.d], device);
                let retained = matrix(&case.retained, [case.r, case.d], device);
                let found =
                    neighbour_count(forgotten.clone(), retained.clone(), case.beta, case.metric);
                let oracle = neighbour_count_reference(forgotten, retained, case.beta, case.metric);
                all([
                    same("counts", ints(found), case.counts.clone()),
                    same("counts of the oracle", ints(oracle), case.counts.clone()),
                ])
            });
        }
    });
}

#[test]
fn quantiles_are_those_of_pytorch() {
    let golden: Golden = golden!("neighbour_count");
    let mut wrong = Vec::new();
    for case in &golden.cases {
        for (q, &expected) in &case.quantiles {
            let q: f64 = q.parse().unwrap();
            let found = distance_quantile(&case.forgotten, &case.retained, case.d, case.metric, q);
            let near = |found: f32| (f64::from(found) - expected).abs() <= 1e-6 * expected + 1e-12;
            if !found.is_some_and(near) {
                wrong.push(format!("{}, q {q}: {found:?} instead of {expected}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn random_rows_agree_with_the_oracle() {
    // Sides on, below and above multiples of the kernel's tile of 16.
    let sizes = [
        (5, 9, 1),
        (15, 17, 15),
        (16, 16, 16),
        (17, 15, 17),
        (1, 100, 31),
        (100, 2, 33),
        (37, 53, 84),
        (64, 128, 128),
    ];
    let mut table = Vec::new();
    for (f, r, d) in sizes {
        for distance in DISTANCES {
            for share in [0.1, 0.5, 0.9] {
                table.push((Sets::draw(f, r, d), distance, share));
            }
        }
    }
    let expected: Vec<_> = table.iter().map(|(sets, d, share)| sets.oracle(*d, *share)).collect();
    on_every_backend(|device, findings| {
        let device = device.burn();
        for ((sets, distance, share), (beta, counts)) in table.iter().zip(&expected) {
            let Sets { f, r, d, .. } = sets;
            findings.case(format!("{f} x {r} x {d}, {distance:?}, share {share}"), || {
                let (forgotten, retained) = (sets.forgotten(device), sets.retained(device));
                let args = (forgotten.clone(), retained.clone());
                let oracle = neighbour_count_reference(args.0, args.1, *beta, *distance);
                let found = neighbour_count(forgotten, retained, *beta, *distance);
                all([
                    same("shape", found.dims(), [*f]),
                    same("counts", ints(found), counts.clone()),
                    same("counts of the oracle", ints(oracle), counts.clone()),
                ])
            });
        }
    });
}

#[test]
fn rows_may_be_views_of_one_tensor() {
    let sets = Sets::draw(32, 64, 64);
    let (f, r, d) = (sets.f, sets.r, sets.d);
    let oracle = DISTANCES.map(|distance| sets.oracle(distance, 0.3));
    let itself =
        Sets { retained: sets.forgotten.clone(), forgotten: sets.forgotten.clone(), r: f, ..sets };
    let itself_oracle = DISTANCES.map(|distance| itself.oracle(distance, 0.3));
    on_every_backend(|device, findings| {
        let device = device.burn();
        for (i, distance) in DISTANCES.into_iter().enumerate() {
            let (beta, counts) = &itself_oracle[i];
            findings.case(format!("the same tensor twice, {distance:?}"), || {
                let rows = itself.forgotten(device);
                let found = neighbour_count(rows.clone(), rows, *beta, distance);
                same("counts", ints(found), counts.clone())
            });
            let (beta, counts) = &oracle[i];
            let retained = matrix(&sets.retained, [r, d], device);
            let forgotten = itself.forgotten(device);
            findings.case(format!("halves of one tensor, {distance:?}"), || {
                let both = Tensor::cat(vec![forgotten.clone(), retained.clone()], 0);
                let (a, b) = (both.clone().slice([0..f, 0..d]), both.slice([f..f + r, 0..d]));
                same("counts", ints(neighbour_count(a, b, *beta, distance)), counts.clone())
            });
            findings.case(format!("transposed, {distance:?}"), || {
                // Laid out column by column, seen row by row.
                let columns = |rows: Tensor<2>| {
                    let [n, d] = rows.dims();
                    let flat = rows.transpose().reshape([n * d]);
                    flat.reshape([d, n]).transpose()
                };
                let (a, b) = (columns(forgotten.clone()), columns(retained.clone()));
                same("counts", ints(neighbour_count(a, b, *beta, distance)), counts.clone())
            });
        }
    });
}

#[test]
fn edges() {
    on_every_backend(|device, findings| {
        let device = device.burn();
        for distance in DISTANCES {
            for (f, r, d) in [(0, 5, 3), (5, 0, 3), (0, 0, 3), (4, 4, 0)] {
                findings.case(format!("{f} x {r} x {d}, {distance:?}"), || {
                    let rows = |n| Tensor::<2>::zeros([n, d], device);
                    let found = neighbour_count(rows(f), rows(r), 0.5, distance);
                    all([same("shape", found.dims(), [f]), same("counts", ints(found), vec![0; f])])
                });
            }
            let ones = || Tensor::<2>::ones([3, 5], device);
            for (beta, expected) in [(1e9, 3), (-1.0, 0), (f32::INFINITY, 3)] {
                findings.case(format!("beta {beta}, {distance:?}"), || {
                    let found = neighbour_count(ones(), ones(), beta, distance);
                    same("counts", ints(found), vec![expected; 3])
                });
            }
        }
        findings.case("beta is a strict bound", || {
            // At distances 0 and 5 exactly.
            let row = |values| matrix(values, [1, 2], device);
            let count = |beta| {
                let others = Tensor::cat(vec![row(&[0.0, 0.0]), row(&[3.0, 4.0])], 0);
                ints(neighbour_count(row(&[0.0, 0.0]), others, beta, Distance::Euclidean))
            };
            all([
                same("beta 0", count(0.0), vec![0]),
                same("beta 5", count(5.0), vec![1]),
                same("beta 5.001", count(5.001), vec![2]),
            ])
        });
        findings.case("tensors on an autodiff device", || {
            let rows = |n| Tensor::<2>::ones([n, 3], &device.clone().autodiff()).require_grad();
            let found = neighbour_count(rows(2), rows(4), 0.5, Distance::Euclidean);
            same("counts", ints(found), vec![4; 2])
        });
    });
}

/// Each tile of 16 retained rows is a workgroup, and an axis of a dispatch holds 65,535 of them.
#[test]
fn more_workgroups_than_an_axis_holds() {
    on_every_backend(|device, findings| {
        for distance in DISTANCES {
            let many = 16 * 65_535 + 40;
            findings.case(format!("2 x {many} x 1, {distance:?}"), || {
                let rows = |n| Tensor::<2>::ones([n, 1], device.burn());
                let found = neighbour_count(rows(2), rows(many), 0.5, distance);
                same("counts", ints(found), vec![many as i64; 2])
            });
        }
    });
}
