//! Columns being filled, cell by cell.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, ListArray, StringBuilder,
    TimestampMicrosecondBuilder, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::Field;

use super::cells::{Cell, CellFault, Cells, Raw};
use crate::expr::{Column, Doubt, Type};

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
            Type::Boolean => Self::Boolean(BooleanBuilder::new()),
            Type::Integer => Self::Integer(Int64Builder::new()),
            Type::Decimal => Self::Decimal(Decimal128Builder::new().with_data_type(ty.arrow())),
            Type::Text => Self::Text(StringBuilder::new()),
            Type::Date => Self::Date(Date32Builder::new()),
            Type::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(ty.arrow())),
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
    doubt: Vec<u8>,
    doubts: bool,
}

impl ColumnState {
    /// An empty column.
    pub(crate) fn new(ty: &Type) -> Self {
        Self { values: Values::new(ty), doubt: Vec::new(), doubts: false }
    }

    /// Appends one cell: its value, null, or, with the fault, a doubt.
    ///
    /// # Errors
    /// The fault of an unreadable cell; the row is appended all the same.
    pub(crate) fn push(&mut self, cells: &Cells, item: bool, required: bool, raw: Raw<'_>) -> Result<(), CellFault> {
        let read = if item { cells.read_item(raw) } else { cells.read(raw) };
        match read {
            Ok(Cell::Null) if required => {
                self.push_doubt();
                Err(CellFault::Required)
            }
            Ok(Cell::Null) => {
                self.push_null();
                Ok(())
            }
            Ok(cell) => {
                self.values.push(&cell);
                self.doubt.push(0);
                Ok(())
            }
            Err(fault) => {
                self.push_doubt();
                Err(fault)
            }
        }
    }

    /// Appends a blank.
    pub(crate) fn push_null(&mut self) {
        self.values.push_null();
        self.doubt.push(0);
    }

    /// Appends a doubt.
    pub(crate) fn push_doubt(&mut self) {
        self.values.push_null();
        self.doubt.push(Doubt::UNREADABLE);
        self.doubts = true;
    }

    /// The column so far; an empty one goes on.
    pub(crate) fn finish(&mut self) -> Column {
        let doubt = std::mem::take(&mut self.doubt);
        let doubts = std::mem::take(&mut self.doubts);
        let doubt = if doubts { Doubt::from_rows(doubt) } else { Doubt::none() };
        Column { values: self.values.finish(), doubt }
    }
}
