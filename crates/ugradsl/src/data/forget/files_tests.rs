use super::super::super::class_names::ClassNames;
use super::super::super::image_set::ImageSet;
use super::super::super::normalisation::Normalisation;
use super::super::super::row_names::RowNameKind;
use super::super::ForgetRequest;
use super::*;

const PATHS: [&str; 6] = [
    "train/cats/a.png",
    "train/cats/b 1.png",
    "train/cats/caf\u{e9}.png",
    "train/dogs/a.png",
    "train/dogs/img[1].png",
    "train/dogs/2021-05.jpg",
];

fn pets() -> Dataset {
    let images = |labels: &[u32]| {
        ImageSet::new([1, 1, 1], vec![0; labels.len()], labels.to_vec()).expect("a valid set")
    };
    let (train, test) = (images(&[0, 0, 0, 1, 1, 1]), images(&[0, 1]));
    let names = PATHS.map(str::to_owned).to_vec();
    let names = RowNames::new(RowNameKind::Path, names).expect("distinct");
    Dataset::new("pets", 2, train, test, Normalisation::identity(1))
        .and_then(|data| data.with_class_names(ClassNames::new(["cats", "dogs"]).expect("names")))
        .and_then(|data| data.with_row_names(names))
        .expect("a valid data set")
}

#[test]
fn files_are_found_as_people_write_them() {
    let cases = [
        ("train/cats/a.png", Ok(vec![0])),
        ("cats/a.png", Ok(vec![0])),
        ("./train/cats/a.png", Ok(vec![0])),
        ("/home/me/pets/train/dogs/a.png", Ok(vec![3])),
        (r"train\cats\b 1.png", Ok(vec![1])),
        ("cafe\u{301}.png", Ok(vec![2])),
        ("img[1].png", Ok(vec![4])),
        ("2021-*", Ok(vec![5])),
        ("cats/*", Ok(vec![0, 1, 2])),
        ("*/?.png", Ok(vec![0, 3])),
        ("a.png", Err("a.png may be train/cats/a.png or train/dogs/a.png")),
        (
            "test/cats/a.png",
            Err("1 entry of the forget request is not in the training set of pets"),
        ),
        ("xcats/a.png", Err("is not in the training set")),
        ("c.png", Err("is not in the training set of pets: c.png")),
        ("2022-*", Err("is not in the training set of pets: 2022-*")),
    ];
    for (text, expected) in cases {
        let found = ForgetRequest::parse_for(&format!("file:{text}"), &pets());
        match (found, expected) {
            (Ok(found), Ok(rows)) => assert_eq!(found, ForgetRequest::Found(rows), "{text}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn all_unknown_entries_of_a_list_are_named() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("list.csv");
    let read = |content: &str| {
        std::fs::write(&path, content).expect("written");
        ForgetRequest::parse_for(&format!("files:{}", path.display()), &pets())
            .map_err(|error| error.to_string())
    };
    let found = read("# asked for by Ann\ncats/a.png\n\"train/dogs/2021-05.jpg\"\n");
    assert_eq!(found, Ok(ForgetRequest::Found(vec![0, 5])));
    assert_eq!(read("file;why\ncats/a.png;x\n"), Ok(ForgetRequest::Found(vec![0])));
    let error = read("cats/x.png\ncats/a.png\ncats/y.png\n").expect_err("two are unknown");
    assert!(error.contains("2 entries of the forget request are not in"), "{error}");
    assert!(error.contains("cats/x.png, cats/y.png"), "{error}");
}

#[test]
fn a_table_of_rows_and_names_must_agree() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("rows.csv");
    let read = |content: &str| {
        std::fs::write(&path, content).expect("written");
        ForgetRequest::parse_for(&format!("ids:{}", path.display()), &pets())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("id,file\n3,dogs/a.png\n0,\n"), Ok(ForgetRequest::Ids(vec![3, 0])));
    assert_eq!(read("id,name\n3,Ann\n"), Ok(ForgetRequest::Ids(vec![3])));
    let error = read("id,file\n3,cats/a.png\n5,cats/a.png\n").expect_err("they clash");
    assert!(error.contains("row 3 is train/dogs/a.png, not cats/a.png"), "{error}");
    assert!(error.contains("row 5 is"), "{error}");
}

/// A short name that also fits a file of the test part says too little.
#[test]
fn a_name_that_also_fits_the_test_part_is_not_enough() {
    let test = ["test/cats/2021-05.jpg", "test/dogs/c.png"].map(str::to_owned).to_vec();
    let test_names = Some(RowNames::new(RowNameKind::Path, test).expect("distinct"));
    let data = Dataset { test_names, ..pets() };
    let find = |text: &str| ForgetRequest::parse_for(&format!("file:{text}"), &data);
    let error = find("2021-05.jpg").expect_err("two files").to_string();
    assert!(
        error.contains("2021-05.jpg may be train/dogs/2021-05.jpg or a file of the test"),
        "{error}"
    );
    for whole in ["train/dogs/2021-05.jpg", "dogs/2021-05.jpg", "2021-*"] {
        assert_eq!(find(whole).expect("one file"), ForgetRequest::Found(vec![5]), "{whole}");
    }
}
