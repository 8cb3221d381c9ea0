//! Recurrent layers: LSTM, GRU and the plain one.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs, activations, slices::joined};
use crate::onnx::{
    shape::{Attempt, count},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("LSTM", |call| recurrent(call, Cell::Lstm)),
    ("GRU", |call| recurrent(call, Cell::Gru)),
    ("RNN", |call| recurrent(call, Cell::Plain)),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Lstm,
    Gru,
    Plain,
}

impl Cell {
    fn gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
            Self::Plain => 1,
        }
    }

    /// The activations that are used unless the node says others.
    fn activations(self) -> &'static [&'static str] {
        match self {
            Self::Lstm => &["Sigmoid", "Tanh", "Tanh"],
            Self::Gru => &["Sigmoid", "Tanh"],
            Self::Plain => &["Tanh"],
        }
    }
}

type Activation = fn(DispatchTensor) -> DispatchTensor;

/// One direction: its weights, as they are multiplied.
struct Direction {
    cell: Cell,
    /// Of the inputs, `[input, gates x hidden]`.
    w: DispatchTensor,
    /// Of the state, `[hidden, gates x hidden]`.
    r: DispatchTensor,
    /// Biases of both, `[1, gates x hidden]`.
    bias: Option<[DispatchTensor; 2]>,
    /// What the cell gives to the gates of input, output and forgetting.
    peepholes: Option<[DispatchTensor; 3]>,
    activations: Vec<Activation>,
    hidden: usize,
    /// Whether the reset gate of a GRU comes after the product.
    reset_after: bool,
}

