//! How the value of a parameter becomes text: the styles of OpenAPI 3.1.1, section 4.8.12.2, which
//! are those of RFC 6570.
//!
//! A value is taken apart into pairs of a name and texts, and these are written with the delimiters
//! of their style. Each text is percent-encoded once, as it is written; delimiters never are, but
//! for those that no URL can hold. What the styles leave undefined, a list or an object inside of
//! another, goes out as its JSON.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// All but the unreserved characters of RFC 3986, section 2.3.
pub(crate) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same for names in a query, which keep the brackets that `deepObject` is made of.
const IN_NAMES: &AsciiSet = &RESERVED.remove(b'[').remove(b']');

/// What `allowReserved` leaves alone: the reserved characters of RFC 3986, section 2.2, but for those
/// that would end the value (`#`, `&`) or that forms read as a space (`+`).
const WITH_RESERVED: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What no cookie can hold (RFC 6265, section 4.1.1), and the percent sign.
const IN_COOKIES: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a value is written (OpenAPI 3.1.1, section 4.8.12.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `3,4`
    Simple,
    /// `name=3,4`, or exploded `name=3&name=4`
    Form,
    /// `.3,4`, or exploded `.3.4`
    Label,
    /// `;name=3,4`, or exploded `;name=3;name=4`
    Matrix,
    /// `name=3%204`
    SpaceDelimited,
    /// `name=3%7C4`
    PipeDelimited,
    /// `name[from]=3&name[to]=4`
    DeepObject,
    /// The value's JSON: a parameter with `content`.
    Json,
}

/// One parameter of an operation: its name, and how its value is sent.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) place: Place,
    style: Style,
    explode: bool,
    allow_reserved: bool,
    order: &'a [&'a str],
}

impl<'a> Parameter<'a> {
    const fn new(name: &'a str, place: Place, style: Style, explode: bool) -> Self {
        Self { name, place, style, explode, allow_reserved: false, order: &[] }
    }

    /// A part of the path: in the style `simple`.
    #[must_use]
    pub const fn path(name: &'a str) -> Self {
        Self::new(name, Place::Path, Style::Simple, false)
    }

    /// A part of the query: in the style `form`, exploded.
    #[must_use]
    pub const fn query(name: &'a str) -> Self {
        Self::new(name, Place::Query, Style::Form, true)
    }

    /// A header: in the style `simple`.
    #[must_use]
    pub const fn header(name: &'a str) -> Self {
        Self::new(name, Place::Header, Style::Simple, false)
    }

    /// A cookie: in the style `form`, exploded.
    #[must_use]
    pub const fn cookie(name: &'a str) -> Self {
        Self::new(name, Place::Cookie, Style::Form, true)
    }

