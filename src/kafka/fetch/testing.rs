//! Record batches and Fetch answers, written for tests.
use bytes::Bytes;
use std::io::Write;

pub const GZIP: i16 = 1;
pub const SNAPPY: i16 = 2;
pub const LZ4: i16 = 3;
pub const ZSTD: i16 = 4;
pub const APPEND_TIME: i16 = 8;
pub const TRANSACTIONAL: i16 = 16;
pub const CONTROL: i16 = 32;

type Text = Option<&'static str>;

/// One record to be written.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub delta: i64,
    pub timestamp: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Row {
    pub fn new(key: Text, value: Text) -> Self {
        let bytes = |text: Text| text.map(|text| text.as_bytes().to_vec());
        Self { key: bytes(key), value: bytes(value), ..Self::default() }
    }
}

/// One batch to be written.
#[derive(Debug, Clone)]
pub struct Written {
    pub base_offset: i64,
    /// `None`: that of the last row.
    pub last_delta: Option<i32>,
    pub base_timestamp: i64,
    pub max_timestamp: i64,
    pub attributes: i16,
    pub producer: i64,
    pub rows: Vec<Row>,
}

impl Written {
    /// Rows at the offsets from `base_offset` on.
    pub fn at(base_offset: i64, rows: impl IntoIterator<Item = Row>) -> Self {
        let numbered = rows.into_iter().enumerate().map(|(delta, row)| Row { delta: delta as i64, ..row });
        Self {
            base_offset,
            last_delta: None,
            base_timestamp: 1000,
            max_timestamp: 1000,
            attributes: 0,
            producer: -1,
            rows: numbered.collect(),
        }
    }

    /// So many records, each with its offset as its value.
    pub fn counted(base_offset: i64, count: i64) -> Self {
        Self::at(
            base_offset,
            (0..count).map(|n| {
                let value = Some((base_offset + n).to_string().into_bytes());
                Row { value, ..Row::default() }
            }),
        )
    }

    /// What the cleaner leaves of a batch: its extent.
    pub fn hollow(base_offset: i64, count: i32) -> Self {
        Self { last_delta: Some(count - 1), ..Self::at(base_offset, []) }
    }

    /// The end of a transaction.
    pub fn marker(offset: i64, producer: i64, commit: bool) -> Self {
        let key = Some(vec![0, 0, 0, u8::from(commit)]);
        let row = Row { key, value: Some(vec![0; 6]), ..Row::default() };
        Self { producer, attributes: CONTROL | TRANSACTIONAL, ..Self::at(offset, [row]) }
    }

    pub fn transactional(self, producer: i64) -> Self {
        Self { producer, attributes: self.attributes | TRANSACTIONAL, ..self }
    }

    pub fn attributes(self, attributes: i16) -> Self {
        Self { attributes, ..self }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut records = vec![];
        self.rows.iter().for_each(|row| put_row(&mut records, row));
        self.around(&compressed(self.attributes & 7, records))
    }

    /// The batch around a body of any bytes.
    pub fn around(&self, body: &[u8]) -> Vec<u8> {
        let mut checked = vec![];
        checked.extend(self.attributes.to_be_bytes());
        let last = self.rows.last().map_or(0, |row| row.delta as i32);
        checked.extend(self.last_delta.unwrap_or(last).to_be_bytes());
        checked.extend(self.base_timestamp.to_be_bytes());
        checked.extend(self.max_timestamp.to_be_bytes());
        checked.extend(self.producer.to_be_bytes());
        checked.extend([0; 2]);
        checked.extend((-1i32).to_be_bytes());
        checked.extend((self.rows.len() as i32).to_be_bytes());
        checked.extend(body);
        let mut out = self.base_offset.to_be_bytes().to_vec();
        out.extend((checked.len() as i32 + 9).to_be_bytes());
        out.extend(7i32.to_be_bytes());
        out.push(2);
        out.extend(crc32c::crc32c(&checked).to_be_bytes());
        out.extend(checked);
        out
    }
}

