//! Sorting by key bytes.
//!
//! Keys lie all over memory, and those of one column begin alike: comparing eight bytes behind their common beginning,
//! kept beside each number, mostly spares looking at them.

/// The numbers `0..count` in the order of their keys; equal ones stay as they are.
pub(crate) fn sorted<'k>(count: usize, key: impl Fn(usize) -> &'k [u8]) -> Vec<u32> {
    if count == 0 {
        return Vec::new();
    }
    let first = key(0);
    let common_len = (1..count).fold(first.len(), |common_len, number| {
        let pairs = first[..common_len].iter().zip(key(number));
        pairs.take_while(|(one, other)| one == other).count()
    });
    let mut order: Vec<(u64, u32)> =
        (0..count).map(|number| (head(&key(number)[common_len..]), number as u32)).collect();
    // By heads alone first: a comparison that looks at nothing else runs without branches.
    order.sort_unstable_by_key(|(head, _)| *head);
    let rest = |number: u32| &key(number as usize)[common_len..];
    for ties in order.chunk_by_mut(|(one, _), (other, _)| one == other).filter(|ties| ties.len() > 1) {
        ties.sort_unstable_by(|(_, a), (_, b)| rest(*a).cmp(rest(*b)).then(a.cmp(b)));
    }
    order.into_iter().map(|(_, number)| number).collect()
}

/// The first eight bytes as a number of their order; a shorter key is padded with zeros.
fn head(bytes: &[u8]) -> u64 {
    if let Some(head) = bytes.first_chunk() {
        return u64::from_be_bytes(*head);
    }
    let mut head = [0; 8];
    head[..bytes.len()].copy_from_slice(bytes);
    u64::from_be_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_bytes_and_equal_ones_stay() {
        let keys: [&[u8]; 9] = [
            b"shared-b",
            b"shared-",
            b"shared-b\0",
            b"shared-aaaaaaaaz",
            b"shared-aaaaaaaab",
            b"shared-b",
            b"shared-\0",
            b"shared-aaaaaaaa",
            b"shared-",
        ];
        assert_eq!(sorted(keys.len(), |number| keys[number]), [1, 8, 6, 7, 4, 3, 0, 5, 2]);
        assert!(sorted(0, |_| b"").is_empty());
    }
}
