//! Something that is worked out beside the window: the last thing asked for, and the last answer.

use eframe::egui::Context;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

type Job<V> = Box<dyn FnOnce() -> V + Send>;

struct State<K, V> {
    answer: Option<(K, Arc<V>)>,
    wanted: Option<(K, Job<V>)>,
    running: Option<K>,
}

/// Answers questions one at a time on a thread of its own. Of questions that come while it works, the last is answered.
pub(super) struct Lane<K, V> {
    state: Arc<Mutex<State<K, V>>>,
    /// It rests so long between two answers, so that the simulation has its turn.
    rest: Duration,
}

impl<K: PartialEq + Clone + Send + 'static, V: Send + Sync + 'static> Lane<K, V> {
    pub(super) fn new(rest_ms: u64) -> Self {
        let state = State { answer: None, wanted: None, running: None };
        Self { state: Arc::new(Mutex::new(state)), rest: Duration::from_millis(rest_ms) }
    }

    /// The last answer, which may be that of another question. Where it is, `job` is asked to answer this one, and the window is woken then.
    pub(super) fn ask(&self, ctx: &Context, key: &K, job: impl FnOnce() -> Job<V>) -> Option<Arc<V>> {
        let mut state = locked(&self.state);
        let answered = state.answer.as_ref().is_some_and(|(of, _)| of == key);
        let under_way = state.wanted.as_ref().map(|(of, _)| of).or(state.running.as_ref()) == Some(key);
        if answered {
            state.wanted = None;
        } else if !under_way {
            state.wanted = Some((key.clone(), job()));
            if state.running.is_none() {
                state.running = Some(key.clone());
                self.begin(ctx.clone());
            }
        }
        state.answer.as_ref().map(|(_, answer)| answer.clone())
    }

    /// The last answer.
    pub(super) fn last(&self) -> Option<Arc<V>> {
        locked(&self.state).answer.as_ref().map(|(_, answer)| answer.clone())
    }

    fn begin(&self, ctx: Context) {
        let (state, rest) = (self.state.clone(), self.rest);
        let work = move || {
            loop {
                let (key, job) = {
                    let mut state = locked(&state);
                    let Some((key, job)) = state.wanted.take() else {
                        state.running = None;
                        return;
                    };
                    state.running = Some(key.clone());
                    (key, job)
                };
                let answer = Arc::new(job());
                locked(&state).answer = Some((key, answer));
                ctx.request_repaint();
                std::thread::sleep(rest);
            }
        };
        if std::thread::Builder::new().name("prices".into()).spawn(work).is_err() {
            locked(&self.state).running = None;
        }
    }
}

fn locked<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn the_last_question_is_answered() {
        let (lane, ctx) = (Lane::<u32, u32>::new(1), Context::default());
        for key in 0..50 {
            let _ = lane.ask(&ctx, &key, || {
                Box::new(move || {
                    std::thread::sleep(Duration::from_millis(2));
                    key * 2
                })
            });
        }
        let began = Instant::now();
        while lane.ask(&ctx, &49, || Box::new(|| 98)).is_none_or(|answer| *answer != 98) {
            assert!(began.elapsed() < Duration::from_secs(10), "no answer");
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(lane.last().as_deref(), Some(&98));
    }
}
