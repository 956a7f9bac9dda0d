//! Enough of a shell's grammar to read the commands of a runbook: words, quotes, pipes, redirections, and commands inside of
//! words. What it does not know makes a test fail.

/// One command: its words, with what stands in quotes as it is and variables unread.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) words: Vec<String>,
}

/// The commands of a block, those inside of others first.
pub(crate) fn commands(block: &str) -> Vec<Command> {
    let mut found = Vec::new();
    for line in block.replace("\\\n", " ").lines() {
        let mut reader = Reader { rest: line.chars().collect(), at: 0, found: Vec::new() };
        reader.list(None);
        assert_eq!(reader.at, reader.rest.len(), "read to its end: {line}");
        found.extend(reader.found);
    }
    found
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    found: Vec<Command>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    /// Reads commands up to `end`, or to the end of the line.
    fn list(&mut self, end: Option<char>) {
        let mut command = Command::default();
        while let Some(c) = self.peek(0) {
            if Some(c) == end {
                break;
            }
            match c {
                ' ' => self.at += 1,
                '|' => {
                    self.at += 1;
                    self.finish(std::mem::take(&mut command));
                }
                '<' if self.peek(1) == Some('(') => {
                    self.at += 2;
                    self.list(Some(')'));
                    self.at += 1;
                }
                '>' | '<' => {
                    self.at += 1;
                    while self.peek(0) == Some(' ') {
                        self.at += 1;
                    }
                    if self.peek(0) != Some('<') {
                        self.word(end);
                    }
                }
                _ => command.words.push(self.word(end)),
            }
        }
        self.finish(command);
    }

    /// Keeps a command without the variables that it sets.
    fn finish(&mut self, mut command: Command) {
        let sets = |word: &String| {
            word.split_once('=')
                .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        };
        while command.words.first().is_some_and(sets) {
            command.words.remove(0);
        }
        if !command.words.is_empty() {
            self.found.push(command);
        }
    }

    fn word(&mut self, end: Option<char>) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek(0) {
            match c {
                ' ' | '|' | '<' | '>' => break,
                c if Some(c) == end => break,
                '\'' => {
                    self.at += 1;
                    while let Some(c) = self.peek(0).filter(|c| *c != '\'') {
                        word.push(c);
                        self.at += 1;
                    }
                    assert_eq!(self.peek(0), Some('\''), "a quote ends");
                    self.at += 1;
                }
                '"' => {
                    self.at += 1;
                    self.quoted(&mut word);
                }
                '$' if self.peek(1) == Some('(') => self.inner(&mut word),
                '`' | ';' | '&' | '(' | ')' | '*' => panic!("`{c}` is more than this reads"),
                c => {
                    word.push(c);
                    self.at += 1;
                }
            }
        }
        word
    }

    fn quoted(&mut self, word: &mut String) {
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            match c {
                '\\' => {
                    word.extend(self.peek(1));
                    self.at += 2;
                }
                '$' if self.peek(1) == Some('(') => self.inner(word),
                c => {
                    word.push(c);
                    self.at += 1;
                }
            }
        }
        assert_eq!(self.peek(0), Some('"'), "a quote ends");
        self.at += 1;
    }

    /// A command in a word, of which only its output counts.
    fn inner(&mut self, word: &mut String) {
        self.at += 2;
        self.list(Some(')'));
        assert_eq!(self.peek(0), Some(')'), "a command in a word ends");
        self.at += 1;
        word.push_str("$output");
    }
}

/// The options of a `kubectl` command, and what stands between them.
#[derive(Debug, Default)]
pub(crate) struct Options {
    given: Vec<(String, String)>,
    pub(crate) positional: Vec<String>,
}

/// Short and long options that take the next word.
const WITH_VALUE: &[&str] = &["-c", "-f", "-k", "-l", "-L", "-n", "-o", "-p", "--namespace"];

impl Options {
    /// Of the words behind the verb; what follows `--` is for another program.
    pub(crate) fn of(words: &[String]) -> Self {
        let mut options = Options::default();
        let mut words = words.iter().take_while(|word| *word != "--");
        while let Some(word) = words.next() {
            if WITH_VALUE.contains(&word.as_str()) {
                let value = words.next().unwrap_or_else(|| panic!("{word} takes a value"));
                options.given.push((word.clone(), value.clone()));
            } else if let Some((name, value)) =
                word.split_once('=').filter(|(name, _)| name.starts_with("--"))
            {
                options.given.push((name.to_owned(), value.to_owned()));
            } else if word.starts_with('-') {
                options.given.push((word.clone(), String::new()));
            } else if word != "${FILES[@]}" {
                options.positional.push(word.clone());
            }
        }
        options
    }

    pub(crate) fn values<'o>(&'o self, names: &[&str]) -> Vec<&'o str> {
        let given = self.given.iter().filter(|(name, _)| names.contains(&name.as_str()));
        given.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn value(&self, names: &[&str]) -> Option<&str> {
        self.values(names).first().copied()
    }
}

#[test]
fn commands_are_read() {
    let read = |text: &str| -> Vec<Vec<String>> { commands(text).into_iter().map(|c| c.words).collect() };
    assert_eq!(read("a 'b c' \"d $E\" > f\n"), [["a", "b c", "d $E"]]);
    assert_eq!(read("X=1 a b | c\n"), vec![vec!["a", "b"], vec!["c"]]);
    assert_eq!(read("X=\"$(a b)\"\nc\n"), vec![vec!["a", "b"], vec!["c"]]);
    assert_eq!(read("mapfile -t F < <(find x)\n"), vec![vec!["find", "x"], vec!["mapfile", "-t", "F"]]);
    assert_eq!(read("a \\\n  -p \"{\\\"b\\\":1}\"\n"), [["a", "-p", "{\"b\":1}"]]);
}
