//! One file over HTTP, from the first source that has it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
    time::Duration,
};

use ureq::{
    Agent,
    http::{Response, StatusCode, header},
};

use super::{Check, FetchError, Step};

/// A server that sends nothing for this long counts as gone.
const SILENCE: Duration = Duration::from_secs(60);

/// A file to download.
pub(super) struct Download<'a> {
    pub(super) name: &'a str,
    /// URLs to try, in this order; the name is appended to them.
    pub(super) base_urls: &'a [&'a str],
    pub(super) check: &'a Check,
    /// An upper bound of the file's size in bytes.
    pub(super) most: u64,
}

/// Downloads the file to `part`, resuming what is already there. On success its checksum matches;
/// if the connection broke off, `part` keeps what has arrived.
pub(super) fn download(
    wanted: &Download<'_>,
    part: &Path,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<(), FetchError> {
    let agent = Agent::config_builder()
        .timeout_connect(Some(SILENCE))
        .timeout_per_read(Some(SILENCE))
        .user_agent(concat!("ugradsl/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let nowhere = "no source is known".to_owned();
    let mut last = FetchError::Request { url: wanted.name.to_owned(), reason: nowhere };
    for (at, base_url) in wanted.base_urls.iter().enumerate() {
        let url = format!("{}/{}", base_url.trim_end_matches('/'), wanted.name);
        match download_from(&agent, &url, wanted, part, show) {
            Ok(bytes) => {
                show(Step::Done { file: wanted.name, bytes });
                return Ok(());
            }
            // Another source would not help against a full disk.
            Err(error @ FetchError::Disk { .. }) => return Err(error),
            Err(error) => {
                if at + 1 < wanted.base_urls.len() {
                    show(Step::Failed { error: &error });
                }
                last = error;
            }
        }
    }
    Err(last)
}

/// Downloads the file from one source; returns its length.
fn download_from(
    agent: &Agent,
    url: &str,
    wanted: &Download<'_>,
    part: &Path,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<u64, FetchError> {
    let mut begun = length(part);
    loop {
        let broken = attempt(agent, url, wanted, part, begun, show)?;
        let disk = FetchError::disk(part);
        // Even if the connection broke off: a server may have announced more bytes than there are.
        let found = match wanted.check.test(part).map_err(disk)? {
            Ok(()) => return Ok(length(part)),
            Err(found) => found,
        };
        if let Some(reason) = broken {
            let have = length(part);
            return Err(FetchError::BrokeOff { url: url.to_owned(), have, reason });
        }
        std::fs::remove_file(part).map_err(FetchError::disk(part))?;
        if begun == 0 {
            let expected = wanted.check.to_string();
            return Err(FetchError::Checksum { url: url.to_owned(), expected, found });
        }
        // The part may have come from elsewhere, or from an older file: start again without it.
        begun = 0;
    }
}

/// Requests the bytes after the first `begun` once; returns the reason if the connection broke off.
fn attempt(
    agent: &Agent,
    url: &str,
    wanted: &Download<'_>,
    part: &Path,
    begun: u64,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<Option<String>, FetchError> {
    let mut request = agent.get(url);
    if begun > 0 {
        request = request.header(header::RANGE, format!("bytes={begun}-"));
    }
    let response = match request.call() {
        // There are no further bytes: the file may be complete.
        Err(ureq::Error::StatusCode(416)) if begun > 0 => return Ok(None),
        Err(error) => {
            return Err(FetchError::Request { url: url.to_owned(), reason: reason(&error) });
        }
        Ok(response) => response,
    };
    // A server may send the whole file although only a part of it was requested.
    let resumes = begun > 0
        && response.status() == StatusCode::PARTIAL_CONTENT
        && starts_at(&response) == Some(begun);
    if !resumes && response.status() != StatusCode::OK {
        let reason = format!("answers {} without the requested bytes", response.status());
        return Err(FetchError::Request { url: url.to_owned(), reason });
    }
    let mut have = if resumes { begun } else { 0 };
    let mut options = OpenOptions::new();
    options.create(true).write(true);
    let options = if resumes { options.append(true) } else { options.truncate(true) };
    let mut file = options.open(part).map_err(FetchError::disk(part))?;
    let of = response.body().content_length().map(|rest| have + rest);
    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 1 << 16];
    let broken = loop {
        show(Step::Arrived { file: wanted.name, bytes: have, of });
        let count = match body.read(&mut buffer) {
            Ok(0) => break None,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => break Some(error.to_string()),
        };
        have += count as u64;
        if have > wanted.most {
            drop(file);
            std::fs::remove_file(part).map_err(FetchError::disk(part))?;
            return Err(FetchError::TooMuch { url: url.to_owned(), most: wanted.most });
        }
        file.write_all(&buffer[..count]).map_err(FetchError::disk(part))?;
    };
    file.sync_all().map_err(FetchError::disk(part))?;
    Ok(broken)
}

/// The first byte of a partial response, from `Content-Range: bytes 100-199/200`.
fn starts_at(response: &Response<ureq::Body>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (start, _) = range.trim().strip_prefix("bytes ")?.split_once('-')?;
    start.trim().parse().ok()
}

fn length(path: &Path) -> u64 {
    File::open(path).and_then(|file| file.metadata()).map_or(0, |data| data.len())
}

/// The error in words that say more than its kind.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::StatusCode(404) => "the server has no such file (404)".to_owned(),
        ureq::Error::StatusCode(code) => format!("the server answers {code}"),
        ureq::Error::HostNotFound => "there is no such server, or no network".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
