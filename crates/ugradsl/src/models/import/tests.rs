use std::{io::Read, path::Path};

use burn::tensor::TensorData;
use proptest::prelude::*;

use super::*;
use crate::{
    data::Normalisation,
    models::{Architecture, ModelFile, ModelSpec, file::State},
};

/// The network of `scripts/golden_models.py`.
fn spec() -> ModelSpec {
    ModelSpec {
        architecture: Architecture::Mlp,
        shape: [1, 2, 2],
        classes: 3,
        normalisation: Normalisation::identity(1),
        tokenizer: None,
        onnx: None,
    }
}

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pytorch");
    let file = std::fs::File::open(folder.join(format!("{name}.gz"))).expect("opened");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("unpacked");
    bytes
}

fn read(bytes: &[u8]) -> Result<Weights, ImportError> {
    let file = tempfile::NamedTempFile::new().expect("created");
    std::fs::write(file.path(), bytes).expect("written");
    Weights::read(file.path())
}

fn fitted(bytes: &[u8]) -> Result<Import, ImportError> {
    Import::new(read(bytes)?, spec(), None)
}

const NAMES: [(&str, &[usize]); 6] = [
    ("fc1.weight", &[256, 4]),
    ("fc1.bias", &[256]),
    ("fc2.weight", &[128, 256]),
    ("fc2.bias", &[128]),
    ("fc3.weight", &[3, 128]),
    ("fc3.bias", &[3]),
];

fn tensor(shape: &[usize]) -> TensorData {
    let count = shape.iter().product::<usize>();
    let values = (0..count).map(|i| ((i % 7) as f32 - 3.0) / 8.0).collect::<Vec<_>>();
    TensorData::new(values, shape.to_vec())
}

fn state(prefix: &str) -> State {
    NAMES.iter().map(|(name, shape)| (format!("{prefix}{name}"), tensor(shape))).collect()
}

fn safetensors(state: &State) -> Vec<u8> {
    crate::models::encode(state, Default::default()).expect("encoded")
}

#[test]
fn what_pytorch_writes_comes_in_with_its_names() {
    let cases = [
        ("zip.pt", "", "", 0, None),
        ("legacy.pth", "state_dict.module.", "module.", 1, None),
        ("half.pt", "1.", "1.", 0, Some("0")),
        ("views.tar", "model.", "", 0, None),
        ("whole.pt", "", "", 0, None),
    ];
    for (name, prefix, extra_tensors, ignored, layer) in cases {
        let Import { file, mapping } = fitted(&golden(name)).expect(name);
        assert_eq!(mapping.prefix, prefix, "{name}");
        assert_eq!(file.state, state(""), "{name}");
        assert_eq!(mapping.ignored.len(), ignored, "{name}: {:?}", mapping.ignored);
        assert_eq!(mapping.normalisation.as_deref(), layer, "{name}");
        assert_eq!(file.names["fc1.weight"], format!("{extra_tensors}fc1.weight"), "{name}");
        assert!(mapping.to_string().contains("fc3.bias"), "{mapping}");
    }
}

#[test]
fn a_normalisation_layer_is_applied_to_the_pixels_and_goes_back_out() {
    let file = fitted(&golden("half.pt")).expect("fits").file;
    assert_eq!(file.spec.normalisation, Normalisation { mean: vec![0.5], std: vec![0.25] });
    let written = file.to_bytes().expect("written");
    let out = read(&written).expect("read");
    assert!(out.is_ours());
    let names: Vec<_> = out.shapes().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names.len(), 8, "{names:?}");
    assert_eq!(&names[..3], ["0.mean", "0.std", "1.fc1.bias"]);
    let again = ModelFile::from_bytes(&written).expect("ours");
    assert_eq!((again.digest(), &again.state), (file.digest(), &file.state));
    assert_eq!(again.to_bytes().expect("written"), written);
    again.check().expect("loads");
}

#[test]
fn a_pickle_is_never_executed() {
    let witness = Path::new("/tmp/ugradsl-executed-a-pickle");
    assert!(!witness.exists());
    // Refused or read without the call: both are right, running it is not.
    let _ = fitted(&golden("hostile.pt"));
    assert!(!witness.exists());
}

