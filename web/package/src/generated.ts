/** What the library answers, field for field. Written by `crates/ugradsl-web/src/typescript.rs`. */

/**
 * What a device is, for reports and for `doctor`.
 *
 * ```
 * use ugradsl::device::Device;
 *
 * let mut info = Device::cpu().info().clone();
 * info.threads = Some(1);
 * assert_eq!(info.to_string(), "CPU, 1 thread (flex)");
 * // Threads say where a run was computed, not what it computes.
 * assert_eq!(info.arithmetic(), Device::cpu().info().arithmetic());
 * ```
 */
export type DeviceInfo = { 
/**
 * `cpu` or `gpu`.
 */
kind: "cpu" | "gpu", 
/**
 * Name of the adapter, or of the CPU backend.
 */
adapter: string, 
/**
 * Graphics API (`vulkan`, `metal`, `dx12`, `webgpu`), or `flex` for the CPU backend.
 */
api: string, 
/**
 * Driver and its version, where the API tells.
 */
driver: string, 
/**
 * Threads that compute, on the CPU. No result depends on it.
 */
threads?: number, 
/**
 * Whether the "GPU" is a program on the CPU.
 */
software: boolean, 
/**
 * Limits that matter to the kernels, by WebGPU name.
 */
limits: Array<[string, number]>, };

/**
 * One question put to a device.
 */
export type Check = { 
/**
 * What was asked.
 */
name: string, 
/**
 * Whether the answer was right.
 */
passed: boolean, 
/**
 * Largest deviation from the known answer, or what went wrong.
 */
detail: string, };

export type DataInfo = { name: string, classes: number, train: number, test: number, shape: [number, number, number], digest: string, };

/**
 * What a page should show about where its figures come from.
 */
export type About = { version: string, device: DeviceInfo, checks: Array<Check>, data: DataInfo | null, };

/**
 * Everything that is compared with the retrained network, in per cent.
 */
export type Measures = { 
/**
 * Unlearning accuracy: 100 - accuracy on the forget set D_f.
 */
ua: number, 
/**
 * Remaining accuracy: accuracy on the retain set D_r.
 */
ra: number, 
/**
 * Test accuracy: accuracy on D_te without classes that were forgotten entirely.
 */
ta: number, 
/**
 * By the probability of the true class, p_y. The headline, and the only one in the gap.
 */
mia: number, 
/**
 * By whether the prediction is right, 1 or 0.
 */
mia_correctness: number | null, 
/**
 * By the entropy -sum_k p_k log p_k.
 */
mia_entropy: number | null, 
/**
 * By the modified entropy -(1 - p_y) log p_y - sum_{k != y} p_k log(1 - p_k) (Song & Mittal
 * 2021).
 */
mia_modified_entropy: number | null, 
/**
 * By all K probabilities.
 */
mia_probabilities: number | null, };

/**
 * Why a run ended.
 *
 * ```
 * use ugradsl::run::StoppedBy;
 *
 * assert_eq!(StoppedBy::Target.to_string(), "target");
 * assert_eq!(serde_json::to_string(&StoppedBy::Target)?, r#""target""#);
 * # Ok::<(), Box<dyn std::error::Error>>(())
 * ```
 */
export type StoppedBy = "plan" | "target" | "guard" | "no-closer" | "nothing-to-do" | "diverged";

/**
 * What made a guard step in.
 */
export type Alarm = "non-finite" | { "retain-loss": { 
/**
 * The loss found, in nats.
 */
loss: number, 
/**
 * The upper edge of the band, in nats.
 */
limit: number, } };

/**
 * How a request to forget ended.
 *
 * ```
 * use ugradsl::run::Verdict;
 *
 * assert_eq!(serde_json::to_string(&Verdict::NotForgotten)?, r#""not-forgotten""#);
 * assert!(Verdict::Reached.is_fulfilled() && Verdict::NothingToDo.is_fulfilled());
 * assert!(!Verdict::Partly.is_fulfilled());
 * # Ok::<(), Box<dyn std::error::Error>>(())
 * ```
 */
export type Verdict = "reached" | "partly" | "not-forgotten" | "harmed" | "nothing-to-do";

