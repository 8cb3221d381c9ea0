//! Files made in memory.

use std::collections::BTreeMap;

use burn::tensor::{Device, TensorData};
use proptest::prelude::*;

use super::{
    Inputs, OnnxError, OnnxModel, Role,
    network::blank,
    wire::{put_bytes, put_varint},
};

/// Writes a message of fields.
#[derive(Default, Clone)]
struct Message(Vec<u8>);

impl Message {
    fn bytes(mut self, number: u64, bytes: &[u8]) -> Self {
        put_bytes(&mut self.0, number, bytes);
        self
    }

    fn text(self, number: u64, text: &str) -> Self {
        self.bytes(number, text.as_bytes())
    }

    fn int(mut self, number: u64, value: i64) -> Self {
        put_varint(&mut self.0, number << 3);
        put_varint(&mut self.0, value as u64);
        self
    }

    fn message(self, number: u64, message: Message) -> Self {
        self.bytes(number, &message.0)
    }
}

fn tensor(name: &str, dims: &[i64], values: &[f32]) -> Message {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let message = dims.iter().fold(Message::default(), |message, side| message.int(1, *side));
    message.int(2, 1).text(8, name).bytes(9, &raw)
}

/// `name`, of floats; sides below 0 are free.
fn value(name: &str, dims: &[i64]) -> Message {
    let side = |shape: Message, side: &i64| {
        let own = Message::default();
        shape.message(1, if *side < 0 { own.text(2, "n") } else { own.int(1, *side) })
    };
    let shape = dims.iter().fold(Message::default(), side);
    let kind = Message::default().message(1, Message::default().int(1, 1).message(2, shape));
    Message::default().text(1, name).message(2, kind)
}

fn node(op: &str, inputs: &[&str], output: &str) -> Message {
    let message = inputs.iter().fold(Message::default(), |message, name| message.text(1, name));
    message.text(2, output).text(3, &format!("/{output}")).text(4, op)
}

fn of_graph(graph: Message) -> Vec<u8> {
    let opset = Message::default().text(1, "").int(2, 17);
    let kept = Message::default().text(1, "author").text(2, "somebody");
    let file = Message::default().int(1, 8).text(2, "by hand").message(7, graph).message(8, opset);
    // A field that nobody knows stays, too.
    file.message(14, kept).text(999, "unknown").0
}

/// A network of two layers for rows `[n, 3]` in two classes, with a softmax at its end.
fn layers() -> Message {
    Message::default()
        .message(1, node("MatMul", &["x", "w1"], "a"))
        .message(1, node("Add", &["a", "b1"], "b"))
        .message(1, node("Relu", &["b"], "h"))
        .message(1, node("Gemm", &["h", "w2", "b2"], "z"))
        .message(1, node("Softmax", &["z"], "p"))
        .message(5, tensor("w1", &[3, 4], &[0.5; 12]))
        .message(5, tensor("b1", &[4], &[0.1, 0.2, 0.3, 0.4]))
        .message(5, tensor("w2", &[4, 2], &[1.0, -1.0, 0.5, 0.25, 2.0, 0.0, 1.0, 1.0]))
        .message(5, tensor("b2", &[2], &[0.0, 1.0]))
        .message(11, value("x", &[-1, 3]))
        .message(12, value("p", &[-1, 2]))
}

fn file() -> Vec<u8> {
    of_graph(layers())
}

fn read() -> OnnxModel {
    OnnxModel::from_bytes(&file()).unwrap()
}

#[test]
fn says_what_it_reads_and_trains() {
    let model = read();
    assert_eq!(*model.inputs(), Inputs::Features(Some(3)));
    let roles: Vec<(String, Role)> =
        model.trained().into_iter().map(|tensor| (tensor.name, tensor.role)).collect();
    let expected =
        [("w1", Role::Weight), ("b1", Role::Bias), ("w2", Role::Weight), ("b2", Role::Bias)];
    assert_eq!(roles, expected.map(|(name, role)| (name.to_owned(), role)));
    assert_eq!(model.classes([1, 1, 3], 0), Ok(2));
    assert!(model.notes()[0].contains("Softmax"));
}

#[test]
fn answers_as_computed_by_hand() {
    // x = (1, 1, 1): x w1 = 1.5 in each place, plus b1 = (1.6, 1.7, 1.8, 1.9), all positive. Times
    // w2, plus b2: (1.6 + 0.85 + 3.6 + 1.9, -1.6 + 0.425 + 1.9 + 1) = (7.95, 1.725)
    let device = Device::flex();
    let answers = read().load(0, &device).answers(blank(2, [1, 1, 3], 1, &device)).unwrap();
    let logits: Vec<f32> = answers.logits.into_data().try_to_vec().unwrap();
    for (found, expected) in logits.iter().zip([7.95, 1.725, 7.95, 1.725]) {
        assert!((found - expected).abs() < 1e-5, "{logits:?}");
    }
    assert_eq!(answers.features.dims(), [2, 4]);
}

