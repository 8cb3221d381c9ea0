//! The public data sets, where their publishers keep them, and the checksums of their files.

/// A data set that can be fetched.
pub(crate) struct PublicSet {
    /// Its name for `--data`.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    /// Approximate megabytes to download.
    pub(crate) megabytes: u32,
    /// Its folder below the data root.
    pub(crate) folder: &'static str,
    /// URLs of the folders with its files, in the order in which they are tried.
    pub(super) base_urls: &'static [&'static str],
    pub(super) files: Files,
}

pub(super) enum Files {
    Idx(&'static [Idx; 4]),
    Archive {
        name: &'static str,
        /// As published beside the archive.
        md5: &'static str,
        /// An upper bound of the archive's size in bytes.
        most: u64,
        /// The files in it that are kept, and their sizes in bytes.
        content: &'static [(&'static str, u64)],
    },
}

/// A gzipped idx file. Mirrors differ in its compression, not in its content.
pub(super) struct Idx {
    /// Without `.gz`.
    pub(super) name: &'static str,
    /// Of the unpacked bytes.
    pub(super) sha256: &'static str,
    /// Unpacked.
    pub(super) bytes: u64,
}

impl PublicSet {
    /// The files that it needs, below its folder; idx files may be gzipped or not.
    pub(crate) fn files(&self) -> Vec<&'static str> {
        match &self.files {
            Files::Idx(files) => files.iter().map(|file| file.name).collect(),
            Files::Archive { content, .. } => content.iter().map(|(name, _)| *name).collect(),
        }
    }
}

/// All of them.
pub(crate) static SETS: [PublicSet; 4] = [
    PublicSet {
        name: "mnist",
        about: "handwritten digits, 28 x 28 grey, 60000 + 10000, 10 classes",
        megabytes: 12,
        folder: "mnist",
        base_urls: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ],
        files: Files::Idx(&MNIST),
    },
    PublicSet {
        name: "fashion-mnist",
        about: "clothes, 28 x 28 grey, 60000 + 10000, 10 classes",
        megabytes: 31,
        folder: "fashion-mnist",
        base_urls: &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        files: Files::Idx(&FASHION_MNIST),
    },
    PublicSet {
        name: "cifar10",
        about: "animals and vehicles, 32 x 32 in colour, 50000 + 10000, 10 classes",
        megabytes: 170,
        folder: "cifar-10-batches-bin",
        base_urls: &["https://www.cs.toronto.edu/~kriz/"],
        files: Files::Archive {
            name: "cifar-10-binary.tar.gz",
            md5: "c32a1d4ab5d03f1284b67883e8d87530",
            most: 200_000_000,
            content: &[
                ("data_batch_1.bin", 10_000 * 3073),
                ("data_batch_2.bin", 10_000 * 3073),
                ("data_batch_3.bin", 10_000 * 3073),
                ("data_batch_4.bin", 10_000 * 3073),
                ("data_batch_5.bin", 10_000 * 3073),
                ("test_batch.bin", 10_000 * 3073),
            ],
        },
    },
    PublicSet {
        name: "cifar100",
        about: "a hundred kinds of things, 32 x 32 in colour, 50000 + 10000, 100 classes",
        megabytes: 169,
        folder: "cifar-100-binary",
        base_urls: &["https://www.cs.toronto.edu/~kriz/"],
        files: Files::Archive {
            name: "cifar-100-binary.tar.gz",
            md5: "03b5dce01913d631647c71ecec9e9cb8",
            most: 200_000_000,
            content: &[("train.bin", 50_000 * 3074), ("test.bin", 10_000 * 3074)],
        },
    },
];

static MNIST: [Idx; 4] = [
    Idx {
        name: "train-images-idx3-ubyte",
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        bytes: 47_040_016,
    },
    Idx {
        name: "train-labels-idx1-ubyte",
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        bytes: 60_008,
    },
    Idx {
        name: "t10k-images-idx3-ubyte",
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        bytes: 7_840_016,
    },
    Idx {
        name: "t10k-labels-idx1-ubyte",
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        bytes: 10_008,
    },
];

static FASHION_MNIST: [Idx; 4] = [
    Idx {
        name: "train-images-idx3-ubyte",
        sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        bytes: 47_040_016,
    },
    Idx {
        name: "train-labels-idx1-ubyte",
        sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        bytes: 60_008,
    },
    Idx {
        name: "t10k-images-idx3-ubyte",
        sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        bytes: 7_840_016,
    },
    Idx {
        name: "t10k-labels-idx1-ubyte",
        sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        bytes: 10_008,
    },
];