/**
 * Where the expectation comes from.
 */
export type Basis = "definition" | "proxy" | "class-average" | "retrained";

/**
 * An accuracy or a mean confidence (0..1), before and after.
 */
export type Change = { 
/**
 * Of the original.
 */
before: number, 
/**
 * At the end of the run.
 */
after: number, };

/**
 * What was found at the end of a run. Displays as its words.
 */
export type Finding = { 
/**
 * What follows from the evidence.
 */
verdict: Verdict, 
/**
 * The same in a sentence with the numbers that it rests on.
 */
words: string, 
/**
 * What has to be said beside the verdict.
 */
remark?: Remark, 
/**
 * Rows that were to be forgotten.
 */
rows: number, 
/**
 * Accuracy on them, 0..1.
 */
accuracy: Change, 
/**
 * Accuracy that is expected on them of a network that never saw them, 0..1.
 */
expected: number, 
/**
 * Where the expectation comes from.
 */
basis: Basis, 
/**
 * Mean probability of their true classes, 0..1.
 */
confidence: Change, 
/**
 * The mean probability that is expected, where it is known.
 */
expected_confidence?: number, 
/**
 * How far the expected accuracy may be off, 0..1, where it was estimated by a proxy.
 */
uncertainty?: number, 
/**
 * Accuracy on retained rows, 0..1.
 */
retained: Change, 
/**
 * Accuracy on held-out rows, 0..1, where there are any.
 */
held_out?: Change, };

/**
 * What has to be said beside a [`Verdict`](super::Verdict).
 *
 * ```
 * use ugradsl::run::Remark;
 *
 * // Gaps to the retrained network in points: of the network, and of the untouched original.
 * assert!(Remark::is_worse_than_nothing(41.0, 40.0));
 * assert!(!Remark::is_worse_than_nothing(40.0, 40.0));
 * ```
 */
export type Remark = "destroyed" | "worse-than-nothing";

/**
 * Distribution of the rates of an epoch: a method whose rates are all zero is not UGradSL any
 * more.
 *
 * ```
 * use ugradsl::smoothing::RateHistogram;
 *
 * let rates = RateHistogram::new(&[-1.0, -0.5, 0.0]).expect("there are rates");
 * assert_eq!(rates.mean, -0.5);
 * assert_eq!(rates.bins, [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
 * assert_eq!(rates.zeros, 1);
 * ```
 */
export type Rates = { 
/**
 * Mean rate.
 */
mean: number, 
/**
 * Rates per tenth of `[-1, 0]`, the most negative first.
 */
bins: [number, number, number, number, number, number, number, number, number, number], 
/**
 * Rates that are exactly zero.
 */
zeros: number, };

/**
 * Something that happened.
 *
 * ```
 * use ugradsl::run::Event;
 *
 * let event = Event::GuardCheck {
 *     step: 20,
 *     retain_loss: 0.1,
 *     retain_accuracy: 0.98,
 *     forget_accuracy: 0.5,
 * };
 * // Front ends in other languages read the same stream as JSON.
 * let json = serde_json::to_value(&event)?;
 * assert_eq!(json["event"], "guard-check");
 * assert_eq!(json["step"], 20);
 * # Ok::<(), Box<dyn std::error::Error>>(())
 * ```
 */
