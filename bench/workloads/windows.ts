/** Questions about a table of a million rows, with windows. */
import { queryWorkload } from '../workload.ts';

export const rankOverOrder = queryWorkload(
  'window-rank',
  'rank() OVER (ORDER BY …), 1 M rows',
  'SELECT sum(place) AS total FROM (SELECT rank() OVER (ORDER BY quantity) AS place FROM facts)',
);
export const runningSum = queryWorkload(
  'window-running-sum',
  'running sum per partition, 1 M rows',
  'SELECT max(total) AS highest FROM (SELECT sum(quantity) OVER (PARTITION BY category ORDER BY id) AS total FROM facts)',
);
export const movingAverage = queryWorkload(
  'window-moving-average',
  'moving average of 7 rows, 1 M rows',
  `SELECT sum(average) AS total FROM (SELECT avg(price) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) AS average FROM facts)`,
);
export const topOfEach = queryWorkload(
  'window-top-3',
  'first 3 rows of each of 1,000 partitions',
  `SELECT category, id, price FROM (
     SELECT category, id, price, row_number() OVER (PARTITION BY category ORDER BY price DESC, id) AS place FROM facts)
   WHERE place <= 3`,
);
