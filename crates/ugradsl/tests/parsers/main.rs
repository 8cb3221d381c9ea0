//! A short run of what the fuzzer does at length: every parser on changed seeds. `cargo +nightly fuzz run NAME` in
//! `crates/ugradsl` looks further, led by what the bytes reach.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod targets;

/// Changed copies of each seed, for each parser.
const COPIES: u64 = 300;

/// A sequence without a pattern (SplitMix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }
}

/// A few bytes changed, removed, repeated or cut off.
fn changed(seed: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=draw.below(4) {
        let at = draw.below(bytes.len());
        match draw.below(5) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] = draw.below(256) as u8,
            2 if !bytes.is_empty() => bytes[at] ^= 1 << draw.below(8),
            3 => {
                bytes.insert(at.min(bytes.len()), [0, 0xff, b'"', b',', b'\n', b'['][draw.below(6)])
            }
            _ => bytes.extend_from_within(at.min(bytes.len())..),
        }
        bytes.truncate(1 << 16);
    }
    bytes
}

fn npy() -> Vec<u8> {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 2), }\n";
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &[7; 8]].concat()
}

fn seeds() -> Vec<Vec<u8>> {
    let idx: Vec<u8> = [&[0, 0, 8, 3][..], &[0, 0, 0, 2].repeat(3), &[7; 8]].concat();
    let texts: [&[u8]; 14] = [
        b"",
        b"label,x,group\n0,1.5,ann\n1,\"2,5\",bob;ann\n0,,\n",
        b"{\"label\": \"a\", \"x\": 1.5}\n{\"label\": \"b\", \"x\": 2}\n",
        b"[{\"label\": \"a\", \"x\": 1.5}, {\"label\": \"b\", \"x\": 2}]",
        b"class:0 but not where:x=1 with copies",
        b"id\n3\n0-4, 7\n\"a/1.png\"\n",
        b"[training]\nepochs = 3\n[[sweep]]\nkey = \"ugradsl.p\"\nvalues = [0.1, 0.9]\n",
        b"ugradsl-plus.alpha=-0.5",
        b"From: a@b\nSubject: re\n\n> quoted\ntext\n--\nfooter\n",
        b"\xff\xfea\0,\0b\0\n\0",
        b"P5\n2 2\n255\n\x01\x02\x03\x04",
        b"{\"version\": \"1.0\", \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}",
        b"\x80\x02}q\x00(U\x04dataq\x01K\x01u.",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    ];
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../ugradsl-cli/tests/golden/digits.onnx");
    let onnx = std::fs::read(golden).unwrap();
    let cifar = vec![3; 2 * 3073];
    texts.map(<[u8]>::to_vec).into_iter().chain([idx, npy(), onnx, cifar]).collect()
}

#[test]
fn no_parser_panics_on_changed_bytes() {
    let seeds = seeds();
    std::thread::scope(|scope| {
        for (number, (name, parse)) in (0..).zip(targets::ALL) {
            let seeds = &seeds;
            scope.spawn(move || {
                let mut draw = Draw(number);
                for seed in seeds {
                    // The seed itself first; large ones less often.
                    let copies = if seed.len() > 1 << 14 { COPIES / 10 } else { COPIES };
                    parse(seed);
                    for _ in 0..copies {
                        let bytes = changed(seed, &mut draw);
                        let shown =
                            String::from_utf8_lossy(&bytes).chars().take(200).collect::<String>();
                        let run = std::panic::catch_unwind(|| parse(&bytes));
                        assert!(run.is_ok(), "{name} panics on {} bytes: {shown:?}", bytes.len());
                    }
                }
            });
        }
    });
}
