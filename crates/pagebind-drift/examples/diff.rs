//! Two bare JSON documents compared, in any format:
//! `cargo run --release -p pagebind-drift --example diff -- OLD.json NEW.json [FORMAT]`

use std::{env, error::Error, fs, io};

use pagebind_drift::{
    compare,
    report::{Format, Report, Styles},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (old, new, format) = match &arguments[..] {
        [old, new] => (old, new, Format::Human),
        [old, new, format] => (old, new, format.parse()?),
        _ => return Err("usage: diff OLD.json NEW.json [FORMAT]".into()),
    };
    let read = |path: &str| -> Result<serde_json::Value, Box<dyn Error>> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    };
    let findings = compare(&read(old)?, &read(new)?);
    let mut out = io::BufWriter::new(io::stdout().lock());
    format.write(&Report::new("diff", &findings), &Styles::plain(), &mut out)?;
    Ok(())
}
