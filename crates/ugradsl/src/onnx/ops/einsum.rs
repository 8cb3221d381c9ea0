//! Einstein's sums: `bij,bjk->bik`.

use burn::backend::{Dispatch, ops::*};

use super::{Call, Operator, Outputs, matrix::matmul, one};
use crate::onnx::{
    shape::{Attempt, strides},
    value::{Context, Value},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[("Einsum", einsum)];

/// A tensor whose axes have letters, each once.
struct Lettered {
    letters: Vec<char>,
    value: Value,
}

fn einsum(call: &Call<'_>) -> Outputs {
    let equation = call.node.text("equation").ok_or("lacks its equation")?;
    let operands: Vec<&Value> = call.given().collect();
    let (terms, out) = terms(equation, &operands)?;
    let mut all = terms.into_iter().zip(operands);
    let (letters, value) = all.next().ok_or("lacks its inputs")?;
    let mut sum = diagonal(letters, value.clone(), call.context)?;
    let rest: Vec<(Vec<char>, &Value)> = all.collect();
    for (i, (letters, value)) in rest.iter().enumerate() {
        let next = diagonal(letters.clone(), (*value).clone(), call.context)?;
        let later: Vec<char> =
            rest[i + 1..].iter().flat_map(|(letters, _)| letters.clone()).collect();
        let kept = |letter: char| out.contains(&letter) || later.contains(&letter);
        sum = product(sum, next, &kept, call.context)?;
    }
    let sum = summed(sum, &|letter| out.contains(&letter), call.context)?;
    let order =
        out.iter().map(|letter| place(&sum.letters, *letter)).collect::<Attempt<Vec<_>>>()?;
    one(sum.value.permute(&order))
}

fn place(letters: &[char], letter: char) -> Attempt<usize> {
    let place = letters.iter().position(|known| *known == letter);
    place.ok_or_else(|| format!("has a letter {letter:?} that no input has"))
}

/// The letters of each operand and of the result. Dots become letters that no alphabet has.
fn terms(equation: &str, operands: &[&Value]) -> Attempt<(Vec<Vec<char>>, Vec<char>)> {
    let text: String = equation.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (left, right) = match text.split_once("->") {
        Some((left, right)) => (left, Some(right)),
        None => (text.as_str(), None),
    };
    let parts: Vec<&str> = left.split(',').collect();
    if parts.len() != operands.len() {
        return Err(format!("has {} inputs for the equation {equation:?}", operands.len()));
    }
    let mut dots = 0;
    let mut all = Vec::new();
    for (part, value) in parts.iter().zip(operands) {
        let named = part.replace("...", "").chars().count();
        let rank = value.rank();
        let hidden = rank.checked_sub(named).filter(|hidden| *hidden == 0 || part.contains("..."));
        let hidden =
            hidden.ok_or_else(|| format!("names {part:?} the axes of {:?}", value.dims()))?;
        dots = dots.max(hidden);
        all.push(lettered(part, hidden));
    }
    let out = match right {
        Some(right) => lettered(right, dots),
        None => {
            let mut once: Vec<char> = all.iter().flatten().copied().collect();
            once.sort_unstable();
            let many: Vec<char> =
                once.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
            let hidden = (0..dots).map(dot);
            let shown = once
                .iter()
                .copied()
                .filter(|letter| letter.is_alphabetic() && !many.contains(letter));
            hidden.rev().chain(shown).collect()
        }
    };
    Ok((all, out))
}

/// A character that stands for an axis behind the dots, counted from the last one.
fn dot(number: usize) -> char {
    char::from_u32(0xe000 + number as u32).unwrap_or('.')
}

fn lettered(part: &str, dots: usize) -> Vec<char> {
    let hidden: String = (0..dots).rev().map(dot).collect();
    part.replace("...", &hidden).chars().collect()
}

/// Letters that occur twice mean the diagonal.
fn diagonal(letters: Vec<char>, value: Value, context: &Context<'_>) -> Attempt<Lettered> {
    let twice = (0..letters.len()).find_map(|i| {
        let j = letters[i + 1..].iter().position(|letter| *letter == letters[i])? + i + 1;
        Some((i, j))
    });
    let Some((i, j)) = twice else { return Ok(Lettered { letters, value }) };
    let sides = value.dims();
    if sides[i] != sides[j] {
        return Err(format!("takes the diagonal of {sides:?}"));
    }
    // Both axes to the end, as one, of which every (n + 1)th is on the diagonal.
    let mut order: Vec<usize> = (0..sides.len()).filter(|axis| *axis != i && *axis != j).collect();
    let mut left: Vec<char> = order.iter().map(|axis| letters[*axis]).collect();
    left.push(letters[i]);
    let front: Vec<usize> = order.iter().map(|axis| sides[*axis]).collect();
    order.extend([i, j]);
    let n = sides[i];
    let flat = value.permute(&order).reshape(&[front.as_slice(), &[n * n]].concat())?;
    let mut parts: Vec<_> =
        front.iter().map(|side| crate::onnx::host::Part::whole(*side)).collect();
    parts.push(crate::onnx::host::Part { start: 0, length: n, step: n as i64 + 1 });
    diagonal(left, flat.slice(&parts, context)?, context)
}

/// The sum over letters that are not needed any more.
fn summed(
    tensor: Lettered,
    kept: &dyn Fn(char) -> bool,
    context: &Context<'_>,
) -> Attempt<Lettered> {
    let Lettered { letters, value } = tensor;
    let gone: Vec<usize> = (0..letters.len()).filter(|axis| !kept(letters[*axis])).collect();
    if gone.is_empty() {
        return Ok(Lettered { letters, value });
    }
    let sides = value.dims();
    let sum = gone.iter().fold(context.floats(&value), |x, axis| Dispatch::float_sum_dim(x, *axis));
    let left: Vec<usize> = (0..letters.len()).filter(|axis| !gone.contains(axis)).collect();
    let made: Vec<usize> = left.iter().map(|axis| sides[*axis]).collect();
    let letters = left.iter().map(|axis| letters[*axis]).collect();
    Ok(Lettered { letters, value: Value::Float(sum).reshape(&made)? })
}

/// The product of two tensors, summed over what is not `kept`.
fn product(
    x: Lettered,
    y: Lettered,
    kept: &dyn Fn(char) -> bool,
    context: &Context<'_>,
) -> Attempt<Lettered> {
    let in_y = y.letters.clone();
    let x = summed(x, &|letter| kept(letter) || in_y.contains(&letter), context)?;
    let in_x = x.letters.clone();
    let y = summed(y, &|letter| kept(letter) || in_x.contains(&letter), context)?;
    let shared = |letter: &&char| y.letters.contains(letter);
    let batch: Vec<char> = x.letters.iter().filter(|l| shared(l) && kept(**l)).copied().collect();
    let inner: Vec<char> = x.letters.iter().filter(|l| shared(l) && !kept(**l)).copied().collect();
    let rows: Vec<char> = x.letters.iter().filter(|l| !shared(l)).copied().collect();
    let columns: Vec<char> = y.letters.iter().filter(|l| !x.letters.contains(l)).copied().collect();
    let size = |letter: char| -> Attempt<usize> {
        let side = |t: &Lettered| {
            t.letters.iter().position(|l| *l == letter).map(|axis| t.value.dims()[axis])
        };
        match (side(&x), side(&y)) {
            (Some(a), Some(b)) if a != b => {
                Err(format!("has sides {a} and {b} for the letter {letter:?}"))
            }
            (Some(side), _) | (None, Some(side)) => Ok(side),
            (None, None) => Ok(1),
        }
    };
    let sizes =
        |letters: &[char]| letters.iter().map(|letter| size(*letter)).collect::<Attempt<Vec<_>>>();
    let n = |letters: &[char]| Ok::<_, String>(sizes(letters)?.iter().product::<usize>());
    let arranged = |t: &Lettered, groups: [&[char]; 3]| {
        let order =
            groups.concat().iter().map(|l| place(&t.letters, *l)).collect::<Attempt<Vec<_>>>()?;
        t.value.clone().permute(&order).reshape(&[n(groups[0])?, n(groups[1])?, n(groups[2])?])
    };
    let a = arranged(&x, [&batch, &rows, &inner])?;
    let b = arranged(&y, [&batch, &inner, &columns])?;
    let letters = [batch, rows, columns].concat();
    let value = matmul(&a, &b, context)?.reshape(&sizes(&letters)?)?;
    debug_assert_eq!(strides(&value.dims()).len(), letters.len());
    Ok(Lettered { letters, value })
}
