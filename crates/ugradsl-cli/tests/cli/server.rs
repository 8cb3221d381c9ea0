//! A web server on the loopback address that does whatever a test makes it do.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A request: the path, and the first byte if only a part is wanted.
pub(crate) type Request = (String, Option<u64>);

/// Answers until the process ends.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// `answer` gives the raw bytes that go over the wire, before the connection is closed.
    pub(crate) fn start(answer: impl Fn(&str, Option<u64>) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let Some((path, from)) = read(&mut stream) else { continue };
                let bytes = answer(&path, from);
                log.lock().expect("the log").push((path, from));
                // The client may have gone away, as it should from an endless answer.
                let _ = stream.write_all(&bytes);
            }
        });
        Self { url, requests }
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut *self.requests.lock().expect("the log"))
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let path = head.split_whitespace().nth(1)?.to_owned();
    let range = head.lines().find_map(|line| line.strip_prefix("range: bytes="));
    let from = range.map(|range| range.trim_end_matches('-').parse().expect("a first byte"));
    Some((path, from))
}

/// An answer that claims to have `length` bytes, whatever it has.
pub(crate) fn claiming(status: &str, length: usize, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// The whole file.
pub(crate) fn whole(body: &[u8]) -> Vec<u8> {
    claiming("200 OK", body.len(), "", body)
}

/// The file from byte `from` on, but at most `sent` bytes of it.
pub(crate) fn rest(body: &[u8], from: u64, sent: usize) -> Vec<u8> {
    let Some(rest) = body.get(from as usize..).filter(|rest| !rest.is_empty()) else {
        return claiming("416 Range Not Satisfiable", 0, "", &[]);
    };
    let range = format!("Content-Range: bytes {from}-{}/{}\r\n", body.len() - 1, body.len());
    claiming("206 Partial Content", rest.len(), &range, &rest[..rest.len().min(sent)])
}

/// The answer of a well-behaved server.
pub(crate) fn honest(body: &[u8], from: Option<u64>) -> Vec<u8> {
    from.map_or_else(|| whole(body), |from| rest(body, from, usize::MAX))
}

/// There is no such file.
pub(crate) fn missing() -> Vec<u8> {
    claiming("404 Not Found", 0, "", &[])
}
