//! Text orders written by the application.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use super::label::{Label, LabelBook};
use super::{CallSite, Thrown};

pub trait CollationFunction {
    /// Which of two texts comes first. Bytes are what the database holds: UTF-8 nearly always.
    fn compare(&self, a: &[u8], b: &[u8], site: CallSite) -> Result<Ordering, Thrown>;
}

/// A comparator and the labels of what it has put in order.
pub(super) struct Collator {
    pub function: Rc<dyn CollationFunction>,
    labels: RefCell<LabelBook>,
}

impl Collator {
    pub fn new(function: Rc<dyn CollationFunction>) -> Collator {
        Collator { function, labels: RefCell::default() }
    }

    /// Bytes that order as the texts do.
    pub fn label(&self, text: &[u8], site: CallSite) -> Result<Label, Thrown> {
        self.labels.borrow_mut().label(text, |a, b| self.function.compare(a, b, site))
    }

    pub fn forget_labels(&self) {
        self.labels.take();
    }
}
