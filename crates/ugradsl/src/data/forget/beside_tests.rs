use std::fs;

use super::*;
use crate::data::{ClassNames, ForgetRequest, ImageSet, Normalisation, RowNameKind, RowNames};

fn six(kind: RowNameKind, names: [&str; 6]) -> Dataset {
    let images = |labels: &[u32]| {
        let pixels = (0..labels.len() as u8).collect();
        ImageSet::new([1, 1, 1], pixels, labels.to_vec()).expect("a valid set")
    };
    let (train, test) = (images(&[0, 0, 0, 1, 1, 1]), images(&[0, 1]));
    let data = Dataset::new("six", 2, train, test, Normalisation::identity(1)).expect("a data set");
    let classes = ClassNames::new(["cat", "dog"].map(str::to_owned).to_vec()).expect("two names");
    let names = RowNames::new(kind, names.map(str::to_owned).to_vec()).expect("names");
    let mut data = data
        .with_class_names(classes)
        .and_then(|data| data.with_row_names(names))
        .expect("they fit");
    data.columns
        .push("town", ["Bonn", "Ulm", "Bonn", "Ulm", "Ulm", "Kiel"].map(str::to_owned).to_vec());
    data
}

fn asked(data: &Dataset, request: &str, list: &str) -> Result<ForgetRequest, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("list.csv");
    fs::write(&path, list).expect("written");
    let request = format!("{request}:{}", path.display());
    ForgetRequest::parse_for(&request, data).map_err(|error| error.to_string())
}

#[test]
fn what_stands_beside_rows_must_be_so() {
    let people = six(RowNameKind::Id, ["101", "102", "103", "104", "105", "106"]);
    let files =
        six(RowNameKind::Path, ["a/0.png", "a/1.png", "a/2.png", "b/3.png", "b/4.png", "b/5.png"]);
    for (data, request, list, clash) in [
        (&people, "ids", "id,row\n105,1\n", "105 is row 4, not row 1"),
        (&people, "ids", "id,label\n105,cat\n", "row 4 is of class 1 (dog), not 0 (cat)"),
        (&people, "ids", "id,town\n105,Bonn\n", "row 4 has town Ulm, not Bonn"),
        (&people, "rows", "row,id\n5,109\n", "row 5 is 106, not 109"),
        (&people, "rows", "row,class\n5,0\n", "row 5 is of class 1 (dog), not 0 (cat)"),
        (&files, "files", "file,row\nb/3.png,3.0\nb/4.png,0.0\n", "b/4.png is row 4, not row 0.0"),
        (&files, "files", "file,row\nb/3.png,x\n", "b/3.png is row 3, not row x"),
        (&files, "files", "file,class\nb/3.png,cat\n", "row 3 is of class 1 (dog), not 0 (cat)"),
        (&files, "rows", "row,file\n0,3\n", "row 0 is a/0.png, not 3"),
        (&files, "rows", "row,file\n0,b/3.png\n", "row 0 is a/0.png, not b/3.png"),
    ] {
        let message = asked(data, request, list).expect_err(clash);
        assert!(message.contains(clash), "{message}\nexpected {clash}");
    }
    for (data, request, list) in [
        (&people, "ids", "id,row,label,town,age\n105,4,dog,Ulm,40\n106.0,,,,\n"),
        (&people, "rows", "row,name\n5,Ann\n"),
        (&people, "rows", "row,drop_off,label,kind\n5,x,,mask\n4,y,,street\n"),
        (&people, "rows", "row,label\n5,mask\n"),
        (&files, "files", "file,row,label\nb/3.png,3.0,dog\n"),
        (&files, "rows", "row,file\n0,0\n1,x/a/1.png\n"),
    ] {
        assert!(asked(data, request, list).is_ok(), "{list}: {:?}", asked(data, request, list));
    }
}

#[test]
fn tables_that_mark_lines_or_name_a_column_twice_are_refused() {
    let people = six(RowNameKind::Id, ["101", "102", "103", "104", "105", "106"]);
    for (list, words) in [
        ("row,deleted\n1,1\n2,0\n", "has a column `deleted`, but every line"),
        ("row,status\n1,keep\n2,forget\n", "has a column `status`, but every line"),
        ("row,to_delete\n1,1\n", "has a column `to_delete`"),
        ("row,row\n1,2\n", "has two columns `row`"),
        ("1,000\n", "`1,000` may be one number or several"),
    ] {
        let message = asked(&people, "rows", list).expect_err(words);
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(asked(&people, "rows", "1, 2\n"), Ok(ForgetRequest::Ids(vec![1, 2])));
}
