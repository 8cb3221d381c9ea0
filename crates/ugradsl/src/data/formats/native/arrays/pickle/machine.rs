//! The machine that builds the values.

use std::collections::BTreeMap;

use super::PickleError;
use super::value::{Node, Nodes};

/// The most values that are built. CIFAR needs about 30,000.
const MOST: usize = 1 << 24;

pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    pub(super) nodes: Nodes<'a>,
    pub(super) stack: Vec<usize>,
    marks: Vec<usize>,
    memo: BTreeMap<u32, usize>,
}

/// The value of a pickle.
pub(in crate::data::formats::native::arrays) fn load(
    bytes: &[u8],
) -> Result<Nodes<'_>, PickleError> {
    let (nodes, stack, marks) = (Nodes::default(), Vec::new(), Vec::new());
    let mut machine = Machine { bytes, at: 0, nodes, stack, marks, memo: BTreeMap::new() };
    loop {
        let at = machine.at;
        let code = machine.byte()?;
        if code == b'.' {
            machine.nodes.top = machine.pop()?;
            return Ok(machine.nodes);
        }
        let known = machine.scalar(code)? || machine.container(code)? || machine.object(code)?;
        if !known {
            return Err(PickleError::Step { code, at });
        }
        if machine.nodes.all.len() > MOST || machine.stack.len() > MOST {
            return Err(PickleError::TooMany { most: MOST });
        }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn damaged(&self) -> PickleError {
        PickleError::Damaged { at: self.at }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], PickleError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..count).ok_or(PickleError::Short { at: self.bytes.len() })?;
        self.at = self.at.saturating_add(count);
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, PickleError> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// A number of up to eight bytes, little-endian.
    fn size(&mut self, count: usize) -> Result<usize, PickleError> {
        let bytes = self.take(count)?;
        let value = bytes.iter().rev().fold(0, |sum: u64, &byte| (sum << 8) | u64::from(byte));
        usize::try_from(value).map_err(|_| self.damaged())
    }

    fn long(&mut self, count: usize) -> Result<i64, PickleError> {
        let bytes = self.take(count)?;
        if bytes.len() > 8 {
            return Err(self.damaged());
        }
        let sign = bytes.last().map_or(0, |last| if *last >= 0x80 { -1 } else { 0 });
        Ok(bytes.iter().rev().fold(sign, |sum: i64, &byte| (sum << 8) | i64::from(byte)))
    }

    pub(super) fn line(&mut self) -> Result<&'a str, PickleError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = rest.iter().position(|&byte| byte == b'\n');
        let line = self.take(end.ok_or(PickleError::Short { at: self.bytes.len() })?)?;
        self.byte()?;
        str::from_utf8(line).map_err(|_| self.damaged())
    }

    pub(super) fn push(&mut self, node: Node<'a>) -> Result<bool, PickleError> {
        self.stack.push(self.nodes.all.len());
        self.nodes.all.push(node);
        Ok(true)
    }

    pub(super) fn pop(&mut self) -> Result<usize, PickleError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = self.stack.pop().filter(|_| self.stack.len() >= floor);
        top.ok_or_else(|| self.damaged())
    }

    /// What lies above the last mark.
    fn above(&mut self) -> Result<Vec<usize>, PickleError> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len());
        let mark = mark.ok_or_else(|| self.damaged())?;
        Ok(self.stack.split_off(mark))
    }

    fn bytes(&mut self, width: usize) -> Result<bool, PickleError> {
        let count = self.size(width)?;
        let bytes = self.take(count)?;
        self.push(Node::Bytes(bytes))
    }

    fn text(&mut self, width: usize) -> Result<bool, PickleError> {
        let count = self.size(width)?;
        let text = str::from_utf8(self.take(count)?).map_err(|_| self.damaged())?;
        self.push(Node::Text(text))
    }

    /// Single values; `false` for another step.
    fn scalar(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            // The protocol and the length of a frame say nothing that is needed.
            0x80 => self.take(1).map(|_| true),
            0x95 => self.take(8).map(|_| true),
            b'N' => self.push(Node::Nothing),
            0x88 => self.push(Node::Bool(true)),
            0x89 => self.push(Node::Bool(false)),
            b'K' | b'M' => {
                let value = self.size(if code == b'K' { 1 } else { 2 })? as i64;
                self.push(Node::Int(value))
            }
            b'J' => self.long(4).and_then(|value| self.push(Node::Int(value))),
            0x8a => {
                let count = self.size(1)?;
                self.long(count).and_then(|value| self.push(Node::Int(value)))
            }
            b'G' => self.take(8).and_then(|_| self.push(Node::Nothing)),
            b'U' | b'C' => self.bytes(1),
            b'T' | b'B' => self.bytes(4),
            0x8e => self.bytes(8),
            0x8c => self.text(1),
            b'X' => self.text(4),
            0x8d => self.text(8),
            _ => Ok(false),
        }
    }

    /// Lists, tuples, dictionaries, and the memo.
    fn container(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            b'(' => self.marks.push(self.stack.len()),
            b'}' => return self.push(Node::Dict(Vec::new())),
            b']' => return self.push(Node::List(Vec::new())),
            b')' => return self.push(Node::Tuple(Vec::new())),
            b't' => {
                let members = self.above()?;
                return self.push(Node::Tuple(members));
            }
            0x85..=0x87 => {
                let mut members = Vec::new();
                for _ in 0x85..=code {
                    members.push(self.pop()?);
                }
                members.reverse();
                return self.push(Node::Tuple(members));
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.insert(&[key, value])?;
            }
            b'u' => self.above().and_then(|entries| self.insert(&entries))?,
            b'a' => {
                let member = self.pop()?;
                self.append(&[member])?;
            }
            b'e' => self.above().and_then(|members| self.append(&members))?,
            b'q' => self.size(1).and_then(|key| self.keep(key))?,
            b'r' => self.size(4).and_then(|key| self.keep(key))?,
            0x94 => self.keep(self.memo.len())?,
            b'h' => self.size(1).and_then(|key| self.recall(key))?,
            b'j' => self.size(4).and_then(|key| self.recall(key))?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn insert(&mut self, entries: &[usize]) -> Result<(), PickleError> {
        let damaged = self.damaged();
        let at = self.stack.last().copied().unwrap_or(usize::MAX);
        let Some(Node::Dict(all)) = self.nodes.all.get_mut(at) else { return Err(damaged) };
        let (pairs, rest) = entries.as_chunks::<2>();
        all.extend(pairs.iter().map(|&[key, value]| (key, value)));
        if rest.is_empty() { Ok(()) } else { Err(damaged) }
    }

    fn append(&mut self, members: &[usize]) -> Result<(), PickleError> {
        let damaged = self.damaged();
        let at = self.stack.last().copied().unwrap_or(usize::MAX);
        let Some(Node::List(all)) = self.nodes.all.get_mut(at) else { return Err(damaged) };
        all.extend(members);
        Ok(())
    }

    fn keep(&mut self, key: usize) -> Result<(), PickleError> {
        let (key, top) = (u32::try_from(key).ok(), self.stack.last().copied());
        let (key, top) = key.zip(top).ok_or_else(|| self.damaged())?;
        self.memo.insert(key, top);
        Ok(())
    }

    fn recall(&mut self, key: usize) -> Result<(), PickleError> {
        let kept = u32::try_from(key).ok().and_then(|key| self.memo.get(&key).copied());
        self.stack.push(kept.ok_or_else(|| self.damaged())?);
        Ok(())
    }
}
