//! Which nodes of a graph each node waits for, directly or not: a row of bits for each.

/// Numbered nodes, each with those that it waits for.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// 64-bit words of a row.
    words: usize,
    rows: Vec<u64>,
}

impl Before {
    /// No node waits for another.
    pub(crate) fn new(nodes: usize) -> Self {
        let words = nodes.div_ceil(64);
        Self {
            words,
            rows: vec![0; words * nodes],
        }
    }

    /// The steps that uniting two rows counts.
    pub(crate) fn cost(nodes: usize) -> usize {
        1 + nodes.div_ceil(64) / 2
    }

    /// Makes one node wait for another and for what that one waits for; returns whether the row
    /// changed.
    pub(crate) fn wait(&mut self, one: usize, other: usize) -> bool {
        let (to, from) = (one * self.words, other * self.words);
        let mut is_new = false;
        for word in 0..self.words {
            let own = if word == other / 64 {
                1 << (other % 64)
            } else {
                0
            };
            let Some(more) = self.rows.get(from + word).map(|more| more | own) else {
                return is_new;
            };
            if let Some(word) = self.rows.get_mut(to + word) {
                is_new |= more & !*word != 0;
                *word |= more;
            }
        }
        is_new
    }

    /// Makes one node wait for what another waits for; returns whether the row changed.
    pub(crate) fn wait_as(&mut self, one: usize, other: usize) -> bool {
        let (to, from) = (one * self.words, other * self.words);
        let mut is_new = false;
        for word in 0..self.words {
            let Some(&more) = self.rows.get(from + word) else {
                return is_new;
            };
            if let Some(word) = self.rows.get_mut(to + word) {
                is_new |= more & !*word != 0;
                *word |= more;
            }
        }
        is_new
    }

    /// Whether a node waits for another one, directly or not.
    pub(crate) fn waits(&self, one: usize, other: usize) -> bool {
        let word = self.rows.get(one * self.words + other / 64);
        word.is_some_and(|word| word & (1 << (other % 64)) != 0)
    }

    /// How many a node waits for.
    pub(crate) fn count(&self, one: usize) -> usize {
        let row = self.rows.iter().skip(one * self.words).take(self.words);
        row.map(|word| word.count_ones() as usize).sum()
    }
}
