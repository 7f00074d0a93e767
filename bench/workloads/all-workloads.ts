/** The cases of the report, in its order. */
import type { Workload } from '../workload.ts';
import { allPage, allRepeated, allSmall, allUnique, iterateRows } from './all-rows.ts';
import { createIndex } from './create-index.ts';
import { deleteByRowid } from './delete-by-rowid.ts';
import { getByRowid } from './get-by-rowid.ts';
import { getByTextIndex } from './get-by-text-index.ts';
import { countDistinct, groupFew, groupMany, joinGroup } from './groups.ts';
import { insertEach, insertMany } from './insert.ts';
import { openClose, openMemory } from './open-close.ts';
import { prepareAgain, prepareGet, prepareNew } from './prepare-get.ts';
import { countRows, filterIntegers, likeRepeated, likeUnique, sumIntegers, sumReals, topTen } from './scans.ts';
import { tpcC } from './tpc-c/tpc-c.ts';
import { updateByRowid } from './update-by-rowid.ts';
import { updateIndexed } from './update-indexed.ts';
import { allManyColumns, getBlobs, getWideText, insertBlobs } from './wide-rows.ts';
import { movingAverage, rankOverOrder, runningSum, topOfEach } from './windows.ts';
import { YCSB } from './ycsb.ts';

export const WORKLOADS: readonly Workload[] = [
  getByRowid,
  getByTextIndex,
  insertEach,
  insertMany,
  updateByRowid,
  updateIndexed,
  deleteByRowid,
  allSmall,
  allPage,
  allRepeated,
  allUnique,
  iterateRows,
  allManyColumns,
  insertBlobs,
  getBlobs,
  getWideText,
  prepareGet,
  prepareNew,
  prepareAgain,
  sumIntegers,
  filterIntegers,
  sumReals,
  groupFew,
  joinGroup,
  groupMany,
  countDistinct,
  rankOverOrder,
  runningSum,
  movingAverage,
  topOfEach,
  likeRepeated,
  likeUnique,
  topTen,
  createIndex,
  countRows,
  openClose,
  openMemory,
  ...YCSB,
  tpcC,
];
