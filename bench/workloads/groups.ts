/** Questions about a table of a million rows, with groups. */
import { queryWorkload } from '../workload.ts';

export const groupFew = queryWorkload(
  'group-1000',
  'GROUP BY, 1,000 groups',
  'SELECT category, count(*) AS n, sum(quantity) AS total, max(price) AS highest FROM facts GROUP BY category ORDER BY category',
);
export const joinGroup = queryWorkload(
  'join-group',
  'join + group',
  `SELECT c.region, count(*) AS n, sum(f.quantity) AS total FROM facts f JOIN categories c ON c.id = f.category
   GROUP BY c.region ORDER BY c.region`,
);
export const groupMany = queryWorkload(
  'group-1m',
  'GROUP BY, 1 M groups',
  'SELECT count(*) AS n, sum(total) AS total FROM (SELECT other, sum(quantity) AS total FROM facts GROUP BY other)',
);
export const countDistinct = queryWorkload(
  'count-distinct',
  'count(DISTINCT), 1 M values',
  'SELECT count(DISTINCT other) AS n FROM facts',
);
