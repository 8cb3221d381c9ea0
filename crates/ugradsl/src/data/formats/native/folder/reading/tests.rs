use super::*;

#[test]
fn backgrounds_are_names_or_numbers() {
    assert_eq!(background("white"), Ok([255; 3]));
    assert_eq!(background("Black"), Ok([0; 3]));
    assert_eq!(background("#0102fF"), Ok([1, 2, 255]));
    for text in ["", "#", "#fff", "#+12345", "red", "#1234567", "ff0000", "#ééé"] {
        let error = background(text).expect_err(text).to_string();
        assert!(error.contains("type white, black or a colour"), "{error}");
    }
}

#[test]
fn settings_are_checked_and_kept() {
    let resized_to = |side| PictureReading { resize: Some(side), ..PictureReading::default() };
    assert_eq!(resized_to(0).check(), Err(ReadingError::Resize { side: 0 }));
    assert_eq!((resized_to(1).check(), resized_to(4096).check()), (Ok(()), Ok(())));
    assert!(resized_to(4097).check().is_err());
    let reading = PictureReading {
        resize: Some(64),
        channels: Some(Channels::Grey),
        background: Some([1, 2, 3]),
    };
    let json = serde_json::to_string(&reading).expect("written");
    assert_eq!(json, r#"{"resize":64,"channels":"grey","background":[1,2,3]}"#);
    assert_eq!(serde_json::from_str::<PictureReading>(&json).ok(), Some(reading));
    assert_eq!(serde_json::from_str::<PictureReading>("{}").ok(), Some(PictureReading::default()));
}
