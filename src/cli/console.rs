//! The terminal: two writers, what they can show, and in which language.

use std::io::{self, Write};

use crate::text::Lang;

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ability {
    /// Somebody is looking at it: not a file, not a pipe.
    pub terminal: bool,
    /// Colours are welcome: a terminal, and `NO_COLOR` not set.
    pub colour: bool,
    /// Columns; `None`: as wide as need be.
    pub width: Option<u16>,
}

impl Ability {
    /// A pipe or a file.
    pub const PLAIN: Self = Self { terminal: false, colour: false, width: None };
}

/// Where a command writes, passed in so that tests and libraries can catch it.
pub struct Console<'a> {
    out: Stream<'a>,
    err: Stream<'a>,
    /// What stdout can show.
    pub out_ability: Ability,
    /// What stderr can show.
    pub err_ability: Ability,
    /// Language of everything printed.
    pub lang: Lang,
    /// Whether the command line chose the language, so that a workspace does not.
    pub lang_fixed: bool,
}

struct Stream<'a> {
    to: &'a mut (dyn Write + Send),
    /// The reader went away (`| head`): say no more, and do not take it for a fault.
    closed: bool,
    failed: Option<io::Error>,
}

impl Stream<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if self.closed || self.failed.is_some() {
            return;
        }
        match self.to.write_all(bytes) {
            Ok(()) => {}
            Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(fault) => self.failed = Some(fault),
        }
    }

    fn flush(&mut self) {
        if self.closed || self.failed.is_some() {
            return;
        }
        match self.to.flush() {
            Ok(()) => {}
            Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(fault) => self.failed = Some(fault),
        }
    }
}

impl<'a> Console<'a> {
    /// A console over two writers.
    pub fn new(out: &'a mut (dyn Write + Send), err: &'a mut (dyn Write + Send)) -> Self {
        let stream = |to| Stream { to, closed: false, failed: None };
        Self {
            out: stream(out),
            err: stream(err),
            out_ability: Ability::PLAIN,
            err_ability: Ability::PLAIN,
            lang: Lang::default(),
            lang_fixed: false,
        }
    }

    /// Prints text to stdout as it stands.
    pub fn print(&mut self, text: &str) {
        self.out.write(text.as_bytes());
    }

    /// Writes bytes to stdout: a file asked for with `-`.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.write(bytes);
    }

    /// Prints a line to stdout.
    pub fn line(&mut self, text: &str) {
        self.print(text);
        self.print("\n");
    }

    /// Prints text to stderr as it stands.
    pub fn note(&mut self, text: &str) {
        self.err.write(text.as_bytes());
    }

    /// Prints a line to stderr.
    pub fn note_line(&mut self, text: &str) {
        self.note(text);
        self.note("\n");
    }

    /// The Chinese or the English text, by the console's language.
    pub fn choose<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Says on stderr that something could not be done: `hegui: cannot write: reports/…: no space left`.
    pub fn fail(&mut self, zh: &str, en: &str, what: &str) {
        let sentence = self.choose(zh, en).to_owned();
        let colon = self.choose("：", ": ").to_owned();
        self.note_line(&format!("hegui: {sentence}{colon}{}", super::plain(what)));
    }

    /// Flushes both streams; the first fault that was not a closed pipe, if there was one.
    ///
    /// # Errors
    /// What stdout could not take: a full disk behind a redirection.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush();
        self.err.flush();
        match self.out.failed.take() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(io::ErrorKind, usize);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.1 += 1;
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_silence_and_a_full_disk_is_a_fault() {
        for (kind, fault) in [(io::ErrorKind::BrokenPipe, false), (io::ErrorKind::StorageFull, true)] {
            let mut out = Broken(kind, 0);
            let mut err = Vec::new();
            let mut console = Console::new(&mut out, &mut err);
            console.line("one");
            console.line("two");
            assert_eq!(console.finish().is_err(), fault, "{kind}");
            assert_eq!(out.1, 1, "{kind}: nothing is tried again");
        }
    }
}