    /// The same parameter in another style.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// The same parameter, with each item or member on its own, or all in one.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// The same parameter, whose value keeps reserved characters as they are.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// The same parameter, whose members of these names come first, in this order.
    #[must_use]
    pub const fn order(mut self, members: &'a [&'a str]) -> Self {
        self.order = members;
        self
    }

    /// What goes into the path in place of `{name}`; empty where there is no value.
    pub(crate) fn in_path(&self, value: &Value) -> String {
        let pairs = self.pairs(value);
        if pairs.iter().all(|pair| pair.texts.iter().all(String::is_empty)) {
            return String::new();
        }
        let named = self.style == Style::Matrix || (self.explode && value.is_object());
        let mut path = String::new();
        for (index, pair) in pairs.iter().enumerate() {
            path.push_str(match self.style {
                Style::Matrix => ";",
                Style::Label => ".",
                _ if index == 0 => "",
                _ => ",",
            });
            if named {
                path.push_str(&encoded(&pair.name, RESERVED));
            }
            if named && !(self.style == Style::Matrix && pair.texts.iter().all(String::is_empty)) {
                path.push('=');
            }
            append(&mut path, &pair.texts, ",", |text| encoded(text, RESERVED));
        }
        path
    }

    /// The parts of a query, without the `&` between them.
    pub(crate) fn in_query(&self, value: &Value) -> Vec<String> {
        let encode = if self.allow_reserved { reserved } else { |it: &str| encoded(it, RESERVED) };
        self.write(value, |name| encoded(name, IN_NAMES), encode)
    }

    /// The fields of a form, without the `&` between them (WHATWG URL, section 5.2).
    pub(crate) fn in_form(&self, value: &Value) -> Vec<String> {
        let name = |name: &str| in_form(name).replace("%5B", "[").replace("%5D", "]");
        self.write(value, name, if self.allow_reserved { reserved } else { in_form })
    }

    /// The parts of a `multipart` body: their names, and their texts as they are.
    #[cfg(feature = "multipart")]
    pub(crate) fn in_parts(&self, value: &Value) -> Vec<(String, String)> {
        let delimiter = match self.style {
            Style::SpaceDelimited => " ",
            Style::PipeDelimited => "|",
            _ => ",",
        };
        let pairs = self.pairs(value).into_iter();
        pairs.map(|pair| (pair.name, pair.texts.join(delimiter))).collect()
    }

    /// The value of a header.
    pub(crate) fn in_header(&self, value: &Value) -> String {
        let is_scalar = value.is_string() || value.is_number() || value.is_boolean();
        if is_scalar && self.style != Style::Json {
            return text(value);
        }
        let mut header = String::new();
        for (index, pair) in self.pairs(value).iter().enumerate() {
            if index > 0 {
                header.push(',');
            }
            if self.explode && value.is_object() {
                header.push_str(&pair.name);
                header.push('=');
            }
            append(&mut header, &pair.texts, ",", str::to_owned);
        }
        if self.style == Style::Json { in_ascii(&header) } else { header }
    }

    /// The pairs of the header `Cookie`, without the `; ` between them.
    pub(crate) fn in_cookie(&self, value: &Value) -> Vec<String> {
        let encode = |text: &str| encoded(text, IN_COOKIES);
        self.write(value, encode, encode)
    }

    /// Each pair as text.
    fn write(&self, value: &Value, name: Encode, encode: Encode) -> Vec<String> {
        let delimiter = match self.style {
            Style::SpaceDelimited => "%20",
            Style::PipeDelimited => "%7C",
            _ => ",",
        };
        let mut written = Vec::new();
        for pair in self.pairs(value) {
            let mut text = name(&pair.name);
            text.push('=');
            append(&mut text, &pair.texts, delimiter, encode);
            written.push(text);
        }
        written
    }

    /// The value as pairs; none where there is nothing to send.
    fn pairs(&self, value: &Value) -> Vec<Pair> {
        let mut pairs = Vec::new();
        // What goes out under the name of the parameter, all in one.
        let mut texts = Vec::new();
        match value {
            Value::Null => {}
            _ if self.style == Style::Json => texts.push(self.json(value)),
            Value::Array(_) | Value::Object(_) if self.style == Style::DeepObject => {
                deep(self.name, value, self.order, &mut pairs);
            }
            Value::Array(items) => {
                for item in items.iter().filter(|item| !item.is_null()) {
                    match self.explode {
                        true => pairs.push(Pair::new(self.name, item)),
                        false => texts.push(text(item)),
                    }
                }
            }
            Value::Object(members) => {
                for (name, member) in in_order(members, self.order) {
                    match self.explode {
                        _ if member.is_null() => {}
                        true => pairs.push(Pair::new(name, member)),
                        false => texts.extend([name.clone(), text(member)]),
                    }
                }
            }
            scalar => texts.push(text(scalar)),
        }
        if !texts.is_empty() {
            pairs.push(Pair { name: self.name.to_owned(), texts });
        }
        pairs
    }

    /// The value's JSON.
    fn json(&self, value: &Value) -> String {
        let Value::Object(members) = value else { return value.to_string() };
        let mut json = String::from("{");
        for (index, (name, member)) in in_order(members, self.order).into_iter().enumerate() {
            json.push_str(if index == 0 { "" } else { "," });
            json.push_str(&format!("{}:{member}", Value::String(name.clone())));
        }
        json.push('}');
        json
    }
}

