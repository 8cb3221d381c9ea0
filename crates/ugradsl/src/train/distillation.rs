//! Learning from, or moving away from, the outputs of another network for the same rows.

use burn::tensor::{
    Tensor,
    activation::{log_softmax, softmax},
};
use serde::{Deserialize, Serialize};

use super::PlanError;

/// A network whose outputs are targets. It is frozen, and in inference mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Teacher {
    /// The network as it was before the first step.
    Original,
    /// Fresh weights, drawn from the seed: it knows nothing.
    Untrained,
}

/// `w T^2 mean KL(teacher_T || student_T)`, with a weight `w` for each set, added to the
/// cross-entropy; `T` divides the logits of both networks.
///
/// ```
/// use ugradsl::train::{Distillation, Objective, Teacher};
///
/// // Bad teacher: the original on retained rows, an untrained network on forgotten ones.
/// let objective = Objective::distil(0.0, Distillation {
///     temperature: 1.0,
///     retain_weight: 1.0,
///     forget_weight: 1.0,
///     forget_teacher: Teacher::Untrained,
/// });
/// assert!(!objective.ascends());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// Temperature T.
    pub temperature: f64,
    /// Weight on retained rows, whose teacher is the original.
    pub retain_weight: f64,
    /// Weight on forgotten rows; negative moves away from the teacher.
    pub forget_weight: f64,
    /// The teacher for forgotten rows.
    pub forget_teacher: Teacher,
}

impl Distillation {
    pub(super) fn check(&self) -> Result<(), PlanError> {
        let value = self.temperature;
        if !(value > 0.0 && value <= 1000.0) {
            let range = "above 0, at most 1000";
            return Err(PlanError::Range { name: "temperature", value, range });
        }
        for (name, value) in
            [("distillation", self.retain_weight), ("distillation", self.forget_weight)]
        {
            if !(-1.0..=1.0).contains(&value) {
                return Err(PlanError::Range { name, value, range: "-1 to 1" });
            }
        }
        Ok(())
    }

    /// `T^2 KL(teacher_T || student_T)` of each row `[n]` of logits `[n, K]`.
    pub(super) fn rows(&self, teacher: Tensor<2>, student: Tensor<2>) -> Tensor<1> {
        let [n, _] = student.dims();
        let temperature = self.temperature;
        let teacher = Tensor::from_inner(teacher / temperature);
        let student = log_softmax(student / temperature, 1);
        let target = softmax(teacher.clone(), 1);
        let rows = (target * (log_softmax(teacher, 1) - student)).sum_dim(1).reshape([n]);
        rows * (temperature * temperature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Device;
    use burn::tensor::TensorData;

    /// `T^2 KL(t || s)` and its gradient `T (s - t)` with distributions at temperature T, for
    /// logits whose softmax is simple: T = 2, teacher 2 ln(1, 3), student 2 ln(1, 1).
    #[test]
    fn value_and_gradient_are_those_of_the_formula() {
        let device = Device::cpu();
        let teacher = [[0.0_f32, 2.0 * 3.0_f32.ln()], [1.0, 1.0]];
        let teacher = Tensor::<2>::from_data(TensorData::from(teacher), device.burn());
        let student =
            Tensor::<2>::from_data(TensorData::from([[0.5_f32; 2]; 2]), &device.autodiff());
        let student = student.require_grad();
        let distillation = Distillation {
            temperature: 2.0,
            retain_weight: 1.0,
            forget_weight: 1.0,
            forget_teacher: Teacher::Original,
        };
        let rows = distillation.rows(teacher, student.clone());
        let values: Vec<f32> = rows.clone().inner().into_data().try_to_vec().unwrap();
        let expected = 4.0 * (0.25 * 0.5_f32.ln() + 0.75 * 1.5_f32.ln());
        assert!((values[0] - expected).abs() < 1e-6 && values[1].abs() < 1e-6, "{values:?}");
        let gradient = student.grad(&rows.sum().backward()).unwrap();
        let gradient: Vec<f32> = gradient.into_data().try_to_vec().unwrap();
        let expected = [0.5, -0.5, 0.0, 0.0];
        assert!(gradient.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{gradient:?}");
    }
}
