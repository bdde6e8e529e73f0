//! Whether a network makes sense: every complaint at once.
use super::Network;
use crate::diagnostic::Result;
impl Network {
    /// Checks.
    ///
    /// # Errors
    /// Complaints.
    pub fn validate(&self) -> Result<()> {
        Ok(())
    }
}