/// How a text is written where delimiters stand between texts.
type Encode = fn(&str) -> String;

fn encoded(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}

fn in_form(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Puts `texts` behind `written`, with `delimiter` between them.
fn append(written: &mut String, texts: &[String], delimiter: &str, encode: Encode) {
    for (index, text) in texts.iter().enumerate() {
        written.push_str(if index == 0 { "" } else { delimiter });
        written.push_str(&encode(text));
    }
}

/// What is sent under one name.
struct Pair {
    name: String,
    texts: Vec<String>,
}

impl Pair {
    fn new(name: &str, value: &Value) -> Self {
        Self { name: name.to_owned(), texts: vec![text(value)] }
    }
}

/// `name[member]`, `name[0]`, and so on downwards. OpenAPI defines the first level of an object; the
/// rest is how the services that need it read it.
fn deep(name: &str, value: &Value, order: &[&str], pairs: &mut Vec<Pair>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                deep(&format!("{name}[{index}]"), item, &[], pairs);
            }
        }
        Value::Object(members) => {
            for (member, value) in in_order(members, order) {
                deep(&format!("{name}[{member}]"), value, &[], pairs);
            }
        }
        scalar => pairs.push(Pair::new(name, scalar)),
    }
}

/// JSON without what headers can hold at their own risk only (RFC 9110, section 5.5).
fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

/// The members of an object, those in `order` first.
pub(crate) fn in_order<'v>(
    members: &'v Map<String, Value>,
    order: &[&str],
) -> Vec<(&'v String, &'v Value)> {
    let mut ordered = Vec::with_capacity(members.len());
    for name in order {
        ordered.extend(members.get_key_value(*name));
    }
    for (name, member) in members {
        if !order.contains(&name.as_str()) {
            ordered.push((name, member));
        }
    }
    ordered
}

/// A scalar as it stands in a URL; a list or an object as its JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // Without the `.0` that JSON has room for, and that a service may refuse for an integer.
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        }
        other => other.to_string(),
    }
}

