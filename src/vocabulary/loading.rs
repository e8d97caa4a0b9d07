//! How the batches of one request run: in the request's own task, and only when nothing else can.
//!
//! A batch that ran in another task could start while its keys are still being collected;
//! the number of statements would then depend on the machine. It would also outlive its request.

use std::{
    hash::Hash,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, HashMapCache};
use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{BoxFuture, poll_fn},
    stream::FuturesUnordered,
};
use indexmap::IndexMap;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, Select};

/// A loader as requests use it: one batch for all that waits, results kept for the request.
pub type RequestLoader<L> = DataLoader<L, HashMapCache>;

/// Keys of one statement at most; SQLite binds no more than 32,766 values.
pub const CHUNK: usize = 1000;

/// All rows for many keys, so many keys a statement.
pub async fn all_of<K: Sync, E: EntityTrait>(
    keys: &[K],
    connection: &DatabaseConnection,
    select: impl Fn(&[K]) -> Select<E> + Send,
) -> Result<Vec<E::Model>, DbErr> {
    let mut rows = Vec::new();
    for chunk in keys.chunks(CHUNK) {
        rows.extend(select(chunk).all(connection).await?);
    }
    Ok(rows)
}

/// A list that hangs on a parent, with the arguments it is asked for with: lists of equal arguments
/// are read together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListOf<A> {
    /// Surrogate key of the parent.
    pub parent: i64,
    /// What is asked of the list.
    pub arguments: Arc<A>,
}

impl<A> ListOf<A> {
    /// The list of one parent.
    pub fn new(parent: i64, arguments: A) -> Self {
        Self {
            parent,
            arguments: Arc::new(arguments),
        }
    }
}

/// The parents of each set of arguments: one statement each.
pub fn by_arguments<A: Eq + Hash>(keys: &[ListOf<A>]) -> IndexMap<&Arc<A>, Vec<i64>> {
    let mut parents: IndexMap<_, Vec<_>> = IndexMap::new();
    for key in keys {
        parents.entry(&key.arguments).or_default().push(key.parent);
    }
    parents
}

/// Gives each parent's list back under the key it was asked for with.
pub fn keyed<A, T>(
    arguments: &Arc<A>,
    lists: impl IntoIterator<Item = (i64, T)>,
) -> impl Iterator<Item = (ListOf<A>, T)> {
    lists.into_iter().map(move |(parent, list)| {
        (
            ListOf {
                parent,
                arguments: Arc::clone(arguments),
            },
            list,
        )
    })
}

/// Where the loaders of a request leave their batches.
#[derive(Clone, Debug)]
pub struct Batches(UnboundedSender<BoxFuture<'static, ()>>);

impl Batches {
    /// A DataLoader whose batches run by [`drive`].
    pub fn loader<L: Send + Sync + 'static>(&self, loader: L) -> RequestLoader<L> {
        let queue = self.0.clone();
        // A send fails only after the request has ended, when nobody waits for the batch.
        let spawn = move |batch| drop(queue.unbounded_send(batch));
        DataLoader::with_cache(loader, spawn, HashMapCache::default())
            .delay(Duration::ZERO)
            .max_batch_size(usize::MAX)
    }
}

/// The batches that wait to be run.
#[derive(Debug)]
pub struct Queue(UnboundedReceiver<BoxFuture<'static, ()>>);

/// A place to leave batches and the queue they wait in.
pub fn batches() -> (Batches, Queue) {
    let (sender, receiver) = unbounded();
    (Batches(sender), Queue(receiver))
}

/// Runs an execution together with its batches, in rounds: those that wait start when the execution
/// can go no further, and it goes on when all of them have ended. So a batch holds every key that can be known by
/// then, and how many there are rests on the question alone.
pub async fn drive<F: Future>(execution: F, mut queue: Queue) -> F::Output {
    let mut execution = pin!(execution);
    let mut running = FuturesUnordered::new();
    poll_fn(move |context| {
        let notice = Arc::new(Notice {
            is_woken: AtomicBool::new(false),
            task: context.waker().clone(),
        });
        let waker = Waker::from(Arc::clone(&notice));
        loop {
            // Not between the ends of two batches: what is asked for next would depend on which ended first.
            if running.is_empty() {
                let polled = execution.as_mut().poll(&mut Context::from_waker(&waker));
                if let Poll::Ready(output) = polled {
                    return Poll::Ready(output);
                }
                // A set of futures yields after a round and wakes itself: keys are still to come.
                if notice.is_woken.swap(false, Ordering::AcqRel) {
                    continue;
                }
                while let Ok(batch) = queue.0.try_recv() {
                    running.push(batch);
                }
            }
            match running.poll_next_unpin(context) {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

/// Wakes a task and notes that it did.
struct Notice {
    is_woken: AtomicBool,
    task: Waker,
}

impl Wake for Notice {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Mutex};

    use async_graphql::dataloader::Loader;
    use futures::future::join_all;

    use super::*;

    #[derive(Default)]
    struct Recorder(std::sync::Arc<Mutex<Vec<usize>>>);

    impl Loader<u32> for Recorder {
        type Value = u32;
        type Error = ();

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, ()> {
            self.0.lock().unwrap().push(keys.len());
            tokio::task::yield_now().await;
            Ok(keys.iter().map(|key| (*key, key + 1)).collect())
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_batch_holds_all_keys_of_its_level() {
        let sizes = std::sync::Arc::default();
        let (batches, queue) = batches();
        let loader = batches.loader(Recorder(std::sync::Arc::clone(&sizes)));
        let loader = &loader;
        let chains = (0..500_u32).map(|key| async move {
            let next = loader.load_one(key * 10).await.unwrap().unwrap();
            loader.load_one(next).await.unwrap().unwrap()
        });
        // Sets within sets, as an execution nests them.
        let mut chains: Vec<_> = chains.collect();
        let nested = std::iter::from_fn(|| {
            let rest = chains.len().saturating_sub(50);
            (!chains.is_empty()).then(|| join_all(chains.split_off(rest)))
        });
        let nested: Vec<_> = nested.collect();
        let ends = drive(join_all(nested), queue)
            .await
            .into_iter()
            .rev()
            .flatten()
            .collect::<Vec<_>>();
        assert_eq!(ends[499], 4992);
        assert_eq!(*sizes.lock().unwrap(), [500, 500]);
    }

    /// With async-graphql's feature `tokio-timer`, which any crate of the tree could switch on, a
    /// batch waits for a tick of at least a millisecond; in a runtime without timers that is a panic.
    #[test]
    fn a_batch_waits_for_no_timer() {
        let (batches, queue) = batches();
        let loader = batches.loader(Recorder::default());
        let chain = async {
            let mut key = 0;
            while key < 200 {
                key = loader.load_one(key).await.unwrap().unwrap();
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(drive(chain, queue));
    }
}
