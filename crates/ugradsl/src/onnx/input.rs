//! What a graph reads, and how the rows of a data set become that.

use burn::backend::{Dispatch, ops::*};
use burn::tensor::{Scalar, Tensor};

use super::{
    OnnxError,
    host::HostTensor,
    proto::{ElementType, Node, Side, ValueInfo},
    shape::Attempt,
    value::{Context, Value},
};

/// What a network reads, as its file says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inputs {
    /// Pictures; sides that are free are `None`.
    Images {
        /// Channels.
        channels: Option<usize>,
        /// Height in pixels.
        height: Option<usize>,
        /// Width in pixels.
        width: Option<usize>,
    },
    /// Rows of so many numbers, whatever their shape in the data.
    Features(Option<usize>),
    /// Token ids; a row has so many, if that is fixed.
    Texts(Option<usize>),
}

/// What an input of the graph is fed with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Feed {
    Pictures,
    /// Pictures whose channels come last.
    PicturesLast,
    /// Rows as `[n, ...]` of these sides, -1 for a free one.
    Rows(Vec<i64>),
    Ids,
    Mask,
    Zeros,
    Positions,
}

/// An input of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Input {
    feed: Feed,
    float: bool,
}

/// All inputs of the graph, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    inputs: Vec<Input>,
    pub(crate) reads: Inputs,
    /// The input of token ids, for texts.
    pub(crate) ids: Option<String>,
}

impl Reader {
    /// What the graph's `inputs` are; `nodes` tell pictures whose channels come last.
    pub(crate) fn find(inputs: &[&ValueInfo], nodes: &[Node]) -> Result<Self, OnnxError> {
        let Some(first) = inputs.first() else {
            return Err(OnnxError::Graph("it has no input".to_owned()));
        };
        for input in inputs {
            if let Some(Side::Fixed(n)) = input.shape.as_ref().and_then(|shape| shape.first()) {
                let what = format!("its input {:?} has a fixed batch size of {n}", input.name);
                return Err(OnnxError::FixedBatch { what });
            }
        }
        match ElementType::of(first.element_type) {
            Some(ElementType::F32 | ElementType::F64) => Self::numbers(inputs, nodes),
            Some(ElementType::I64 | ElementType::I32) => Self::texts(inputs),
            _ => Err(fail(first, "is neither of floats (pictures) nor of integers (token ids)")),
        }
    }

    fn numbers(inputs: &[&ValueInfo], nodes: &[Node]) -> Result<Self, OnnxError> {
        let input = inputs[0];
        if let Some(other) = inputs.get(1) {
            return Err(fail(
                other,
                "is a second input beside that of the pictures, which is not supported",
            ));
        }
        let size = |side: &Side| match side {
            Side::Fixed(n) => Some(*n),
            Side::Free => None,
        };
        let sides: Vec<Option<usize>> = match &input.shape {
            Some(shape) => shape.iter().map(size).collect(),
            None => return Err(fail(input, "does not say how many axes it has")),
        };
        let (feed, reads) = match *sides.as_slice() {
            [_, c, h, w] if !channels_last(input, nodes, c, w) => {
                (Feed::Pictures, Inputs::Images { channels: c, height: h, width: w })
            }
            [_, h, w, c] => {
                (Feed::PicturesLast, Inputs::Images { channels: c, height: h, width: w })
            }
            [_, ref rest @ ..] if (1..=2).contains(&rest.len()) => {
                let free = rest.iter().filter(|side| side.is_none()).count();
                if free > 1 {
                    return Err(fail(input, "has several free sides beside the batch size"));
                }
                let rows = rest.iter().map(|side| side.map_or(-1, |n| n as i64)).collect();
                let all = rest.iter().try_fold(1usize, |n, side| n.checked_mul((*side)?));
                (Feed::Rows(rows), Inputs::Features(all))
            }
            _ => {
                return Err(fail(
                    input,
                    "has an unusual number of axes: it is neither of pictures nor of rows",
                ));
            }
        };
        Ok(Self { inputs: vec![Input { feed, float: true }], reads, ids: None })
    }