#[test]
fn writes_only_what_was_trained() {
    let (file, model) = (file(), read());
    assert_eq!(model.write(&model.state(), None).unwrap(), file);
    let mut state = model.state();
    state.insert("b2".to_owned(), TensorData::new(vec![3.0f32, 4.0], [2]));
    let new = model.write(&state, Some(("ugradsl.model", "first"))).unwrap();
    let different = file.iter().zip(&new).filter(|(old, new)| old != new).count();
    assert!(different <= 8, "{different} bytes differ");
    let read = OnnxModel::from_bytes(&new).unwrap();
    assert_eq!(read.state()["b2"], state["b2"]);
    assert_eq!(
        (read.metadata("author"), read.metadata("ugradsl.model")),
        (Some("somebody"), Some("first"))
    );
    assert_eq!(read.digest(), model.digest());
    // A second entry takes the place of the first.
    let again = read.write(&state, Some(("ugradsl.model", "other"))).unwrap();
    assert_eq!(again.len(), new.len());
    let wrong: BTreeMap<String, TensorData> =
        [("b2".to_owned(), TensorData::new(vec![1.0f32], [1]))].into();
    assert!(matches!(model.write(&wrong, None), Err(OnnxError::Place { .. })));
}

#[test]
fn frozen_tensors_are_constants() {
    let model = read().freeze(&["*1".to_owned()]).unwrap();
    let names: Vec<String> = model.trained().into_iter().map(|tensor| tensor.name).collect();
    assert_eq!(names, ["w2", "b2"]);
    assert_eq!(model.untouched().len(), 2);
    assert_eq!(model.classes([1, 1, 3], 0), Ok(2));
    let error = model.freeze(&["conv*".to_owned()]).unwrap_err().to_string();
    assert!(error.contains("conv*") && error.contains("w1"), "{error}");
    assert_eq!(read().freeze(&["*".to_owned()]), Err(OnnxError::NoWeights));
}

#[test]
fn graphs_that_contradict_themselves_are_refused() {
    let problem = |graph: Message| OnnxModel::from_bytes(&of_graph(graph)).unwrap_err().to_string();
    let circle = Message::default()
        .message(1, node("Add", &["x", "b"], "a"))
        .message(1, node("Relu", &["a"], "b"))
        .message(11, value("x", &[-1, 3]))
        .message(12, value("b", &[-1, 3]));
    assert!(problem(circle).contains("circle"));
    let twice = layers().message(1, node("Relu", &["x"], "h"));
    assert!(problem(twice).contains("second time"));
    let unknown = Message::default()
        .message(1, node("Relu", &["y"], "z"))
        .message(11, value("x", &[-1, 3]))
        .message(12, value("z", &[-1, 3]));
    assert!(problem(unknown).contains("nothing makes"));
    assert!(problem(Message::default()).contains("output"));
    assert_eq!(OnnxModel::from_bytes(b"").unwrap_err(), OnnxError::NoGraph);
}

#[test]
fn what_is_not_supported_is_named_before_anything_is_computed() {
    let graph = |node: Message| {
        let graph = Message::default().message(1, node).message(5, tensor("w", &[3, 2], &[1.0; 6]));
        let graph = graph.message(1, self::node("MatMul", &["y", "w"], "z"));
        of_graph(graph.message(11, value("x", &[-1, 3])).message(12, value("z", &[-1, 2])))
    };
    let strange = OnnxModel::from_bytes(&graph(node("RandomNormalLike", &["x"], "y")))
        .unwrap_err()
        .to_string();
    assert!(strange.contains("RandomNormalLike") && strange.contains("/y"), "{strange}");
    let contrib = node("FusedConv", &["x"], "y").text(7, "com.microsoft");
    let contrib = OnnxModel::from_bytes(&graph(contrib)).unwrap_err().to_string();
    assert!(
        contrib.contains("com.microsoft") && contrib.contains("before the optimisation"),
        "{contrib}"
    );
}

