//! Columns being filled, cell by cell.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListArray, StringBuilder,
    TimestampMicrosecondBuilder, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::Field;

use super::cells::{Cell, CellFault, Cells, Raw};
use super::{forms, near};
use crate::expr::{Column, Doubt, Scalar, Type};

/// Values of one type on their way into an Arrow array.
#[derive(Debug)]
enum Values {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Decimal(Decimal128Builder),
    Text(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    List {
        item: Type,
        items: Box<Values>,
        offsets: Vec<i32>,
        valid: Vec<bool>,
    },
    /// A type no file can hold.
    Nothing(Type, usize),
}

impl Values {
    fn new(ty: &Type) -> Self {
        match ty {
            // No capacity ahead: a small file, of which there may be thousands, has a few rows.
            Type::Boolean => Self::Boolean(BooleanBuilder::with_capacity(0)),
            Type::Integer => Self::Integer(Int64Builder::with_capacity(0)),
            Type::Decimal => Self::Decimal(Decimal128Builder::with_capacity(0).with_data_type(ty.arrow())),
            Type::Text => Self::Text(StringBuilder::with_capacity(0, 0)),
            Type::Date => Self::Date(Date32Builder::with_capacity(0)),
            Type::Timestamp => {
                Self::Timestamp(TimestampMicrosecondBuilder::with_capacity(0).with_data_type(ty.arrow()))
            }
            Type::List(item) => Self::List {
                item: (**item).clone(),
                items: Box::new(Self::new(item)),
                offsets: vec![0],
                valid: Vec::new(),
            },
            Type::Null | Type::Duration(_) => Self::Nothing(ty.clone(), 0),
        }
    }

    fn len(&self) -> usize {
        use arrow::array::ArrayBuilder as _;
        match self {
            Self::Boolean(builder) => builder.len(),
            Self::Integer(builder) => builder.len(),
            Self::Decimal(builder) => builder.len(),
            Self::Text(builder) => builder.len(),
            Self::Date(builder) => builder.len(),
            Self::Timestamp(builder) => builder.len(),
            Self::List { valid, .. } => valid.len(),
            Self::Nothing(_, count) => *count,
        }
    }

    /// Appends a value; one of another type becomes null.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Boolean(builder), Cell::Boolean(value)) => builder.append_value(*value),
            (Self::Integer(builder), Cell::Integer(value)) => builder.append_value(*value),
            (Self::Decimal(builder), Cell::Decimal(value)) => builder.append_value(*value),
            (Self::Decimal(builder), Cell::Integer(value)) => {
                builder.append_value(i128::from(*value) * 1_000_000_000_000);
            }
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Date(builder), Cell::Date(value)) => builder.append_value(*value),
            (Self::Timestamp(builder), Cell::Timestamp(value)) => builder.append_value(*value),
            (Self::List { items, offsets, valid, .. }, Cell::List(cells)) => {
                for cell in cells {
                    items.push(cell);
                }
                offsets.push(i32::try_from(items.len()).unwrap_or(i32::MAX));
                valid.push(true);
            }
            (values, _) => values.push_null(),
        }
    }

    fn push_null(&mut self) {
        match self {
            Self::Boolean(builder) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Decimal(builder) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
            Self::List { offsets, valid, .. } => {
                offsets.push(offsets.last().copied().unwrap_or_default());
                valid.push(false);
            }
            Self::Nothing(_, count) => *count += 1,
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
            Self::List { item, items, offsets, valid } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(offsets, vec![0])));
                let nulls = NullBuffer::from(std::mem::take(valid));
                let field = Arc::new(Field::new_list_field(item.arrow(), true));
                Arc::new(ListArray::new(field, offsets, items.finish(), Some(nulls)))
            }
            Self::Nothing(ty, count) => new_null_array(&ty.arrow(), std::mem::take(count)),
        }
    }
}

/// One column being filled, with its doubts.
#[derive(Debug)]
pub(crate) struct ColumnState {
    values: Values,
    /// A byte per row, once there is a doubt.
    doubt: Vec<u8>,
    memo: Memo,
}

impl ColumnState {
    /// An empty column.
    pub(crate) fn new(ty: &Type) -> Self {
        Self { values: Values::new(ty), doubt: Vec::new(), memo: Memo::default() }
    }