fn recurrent(call: &Call<'_>, cell: Cell) -> Outputs {
    check(call)?;
    let mut x = call.floats(0)?;
    let batch_first = call.node.is_set("layout");
    if batch_first {
        x = Dispatch::float_swap_dims(x, 0, 1);
    }
    let ([steps, batch, input], wd) = (three(&dims(&x))?, three(&call.input(1)?.dims())?);
    let hidden = call
        .node
        .int("hidden_size")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(wd[1] / cell.gates());
    let directions = wd[0];
    let named = call.node.text("direction").unwrap_or("forward");
    let expected = if named == "bidirectional" { 2 } else { 1 };
    let fits = wd == [expected, cell.gates() * hidden, input]
        && call.input(2)?.dims() == [expected, cell.gates() * hidden, hidden];
    if !fits || count(&[steps, batch, input, hidden]) == 0 {
        return Err(format!("has weights of {wd:?} for inputs of {:?}", dims(&x)));
    }
    let (mut all, mut last, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for k in 0..directions {
        let direction = Direction::of(call, cell, k, hidden)?;
        let state = |index: usize| initial(call, index, k, [batch, hidden], batch_first);
        let backwards = named == "reverse" || k == 1;
        let made = direction.run(call, x.clone(), state(5)?, state(6)?, backwards)?;
        all.push(Value::Float(made.0));
        last.push(Value::Float(made.1));
        cells.push(Value::Float(made.2));
    }
    // [steps, directions, batch, hidden] and [directions, batch, hidden]
    let y = joined(all, 1, call.context)?;
    let (h, c) = (joined(last, 0, call.context)?, joined(cells, 0, call.context)?);
    let turned =
        |value: Value, order: &[usize]| if batch_first { value.permute(order) } else { value };
    let mut outputs = vec![turned(y, &[2, 0, 1, 3]), turned(h, &[1, 0, 2])];
    if cell == Cell::Lstm {
        outputs.push(turned(c, &[1, 0, 2]));
    }
    Ok(outputs)
}

fn three(sides: &[usize]) -> Attempt<[usize; 3]> {
    <[usize; 3]>::try_from(sides).map_err(|_| format!("takes {sides:?}, which are not three axes"))
}

/// Refuses what no exporter writes.
fn check(call: &Call<'_>) -> Attempt<()> {
    let clips = call.node.float("clip").is_some_and(|clip| clip != 0.0);
    let coupled = call.node.is_set("input_forget");
    for (there, what) in [(clips, "clip"), (coupled, "input_forget")] {
        if there {
            return Err(format!("has {what}, which is not supported"));
        }
    }
    match call.optional(4) {
        Some(_) => {
            // Rows of one length are all that pictures and padded texts have.
            let lengths = call
                .ints(4)
                .map_err(|_| "takes the length of each row from the data".to_owned())?;
            let steps =
                call.input(0)?.dims()[if call.node.is_set("layout") { 1 } else { 0 }] as i64;
            match lengths.iter().all(|length| *length == steps) {
                true => Ok(()),
                false => Err("has rows of several lengths, which is not supported".to_owned()),
            }
        }
        None => Ok(()),
    }
}

/// The state that a direction begins with.
fn initial(
    call: &Call<'_>,
    index: usize,
    direction: usize,
    [batch, hidden]: [usize; 2],
    batch_first: bool,
) -> Attempt<Option<DispatchTensor>> {
    let Some(value) = call.optional(index) else { return Ok(None) };
    let value = if batch_first { value.clone().permute(&[1, 0, 2]) } else { value.clone() };
    let sides = value.dims();
    if sides.len() != 3 || sides[1..] != [batch, hidden] || direction >= sides[0] {
        return Err(format!("begins with a state of shape {sides:?}"));
    }
    let own = value.narrow(0, direction, 1, call.context)?.reshape(&[batch, hidden])?;
    Ok(Some(call.context.floats(&own)))
}

impl Direction {
    fn of(call: &Call<'_>, cell: Cell, k: usize, hidden: usize) -> Attempt<Self> {
        let matrix = |index: usize| {
            let own = call.input(index)?.clone().narrow(0, k, 1, call.context)?;
            let sides = own.dims();
            let own = call.context.floats(&own.reshape(&sides[1..])?);
            Ok::<_, String>(Dispatch::float_transpose(own))
        };
        let all = cell.gates() * hidden;
        let bias = match call.optional(3) {
            None => None,
            Some(bias) if bias.dims().get(1..) == Some(&[2 * all]) => {
                let half = |start: usize| {
                    let own = bias.clone().narrow(0, k, 1, call.context)?;
                    Ok::<_, String>(call.context.floats(&own.narrow(
                        1,
                        start,
                        all,
                        call.context,
                    )?))
                };
                Some([half(0)?, half(all)?])
            }
            Some(bias) => return Err(format!("has biases of shape {:?}", bias.dims())),
        };
        let peepholes = match call.optional(7).filter(|_| cell == Cell::Lstm) {
            None => None,
            Some(value) if value.dims().get(1..) == Some(&[3 * hidden]) => {
                let part = |gate: usize| {
                    let own = value.clone().narrow(0, k, 1, call.context)?;
                    let own = own.narrow(1, gate * hidden, hidden, call.context)?;
                    Ok::<_, String>(call.context.floats(&own))
                };
                Some([part(0)?, part(1)?, part(2)?])
            }
            Some(value) => return Err(format!("has peepholes of shape {:?}", value.dims())),
        };
        let names: Vec<&str> = match call.node.texts("activations") {
            Some(given) if !given.is_empty() => {
                let own = given.iter().map(String::as_str).skip(k * cell.activations().len());
                own.take(cell.activations().len()).collect()
            }
            _ => cell.activations().to_vec(),
        };
        let activations = names.iter().map(|name| activation(name)).collect::<Attempt<Vec<_>>>()?;
        if activations.len() != cell.activations().len() {
            return Err(format!("has the activations {names:?}"));
        }
        let reset_after = call.node.is_set("linear_before_reset");
        Ok(Self {
            cell,
            w: matrix(1)?,
            r: matrix(2)?,
            bias,
            peepholes,
            activations,
            hidden,
            reset_after,
        })
    }

    /// The states after each step `[steps, 1, batch, hidden]`, and the last state and cell `[1,
    /// batch, hidden]`.
    fn run(
        &self,
        call: &Call<'_>,
        x: DispatchTensor,
        state: Option<DispatchTensor>,
        cell: Option<DispatchTensor>,
        backwards: bool,
    ) -> Attempt<(DispatchTensor, DispatchTensor, DispatchTensor)> {
        let [steps, batch, input] = three(&dims(&x))?;
        // What the inputs give to all gates of all steps is one product.
        let flat = Dispatch::float_reshape(x, shape(&[steps * batch, input]));
        let mut gates = Dispatch::float_matmul(flat, self.w.clone());
        if let Some([bias, _]) = &self.bias {
            gates = Dispatch::float_add(gates, bias.clone());
        }
        let gates =
            Value::Float(gates).reshape(&[steps, batch, self.cell.gates() * self.hidden])?;
        let zeros = crate::onnx::host::HostTensor::floats(
            vec![batch, self.hidden],
            vec![0.0; batch * self.hidden],
        );
        let zeros = call.context.floats(&zeros.into());
        let mut h = state.unwrap_or_else(|| zeros.clone());
        let mut c = cell.unwrap_or(zeros);
        let mut all = vec![None; steps];
        let order: Vec<usize> =
            if backwards { (0..steps).rev().collect() } else { (0..steps).collect() };
        for step in order {
            let own = gates.clone().narrow(0, step, 1, call.context)?;
            let own = own.reshape(&[batch, self.cell.gates() * self.hidden])?;
            (h, c) = self.step(call, own, h, c)?;
            let one = Dispatch::float_reshape(h.clone(), shape(&[1, 1, batch, self.hidden]));
            all[step] = Some(Value::Float(one));
        }
        let y = joined(all.into_iter().flatten().collect(), 0, call.context)?;
        let one = shape(&[1, batch, self.hidden]);
        let (h, c) = (Dispatch::float_reshape(h, one.clone()), Dispatch::float_reshape(c, one));
        Ok((call.context.floats(&y), h, c))
    }

    /// What the state gives to the gates.
    fn state_gates(&self, h: &DispatchTensor) -> Value {
        let product = Dispatch::float_matmul(h.clone(), self.r.clone());
        Value::Float(match &self.bias {
            Some([_, bias]) => Dispatch::float_add(product, bias.clone()),
            None => product,
        })
    }

    fn gate(&self, call: &Call<'_>, all: &Value, k: usize) -> Attempt<DispatchTensor> {
        let own = all.clone().narrow(1, k * self.hidden, self.hidden, call.context)?;
        Ok(call.context.floats(&own))
    }

    fn step(
        &self,
        call: &Call<'_>,
        gates: Value,
        h: DispatchTensor,
        c: DispatchTensor,
    ) -> Attempt<(DispatchTensor, DispatchTensor)> {
        let state = self.state_gates(&h);
        let sum = |k: usize| {
            Ok::<_, String>(Dispatch::float_add(
                self.gate(call, &gates, k)?,
                self.gate(call, &state, k)?,
            ))
        };
        let f = &self.activations;
        match self.cell {
            Cell::Plain => Ok((f[0](sum(0)?), c)),
            Cell::Lstm => {
                // Gates in ONNX's order: input, output, forget, cell.
                let seen =
                    |gate: DispatchTensor, k: usize, cell: &DispatchTensor| match &self.peepholes {
                        Some(all) => {
                            let part = Dispatch::float_mul(all[k].clone(), cell.clone());
                            Dispatch::float_add(gate, part)
                        }
                        None => gate,
                    };
                let i = f[0](seen(sum(0)?, 0, &c));
                let forget = f[0](seen(sum(2)?, 2, &c));
                let kept = Dispatch::float_mul(forget, c);
                let c = Dispatch::float_add(kept, Dispatch::float_mul(i, f[1](sum(3)?)));
                let o = f[0](seen(sum(1)?, 1, &c));
                Ok((Dispatch::float_mul(o, f[2](c.clone())), c))
            }
            Cell::Gru => {
                // Gates in ONNX's order: update, reset, hidden.
                let (z, r) = (f[0](sum(0)?), f[0](sum(1)?));
                let new = match self.reset_after {
                    true => Dispatch::float_mul(r, self.gate(call, &state, 2)?),
                    false => {
                        let reset = self.state_gates(&Dispatch::float_mul(r, h.clone()));
                        self.gate(call, &reset, 2)?
                    }
                };
                let new = f[1](Dispatch::float_add(self.gate(call, &gates, 2)?, new));
                // (1 - z) new + z h = new + z (h - new)
                let moved = Dispatch::float_mul(z, Dispatch::float_sub(h, new.clone()));
                Ok((Dispatch::float_add(new, moved), c))
            }
        }
    }
}

fn activation(name: &str) -> Attempt<Activation> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "sigmoid" => Dispatch::sigmoid,
        "tanh" => Dispatch::float_tanh,
        "relu" => Dispatch::relu,
        "softsign" => activations::softsign,
        "softplus" => activations::softplus,
        "hardsigmoid" => |x| activations::hard_sigmoid(x, 0.2, 0.5),
        "affine" => |x| Dispatch::float_mul_scalar(x, Scalar::Float(1.0)),
        _ => return Err(format!("has the activation {name:?}, which is not supported")),
    })
}
