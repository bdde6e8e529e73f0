//! Text and attributes.

use hdf5::types::{FixedAscii, FixedUnicode, VarLenAscii, VarLenUnicode};

use super::attributes::claimed_length;
use super::{H5File, Kind};
use crate::diagnostic::Result;

impl H5File {
    /// Shape and strings, of fixed or any length, without padding.
    ///
    /// # Errors
    /// There is no such dataset, it holds no text, the text is not UTF-8 or longer than 65,536 bytes of fixed length, or the
    /// file is damaged.
    pub(crate) fn strings(&self, at: &str) -> Result<(Vec<usize>, Vec<String>)> {
        let data = self.dataset(at)?;
        self.sound_lengths(at, &data)?;
        self.texts(at, &data)
    }

    /// The single string of a dataset.
    ///
    /// # Errors
    /// As [`strings`](Self::strings), or there is not exactly one.
    pub(crate) fn string(&self, at: &str) -> Result<String> {
        let (shape, values) = self.strings(at)?;
        self.single(at, &shape, values)
    }

    /// An attribute of one string; `None` where there is none of that name.
    ///
    /// # Errors
    /// The attribute holds no text, or not exactly one string.
    pub(crate) fn attribute_string(&self, of: &str, name: &str) -> Result<Option<String>> {
        let Some((at, data)) = self.attribute(of, name)? else { return Ok(None) };
        let shape = self.shape(&at, &data)?;
        if shape.iter().product::<usize>() != 1 {
            return self.single(&at, &shape, Vec::new()).map(Some);
        }
        if matches!(self.kind(&at, &data)?, Kind::Text { .. }) {
            let claimed = std::fs::File::open(&self.path).and_then(|mut file| claimed_length(&mut file, name, self.bytes));
            if let Some(length) = claimed.map_err(|error| self.complaint(&at, format!("cannot be read: {error}")))? {
                let message = format!("claims a text of {length} bytes, more than the file has; it is damaged");
                return Err(self.complaint(&at, message).into());
            }
        }
        let (shape, values) = self.texts(&at, &data)?;
        self.single(&at, &shape, values).map(Some)
    }

    /// The attribute and its place in words (`/frames@scale`), where there is one.
    pub(super) fn attribute(&self, of: &str, name: &str) -> Result<Option<(String, hdf5::Attribute)>> {
        let at = format!("{of}@{name}");
        let find = |owner: &hdf5::Location| -> hdf5::Result<Option<hdf5::Attribute>> {
            if owner.attr_names()?.iter().any(|other| other.as_bytes() == name.as_bytes()) {
                owner.attr(name).map(Some)
            } else {
                Ok(None)
            }
        };
        let found = if self.is_group(of) { find(&*self.group(of)?) } else { find(&*self.dataset(of)?) };
        Ok(found.map_err(|error| self.unreadable(&at, &error))?.map(|attribute| (at, attribute)))
    }

    fn texts(&self, at: &str, data: &hdf5::Container) -> Result<(Vec<usize>, Vec<String>)> {
        let kind = self.kind(at, data)?;
        let shape = self.shape(at, data)?;
        let bytes = match kind {
            Kind::Text { unicode: false } => self.bytes_of(at, data, VarLenAscii::as_bytes)?,
            Kind::Text { unicode: true } => self.bytes_of(at, data, VarLenUnicode::as_bytes)?,
            Kind::FixedText { unicode } => self.fixed(at, data, unicode)?,
            other => return Err(self.complaint(at, format!("expected text, found {}", other.words())).into()),
        };
        let texts = bytes.into_iter().map(String::from_utf8).collect::<std::result::Result<_, _>>();
        Ok((shape, texts.map_err(|_| self.complaint(at, "holds text that is not UTF-8"))?))
    }

    /// The crate reads fixed text only into a length known when compiling: the next larger of three.
    fn fixed(&self, at: &str, data: &hdf5::Container, unicode: bool) -> Result<Vec<Vec<u8>>> {
        let width = data.dtype().map_err(|error| self.unreadable(at, &error))?.size();
        match (width, unicode) {
            (..=64, false) => self.bytes_of(at, data, FixedAscii::<64>::as_bytes),
            (..=64, true) => self.bytes_of(at, data, FixedUnicode::<64>::as_bytes),
            (..=1024, false) => self.bytes_of(at, data, FixedAscii::<1024>::as_bytes),
            (..=1024, true) => self.bytes_of(at, data, FixedUnicode::<1024>::as_bytes),
            (..=65_536, false) => self.bytes_of(at, data, FixedAscii::<65_536>::as_bytes),
            (..=65_536, true) => self.bytes_of(at, data, FixedUnicode::<65_536>::as_bytes),
            _ => Err(self.complaint(at, format!("holds text of {width} bytes; at most 65536 can be read")).into()),
        }
    }

    fn bytes_of<T: hdf5::H5Type>(&self, at: &str, data: &hdf5::Container, get: fn(&T) -> &[u8]) -> Result<Vec<Vec<u8>>> {
        Ok(self.raw::<T>(at, data)?.iter().map(|text| get(text).to_vec()).collect())
    }
}
