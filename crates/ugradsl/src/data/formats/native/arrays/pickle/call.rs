//! What looks like calls in a pickle.

use super::PickleError;
use super::machine::Machine;
use super::value::{Global, Node};

impl<'a> Machine<'a> {
    /// What looks like calls: noted down, never made.
    pub(super) fn object(&mut self, code: u8) -> Result<bool, PickleError> {
        match code {
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.global(module, name)
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let text = |at| match self.nodes.get(at) {
                    Some(Node::Text(text)) => Some(*text),
                    _ => None,
                };
                let both = text(module).zip(text(name)).ok_or_else(|| self.damaged())?;
                self.global(both.0, both.1)
            }
            b'R' => self.call(),
            b'b' => self.set_state().map(|()| true),
            _ => Ok(false),
        }
    }

    fn global(&mut self, module: &str, name: &str) -> Result<bool, PickleError> {
        match Global::find(module, name) {
            Some(global) => self.push(Node::Global(global)),
            None => {
                let name = format!("{module}.{name}").chars().take(80).collect();
                Err(PickleError::Call { name })
            }
        }
    }

    fn call(&mut self) -> Result<bool, PickleError> {
        let (arguments, global) = (self.pop()?, self.pop()?);
        let Some(Node::Global(global)) = self.nodes.get(global) else { return Err(self.damaged()) };
        let arguments = self.nodes.members(arguments).ok_or_else(|| self.damaged())?;
        let node = match (global, arguments) {
            (Global::Reconstruct, [_, _, _]) => Node::Array(None),
            (Global::Dtype, [name, ..]) => Node::Dtype { name: *name, state: None },
            (Global::Encode, [text, ..]) => self.encoded(*text)?,
            _ => return Err(self.damaged()),
        };
        self.push(node)
    }

    /// A text whose characters stand for bytes.
    fn encoded(&self, text: usize) -> Result<Node<'a>, PickleError> {
        let Some(Node::Text(text)) = self.nodes.get(text) else { return Err(self.damaged()) };
        let bytes = text.chars().map(|char| u8::try_from(u32::from(char)).ok());
        Ok(Node::Decoded(bytes.collect::<Option<_>>().ok_or_else(|| self.damaged())?))
    }

    fn set_state(&mut self) -> Result<(), PickleError> {
        let (damaged, set) = (self.damaged(), self.pop()?);
        let at = self.stack.last().copied().unwrap_or(usize::MAX);
        match self.nodes.all.get_mut(at) {
            Some(Node::Dtype { state, .. } | Node::Array(state)) => *state = Some(set),
            _ => return Err(damaged),
        }
        Ok(())
    }
}
