//! How often a secret stands in the memory of this process.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use zeroize::Zeroizing;

const MASK: u8 = 0xA5;

/// A secret of 32 printable characters, which no format escapes. It is kept masked, so that the
/// program that looks for it does not hold it.
pub(crate) struct Masked([u8; 32]);

impl Masked {
    /// Another one for each number.
    pub(crate) const fn new(number: u8) -> Self {
        let mut bytes = [0; 32];
        let mut at = 0;
        while at < bytes.len() {
            let byte = (at as u8).wrapping_mul(73).wrapping_add(number.wrapping_mul(131)) ^ 0x5B;
            bytes[at] = (b'A' + byte % 26) ^ MASK;
            at += 1;
        }
        Self(bytes)
    }

    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.0.len()));
        text.extend(self.0.iter().map(|&byte| char::from(byte ^ MASK)));
        text
    }

    /// How often it stands in the writable memory of this process, freed memory included.
    pub(crate) fn copies(&self) -> usize {
        const CHUNK: usize = 1 << 20;
        let memory = File::open("/proc/self/mem").unwrap();
        let mut buffer = Zeroizing::new(vec![0; CHUNK + self.0.len() - 1]);
        let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
        let mut copies = 0;
        for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            if !rest.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let end = u64::from_str_radix(end, 16).unwrap();
            let mut at = u64::from_str_radix(start, 16).unwrap();
            while at < end {
                let length = buffer.len().min((end - at) as usize);
                // Some mappings, such as a device's, can't be read.
                let Ok(read) = memory.read_at(&mut buffer[..length], at) else {
                    break;
                };
                copies += self
                    .found(&buffer[..read])
                    .filter(|offset| !own.contains(&(at + *offset as u64)))
                    .count();
                at += CHUNK as u64;
            }
        }
        copies
    }

    /// Where it stands in `bytes`. A loop, because iterators are slow in a build for tests.
    fn found(&self, bytes: &[u8]) -> impl Iterator<Item = usize> {
        let first = self.0[0] ^ MASK;
        let mut found = Vec::new();
        let mut at = 0;
        while at + self.0.len() <= bytes.len() {
            if bytes[at] == first
                && bytes[at..].iter().zip(self.0).all(|(&byte, masked)| byte ^ MASK == masked)
            {
                found.push(at);
            }
            at += 1;
        }
        found.into_iter()
    }
}
