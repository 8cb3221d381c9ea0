//! Shapes: sizes, strides, axes and broadcasting. Nothing here believes what a file says.

/// Most elements of a tensor that is believed: four times as many bytes are more than any
/// classifier's tensor has.
pub(crate) const MOST: usize = 1 << 28;

/// What an operator answers: a value, or in words why there is none.
pub(crate) type Attempt<T> = Result<T, String>;

/// Number of elements. Shapes were checked by [`checked`] when they were made.
pub(crate) fn count(dims: &[usize]) -> usize {
    dims.iter().product()
}

/// `dims`, if so many elements are possible.
pub(crate) fn checked(dims: Vec<usize>) -> Attempt<Vec<usize>> {
    let count = dims.iter().try_fold(1usize, |count, side| count.checked_mul(*side));
    match count.is_some_and(|count| count <= MOST) {
        true => Ok(dims),
        false => Err(format!("would make a tensor of the impossible shape {dims:?}")),
    }
}

/// Sides that a graph computes.
pub(crate) fn sides(values: &[i64]) -> Attempt<Vec<usize>> {
    let sides = values.iter().map(|side| usize::try_from(*side).ok()).collect();
    match sides {
        Some(sides) => checked(sides),
        None => Err(format!("would make a tensor of the impossible shape {values:?}")),
    }
}

/// Distance in memory between neighbours along each axis.
pub(crate) fn strides(dims: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; dims.len()];
    for axis in (1..dims.len()).rev() {
        strides[axis - 1] = strides[axis] * dims[axis];
    }
    strides
}

/// An axis or index that may count from the end.
pub(crate) fn from_end(value: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let value = if value < 0 { value.checked_add(length)? } else { value };
    (0..length).contains(&value).then_some(value as usize)
}

/// The axis of this number in a tensor of `rank` axes.
pub(crate) fn axis(value: i64, rank: usize) -> Attempt<usize> {
    from_end(value, rank).ok_or_else(|| format!("has no axis {value} in {rank} axes"))
}

/// Several axes, each at most once, in ascending order.
pub(crate) fn axes(values: &[i64], rank: usize) -> Attempt<Vec<usize>> {
    let mut axes = values.iter().map(|value| axis(*value, rank)).collect::<Attempt<Vec<_>>>()?;
    axes.sort_unstable();
    match axes.windows(2).all(|pair| pair[0] != pair[1]) {
        true => Ok(axes),
        false => Err(format!("names an axis twice: {values:?}")),
    }
}

/// The shape that both broadcast to.
pub(crate) fn broadcast(a: &[usize], b: &[usize]) -> Attempt<Vec<usize>> {
    let rank = a.len().max(b.len());
    let side = |dims: &[usize], axis: usize| match (axis + dims.len()).checked_sub(rank) {
        Some(own) => dims[own],
        None => 1,
    };
    let both = (0..rank).map(|axis| match (side(a, axis), side(b, axis)) {
        (x, y) if x == y => Ok(x),
        (1, y) => Ok(y),
        (x, 1) => Ok(x),
        _ => Err(format!("cannot combine the shapes {a:?} and {b:?}")),
    });
    checked(both.collect::<Attempt<_>>()?)
}

/// `dims` with ones in front, up to `rank` axes.
pub(crate) fn of_rank(dims: &[usize], rank: usize) -> Vec<usize> {
    let mut all = vec![1; rank.saturating_sub(dims.len())];
    all.extend(dims);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_as_in_numpy() {
        assert_eq!(broadcast(&[2, 1, 4], &[3, 1]).unwrap(), [2, 3, 4]);
        assert_eq!(broadcast(&[], &[5]).unwrap(), [5]);
        assert_eq!(broadcast(&[0, 1], &[1, 3]).unwrap(), [0, 3]);
        assert!(broadcast(&[2], &[3]).is_err());
    }

    #[test]
    fn axes_count_from_the_end() {
        assert_eq!(axis(-1, 3).unwrap(), 2);
        assert!(axis(3, 3).is_err() && axis(i64::MIN, 3).is_err());
        assert_eq!(axes(&[-1, 0], 3).unwrap(), [0, 2]);
        assert!(axes(&[1, -2], 3).is_err());
    }

    #[test]
    fn impossible_shapes_are_refused() {
        assert!(checked(vec![usize::MAX, 2]).is_err());
        assert!(sides(&[3, -1]).is_err());
        assert_eq!(strides(&[2, 3, 4]), [12, 4, 1]);
    }
}
