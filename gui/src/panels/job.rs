//! Work that takes longer than a frame, done beside the window.

use eframe::egui::Context;
use spikewatt::compile::CompiledNetwork;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Weak};

/// The result of work for a key; work for another key ends what is under way.
pub(super) struct Job<K, T> {
    key: Option<K>,
    inbox: Option<Receiver<T>>,
    stop: Arc<AtomicBool>,
    done: Option<T>,
}

impl<K, T> Default for Job<K, T> {
    fn default() -> Self {
        Self { key: None, inbox: None, stop: Arc::default(), done: None }
    }
}

impl<K, T> Drop for Job<K, T> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl<K: PartialEq, T: Send + 'static> Job<K, T> {
    /// The result for `key`, once it is there. Work that is asked for hears through its argument when nobody waits for it any more, and
    /// may then give nothing.
    pub(super) fn get<W>(&mut self, ctx: &Context, key: K, work: impl FnOnce() -> W) -> Option<&T>
    where
        W: FnOnce(&AtomicBool) -> Option<T> + Send + 'static,
    {
        if self.key.as_ref() != Some(&key) {
            self.stop.store(true, Ordering::Relaxed);
            let (outbox, inbox) = channel();
            let (stop, ctx, work) = (Arc::new(AtomicBool::new(false)), ctx.clone(), work());
            *self = Self { key: Some(key), inbox: Some(inbox), stop: stop.clone(), done: None };
            // Where no thread can be had there is no result, and the panel goes on saying that it waits.
            let _ = std::thread::Builder::new().name("panel".into()).spawn(move || {
                if let Some(result) = work(&stop) {
                    let _ = outbox.send(result);
                    ctx.request_repaint();
                }
            });
        }
        if let Some(result) = self.inbox.as_ref().and_then(|inbox| inbox.try_recv().ok()) {
            self.done = Some(result);
            self.inbox = None;
        }
        self.done.as_ref()
    }

    /// The last result.
    pub(super) fn last(&self) -> Option<&T> {
        self.done.as_ref()
    }
}

/// A network as a key: it is the same only where it is the very one.
#[derive(Debug, Clone)]
pub(super) struct NetKey(Weak<CompiledNetwork>);

impl NetKey {
    pub(super) fn of(net: &Arc<CompiledNetwork>) -> Self {
        Self(Arc::downgrade(net))
    }
}

impl PartialEq for NetKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}
