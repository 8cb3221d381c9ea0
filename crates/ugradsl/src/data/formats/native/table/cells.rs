//! Cuts a text into lines and cells. Stricter than most: a quote that never ends would swallow
//! rows.

use std::borrow::Cow;

use super::error::Problem;

/// The most cells of a line: a line of nothing but separators must not fill the memory.
const MOST_COLUMNS: usize = 1 << 20;

/// The lines of a table, each a list of cells.
#[derive(Clone)]
pub(super) struct Records<'a> {
    rest: &'a str,
    line: usize,
    separator: char,
}

/// What follows a cell.
#[derive(PartialEq)]
enum End {
    Cell,
    Line,
    Text,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, separator: char) -> Self {
        Self { rest: text, line: 1, separator }
    }

    /// The cells of the next line that is not empty, and its number; `None` at the end.
    pub(super) fn next(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<Option<usize>, Problem> {
        while !self.rest.is_empty() {
            let line = self.line;
            cells.clear();
            loop {
                let cell = self.cell(cells.len() + 1)?;
                cells.push(cell);
                if cells.len() > MOST_COLUMNS {
                    return Err(Problem::TooManyColumns { line, limit: MOST_COLUMNS });
                }
                if self.end() != End::Cell {
                    break;
                }
            }
            if cells.iter().any(|cell| !cell.is_empty()) || cells.len() > 1 {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    fn cell(&mut self, column: usize) -> Result<Cow<'a, str>, Problem> {
        let start = self.rest.trim_start_matches(' ');
        if let Some(inner) = start.strip_prefix('"') {
            return self.quoted(inner, column);
        }
        // All ends are ASCII; looking at bytes is much faster than at characters.
        let separator = u8::try_from(self.separator).unwrap_or(b',');
        let is_end = |byte: u8| byte == separator || byte == b'\n' || byte == b'\r';
        let end = self.rest.bytes().position(is_end);
        let (cell, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(Cow::Borrowed(cell.trim()))
    }

    fn quoted(&mut self, inner: &'a str, column: usize) -> Result<Cow<'a, str>, Problem> {
        let line = self.line;
        let mut found = Cow::Borrowed("");
        let mut rest = inner;
        loop {
            let Some((part, after)) = rest.split_once('"') else {
                return Err(Problem::OpenQuote { line, column });
            };
            self.line += part.bytes().filter(|&byte| byte == b'\n').count();
            found += part;
            match after.strip_prefix('"') {
                Some(more) => (found, rest) = (found + "\"", more),
                None => {
                    self.rest = after.trim_start_matches(' ');
                    break;
                }
            }
        }
        let next = self.rest.chars().next();
        let ends = next.is_none_or(|char| char == self.separator || char == '\n' || char == '\r');
        if ends { Ok(found) } else { Err(Problem::AfterQuote { line: self.line, column }) }
    }

    fn end(&mut self) -> End {
        if let Some(rest) = self.rest.strip_prefix(self.separator) {
            self.rest = rest;
            return End::Cell;
        }
        let line = ["\r\n", "\n", "\r"].iter().find_map(|end| self.rest.strip_prefix(end));
        match line {
            Some(rest) => {
                self.rest = rest;
                self.line += 1;
                End::Line
            }
            None => End::Text,
        }
    }
}
