use std::{fs, path::PathBuf};

use sha2::{Digest, Sha256};

use super::*;

#[path = "../../../tests/cli/server.rs"]
mod server;

use server::{Server, claiming, honest, missing, rest, whole};

/// A file that is not compressed, so that all of its bytes count.
fn body() -> Vec<u8> {
    (0..200_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

fn check() -> Check {
    let body = body();
    let hex: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    Check::Unpacked { sha256: hex.leak(), bytes: body.len() as u64 }
}

/// A folder that may already hold the beginning of the file.
struct Place {
    _folder: tempfile::TempDir,
    part: PathBuf,
}

impl Place {
    fn holding(begun: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let part = folder.path().join("file.part");
        if !begun.is_empty() {
            fs::write(&part, begun).expect("written");
        }
        Self { _folder: folder, part }
    }

    /// Downloads from the first server that has the file.
    fn fetch(&self, servers: &[&Server]) -> Result<(), String> {
        let base_urls: Vec<&str> = servers.iter().map(|server| server.url.as_str()).collect();
        let check = check();
        let wanted =
            Download { name: "file", base_urls: &base_urls, check: &check, most: 1_000_000 };
        download(&wanted, &self.part, &mut |_| ()).map_err(|error| error.to_string())
    }

    /// The bytes that are kept; `None` if there is no file.
    fn kept(&self) -> Option<Vec<u8>> {
        fs::read(&self.part).ok()
    }
}

#[test]
fn a_whole_file_arrives() {
    let server = Server::start(|_, from| honest(&body(), from));
    let place = Place::holding(&[]);
    place.fetch(&[&server]).expect("fetched");
    assert_eq!(place.kept(), Some(body()));
    assert_eq!(server.requests(), [("/file".to_owned(), None)]);
}

#[test]
fn an_interrupted_download_is_resumed() {
    let server = Server::start(|_, from| match from {
        None => claiming("200 OK", body().len(), "", &body()[..300_000]),
        Some(from) => rest(&body(), from, 300_000),
    });
    let place = Place::holding(&[]);
    for have in [300_000, 600_000] {
        let error = place.fetch(&[&server]).expect_err("it breaks off");
        assert!(error.contains(&format!("/file: broke off after {have} bytes (")), "{error}");
        assert_eq!(place.kept().expect("what arrived"), body()[..have]);
    }
    place.fetch(&[&server]).expect("the rest");
    assert_eq!(place.kept(), Some(body()));
    let starts: Vec<_> = server.requests().into_iter().map(|(_, from)| from).collect();
    assert_eq!(starts, [None, Some(300_000), Some(600_000)]);
}

#[test]
fn a_server_without_ranges_sends_the_whole_file() {
    let server = Server::start(|_, _| whole(&body()));
    for begun in [&body()[..1000], b"something else"] {
        let place = Place::holding(begun);
        place.fetch(&[&server]).expect("fetched");
        assert_eq!(place.kept(), Some(body()));
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_part_of_another_file_is_discarded() {
    let server = Server::start(|_, from| honest(&body(), from));
    // The second is longer than the file: the server then has nothing to send.
    for begun in [vec![7; 5000], vec![7; 900_000]] {
        let place = Place::holding(&begun);
        place.fetch(&[&server]).expect("fetched");
        assert_eq!(place.kept(), Some(body()));
        let starts: Vec<_> = server.requests().into_iter().map(|(_, from)| from).collect();
        assert_eq!(starts, [Some(begun.len() as u64), None]);
    }
    // A part that is the whole file is kept.
    let place = Place::holding(&body());
    place.fetch(&[&server]).expect("there");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_server_that_announces_more_than_it_has_is_forgiven() {
    let server = Server::start(|_, _| claiming("200 OK", 999_999, "", &body()));
    let place = Place::holding(&[]);
    place.fetch(&[&server]).expect("all bytes are there");
    assert_eq!(place.kept(), Some(body()));
}

#[test]
fn wrong_bytes_are_not_kept() {
    let mut wrong = body();
    wrong[123_456] ^= 1;
    let flipped = Server::start(move |_, from| honest(&wrong, from));
    let short = Server::start(|_, _| claiming("200 OK", 1000, "", &body()));
    let error_page = Server::start(|_, _| whole(b"<html>please log in</html>"));
    let empty = Server::start(|_, _| whole(&[]));
    for server in [&flipped, &short, &error_page, &empty] {
        let place = Place::holding(&[]);
        let error = place.fetch(&[server]).expect_err("not the file");
        assert!(error.contains("/file: not the expected file: found SHA-256 "), "{error}");
        assert_eq!(place.kept(), None);
    }
}

#[test]
fn an_endless_answer_is_cut_off() {
    let server = Server::start(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        [head, vec![0; 8_000_000]].concat()
    });
    let place = Place::holding(&[]);
    let error = place.fetch(&[&server]).expect_err("too much");
    assert!(error.ends_with("sends more than 1000000 bytes, which cannot be the file"), "{error}");
    assert_eq!(place.kept(), None);
}

#[test]
fn the_next_source_is_asked() {
    let absent = Server::start(|_, _| missing());
    let broken = Server::start(|_, _| claiming("200 OK", body().len(), "", &body()[..5000]));
    let rubbish = Server::start(|_, _| b"\0\x01 this is not HTTP\r\n\r\n".to_vec());
    let good = Server::start(|_, from| honest(&body(), from));
    let place = Place::holding(&[]);
    place.fetch(&[&absent, &rubbish, &broken, &good]).expect("from the last one");
    assert_eq!(place.kept(), Some(body()));
    assert_eq!(good.requests(), [("/file".to_owned(), Some(5000))]);

    let place = Place::holding(b"begun");
    let error = place.fetch(&[&absent]).expect_err("no such file");
    assert_eq!(error, format!("{}/file: the server has no such file (404)", absent.url));
    assert_eq!(
        place.kept().as_deref(),
        Some(&b"begun"[..]),
        "an error of the server loses nothing"
    );
}