/// A text with its reserved characters, and with what is encoded already (RFC 6570, section 3.2.3).
fn reserved(text: &str) -> String {
    let mut parts = text.split('%');
    let mut written = encoded(parts.next().unwrap_or_default(), WITH_RESERVED);
    for part in parts {
        let code = part.as_bytes().get(..2);
        let is_code = code.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit));
        written.push_str(if is_code { "%" } else { "%25" });
        written.push_str(&encoded(part, WITH_RESERVED));
    }
    written
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(style: Style, explode: bool, place: Place) -> Parameter<'static> {
        Parameter { name: "color", place, style, explode, allow_reserved: false, order: &[] }
    }

    /// The table of RFC 6570 that OpenAPI 3.1.1, section 4.8.12.4, repeats.
    #[test]
    fn each_style_is_written_as_the_table_says() {
        let (text, list, object) = (
            json!("blue"),
            json!(["blue", "black", "brown"]),
            json!({ "R": 100, "G": 200, "B": 150 }),
        );
        let path = |style, explode| {
            [&text, &list, &object].map(|value| of(style, explode, Place::Path).in_path(value))
        };
        assert_eq!(
            path(Style::Matrix, false),
            [";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"]
        );
        assert_eq!(
            path(Style::Matrix, true),
            [";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"]
        );
        assert_eq!(path(Style::Label, false), [".blue", ".blue,black,brown", ".R,100,G,200,B,150"]);
        assert_eq!(path(Style::Label, true), [".blue", ".blue.black.brown", ".R=100.G=200.B=150"]);
        assert_eq!(path(Style::Simple, false), ["blue", "blue,black,brown", "R,100,G,200,B,150"]);
        assert_eq!(path(Style::Simple, true), ["blue", "blue,black,brown", "R=100,G=200,B=150"]);
        let query = |style, explode| {
            [&list, &object].map(|value| of(style, explode, Place::Query).in_query(value).join("&"))
        };
        assert_eq!(
            query(Style::Form, false),
            ["color=blue,black,brown", "color=R,100,G,200,B,150"]
        );
        assert_eq!(
            query(Style::Form, true),
            ["color=blue&color=black&color=brown", "R=100&G=200&B=150"]
        );
        assert_eq!(
            query(Style::SpaceDelimited, false),
            ["color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"]
        );
        assert_eq!(
            query(Style::PipeDelimited, false),
            ["color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"]
        );
        assert_eq!(query(Style::DeepObject, true)[1], "color[R]=100&color[G]=200&color[B]=150");
    }

    #[test]
    fn a_text_is_encoded_once_whatever_stands_in_it() {
        let value = json!("a/b?c#d %é&e+f");
        assert_eq!(Parameter::path("q").in_path(&value), "a%2Fb%3Fc%23d%20%25%C3%A9%26e%2Bf");
        assert_eq!(Parameter::query("q").in_query(&value), ["q=a%2Fb%3Fc%23d%20%25%C3%A9%26e%2Bf"]);
        let reserved = Parameter::query("q").allow_reserved();
        assert_eq!(reserved.in_query(&value), ["q=a/b?c%23d%20%25%C3%A9%26e%2Bf"]);
        let triples = json!("50%/a%2Fb%zz%2é%C3%A9%4");
        assert_eq!(reserved.in_query(&triples), ["q=50%25/a%2Fb%25zz%252%C3%A9%C3%A9%254"]);
        assert_eq!(Parameter::query("a b").in_form(&json!("+1 é")), ["a+b=%2B1+%C3%A9"]);
        assert_eq!(Parameter::cookie("q").in_cookie(&json!("a=b; c")), ["q=a=b%3B%20c"]);
        assert_eq!(Parameter::path("q").in_path(&json!("v1.0_a-b~c")), "v1.0_a-b~c");
    }

    #[test]
    fn nothing_is_sent_for_nothing() {
        for value in [json!(null), json!([]), json!({}), json!([null]), json!({ "a": null })] {
            for style in [Style::Form, Style::DeepObject, Style::SpaceDelimited] {
                for explode in [false, true] {
                    let parameter = of(style, explode, Place::Query);
                    assert_eq!(parameter.in_query(&value), [] as [&str; 0], "{value} {style:?}");
                }
            }
            assert_eq!(of(Style::Matrix, true, Place::Path).in_path(&value), "");
        }
        assert_eq!(Parameter::query("q").in_query(&json!("")), ["q="]);
    }

    #[test]
    fn a_whole_number_has_no_fraction() {
        assert_eq!(Parameter::path("q").in_path(&json!(6_743_052.0)), "6743052");
        assert_eq!(Parameter::path("q").in_path(&json!(1.5)), "1.5");
    }

    #[test]
    fn what_no_style_defines_is_json_but_for_deep_objects() {
        let value = json!([{ "a": [1, 2] }]);
        assert_eq!(Parameter::query("q").in_query(&value), ["q=%7B%22a%22%3A%5B1%2C2%5D%7D"]);
        let deep = Parameter::query("q").style(Style::DeepObject);
        assert_eq!(deep.in_query(&value), ["q[0][a][0]=1", "q[0][a][1]=2"]);
        let json = Parameter::query("q").style(Style::Json);
        assert_eq!(json.in_query(&json!({ "a": 1 })), ["q=%7B%22a%22%3A1%7D"]);
    }
}