#[test]
fn a_fixed_batch_size_is_refused_with_the_line_that_frees_it() {
    let fixed = layers();
    let mut text = of_graph(fixed);
    // The free side of the input, field 2 (a name), becomes field 1 (the number 1).
    let at = text.windows(3).position(|part| part == [0x12, 0x01, b'n']).unwrap();
    text.splice(at..at + 3, [0x08, 0x81, 0x00]);
    let error = OnnxModel::from_bytes(&text).unwrap_err().to_string();
    assert!(error.contains("fixed batch size of 1") && error.contains("Dim.DYNAMIC"), "{error}");
    // A size that is written into a node shows when the network is tried.
    let shape = Message::default()
        .int(1, 2)
        .int(2, 7)
        .text(8, "shape")
        .bytes(9, &[2i64.to_le_bytes(), 3i64.to_le_bytes()].concat());
    let graph = Message::default()
        .message(1, node("Reshape", &["x", "shape"], "y"))
        .message(1, node("MatMul", &["y", "w"], "z"))
        .message(5, shape)
        .message(5, tensor("w", &[3, 2], &[1.0; 6]))
        .message(11, value("x", &[-1, 3]))
        .message(12, value("z", &[-1, 2]));
    let model = OnnxModel::from_bytes(&of_graph(graph)).unwrap();
    let error = model.classes([1, 1, 3], 0).unwrap_err().to_string();
    assert!(error.contains("Reshape") && error.contains("[2, 3]"), "{error}");
}

/// The network of [`layers`], the values of whose first tensor lie in `weights.bin` from byte 8 on.
fn split(location: &str, length: &str) -> Vec<u8> {
    let entry = |key: &str, value: &str| Message::default().text(1, key).text(2, value);
    let place = Message::default()
        .int(1, 3)
        .int(1, 4)
        .int(2, 1)
        .text(8, "w1")
        .message(13, entry("location", location))
        .message(13, entry("offset", "8"))
        .message(13, entry("length", length))
        .int(14, 1);
    let graph = Message::default()
        .message(1, node("MatMul", &["x", "w1"], "z"))
        .message(5, place)
        .message(11, value("x", &[-1, 3]))
        .message(12, value("z", &[-1, 4]));
    of_graph(graph)
}

#[cfg(not(target_family = "wasm"))]
#[test]
fn values_in_other_files_are_taken_inside() {
    let folder = tempfile::tempdir().unwrap();
    let values: Vec<u8> = (0..14u8).flat_map(|n| f32::from(n).to_le_bytes()).collect();
    std::fs::write(folder.path().join("weights.bin"), values).unwrap();
    let read = |file: Vec<u8>| OnnxModel::read(file, folder.path());
    let model = read(split("weights.bin", "48")).unwrap();
    let found: Vec<f32> = model.state()["w1"].iter::<f32>().collect();
    assert_eq!(found, (2..14).map(|n| n as f32).collect::<Vec<f32>>());
    // What is written needs no other file.
    let bytes = model.write(&model.state(), None).unwrap();
    assert_eq!(OnnxModel::from_bytes(&bytes).unwrap().state(), model.state());
    let problem = |file: Vec<u8>| read(file).unwrap_err().to_string();
    assert!(problem(split("../weights.bin", "48")).contains("beside the graph"));
    assert!(problem(split("weights.bin", "4800")).contains("its shape needs 48 bytes"));
    assert!(problem(split("other.bin", "48")).contains("cannot be read"));
    // A file of 2 GB that takes no room: only what the shape needs is read of it.
    let sparse = std::fs::File::create(folder.path().join("sparse.bin")).unwrap();
    sparse.set_len(2_000_000_000).unwrap();
    assert!(read(split("sparse.bin", "48")).is_ok());
    std::fs::write(folder.path().join("half.bin"), [0; 20]).unwrap();
    assert!(problem(split("half.bin", "48")).contains("only 20 bytes"));
    let alone = OnnxModel::from_bytes(&split("weights.bin", "48")).unwrap_err().to_string();
    assert!(
        alone.contains("weights.bin") && alone.contains("only the bytes of the graph"),
        "{alone}"
    );
}

#[test]
fn files_that_break_off_are_refused() {
    let file = file();
    for end in 0..file.len() {
        // Where the graph is whole, the file is.
        if let Ok(model) = OnnxModel::from_bytes(&file[..end]) {
            assert_eq!(model.trained().len(), 4);
        }
    }
}

/// Reads bytes and, if they are a network, tries it.
fn survive(bytes: &[u8]) {
    if let Ok(model) = OnnxModel::from_bytes(bytes) {
        let _ = model.classes([1, 1, 3], 0);
        let _ = model.write(&model.state(), Some(("ugradsl.model", "{}")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_bytes_are_refused_in_words(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survive(&bytes);
    }

    #[test]
    fn a_file_with_other_bytes_is_refused_or_works(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = file();
        for (place, byte) in &changes {
            let at = place.index(bytes.len());
            bytes[at] = *byte;
        }
        survive(&bytes);
    }
}