export type SessionEvent = { "event": "started", 
/**
 * Name of the method or custom plan.
 */
method: string, 
/**
 * Seed of the run.
 */
seed: number, 
/**
 * Steps of the plan; guards may end the run sooner.
 */
steps: number, 
/**
 * Steps of the first epoch, nearly always of every epoch.
 */
steps_per_epoch: number, 
/**
 * Where it runs.
 */
device: DeviceInfo, 
/**
 * Steps already taken, 0 for a fresh run.
 */
resumed_at: number, 
/**
 * Accuracy on the forget set (0..1) that the guards take as the target. Absent without
 * guards, and while a proxy is still in training; then [`Target`](Self::Target) follows.
 */
target: number | null, 
/**
 * Beta of the self-adaptive rate, where it is used.
 */
beta: number | null, } | { "event": "step", 
/**
 * Steps taken so far.
 */
step: number, 
/**
 * Mean loss on retained rows, in nats.
 */
retain_loss: number | null, 
/**
 * Mean smoothed loss on forgotten rows, in nats.
 */
forget_loss: number | null, 
/**
 * Running accuracy on forgotten batches, 0..1.
 */
forget_accuracy: number | null, } | { "event": "working", 
/**
 * Steps taken so far.
 */
step: number, } | { "event": "epoch", 
/**
 * Epochs so far.
 */
epoch: number, 
/**
 * Smoothing rates used in it, where they are self-adaptive.
 */
rates: Rates | null, } | { "event": "extended", 
/**
 * Steps that the run may take in all.
 */
steps: number, } | { "event": "target", 
/**
 * Accuracy on the forget set (0..1) that the guards take as the target.
 */
accuracy: number, 
/**
 * The original's accuracy on test rows of the same classes, 0..1.
 */
by_class: number | null, } | { "event": "guard-check", 
/**
 * Steps taken so far.
 */
step: number, 
/**
 * Mean loss on the retained sample, in nats.
 */
retain_loss: number, 
/**
 * Accuracy on the retained sample, 0..1.
 */
retain_accuracy: number, 
/**
 * Accuracy on the forgotten sample, 0..1.
 */
forget_accuracy: number, } | { "event": "rolled-back", 
/**
 * Step at which the alarm went off.
 */
step: number, 
/**
 * Step to which the run went back.
 */
to_step: number, 
/**
 * What was wrong.
 */
alarm: Alarm, 
/**
 * Factor on the learning rate from here on.
 */
rate_scale: number, } | { "event": "warning", 
/**
 * In one sentence.
 */
message: string, } | { "event": "checkpointed", 
/**
 * Step at which a resumed run continues.
 */
step: number, } | { "event": "evaluated", 
/**
 * How the network was made.
 */
method: string, 
/**
 * Seed of the run.
 */
seed: number, 
/**
 * What was measured.
 */
measures: Measures, } | { "event": "finished", 
/**
 * Name of the method or custom plan.
 */
method: string, 
/**
 * Seed of the run.
 */
seed: number, 
/**
 * Steps taken, those rolled back not counted.
 */
steps: number, 
/**
 * Wall time of the steps and of the guards in seconds, without evaluation.
 */
seconds: number, 
/**
 * Why it ended.
 */
stopped_by: StoppedBy, 
/**
 * What became of the forget request; absent where nothing was unlearned.
 */
finding?: Finding, };

/**
 * A point of a run's history, from the events of its steps.
 */
export type HistoryPoint = { 
/**
 * Steps taken.
 */
step: number, 
/**
 * Mean loss on retained rows.
 */
retain_loss: number | null, 
/**
 * Accuracy on forgotten rows, 0..1.
 */
forget_accuracy: number | null, };

/**
 * One row of the table.
 */
