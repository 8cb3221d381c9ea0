use libsvm_rs::{KernelType, SvmNode, SvmParameterBuilder, SvmProblem, SvmType};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::unique_points::PerSide;
use super::*;
use ugradsl_kernels::exp_minus;

/// LIBSVM's predictions.
fn libsvm(width: usize, non_members: &[f32], members: &[f32], queries: &[f32]) -> Vec<Side> {
    let nodes = |rows: &[f32]| -> Vec<Vec<SvmNode>> {
        let node = |(k, x): (usize, &f32)| SvmNode { index: k as i32 + 1, value: f64::from(*x) };
        let rows = rows.chunks_exact(width);
        rows.map(|row| row.iter().enumerate().map(node).collect()).collect()
    };
    let mut problem =
        SvmProblem { instances: nodes(non_members), labels: vec![0.0; non_members.len() / width] };
    problem.instances.extend(nodes(members));
    problem.labels.resize(problem.instances.len(), 1.0);
    let mut parameters = SvmParameterBuilder::new()
        .svm_type(SvmType::CSvc)
        .kernel_type(KernelType::Rbf)
        .c(PENALTY)
        .gamma(1.0 / width as f64)
        .eps(TOLERANCE)
        .build()
        .unwrap();
    let [outside, inside] = [non_members.len(), members.len()].map(|values| values as f64);
    parameters.weight = vec![(0, (inside / outside).min(1.0)), (1, (outside / inside).min(1.0))];
    libsvm_rs::set_quiet(true);
    let model = libsvm_rs::train::svm_train(&problem, &parameters);
    let side = |row: &Vec<SvmNode>| match libsvm_rs::predict::predict(&model, row) {
        0.0 => Side::NonMember,
        _ => Side::Member,
    };
    nodes(queries).iter().map(side).collect()
}

/// `n` values of a bell-shaped distribution around `center`.
fn bell(rng: &mut ChaCha8Rng, n: usize, center: f64, width: f64) -> Vec<f64> {
    let mut one = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
    (0..n).map(|_| center + width * one()).collect()
}

fn mapped(values: Vec<f64>, f: impl Fn(f64) -> f64) -> Vec<f32> {
    values.into_iter().map(|x| f(x) as f32).collect()
}

