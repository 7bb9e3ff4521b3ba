//! The records of documents and of lines: where they are, and how each becomes a row.

use std::sync::Arc;

use super::beside;
use super::blocks::BlockLayout;
use super::bytes::Blocks;
use super::codes;
use super::document::{self, DocumentFault, Kind, Value};
use super::explain;
use super::frame::At;
use super::gather::{Gather, place};
use super::json::{self, Bounds};
use super::lines::{LineFault, LineLayout, Lines};
use super::read::{Format, Reader};
use super::spares::Spares;
use super::wrapped::{self, Place};
use super::{xml, yaml};
use crate::text::{Diagnostic, Text};

impl Reader<'_, '_> {
    fn bounds(&self) -> Bounds {
        Bounds { depth: self.job.limits.depth, nodes: self.job.limits.nodes }
    }

    fn document_fault(&mut self, fault: DocumentFault) {
        let at = At { row: fault.line, line: fault.line, child: 0 };
        self.tally.faults.push(fault.code, |path| {
            Diagnostic::new(fault.code, fault.message.clone()).at_place(place(path, None, at, None))
        });
        self.broken.get_or_insert(fault.message);
    }

    pub(super) fn document(&mut self, blocks: &mut Blocks, format: Format, limit: u64) -> std::io::Result<()> {
        let Some(whole) = blocks.read_whole(limit)? else {
            self.too_large(blocks.contents(), limit);
            return Ok(());
        };
        let body = whole.as_slice();
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        if format == Format::Json {
            match json::parse(body, 1, self.bounds()) {
                Ok(root) => self.rows_of(&root),
                Err(fault) => self.document_fault(fault),
            }
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(body) else {
            self.break_off(&codes::ENCODING, Text::new("文件不是有效的 UTF-8", "the file is not valid UTF-8"), None);
            return Ok(());
        };
        if format == Format::Xml {
            match xml::parse(text, self.bounds()) {
                Ok(root) => self.rows_of(&root),
                Err(fault) => self.document_fault(fault),
            }
            return Ok(());
        }
        if format == Format::Blocks {
            self.blocks_of(text);
            return Ok(());
        }
        match yaml::parse(text, self.bounds()) {
            Ok(Some(node)) => self.rows_of(&yaml::value(&node, text)),
            Ok(None) => {}
            Err(fault) => self.document_fault(fault),
        }
        Ok(())
    }

    /// Every match of the declared pattern is a row. A text without one is none of those it was declared for.
    fn blocks_of(&mut self, text: &str) {
        let Some(layout) = self.job.kind.read.blocks.as_ref().and_then(BlockLayout::new) else { return };
        let part = layout.gather(text, self.purpose);
        self.take(part);
    }

    fn rows_of(&mut self, root: &Value<'_>) {
        if root.kind == Kind::Null {
            return;
        }
        let (found, of_itself);
        let pointer = match self.job.kind.rows.as_deref() {
            // An adapter says what it finds where.
            None if self.job.tells_extra && !self.job.lenient => {
                found = match wrapped::find(root, self.job.kind) {
                    Place::Root => None,
                    Place::At(pointer) => Some(pointer),
                    Place::Several(pointers) => return self.several_places(&pointers),
                    Place::Nowhere => return self.no_keys(),
                };
                of_itself = true;
                found.as_deref()
            }
            declared => {
                of_itself = false;
                declared
            }
        };
        let Some(rows) = document::rows(root, pointer) else {
            let pointer = pointer.unwrap_or_default().to_owned();
            self.break_off(
                &codes::ROWS_POINTER,
                Text::new(format!("文件中没有 `{pointer}`"), format!("the file has nothing at `{pointer}`")),
                None,
            );
            return;
        };
        let (mut line, mut same) = (0, 0);
        let mut gather = Gather::new(self.purpose);
        match pointer.filter(|_| of_itself) {
            Some(pointer) => gather.tally.stated.mine_keys(wrapped::around(root, pointer).into_iter()),
            None => gather.tally.stated.mine_keys(beside::entries(root, pointer)),
        }
        beside::tell_lists(root, pointer, &mut gather);
        for (pointer, value) in rows {
            // Rows that share a line are told apart by their number on it.
            same = if value.line == line { same + 1 } else { 0 };
            line = value.line;
            gather.object(value, At { row: line, line, child: same }, &pointer);
            if gather.held() >= self.purpose.context.batch_rows {
                let full = std::mem::replace(&mut gather, Gather::new(self.purpose));
                self.take(full.finish());
            }
        }
        self.take(gather.finish());
    }

    /// Several places of a document may be its records.
    fn several_places(&mut self, pointers: &[String]) {
        let shown: Vec<String> =
            pointers.iter().take(5).map(|pointer| format!("`{}`", explain::short(pointer))).collect();
        self.break_off(
            &codes::ROWS_POINTER,
            Text::new(
                format!("文件中有几处都像是记录：{}", shown.join("、")),
                format!("several places of the file look like its records: {}", shown.join(", ")),
            ),
            Some(Text::new(
                "在证据类型或适配器的 `rows` 中写明记录在哪里",
                "say in `rows` of the kind or an adapter where the records are",
            )),
        );
    }

    /// No key of a document is a column.
    fn no_keys(&mut self) {
        let headings = Arc::clone(&self.job.plan.headings);
        let wanted: Vec<&String> = headings.all.iter().take(12).collect();
        let titles: Vec<String> = wanted.iter().map(|name| self.title(name)).collect();
        let names: Vec<&str> = wanted.iter().map(|name| name.as_str()).collect();
        self.break_off(
            &codes::HEADER,
            Text::new(
                format!("文件中没有该类型的字段（{}）", titles.join("、")),
                format!("no key of the file is a column of the kind ({})", names.join(", ")),
            ),
            Some(Text::new(
                "记录在别处时，在证据类型或适配器的 `rows` 中写明",
                "if the records are elsewhere, say where in `rows` of the kind or an adapter",
            )),
        );
    }

    pub(super) fn json_lines(&mut self, blocks: &mut Blocks) -> std::io::Result<()> {
        let (purpose, bounds) = (self.purpose, self.bounds());
        let mut lines = Lines::new(blocks, self.job.limits.cell_bytes);
        let spares = Spares::default();
        let ended = self.stream(
            || lines.next_in(spares.take()),
            |run| {
                let mut gather = Gather::new(purpose);
                for (line, text) in run.lines().filter(|(_, text)| !text.trim_ascii().is_empty()) {
                    let place = At { row: line, line, child: 0 };
                    match json::parse(text, line, bounds) {
                        Ok(value) => gather.object(&value, place, ""),
                        Err(fault) => gather.reject(place, fault.message),
                    }
                }
                spares.give(run);
                gather.finish()
            },
        );
        self.lines_ended(ended)
    }

    /// Lines whose named groups are columns.
    pub(super) fn pattern_lines(&mut self, blocks: &mut Blocks) -> std::io::Result<()> {
        let Some(layout) = self.job.kind.read.lines.as_ref().and_then(LineLayout::new) else { return Ok(()) };
        let (purpose, spares) = (self.purpose, Spares::default());
        let mut lines = Lines::new(blocks, self.job.limits.cell_bytes);
        let parse = |run| {
            let part = layout.gather(&run, purpose);
            spares.give(run);
            part
        };
        let ended = self.stream(|| lines.next_in(spares.take()), parse);
        self.lines_ended(ended)
    }

    fn lines_ended(&mut self, ended: Result<(), LineFault>) -> std::io::Result<()> {
        match ended {
            Err(LineFault::Io(fault)) => return Err(fault),
            Err(LineFault::TooLong { line }) => {
                let limit = self.job.limits.cell_bytes;
                let message = Text::new(
                    format!("第 {line} 行超过 {limit} 字节"),
                    format!("line {line} has more than {limit} bytes"),
                );
                self.break_off(&codes::TOO_LARGE, message, None);
            }
            Ok(()) => {}
        }
        Ok(())
    }
}
