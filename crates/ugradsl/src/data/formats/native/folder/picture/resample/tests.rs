use super::*;

/// Width, height, samples, side, then of what PIL 11.3.0 and torchvision's rules give: the FNV-1a
/// hash and the first six values.
type Case = (usize, usize, usize, usize, u64, [u8; 6]);

const CASES: [Case; 9] = [
    (37, 23, 3, 16, 0xcb33f29d433fc47a, [82, 105, 60, 78, 109, 66]),
    (23, 37, 3, 16, 0x262dbaa98cd158c3, [150, 110, 132, 138, 76, 148]),
    (16, 16, 1, 16, 0x680c5392814686b5, [0, 1, 4, 9, 16, 25]),
    (5, 9, 1, 12, 0xe22208a225cf2071, [57, 59, 65, 71, 78, 85]),
    (100, 33, 3, 10, 0x6d20dea0700d64ff, [134, 155, 108, 150, 118, 112]),
    (33, 100, 1, 7, 0xef2b5e9ebd04d5f1, [159, 157, 115, 127, 114, 125]),
    (64, 48, 3, 32, 0x5a4e046d88ad2a74, [141, 135, 64, 162, 164, 88]),
    (7, 3, 1, 3, 0x1279b2e8d8d59599, [4, 9, 16, 80, 99, 119]),
    (1, 50, 3, 4, 0x15a973f0f8396685, [163, 80, 192, 163, 80, 192]),
];

/// The picture that the cases start from.
pub(crate) fn generated(width: usize, height: usize, samples: usize) -> Raster {
    let value = |i: usize| ((i * i * 31 + i * 7) >> 5) as u8;
    let pixels = (0..width * height * samples).map(value).collect();
    Raster { width, height, samples, pixels }
}

pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[test]
fn results_are_those_of_pil_to_the_bit() {
    for (width, height, samples, side, expected, first) in CASES {
        let found = resize(&generated(width, height, samples), side);
        assert_eq!((found.width, found.height, found.samples), (side, side, samples));
        assert_eq!(found.pixels[..6], first, "{width} x {height} to {side}");
        assert_eq!(hash(&found.pixels), expected, "{width} x {height} to {side}");
    }
}

#[test]
fn margins_are_rounded_as_python_does() {
    let margins: Vec<usize> = (0..8).map(|spare| margin(10 + spare, 10)).collect();
    assert_eq!(margins, [0, 0, 1, 2, 2, 2, 3, 4]);
}

#[test]
fn extremes_stay_small() {
    let long = Raster { width: 200_000, height: 1, samples: 1, pixels: vec![9; 200_000] };
    assert_eq!(resize(&long, 300).pixels, vec![9; 90_000]);
    let one = Raster { width: 1, height: 1, samples: 3, pixels: vec![1, 2, 3] };
    assert_eq!(resize(&one, 2).pixels, [1, 2, 3].repeat(4));
}