    fn texts(inputs: &[&ValueInfo]) -> Result<Self, OnnxError> {
        let mut all = Vec::new();
        let (mut length, mut ids) = (None, None);
        for (k, input) in inputs.iter().enumerate() {
            let feed = match input.name.as_str() {
                name if name.contains("mask") => Feed::Mask,
                name if name.contains("token_type") || name.contains("segment") => Feed::Zeros,
                name if name.contains("position") => Feed::Positions,
                _ if k == 0 => Feed::Ids,
                _ => {
                    let problem = "is not known: texts give input_ids, attention_mask, token_type_ids and position_ids";
                    return Err(fail(input, problem));
                }
            };
            match input.shape.as_deref() {
                Some([_, Side::Fixed(n)]) => length = Some(*n),
                Some([_, Side::Free]) => {}
                _ => return Err(fail(input, "is not of the shape [rows, tokens]")),
            }
            let float = ElementType::of(input.element_type).is_some_and(ElementType::is_float);
            if feed == Feed::Ids {
                ids = Some(input.name.clone());
            }
            all.push(Input { feed, float });
        }
        match all.iter().any(|input| input.feed == Feed::Ids) {
            true => Ok(Self { inputs: all, reads: Inputs::Texts(length), ids }),
            false => Err(fail(inputs[0], "is not of token ids, and no other input is")),
        }
    }

    /// The graph's inputs for rows `[n, channels, height, width]`; those of texts are token ids, of
    /// which `padding` means nothing.
    pub(crate) fn feed(
        &self,
        rows: Tensor<4>,
        padding: u32,
        context: &Context<'_>,
    ) -> Attempt<Vec<Value>> {
        let [n, c, h, w] = rows.dims();
        let rows = Value::Float(rows.into_dispatch());
        let feed = |input: &Input| match &input.feed {
            Feed::Pictures => Ok(rows.clone()),
            Feed::PicturesLast => Ok(rows.clone().permute(&[0, 2, 3, 1])),
            Feed::Rows(sides) => {
                let all = (c * h * w) as i64;
                let known: i64 = sides.iter().filter(|side| **side > 0).product();
                let side = |side: &i64| if *side > 0 { *side } else { all / known.max(1) } as usize;
                let mut shape = vec![n];
                shape.extend(sides.iter().map(side));
                rows.clone().reshape(&shape)
            }
            text => {
                let ids = Dispatch::float_into_int(context.floats(&rows), context.int_type());
                let ids = Value::Int(ids).reshape(&[n, c * h * w])?;
                let value = of_text(text, &ids, padding, context)?;
                Ok(if input.float { Value::Float(context.floats(&value)) } else { value })
            }
        };
        self.inputs.iter().map(feed).collect()
    }
}

fn of_text(feed: &Feed, ids: &Value, padding: u32, context: &Context<'_>) -> Attempt<Value> {
    let sides = ids.dims();
    Ok(match feed {
        Feed::Mask => {
            let padding = Scalar::Int(padding.into());
            let there =
                Dispatch::int_not_equal_elem(context.ints(ids), padding, context.bool_type());
            Value::Int(context.ints(&Value::Bool(there)))
        }
        Feed::Zeros => Value::Int(Dispatch::int_mul_scalar(context.ints(ids), Scalar::Int(0))),
        Feed::Positions => {
            let line = HostTensor::ints(vec![1, sides[1]], (0..sides[1] as i64).collect());
            context.on_device(&line.into()).expand(&sides)?
        }
        _ => ids.clone(),
    })
}

/// Whether the channels of pictures come last, as TensorFlow has them: the graph says so by moving
/// them, or its last side is that of channels and no other is.
fn channels_last(
    input: &ValueInfo,
    nodes: &[Node],
    second: Option<usize>,
    last: Option<usize>,
) -> bool {
    let channels = |side: Option<usize>| side.is_some_and(|n| n <= 4);
    let mut users = nodes.iter().filter(|node| node.inputs.contains(&input.name));
    let moves =
        users.any(|node| node.op == "Transpose" && node.ints("perm") == Some(&[0, 3, 1, 2]));
    moves || (channels(last) && !channels(second))
}

fn fail(input: &ValueInfo, problem: &str) -> OnnxError {
    OnnxError::Input { name: input.name.clone(), problem: problem.to_owned() }
}