fn put_row(out: &mut Vec<u8>, row: &Row) {
    let mut record = vec![0];
    put_varint(&mut record, row.timestamp);
    put_varint(&mut record, row.delta);
    put_bytes(&mut record, row.key.as_deref());
    put_bytes(&mut record, row.value.as_deref());
    put_varint(&mut record, row.headers.len() as i64);
    for (name, value) in &row.headers {
        put_bytes(&mut record, Some(name));
        put_bytes(&mut record, value.as_deref());
    }
    put_varint(out, record.len() as i64);
    out.extend(record);
}

pub fn put_varint(out: &mut Vec<u8>, value: i64) {
    let mut zigzag = ((value << 1) ^ (value >> 63)) as u64;
    while zigzag >= 0x80 {
        out.push(zigzag as u8 | 0x80);
        zigzag >>= 7;
    }
    out.push(zigzag as u8);
}

fn put_bytes(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    put_varint(out, bytes.map_or(-1, |bytes| bytes.len() as i64));
    out.extend(bytes.unwrap_or_default());
}

pub fn compressed(codec: i16, plain: Vec<u8>) -> Vec<u8> {
    match codec {
        GZIP => {
            let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
            writer.write_all(&plain).unwrap();
            writer.finish().unwrap()
        }
        SNAPPY => snap::raw::Encoder::new().compress_vec(&plain).unwrap(),
        LZ4 => {
            let mut writer = lz4_flex::frame::FrameEncoder::new(vec![]);
            writer.write_all(&plain).unwrap();
            writer.finish().unwrap()
        }
        ZSTD => zstd::encode_all(&plain[..], 1).unwrap(),
        _ => plain,
    }
}

/// One partition of an answer to be written.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub id: i32,
    pub error: i16,
    pub high: i64,
    pub stable: i64,
    pub aborted: Vec<(i64, i64)>,
    pub bytes: Vec<u8>,
}

impl Part {
    pub fn new(id: i32, high: i64, bytes: Vec<u8>) -> Self {
        Self { id, high, stable: high, bytes, ..Self::default() }
    }

    pub fn failed(id: i32, error: i16) -> Self {
        Self { id, error, high: -1, stable: -1, ..Self::default() }
    }
}

/// The body of a Fetch answer of version 4 about the topic `t`.
pub fn answer(throttle_ms: i32, parts: &[Part]) -> Bytes {
    answer_in(4, throttle_ms, parts)
}

/// The same in version 7, in a session.
pub fn session_answer(error: i16, session: i32, parts: &[Part]) -> Bytes {
    let head = [&0i32.to_be_bytes()[..], &error.to_be_bytes(), &session.to_be_bytes()].concat();
    answer_after(head, 7, parts)
}

/// The same in a version from 2 to 4.
pub fn answer_in(version: i16, throttle_ms: i32, parts: &[Part]) -> Bytes {
    answer_after(throttle_ms.to_be_bytes().to_vec(), version, parts)
}

fn answer_after(mut out: Vec<u8>, version: i16, parts: &[Part]) -> Bytes {
    out.extend(1i32.to_be_bytes());
    out.extend([0, 1, b't']);
    out.extend((parts.len() as i32).to_be_bytes());
    for part in parts {
        out.extend(part.id.to_be_bytes());
        out.extend(part.error.to_be_bytes());
        out.extend(part.high.to_be_bytes());
        if version >= 4 {
            stable(&mut out, version, part);
        }
        out.extend((part.bytes.len() as i32).to_be_bytes());
        out.extend(&part.bytes);
    }
    out.into()
}

fn stable(out: &mut Vec<u8>, version: i16, part: &Part) {
    out.extend(part.stable.to_be_bytes());
    if version >= 5 {
        out.extend(0i64.to_be_bytes());
    }
    out.extend((part.aborted.len() as i32).to_be_bytes());
    for (producer, first) in &part.aborted {
        out.extend(producer.to_be_bytes());
        out.extend(first.to_be_bytes());
    }
}