#[test]
fn agrees_with_libsvm() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let confidence = |z: f64| 1.0 / (1.0 + (-z).exp());
    let mut wrong = Vec::new();
    let mut check = |name: &str, width: usize, sets: [Vec<f32>; 3]| {
        let [outside, inside, asked] = sets;
        let ours = Svm::train(width, &outside, &inside).predict(&asked);
        let theirs = libsvm(width, &outside, &inside, &asked);
        let differ = ours.iter().zip(&theirs).filter(|(a, b)| a != b).count();
        let share = |sides: &[Side]| sides.iter().filter(|s| **s == Side::NonMember).count();
        if differ * 200 > asked.len() {
            wrong.push(format!(
                "{name}: {differ} of {} differ ({} and {} non-members)",
                asked.len(),
                share(&ours),
                share(&theirs)
            ));
        }
    };
    for (name, [outside, inside, asked], width) in [
        ("overlapping", [8.0, 11.0, 5.0], 4.0),
        ("over-confident", [13.0, 16.0, 16.0], 4.0),
        ("separable", [-8.0, 8.0, 1.0], 1.0),
        ("alike", [6.0, 6.0, 6.0], 4.0),
    ] {
        let sets = [(outside, 1000), (inside, 1000), (asked, 500)];
        let sets = sets.map(|(center, n)| mapped(bell(&mut rng, n, center, width), confidence));
        check(name, 1, sets);
    }
    // Everything within 1e-5 of 1.
    let sets = [(3e-6, 800), (2e-6, 800), (2.5e-6, 400)];
    let sets = sets.map(|(c, n)| mapped(bell(&mut rng, n, c, 1e-6), |x| 1.0 - x));
    check("concentrated", 1, sets);
    // More points than the grid keeps apart, entropies from 0 to 6.
    let sets = [(3.0, 1000), (2.5, 1000), (3.0, 500)];
    let sets = sets.map(|(c, n)| mapped(bell(&mut rng, n, c, 1.0), f64::abs));
    check("wide", 1, sets);
    let sets = [(30.0, 700), (25.0, 700), (30.0, 300)];
    let sets = sets.map(|(c, n)| mapped(bell(&mut rng, n, c, 12.0), f64::abs));
    check("very wide", 1, sets);
    for width in [2, 10] {
        let sets = [(0.4, 800), (0.6, 800), (0.5, 400)];
        let sets = sets.map(|(c, n)| mapped(bell(&mut rng, n * width, c, 0.3), |x| x));
        check(&format!("vectors of {width}"), width, sets);
    }
    check("unequal sides", 1, [vec![0.1, 0.4, 0.2], vec![0.9], vec![0.0, 0.3, 0.5, 0.8, 2.0]]);
    let sets = [(8.0, 500), (11.0, 2000), (5.0, 500)];
    let sets = sets.map(|(c, n)| mapped(bell(&mut rng, n, c, 4.0), confidence));
    check("four times as many members", 1, sets);
    check("one row each", 1, [vec![0.3], vec![0.9], vec![0.3, 0.59, 0.61, 0.9]]);
    check(
        "correctness",
        1,
        [
            [vec![1.0; 35], vec![0.0; 15]].concat(),
            [vec![1.0; 40], vec![0.0; 10]].concat(),
            vec![1.0, 0.0],
        ],
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_undecided_machine_says_member() {
    let same = [[1.0, 0.0], [0.2, 0.7]].concat();
    let svm = Svm::train(1, &same, &same);
    assert_eq!(svm.predict(&[0.0, 0.5, 1.0]), [Side::Member; 3]);
    let svm = Svm::train(1, &[1.0; 50], &[1.0; 50]);
    assert_eq!(svm.predict(&[0.0, 1.0]), [Side::Member; 2]);
    assert_eq!(libsvm(1, &[1.0; 50], &[1.0; 50], &[1.0]), [Side::Member]);
}

#[test]
fn the_exponential_is_accurate() {
    let mut worst = 0f64;
    for i in 0..200_000u32 {
        let x = i as f32 * 4e-4;
        let exact = (-f64::from(x)).exp();
        worst = worst.max((f64::from(exp_minus(x)) - exact).abs() / exact.max(1e-30));
    }
    // The argument itself is rounded: half a unit in the last place of 115 is 4e-6.
    assert!(worst < 6e-6, "{worst}");
    let near = (0..1000).map(|i| i as f32 * 1e-3);
    let worst = near.map(|x| (f64::from(exp_minus(x)) - (-f64::from(x)).exp()).abs());
    assert!(worst.fold(0.0, f64::max) < 2e-7);
    assert_eq!(exp_minus(0.0), 1.0);
    assert!((0.0..1e-37).contains(&exp_minus(1e30)));
    assert!((0.0..1e-37).contains(&exp_minus(f32::INFINITY)));
}

#[test]
fn the_grid_keeps_every_row() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let rows = mapped(bell(&mut rng, 5000, 0.5, 0.2), |x| x);
    let points = UniquePoints::new(1, &rows[..2000], &rows[2000..]);
    assert!(points.bounds.len() <= 1024 && points.rows.len() == points.bounds.len());
    let total = |side: fn(&PerSide) -> f64| points.bounds.iter().map(side).sum::<f64>() / PENALTY;
    assert_eq!(total(|b| b.non_member), 2000.0);
    assert!((total(|b| b.member) - 2000.0).abs() < 1e-6, "3000 rows that weigh as much as 2000");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]
    #[test]
    fn order_does_not_matter(
        mut outside in prop::collection::vec(0f32..1.0, 2..40),
        mut inside in prop::collection::vec(0f32..1.0, 2..40),
    ) {
        let asked: Vec<f32> = (0..=20).map(|i| i as f32 / 20.0).collect();
        let before = Svm::train(1, &outside, &inside).predict(&asked);
        outside.reverse();
        inside.rotate_left(1);
        prop_assert_eq!(before, Svm::train(1, &outside, &inside).predict(&asked));
    }
}