export type RunRecord = { 
/**
 * How the network was made.
 */
method: string, 
/**
 * Seed of the run.
 */
seed: number, 
/**
 * What was forgotten.
 */
forget: string, 
/**
 * Number of training rows that were forgotten.
 */
forgotten_rows: number, 
/**
 * SHA-256 of their numbers; empty in records of earlier versions.
 */
forget_list: string, 
/**
 * For the original, where no network is retrained: the
 * [estimate](super::ExperimentConfig::retrain) of one.
 */
expected?: Measures, 
/**
 * Accuracy on the forget set (0..1) that the guards took as the target.
 */
target?: number, 
/**
 * Why the run ended.
 */
stopped_by: StoppedBy | null, 
/**
 * What became of the forget request. Where the run had no better estimate than the average of
 * its classes, it is judged by the retrained network, if there is one.
 */
finding?: Finding, 
/**
 * Steps taken.
 */
steps: number, 
/**
 * How often the guards went back to an earlier state.
 */
rollbacks: number, 
/**
 * Warnings and rollbacks, in the words of the events.
 */
warnings: Array<string>, 
/**
 * SHA-256 of the weights that the run began with, for a method that begins with the
 * original's.
 */
weights_before: string | null, 
/**
 * SHA-256 of the weights.
 */
weights: string, 
/**
 * Name of the model file.
 */
model: string, 
/**
 * Loss and forget accuracy over the steps.
 */
history: Array<HistoryPoint>, 
/**
 * Identifies the run: config, data, method, request and seed.
 */
digest: string, 
/**
 * unlearning accuracy, 100 - accuracy on the forget set; to be compared with the retrained network's (forget set, in per cent)
 */
ua: number, 
/**
 * share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) on the confidence in the true class, trained on retained against test samples; to be compared with the retrained network's (forget set, in per cent)
 */
mia: number, 
/**
 * share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) on the confidence in the true class, trained on retained against test samples; to be compared with the retrained network's (forget set, in per cent)
 */
mia_correctness: number | null, 
/**
 * share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) on the confidence in the true class, trained on retained against test samples; to be compared with the retrained network's (forget set, in per cent)
 */
mia_entropy: number | null, 
/**
 * share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) on the confidence in the true class, trained on retained against test samples; to be compared with the retrained network's (forget set, in per cent)
 */
mia_modified_entropy: number | null, 
/**
 * share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) on the confidence in the true class, trained on retained against test samples; to be compared with the retrained network's (forget set, in per cent)
 */
mia_probabilities: number | null, 
/**
 * accuracy on the retain set; to be compared with the retrained network's (retain set, in per cent)
 */
ra: number, 
/**
 * accuracy on the test set, without classes that were forgotten entirely; to be compared with the retrained network's (test set, in per cent)
 */
ta: number, 
/**
 * mean of |UA - UA*|, |MIA - MIA*|, |RA - RA*|, |TA - TA*| with * the retrained network; 0 is perfect (all sets, in points)
 */
gap: number | null, 
/**
 * mean Jensen-Shannon divergence to the retrained network's predictions on the forget set, 0 to ln 2 (forget set, in nats)
 */
js_forget: number | null, 
/**
 * mean Jensen-Shannon divergence to the retrained network's predictions on the forget set, 0 to ln 2 (test set, in nats)
 */
js_test: number | null, roc: { forget: { 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (forget set)
 */
auc: number, 
/**
 * share of the forgotten samples that the threshold attack finds while it falsely accuses at most 1 % (0.1 %) of the test samples (forget set, in per cent)
 */
tpr_at_fpr_1: number, 
/**
 * share of the forgotten samples that the threshold attack finds while it falsely accuses at most 1 % (0.1 %) of the test samples (forget set, in per cent)
 */
tpr_at_fpr_0_1: number, 
/**
 * mean share of forgotten and of test samples that the threshold attack gets right, with the best of all thresholds (forget set, in per cent)
 */
balanced_accuracy: number, 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (forget set)
 */
members: number, 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (forget set)
 */
non_members: number, } | null, retain: { 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (retain set)
 */
auc: number, 
/**
 * share of the forgotten samples that the threshold attack finds while it falsely accuses at most 1 % (0.1 %) of the test samples (retain set, in per cent)
 */
tpr_at_fpr_1: number, 
/**
 * share of the forgotten samples that the threshold attack finds while it falsely accuses at most 1 % (0.1 %) of the test samples (retain set, in per cent)
 */
tpr_at_fpr_0_1: number, 
/**
 * mean share of forgotten and of test samples that the threshold attack gets right, with the best of all thresholds (retain set, in per cent)
 */
balanced_accuracy: number, 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (retain set)
 */
members: number, 
/**
 * how often a forgotten sample gets more confidence in its true class than a test sample, ties counting half: the area under the ROC curve of the threshold attack (retain set)
 */
non_members: number, } | null, } | null, likeness: { 
/**
 * mean Kullback-Leibler divergence of the network's predictions from the retrained network's on the forget set (forget set, in nats)
 */
kl_forget: number, 
/**
 * mean Kullback-Leibler divergence of the network's predictions from the retrained network's on the forget set (test set, in nats)
 */
kl_test: number, 
/**
 * mean Kullback-Leibler divergence of the network's predictions from the retrained network's on the forget set (forget set, in nats)
 */
kl_reverse_forget: number, 
/**
 * mean Kullback-Leibler divergence of the network's predictions from the retrained network's on the forget set (test set, in nats)
 */
kl_reverse_test: number, 
/**
 * share of the samples for which the network and the retrained one predict the same class (forget set, in per cent)
 */
agreement_forget: number, 
/**
 * share of the samples for which the network and the retrained one predict the same class (test set, in per cent)
 */
agreement_test: number, } | null, 
/**
 * wall time of the steps and of the guards, without evaluation (all sets, in seconds)
 */
seconds: number | null, 
/**
 * wall time of the steps and of the guards, without evaluation (all sets)
 */
retrain_share: number | null, 
/**
 * the host's memory that steps and guards need at their peak, beyond what was in use before (all sets, in MiB)
 */
peak_memory?: number, };