    /// Appends one cell: its value, null, or, with the fault, a doubt.
    ///
    /// # Errors
    /// The fault of an unreadable cell; the row is appended all the same.
    pub(crate) fn push(&mut self, cells: &Cells, item: bool, required: bool, raw: Raw<'_>) -> Result<(), CellFault> {
        let Self { values, doubt, memo } = self;
        let read = |raw| if item { cells.read_item(raw) } else { cells.read(raw) };
        let Raw::Text(text) = raw else { return append(values, doubt, read(raw), required) };
        if let (true, Values::Text(builder)) = (cells.is_plain_text(), &mut *values) {
            let text = forms::unmarked(forms::trimmed(text));
            if let Some(text) = near::text(text).ok().filter(|text| !cells.is_null_of_trimmed(text)) {
                builder.append_value(text);
                certain(doubt);
                return Ok(());
            }
        }
        if let Some(known) = memo.get(text) {
            return append(values, doubt, known.as_ref().map(Cell::from).map_err(|fault| *fault), required);
        }
        let read = read(raw);
        memo.add(text, &read);
        append(values, doubt, read, required)
    }

    /// Appends a blank.
    pub(crate) fn push_null(&mut self) {
        self.values.push_null();
        certain(&mut self.doubt);
    }

    /// Appends a doubt.
    pub(crate) fn push_doubt(&mut self) {
        doubted(&mut self.values, &mut self.doubt);
    }

    /// The column so far; an empty one goes on.
    pub(crate) fn finish(&mut self) -> Column {
        let doubt = std::mem::take(&mut self.doubt);
        let doubt = if doubt.is_empty() { Doubt::none() } else { Doubt::from_rows(doubt) };
        Column { values: self.values.finish(), doubt }
    }
}

fn append(
    values: &mut Values,
    doubt: &mut Vec<u8>,
    read: Result<Cell<'_>, CellFault>,
    required: bool,
) -> Result<(), CellFault> {
    match read {
        Ok(Cell::Null) if required => {
            doubted(values, doubt);
            Err(CellFault::Required)
        }
        Ok(cell) => {
            values.push(&cell);
            certain(doubt);
            Ok(())
        }
        Err(fault) => {
            doubted(values, doubt);
            Err(fault)
        }
    }
}

/// The row appended last is no doubt.
fn certain(doubt: &mut Vec<u8>) {
    if !doubt.is_empty() {
        doubt.push(0);
    }
}

fn doubted(values: &mut Values, doubt: &mut Vec<u8>) {
    doubt.resize(values.len(), 0);
    values.push_null();
    doubt.push(Doubt::UNREADABLE);
}

/// What texts were read as: columns of few words repeat them in every row.
///
/// It gives up where that does not pay. What it holds changes no result.
#[derive(Debug, Default)]
struct Memo {
    slots: Vec<Option<(Box<str>, Result<Scalar, CellFault>)>>,
    asked: u32,
    missed: u32,
}

impl Memo {
    /// Places for texts; two that share a place take turns.
    const SLOTS: usize = 64;
    /// Longer texts hardly repeat.
    const LONGEST: usize = 32;
    /// Questions after which it is looked at whether it pays.
    const TRIED: u32 = 256;

    fn is_off(&self) -> bool {
        self.asked >= Self::TRIED && self.missed > self.asked / 2
    }

    fn place(text: &str) -> usize {
        // The first and last bytes and the length tell words of one column apart.
        let bytes = text.as_bytes();
        let ends = bytes.first().into_iter().chain(bytes.get(bytes.len() / 2)).chain(bytes.last());
        let mixed = ends.fold(bytes.len(), |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte)));
        mixed % Self::SLOTS
    }

    fn get(&mut self, text: &str) -> Option<&Result<Scalar, CellFault>> {
        if text.len() > Self::LONGEST || self.is_off() {
            return None;
        }
        self.asked += 1;
        let found = self.slots.get(Self::place(text)).and_then(Option::as_ref).filter(|(known, _)| **known == *text);
        self.missed += u32::from(found.is_none());
        found.map(|(_, read)| read)
    }

    fn add(&mut self, text: &str, read: &Result<Cell<'_>, CellFault>) {
        if text.len() > Self::LONGEST || self.is_off() || matches!(read, Ok(Cell::List(_))) {
            return;
        }
        if self.slots.is_empty() {
            self.slots.resize_with(Self::SLOTS, || None);
        }
        let read = read.as_ref().map(|cell| cell.scalar(&Type::Null)).map_err(|fault| *fault);
        if let Some(slot) = self.slots.get_mut(Self::place(text)) {
            *slot = Some((text.into(), read));
        }
    }
}