#[test]
fn refusals_name_the_tensor() {
    type Damage = fn(&mut State);
    let refusal = |change: Damage| {
        let mut state = state("net.");
        change(&mut state);
        fitted(&safetensors(&state)).expect_err("refused").to_string()
    };
    let cases: [(Damage, &str); 6] = [
        (|s| drop(s.remove("net.fc2.bias")), "tensor \"net.fc2.bias\" is missing"),
        (
            |s| drop(s.insert("net.fc1.weight".into(), tensor(&[4, 256]))),
            "tensor \"net.fc1.weight\" has shape [4, 256], the network needs [256, 4]",
        ),
        (
            |s| drop(s.insert("net.fc4.weight".into(), tensor(&[3, 3]))),
            "tensor \"net.fc4.weight\" belongs to no layer of this network",
        ),
        (
            |s| s.extend(state("ema.")),
            "several networks are in it, choose one by its prefix: [\"ema.\", \"net.\"]",
        ),
        (
            |s| drop(s.insert("net.fc3.bias".into(), TensorData::from([0.0, f32::NAN, 0.0]))),
            "tensor \"fc3.bias\" holds NaN at position 1",
        ),
        (
            |s| *s = State::from([("conv9.weight".to_owned(), tensor(&[2, 2]))]),
            "nothing in it looks like mlp: no tensor is named \"fc1.weight\"; the first names are conv9.weight; a network \
             that is not built in can be exported to ONNX: torch.onnx.export(model.eval(), (example,), \"net.onnx\", \
             dynamo=True, optimize=False, external_data=False, dynamic_shapes=({0: torch.export.Dim.DYNAMIC},))",
        ),
    ];
    for (change, message) in cases {
        assert_eq!(refusal(change), message);
    }
    let mut broken = state("");
    broken.insert("norm.mean".into(), TensorData::from([0.5_f32]));
    broken.insert("norm.std".into(), TensorData::from([0.0_f32]));
    let error = fitted(&safetensors(&broken)).expect_err("refused").to_string();
    assert!(error.starts_with("normalisation layer \"norm\""), "{error}");
}

#[test]
fn a_prefix_chooses_among_networks_and_the_last_layer_has_many_names() {
    let mut both = state("net.");
    both.extend(state("ema."));
    let weights = read(&safetensors(&both)).expect("read");
    let import = Import::new(weights, spec(), Some("ema.")).expect("fits");
    assert_eq!(import.mapping.ignored.len(), NAMES.len());

    let spec = ModelSpec { architecture: Architecture::ResNet8, shape: [3, 8, 8], ..spec() };
    let spec = ModelSpec { normalisation: Normalisation::identity(3), ..spec };
    let network = spec.init(1, &crate::device::Device::cpu()).expect("built");
    let own = pollster::block_on(crate::models::read_state(&network)).expect("read");
    let renamed = own.iter().map(|(name, data)| (name.replace("linear.", "fc."), data.clone()));
    let weights = read(&safetensors(&renamed.collect())).expect("read");
    let file = Import::new(weights, spec, None).expect("fits").file;
    assert_eq!((file.state == own, file.names["linear.bias"].as_str()), (true, "fc.bias"));
}

/// What is said of a file with these bytes.
fn refused(bytes: &[u8]) -> String {
    read(bytes).expect_err("refused").to_string()
}

#[test]
fn half_files_are_called_so() {
    let whole = safetensors(&state(""));
    let told =
        format!("this is a safetensors file that breaks off after 9000 of {} bytes", whole.len());
    assert!(refused(&whole[..9000]).starts_with(&told), "{}", refused(&whole[..9000]));
    let header = refused(&whole[..100]);
    assert!(
        header.starts_with("this is a safetensors file that breaks off after 100 bytes, in"),
        "{header}"
    );
    assert!(refused(b"\xff\xff\xff\xff\xff\xff\xff\xff{").contains("not a valid safetensors file"));
}

#[cfg(all(feature = "formats", feature = "import"))]
#[test]
fn files_that_hold_no_weights_are_named_with_a_way_out() {
    let keras = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in ["metadata.json", "config.json", "model.weights.h5"] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        }
        zip.finish().expect("written").into_inner()
    };
    let half = golden("zip.pt");
    let legacy = golden("legacy.pth");
    let cases: [(&[u8], &str, &str); 9] = [
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "a Git LFS pointer",
            "git lfs pull",
        ),
        (b"<!doctype html>\n<html></html>", "a web page", "download it again"),
        (b"\x89HDF\r\n\x1a\n....", "an HDF5 file", "tf2onnx.convert --keras"),
        (&keras, "a Keras model", "tf2onnx.convert --keras"),
        (&golden("script.pt"), "a TorchScript program", "torch.jit.load(path).state_dict()"),
        (&half[..half.len() / 2], "a zip file, as torch.save writes", "breaks off"),
        (&legacy[..legacy.len() / 2], "a PyTorch file (torch.save) that", "state_dict()"),
        (b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x07sklearn\x94.", "a Python pickle", "state_dict()"),
        (b"\x93NUMPY\x01\0", "arrays of NumPy", "save_file"),
    ];
    for (bytes, kind, way) in cases {
        let told = refused(bytes);
        assert!(
            told.starts_with(&format!("this is {kind}")) && told.contains(way),
            "{kind}: {told}"
        );
    }
}