export type Snapshot = { step: number, model: string, 
/**
 * Unlearning accuracy: 100 - accuracy on the forget set D_f.
 */
ua: number, 
/**
 * Remaining accuracy: accuracy on the retain set D_r.
 */
ra: number, 
/**
 * Test accuracy: accuracy on D_te without classes that were forgotten entirely.
 */
ta: number, 
/**
 * By the probability of the true class, p_y. The headline, and the only one in the gap.
 */
mia: number, 
/**
 * By whether the prediction is right, 1 or 0.
 */
mia_correctness: number | null, 
/**
 * By the entropy -sum_k p_k log p_k.
 */
mia_entropy: number | null, 
/**
 * By the modified entropy -(1 - p_y) log p_y - sum_{k != y} p_k log(1 - p_k) (Song & Mittal
 * 2021).
 */
mia_modified_entropy: number | null, 
/**
 * By all K probabilities.
 */
mia_probabilities: number | null, };

/**
 * Relearn time: how soon the forgotten samples are known again.
 *
 * ```
 * use ugradsl::audit::RelearnTime;
 *
 * // Accuracy on the samples that were not shown, after 0, 1, 2 and 3 steps.
 * let time = RelearnTime::new(vec![0.0, 0.25, 0.5, 1.0], 10, 0.5);
 * assert_eq!(time.steps, Some(2));
 * ```
 */
export type RelearnTime = { 
/**
 * Samples that were shown.
 */
shown: number, 
/**
 * The accuracy (0..1) that counts as knowing the others again.
 */
level: number, 
/**
 * First step after which it is reached; `None` if it never is.
 */
steps: number | null, 
/**
 * The same in passes over the samples shown.
 */
epochs: number | null, 
/**
 * Accuracy (0..1) on the others after 0, 1, ... steps, as [`relearn`] gives it.
 */
curve: Array<number>, };

/**
 * Whether some knowledge of the forgotten samples has stayed.
 */
export type HiddenMemory = "unknown" | "not-forgotten" | "hidden" | "gone" | "slower";

/**
 * What the curves of an unlearned and of a retrained network show. Displays as its words.
 */
export type MemoryFinding = { 
/**
 * What follows from the curves.
 */
memory: HiddenMemory, 
/**
 * The same in a sentence.
 */
words: string, };

export type Relearned = { shown: number, unlearned: RelearnTime, retrained: RelearnTime, finding: MemoryFinding, };

/**
 * The outputs of a layer for one image.
 */
export type Layer = { 
/**
 * The layer whose weights made them, as in the names of the network's tensors.
 */
name: string, 
/**
 * Maps (or units), height, width.
 */
shape: [number, number, number], 
/**
 * Row-major.
 */
values: Float32Array, };

/**
 * What a network makes of one image.
 */
export type Activations = { 
/**
 * Probability of each class, 0..1.
 */
probabilities: Float32Array, 
/**
 * From the first to the features.
 */
layers: Array<Layer>, };

/**
 * How strongly the maps or units of two layers are connected.
 */
export type Links = { 
/**
 * The layer that the connections lead to, as in the names of the network's tensors.
 */
name: string, outputs: number, inputs: number, 
/**
 * `[outputs, inputs]`, row-major: the weights themselves, or of a convolution the norms of
 * its kernels.
 */
strengths: Float32Array, };
