//! One file per command.

pub(crate) mod advise;
pub(crate) mod audit;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod predict;
pub(crate) mod report;
pub(crate) mod show;
pub(crate) mod sweep;
pub(crate) mod train;
pub(crate) mod unlearn;
pub(crate) mod verify;