#[test]
fn a_network_that_nobody_named_is_described() {
    type Named<'a> = (&'a str, &'a [usize]);
    let looks = |state: &[Named<'_>]| {
        let state = state.iter().map(|(name, shape)| ((*name).to_owned(), tensor(shape))).collect();
        read(&safetensors(&state)).expect("read").looks()
    };
    let cases: [(&[Named<'_>], &str); 5] = [
        (
            &[("0.weight", &[3, 2]), ("0.bias", &[3])],
            "2 tensors of 9 numbers, from a network of linear layers: 0.weight [3, 2]",
        ),
        (
            &[("10.weight", &[2, 2]), ("9.weight", &[4, 3, 1, 1]), ("1.running_mean", &[4])],
            "3 tensors of 20 numbers, from a convolutional network with BatchNorm: 9.weight [4, 3, 1, 1], \
             10.weight [2, 2]",
        ),
        (
            &[("lstm.weight_ih_l0", &[8, 2]), ("e.weight", &[5, 2])],
            "2 tensors of 26 numbers, from a recurrent network: e.weight [5, 2], lstm.weight_ih_l0 [8, 2]",
        ),
        (
            &[("b.attn.qkv.weight", &[6, 2])],
            "1 tensor of 12 numbers, from a transformer: b.attn.qkv.weight [6, 2]",
        ),
        (&[("scale", &[2])], "1 tensor of 2 numbers, from a network of linear layers: scale [2]"),
    ];
    for (state, told) in cases {
        assert_eq!(looks(state), told);
    }
}

#[test]
fn the_built_in_network_that_it_is_is_told() {
    let device = crate::device::Device::cpu();
    let spec_of = |architecture, shape, classes| ModelSpec::new(architecture, shape, classes);
    let weights = |spec: &ModelSpec| {
        let network = spec.init(1, &device).expect("built");
        let state = pollster::block_on(crate::models::read_state(&network)).expect("read");
        let state = state.into_iter().map(|(name, data)| (format!("module.{name}"), data));
        read(&safetensors(&state.collect())).expect("read")
    };
    for architecture in
        [Architecture::ResNet8, Architecture::Vit, Architecture::CifarNet, Architecture::SmallCnn]
    {
        let spec = spec_of(architecture, [3, 32, 32], 7);
        let others = spec_of(Architecture::Mlp, [3, 32, 32], 10);
        assert_eq!(weights(&spec).architectures(&others), [architecture]);
        let error = Import::new(weights(&spec), spec_of(Architecture::LeNet, [3, 32, 32], 7), None);
        let error = error.expect_err("refused").to_string();
        assert!(error.ends_with(&format!("; its tensors are those of {architecture}")), "{error}");
    }
    let small = weights(&spec_of(Architecture::ResNet8, [3, 32, 32], 7));
    assert_eq!(small.architectures(&spec_of(Architecture::Mlp, [1, 32, 32], 7)), []);
    let error = Import::new(small, spec_of(Architecture::ResNet20, [3, 32, 32], 7), None)
        .expect_err("refused");
    let told =
        "tensor \"module.layer1.1.conv1.weight\" is missing; its tensors are those of resnet8";
    assert_eq!(error.to_string(), told);
}

#[test]
#[ignore = "needs UGRADSL_DATA with models/"]
fn a_published_network_comes_in_whole_from_both_formats() {
    let root = std::env::var_os("UGRADSL_DATA").expect("UGRADSL_DATA is set");
    let spec = ModelSpec {
        architecture: Architecture::ResNet20,
        shape: [3, 32, 32],
        classes: 10,
        normalisation: Normalisation::identity(3),
        tokenizer: None,
        onnx: None,
    };
    let import = |name: &str| {
        let weights = Weights::read(&Path::new(&root).join("models").join(name)).expect(name);
        Import::new(weights, spec.clone(), None).expect(name)
    };
    let (pickle, tensors) = (import("resnet20-cifar10.th"), import("resnet20-cifar10.safetensors"));
    assert_eq!(pickle.file.digest(), tensors.file.digest());
    assert_eq!(pickle.mapping.prefix, "state_dict.module.");
    assert_eq!(pickle.file.names["linear.bias"], "module.linear.bias");
    let statistics = ["running_mean", "running_var"];
    let learnt = tensors
        .mapping
        .tensors
        .iter()
        .filter(|(name, ..)| !statistics.iter().any(|s| name.ends_with(s)));
    let learnt: usize = learnt.map(|(_, _, shape)| shape.iter().product::<usize>()).sum();
    assert_eq!(learnt, 269_722);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        name in prop::sample::select(vec!["zip.pt", "legacy.pth", "views.tar"]),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = golden(name);
        // Headers and pickles, not the weights, which any value suits.
        let at = at.index(bytes.len().min(3000));
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = fitted(&bytes);
    }
}
