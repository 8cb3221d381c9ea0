//! What the loop computes from the network before the first step: teachers, the classes of
//! neighbours, and the weights that may move. A resumed run computes them again.

use burn::tensor::{DType, Tensor};

use super::Trainer;
use crate::{
    loss::gls_cross_entropy,
    models::{Activations, Classifier, initialise, set_batch_norm_training},
    random::Derived,
    train::{
        GradientTransform, Labels, Teacher, TrainError, gradient_transform::Mask,
        labels::Relabelling, read_floats, shadow_class, weights::gradient_vector,
    },
};

impl<M: Classifier> Trainer<M> {
    /// Computes what the plan needs of the original, for the `forget` rows.
    pub(super) async fn prepare(&mut self, forget: &[u32], seed: u64) -> Result<(), TrainError> {
        if let Some(distillation) = self.plan.objective.distillation {
            self.original = Some(self.model.valid());
            if distillation.forget_teacher == Teacher::Untrained {
                self.untrained =
                    Some(initialise(self.model.valid(), Derived::UntrainedTeacher.seed(seed)));
            }
        }
        let labels = self.plan.objective.labels;
        if let (true, Some(&row)) = (labels != Labels::Own, forget.first()) {
            let (images, _) = self.data.gather(&[row]);
            let Activations { features, logits } = self.model.valid().forward(images);
            let [[_, width], [_, classes]] = [features.dims(), logits.dims()];
            let mut relabelling = Relabelling::new(labels, &self.data, forget, classes, seed);
            if let Labels::Neighbour { epsilon } = labels {
                let (frozen, size) = (self.frozen(), self.plan.batch_size);
                relabelling.find_neighbours(&frozen, &self.data, epsilon, size).await?;
            }
            if labels == Labels::Shadow {
                self.shadow = Some(shadow_class::fresh(width, seed, &features.device().autodiff()));
            }
            self.relabelling = Some(relabelling);
        }
        if let GradientTransform::Saliency { share } = self.plan.gradient_transform
            && let Some(gradient) = self.forget_gradient(forget)
        {
            let saliency = read_floats(gradient).await?;
            self.mask = Some(Mask::new(&self.model, &saliency, share));
        }
        Ok(())
    }

    /// The trainable network, with BatchNorm in inference mode.
    fn frozen(&self) -> M {
        set_batch_norm_training(self.model.clone(), false)
    }

    /// The gradient `[P]` of the loss summed over the forget set, in inference mode.
    fn forget_gradient(&self, forget: &[u32]) -> Option<Tensor<1>> {
        let frozen = self.frozen();
        let gradients = forget.chunks(self.plan.batch_size).map(|rows| {
            let n = rows.len();
            let (images, labels) = self.data.gather(rows);
            let device = labels.device();
            let constant = |value: f64| Tensor::<1>::full([n], value, (&device, DType::F32));
            let logits = frozen.forward(Tensor::from_inner(images)).logits;
            let losses = gls_cross_entropy(logits, labels, constant(0.0), constant(1.0));
            gradient_vector(&frozen, losses.sum().backward())
        });
        gradients.reduce(|sum, other| sum + other)
    }

    /// Logits `[n, K]` of the teachers for a batch of `n_r` retained rows followed by forgotten
    /// ones.
    pub(super) fn teacher_logits(
        &self,
        images: &Tensor<4>,
        n_r: usize,
        forget_teacher: Teacher,
    ) -> Tensor<2> {
        let images = images.clone().inner();
        let n = images.dims()[0];
        let original = self.original.as_ref();
        let forget = match forget_teacher {
            Teacher::Original => original,
            Teacher::Untrained => self.untrained.as_ref(),
        };
        let parts = [(original, 0, n_r), (forget, n_r, n - n_r)].into_iter();
        let logits = parts.filter(|(_, _, rows)| *rows > 0).filter_map(|(teacher, start, rows)| {
            Some(teacher?.forward(images.clone().narrow(0, start, rows)).logits)
        });
        Tensor::cat(logits.collect(), 0)
    }
}
