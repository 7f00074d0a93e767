//! Sorting by key bytes.
//!
//! Keys lie all over memory, and those of one column begin alike: comparing eight bytes behind their common beginning,
//! kept beside each number, mostly spares looking at them.

/// The numbers `0..count` in the order of their keys; equal ones stay as they are.
pub(crate) fn sorted<'k>(count: usize, key: impl Fn(usize) -> &'k [u8]) -> Vec<u32> {
    let mut order: Vec<(u64, u32)> = (0..count).map(|number| (0, number as u32)).collect();
    sort(&mut order, &|number| key(number as usize));
    order.into_iter().map(|(_, number)| number).collect()
}

/// Sorts places by the keys that lie there, equal ones by themselves. The numbers before the places are of no meaning.
pub(crate) fn sort<'k, P: Copy + Ord>(order: &mut [(u64, P)], key: &dyn Fn(P) -> &'k [u8]) {
    sort_from(order, 0, key);
}

/// Fewer keys than this are sorted by comparing them.
const FEW: usize = 32;
const HEAD_LEN: usize = 8;

/// Sorts places whose keys have the same first bytes, so many, by what comes behind.
fn sort_from<'k, P: Copy + Ord>(order: &mut [(u64, P)], start: usize, key: &dyn Fn(P) -> &'k [u8]) {
    let Some(&(_, first)) = order.first() else { return };
    let rest = |place: P| &key(place)[start..];
    if order.len() < FEW {
        order.sort_unstable_by(|(_, a), (_, b)| rest(*a).cmp(rest(*b)).then(a.cmp(b)));
        return;
    }
    let first = rest(first);
    let (mut common_len, mut shortest) = (first.len(), first.len());
    for (_, place) in &*order {
        let other = rest(*place);
        shortest = shortest.min(other.len());
        let pairs = first[..common_len].iter().zip(other);
        common_len = pairs.take_while(|(one, other)| one == other).count();
    }
    for (head_of, place) in &mut *order {
        *head_of = head(&rest(*place)[common_len..]);
    }
    // By heads alone first: a comparison that looks at nothing else runs without branches.
    order.sort_unstable_by_key(|(head, _)| *head);
    let behind = common_len + HEAD_LEN;
    for ties in order.chunk_by_mut(|(one, _), (other, _)| one == other).filter(|ties| ties.len() > 1) {
        // Heads of keys that end there are filled up, so that theirs may be alike without being the same.
        if behind <= shortest && ties.len() >= FEW {
            sort_from(ties, start + behind, key);
        } else {
            ties.sort_unstable_by(|(_, a), (_, b)| rest(*a).cmp(rest(*b)).then(a.cmp(b)));
        }
    }
}

/// The first eight bytes as a number of their order; a shorter key is padded with zeros.
pub(crate) fn head(bytes: &[u8]) -> u64 {
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

    #[test]
    fn many_keys_with_several_beginnings_are_ordered_as_bytes() {
        let beginnings = ["", "key number ", "a longer beginning than eight bytes, ", "a longer beginning, "];
        let key = |number: u32| {
            let mixed = number.wrapping_mul(2_654_435_761) >> 12;
            format!("{}{}", beginnings[mixed as usize % 4], mixed % 700).into_bytes()
        };
        let mut keys: Vec<Vec<u8>> = (0..5000).map(key).collect();
        keys.extend((0..200).map(|len| vec![0; len % 40]));
        let mut expected: Vec<u32> = (0..keys.len() as u32).collect();
        expected.sort_by(|a, b| keys[*a as usize].cmp(&keys[*b as usize]));
        assert_eq!(sorted(keys.len(), |number| &keys[number]), expected);
    }
}
