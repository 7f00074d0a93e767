/** Questions about a table of a million rows, without groups. */
import { queryWorkload } from '../workload.ts';

export const countRows = queryWorkload('count', 'count(*)', 'SELECT count(*) AS n FROM facts');
export const sumIntegers = queryWorkload('sum-integers', 'integer sum, 1 M rows', 'SELECT sum(quantity) AS total FROM facts');
export const filterIntegers = queryWorkload(
  'filter',
  'integer filter scan, 1 M rows',
  'SELECT count(*) AS n, max(id) AS last FROM facts WHERE quantity > 900 AND category < 500',
);
export const sumReals = queryWorkload('sum-reals', 'sum of reals, 1 M rows', 'SELECT sum(price) AS total FROM facts');
export const likeRepeated = queryWorkload(
  'like-repeated',
  "LIKE '%x%' on repeated text",
  "SELECT count(*) AS n FROM facts WHERE label LIKE '%l x%'",
);
export const likeUnique = queryWorkload(
  'like-unique',
  "LIKE '%x%' on unique text",
  "SELECT count(*) AS n FROM facts WHERE code LIKE '%xy%'",
);
export const topTen = queryWorkload(
  'top-10',
  'ORDER BY … LIMIT 10',
  'SELECT id, price FROM facts ORDER BY price DESC, id LIMIT 10',
);
