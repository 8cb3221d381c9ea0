//! Arithmetic, comparisons and logic of two host tensors.

use super::{Elements, HostTensor};
use crate::onnx::shape::{Attempt, broadcast};

/// An operation with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// The remainder with the sign of the divisor.
    Mod,
    /// The remainder with the sign of the dividend.
    Fmod,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Xor,
}

/// `a op b` element by element, both broadcast.
pub(crate) fn binary(op: Binary, a: &HostTensor, b: &HostTensor) -> Attempt<HostTensor> {
    let dims = broadcast(&a.dims, &b.dims)?;
    let (a, b) = (a.expanded(&dims), b.expanded(&dims));
    let elements = match (&a.elements, &b.elements) {
        (Elements::Bools(x), Elements::Bools(y)) => logic(op, x, y),
        (Elements::Ints(x), Elements::Ints(y)) => ints(op, x, y)?,
        (Elements::Ints(_), Elements::Floats(_)) if op == Binary::Pow => {
            let power = floats(op, &a.to_floats(), &b.to_floats());
            let whole = HostTensor { dims: dims.clone(), elements: power.ok_or("")? };
            Some(Elements::Ints(whole.to_ints()))
        }
        _ => floats(op, &a.to_floats(), &b.to_floats()),
    };
    let elements = elements.ok_or_else(|| format!("cannot {op:?} elements of these types"))?;
    Ok(HostTensor { dims, elements })
}

fn logic(op: Binary, x: &[bool], y: &[bool]) -> Option<Elements> {
    let pairs = x.iter().zip(y);
    Some(Elements::Bools(match op {
        Binary::And => pairs.map(|(x, y)| *x && *y).collect(),
        Binary::Or => pairs.map(|(x, y)| *x || *y).collect(),
        Binary::Xor => pairs.map(|(x, y)| x != y).collect(),
        Binary::Equal => pairs.map(|(x, y)| x == y).collect(),
        _ => return None,
    }))
}

fn ints(op: Binary, x: &[i64], y: &[i64]) -> Attempt<Option<Elements>> {
    if matches!(op, Binary::Div | Binary::Mod | Binary::Fmod) && y.contains(&0) {
        return Err("divides by zero".to_owned());
    }
    if let Some(truth) = comparison(op, x, y) {
        return Ok(Some(truth));
    }
    let pairs = x.iter().copied().zip(y.iter().copied());
    Ok(Some(Elements::Ints(match op {
        Binary::Add => pairs.map(|(x, y)| x.wrapping_add(y)).collect(),
        Binary::Sub => pairs.map(|(x, y)| x.wrapping_sub(y)).collect(),
        Binary::Mul => pairs.map(|(x, y)| x.wrapping_mul(y)).collect(),
        Binary::Div => pairs.map(|(x, y)| x.wrapping_div(y)).collect(),
        Binary::Pow => pairs.map(|(x, y)| power(x, y)).collect(),
        Binary::Min => pairs.map(|(x, y)| x.min(y)).collect(),
        Binary::Max => pairs.map(|(x, y)| x.max(y)).collect(),
        Binary::Mod => pairs.map(|(x, y)| floor_mod(x, y)).collect(),
        Binary::Fmod => pairs.map(|(x, y)| x.wrapping_rem(y)).collect(),
        _ => return Ok(None),
    })))
}

fn power(base: i64, exponent: i64) -> i64 {
    match u32::try_from(exponent) {
        Ok(exponent) => base.wrapping_pow(exponent),
        Err(_) => (base as f64).powf(exponent as f64) as i64,
    }
}

fn floor_mod(x: i64, y: i64) -> i64 {
    let rest = x.wrapping_rem(y);
    if rest != 0 && (rest < 0) != (y < 0) { rest + y } else { rest }
}

fn comparison<T: PartialOrd>(op: Binary, x: &[T], y: &[T]) -> Option<Elements> {
    let pairs = x.iter().zip(y);
    Some(Elements::Bools(match op {
        Binary::Equal => pairs.map(|(x, y)| x == y).collect(),
        Binary::Less => pairs.map(|(x, y)| x < y).collect(),
        Binary::LessOrEqual => pairs.map(|(x, y)| x <= y).collect(),
        Binary::Greater => pairs.map(|(x, y)| x > y).collect(),
        Binary::GreaterOrEqual => pairs.map(|(x, y)| x >= y).collect(),
        _ => return None,
    }))
}

fn floats(op: Binary, x: &[f32], y: &[f32]) -> Option<Elements> {
    if let Some(truth) = comparison(op, x, y) {
        return Some(truth);
    }
    let pairs = x.iter().copied().zip(y.iter().copied());
    Some(Elements::Floats(match op {
        Binary::Add => pairs.map(|(x, y)| x + y).collect(),
        Binary::Sub => pairs.map(|(x, y)| x - y).collect(),
        Binary::Mul => pairs.map(|(x, y)| x * y).collect(),
        Binary::Div => pairs.map(|(x, y)| x / y).collect(),
        Binary::Pow => pairs.map(|(x, y)| x.powf(y)).collect(),
        Binary::Min => pairs.map(|(x, y)| x.min(y)).collect(),
        Binary::Max => pairs.map(|(x, y)| x.max(y)).collect(),
        Binary::Mod => pairs.map(|(x, y)| x - y * (x / y).floor()).collect(),
        Binary::Fmod => pairs.map(|(x, y)| x % y).collect(),
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_divide_towards_zero_and_their_remainder_has_the_sign_that_onnx_says() {
        // numpy.mod and numpy.fmod of these values.
        let results = |op| {
            let (x, y) = (HostTensor::list(vec![-7, 7, -7]), HostTensor::list(vec![3, -3, -3]));
            binary(op, &x, &y).unwrap().to_ints()
        };
        assert_eq!(results(Binary::Mod), [2, -2, -1]);
        assert_eq!(results(Binary::Fmod), [-1, 1, -1]);
        assert_eq!(results(Binary::Div), [-2, -2, 2]);
        let zero = binary(Binary::Div, &HostTensor::int(1), &HostTensor::int(0));
        assert_eq!(zero.unwrap_err(), "divides by zero");
        assert_eq!(
            binary(Binary::Div, &HostTensor::int(i64::MIN), &HostTensor::int(-1))
                .unwrap()
                .to_ints(),
            [i64::MIN]
        );
    }

    #[test]
    fn types_that_do_not_go_together_are_said() {
        let truth = HostTensor::bools(vec![1], vec![true]);
        assert!(binary(Binary::Add, &truth, &truth).unwrap_err().contains("Add"));
        assert!(binary(Binary::And, &HostTensor::int(1), &HostTensor::int(1)).is_err());
    }
}
