//! How wide numbers are stored.

use super::{H5File, Kind};
use crate::diagnostic::Result;

impl H5File {
    /// Bytes of one element of a dataset, where its elements are numbers with a fraction.
    ///
    /// # Errors
    /// There is no such dataset, or it is damaged.
    pub(crate) fn float_width(&self, at: &str) -> Result<Option<usize>> {
        let data = self.dataset(at)?;
        let kind = data.dtype().map_err(|error| self.unreadable(at, &error))?;
        Ok((Kind::of(&kind) == Kind::Float).then(|| kind.size()))
    }
}
