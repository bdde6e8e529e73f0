//! A walk over the protobuf bytes before they are parsed: every length within its message, every packed list whole, messages
//! nested no deeper than ONNX needs.
//!
//! The parser takes the lengths it reads on trust: it would allocate what a broken file claims, follow nested messages without
//! end, and never come back from a number of more than ten bytes. After this walk it cannot meet such bytes, since both take the
//! file apart in the same way.

use crate::diagnostic::{Diagnostic, Place};

/// Deepest nesting of messages: a graph with subgraphs in subgraphs takes three levels each.
const DEEPEST: usize = 64;

/// Messages of `onnx.proto` that hold others or packed lists, by the fields the parser reads.
#[derive(Debug, Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Sequence,
    Shape,
    /// One without messages in it.
    Leaf,
}

/// What a field with a length holds.
enum Content {
    Bytes,
    Packed { size: usize },
    PackedVarints,
    Message(Message),
}

impl Message {
    fn content(self, field: u64) -> Content {
        use Content::{Message as Is, Packed, PackedVarints};
        match (self, field) {
            (Self::Model, 7) | (Self::Attribute, 6) => Is(Self::Graph),
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Is(Self::Leaf),
            (Self::Graph, 1) => Is(Self::Node),
            (Self::Graph, 5) | (Self::Attribute, 5) => Is(Self::Tensor),
            (Self::Graph, 11..=13) => Is(Self::ValueInfo),
            (Self::Node, 5) => Is(Self::Attribute),
            (Self::Tensor, 4) => Packed { size: 4 },
            (Self::Tensor, 10) => Packed { size: 8 },
            (Self::Tensor, 5 | 7) => PackedVarints,
            (Self::ValueInfo, 2) | (Self::Sequence, 1) => Is(Self::Type),
            (Self::Type, 1) => Is(Self::TensorType),
            (Self::Type, 4) => Is(Self::Sequence),
            (Self::TensorType, 2) => Is(Self::Shape),
            _ => Content::Bytes,
        }
    }
}

/// Checks a whole file.
pub(super) fn check(bytes: &[u8]) -> Result<(), Diagnostic> {
    walk(bytes, 0, Message::Model, 0)
}

fn complaint(at: usize, message: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(format!("not a readable ONNX file: {message}")).place(Place::Path(format!("byte {at}")))
}

/// Takes a number of at most 64 bits from the front: seven bits a byte, lowest first, the top bit set on all but the last.
fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for index in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * index);
        if *byte < 0x80 {
            return (index < 9 || *byte < 2).then_some(value);
        }
    }
    None
}

/// Checks the message in `bytes`, which starts at byte `start` of the file.
fn walk(bytes: &[u8], start: usize, message: Message, depth: usize) -> Result<(), Diagnostic> {
    if depth > DEEPEST {
        return Err(complaint(start, format!("messages nested more than {DEEPEST} deep")));
    }
    let mut rest = bytes;
    let position = |rest: &[u8]| start + (bytes.len() - rest.len());
    while !rest.is_empty() {
        let at = position(rest);
        let mut varint =
            |what: &str| read_varint(&mut rest).ok_or_else(|| complaint(at, format!("{what} is cut off or longer than 64 bits")));
        let tag = varint("a field's number")?;
        let (field, kind) = (tag >> 3, tag & 7);
        let length = match kind {
            0 => varint(&format!("the number in field {field}")).map(|_| 0)?,
            1 => 8,
            2 => varint(&format!("the length of field {field}"))?,
            5 => 4,
            _ => return Err(complaint(at, format!("field {field} has a kind of value ({kind}) that ONNX does not use"))),
        };
        let inside = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let Some((value, after)) = inside else {
            return Err(complaint(at, format!("field {field} claims {length} bytes, but {} are left", rest.len())));
        };
        if kind == 2 {
            let (value_at, cut) = (position(rest), || complaint(at, format!("the list in field {field} is cut off")));
            match message.content(field) {
                Content::Bytes => {}
                Content::Packed { size } if value.len().is_multiple_of(size) => {}
                Content::Packed { .. } => return Err(cut()),
                Content::PackedVarints => {
                    let mut list = value;
                    while !list.is_empty() {
                        read_varint(&mut list).ok_or_else(cut)?;
                    }
                }
                Content::Message(inner) => walk(value, value_at, inner, depth + 1)?,
            }
        }
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_protobuf_writes_them() {
        let read = |mut bytes: &[u8]| read_varint(&mut bytes).map(|value| (value, bytes.len()));
        assert_eq!(read(&[0x96, 0x01, 7]), Some((150, 1)));
        assert_eq!(read(&[&[0xff; 9][..], &[1]].concat()), Some((u64::MAX, 0)));
        assert_eq!(read(&[&[0xff; 9][..], &[2]].concat()), None);
        assert_eq!(read(&[0xff; 30]), None);
        assert_eq!(read(&[0x80]), None);
        assert_eq!(read(&[]), None);
    }
}
