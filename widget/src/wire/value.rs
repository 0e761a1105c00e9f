//! A JSON text as values (RFC 8259). Numbers are whole and not negative, as all of ours are; any other is read as nothing.

/// Deeper than any frame; a text that goes deeper is none of ours.
const DEEPEST: u8 = 32;

/// The fields whose values are kept as texts of JSON: what is in them may be another's to read.
const CARRIED: [&str; 3] = ["content", "parts", "outlook"];

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`, and what we have no use for.
    Nothing,
    /// `true` or `false`.
    Yes(bool),
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in its own order.
    Fields(Vec<(String, Value)>),
}

impl Value {
    /// Reads a whole text.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text.as_bytes(),
        };
        let value = reader.value(DEEPEST)?;
        reader.space();
        reader.rest.is_empty().then_some(value)
    }

    /// A field of an object; nothing when it is not there.
    pub fn field(&self, name: &str) -> &Self {
        let Self::Fields(fields) = self else {
            return &Self::Nothing;
        };
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map_or(&Self::Nothing, |(_, value)| value)
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// A number.
    pub fn number(&self) -> Option<u64> {
        if let Self::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// Whether it is `true`.
    pub fn yes(&self) -> bool {
        *self == Self::Yes(true)
    }

    /// The items of an array; none of anything else.
    pub fn items(&self) -> &[Self] {
        if let Self::List(items) = self {
            items
        } else {
            &[]
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn value(&mut self, depth: u8) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.space();
        Some(match self.rest.first()? {
            b'"' => Value::Text(self.text()?),
            b'[' => self.list(depth)?,
            b'{' => self.fields(depth)?,
            b't' => self.word(b"true", Value::Yes(true))?,
            b'f' => self.word(b"false", Value::Yes(false))?,
            b'n' => self.word(b"null", Value::Nothing)?,
            _ => self.number()?,
        })
    }

    fn list(&mut self, depth: u8) -> Option<Value> {
        let mut items = vec![];
        self.next();
        if self.takes(b']') {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if !self.takes(b',') {
                return self.takes(b']').then_some(Value::List(items));
            }
        }
    }

    fn fields(&mut self, depth: u8) -> Option<Value> {
        let mut fields = vec![];
        self.next();
        if self.takes(b'}') {
            return Some(Value::Fields(fields));
        }
        loop {
            self.space();
            let name = self.text()?;
            if !self.takes(b':') {
                return None;
            }
            let before = self.rest;
            let mut value = self.value(depth)?;
            if CARRIED.contains(&&*name) {
                // Carried as it came.
                let read = before.len() - self.rest.len();
                let text = before.get(..read).map(<[u8]>::to_vec)?;
                value = Value::Text(String::from_utf8(text).ok()?);
            }
            fields.push((name, value));
            if !self.takes(b',') {
                return self.takes(b'}').then_some(Value::Fields(fields));
            }
        }
    }

    fn word(&mut self, word: &[u8], value: Value) -> Option<Value> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(value)
    }

    fn number(&mut self) -> Option<Value> {
        let mut whole = Some(0u64);
        let mut any = false;
        while let Some(byte) = self
            .rest
            .first()
            .copied()
            .filter(|byte| b"+-.0123456789Ee".contains(byte))
        {
            any = true;
            let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
            whole = whole
                .zip(digit)
                .and_then(|(whole, digit)| whole.checked_mul(10)?.checked_add(digit));
            self.next();
        }
        any.then(|| whole.map_or(Value::Nothing, Value::Number))
    }

    fn text(&mut self) -> Option<String> {
        if self.next()? != b'"' {
            return None;
        }
        let mut text = vec![];
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(text).ok(),
                b'\\' => {
                    let escaped = self.escaped()?;
                    text.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=0x1f => return None,
                byte => text.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unit()?,
            plain @ (b'"' | b'\\' | b'/') => plain.into(),
            _ => return None,
        })
    }

    /// A UTF-16 unit, or two; half a pair is the replacement character.
    fn unit(&mut self) -> Option<char> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first)
            && let Some(rest) = self.rest.strip_prefix(b"\\u")
        {
            let mut ahead = Reader { rest };
            let second = ahead.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                self.rest = ahead.rest;
                return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| {
            Some(unit << 4 | char::from(self.next()?).to_digit(16)?)
        })
    }

    /// The next sign, if it is this one.
    fn takes(&mut self, sign: u8) -> bool {
        self.space();
        let takes = self.rest.first() == Some(&sign);
        if takes {
            self.next();
        }
        takes
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.rest.first() {
            self.next();
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}
