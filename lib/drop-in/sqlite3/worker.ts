/**
 * A worker thread: takes requests in their order, carries them out, answers.
 *
 * It never returns to its event loop: it sleeps on `signal` until there is a message. What would need the loop, timers
 * or finalizers, does not happen here.
 */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { DONE, RESULT, ROW } from './constants.ts';
import * as protocol from './protocol.ts';
import { failureOf, WorkerDatabase } from './worker-database.ts';
import type { WorkerStatement } from './worker-statement.ts';

const { port, signal } = workerData as { port: MessagePort; signal: Int32Array };
const databases = new Map<number, WorkerDatabase>();

/** What goes out with the next message. */
let outbox: protocol.Message[] = [];

function flush(transfer?: ArrayBuffer[]): void {
  if (outbox.length === 0) return;
  port.postMessage(outbox, transfer);
  outbox = [];
}

/** An answer goes out at once, because the next request may take long. */
function answer(status: number, message = '', ...counters: number[]): void {
  outbox.push([protocol.ANSWER, status, message, ...counters]);
  flush();
}

/** So many wait for the end of a statement. */
const MANY_EVENTS = 256;

/** Large blocks that went out. */
let blocksSent = 0;

/** Until the reader has caught up. */
function waitForReader(): void {
  for (;;) {
    const read = Atomics.load(signal, protocol.BLOCKS_READ);
    // Both may wrap around.
    if (((blocksSent - read) | 0) < protocol.MAX_UNREAD_BLOCKS) return;
    Atomics.wait(signal, protocol.BLOCKS_READ, read);
  }
}

/** A small block goes out with what follows it. */
function sendRows(block: protocol.Block): void {
  const [cells] = block;
  outbox.push([protocol.ROWS, block]);
  if (cells.byteLength < protocol.LARGE_BLOCK_BYTES) return;
  waitForReader();
  flush([cells]);
  blocksSent = (blocksSent + 1) | 0;
}

function database(id: number): WorkerDatabase {
  const found = databases.get(id);
  if (found === undefined) throw new Error('the database is not open');
  return found;
}

/** Answers OK, or what was thrown. */
function attempt(work: () => readonly number[]): void {
  let counters: readonly number[];
  try {
    counters = work();
  } catch (error) {
    const { errno, message } = failureOf(error);
    answer(errno, message);
    return;
  }
  answer(RESULT.OK, '', ...counters);
}

/** Steps a statement; what is thrown becomes its status. */
function execute(statement: WorkerStatement, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { errno, message } = failureOf(error);
    statement.fail(errno, message);
  }
}

type StatementRequest = Extract<protocol.Request, readonly [number, number, number, fields: readonly protocol.Field[]]>;

function onStatement(request: StatementRequest): void {
  const [kind, databaseId, id, fields] = request;
  const owner = database(databaseId);
  const statement = owner.statement(id);
  if (statement === undefined) {
    answer(protocol.DROPPED);
    return;
  }
  let counters: readonly number[] = [];
  let changesBefore = 0;
  execute(statement, () => {
    switch (kind) {
      case protocol.BIND:
        statement.bind(fields);
        break;
      case protocol.RUN:
        // A change counts when it has ended, and one step may not be its end.
        if (statement.returnsRows) [, changesBefore] = owner.counters();
        if (fields.length === 0) statement.restart();
        if (statement.bind(fields)) statement.step();
        if (statement.status === DONE) counters = owner.counters();
        else if (statement.status === ROW) counters = [owner.counters()[0], changesBefore];
        break;
      case protocol.GET: {
        if (statement.status === DONE && fields.length === 0) break;
        if (!statement.bind(fields)) break;
        const block = statement.stepToRow();
        if (block !== undefined) sendRows(block);
        break;
      }
      case protocol.ALL:
      case protocol.EACH:
        if (fields.length === 0) statement.restart();
        if (statement.bind(fields)) statement.stepAll(sendRows);
        break;
    }
  });
  answer(statement.status, statement.message, ...counters);
}

function open(id: number, filename: string, mode: number): void {
  attempt(() => {
    const emit = (name: 'trace' | 'profile' | 'change', ...args: (string | number)[]) => {
      outbox.push([protocol.EVENT, id, name, ...args]);
      if (outbox.length >= MANY_EVENTS || name === 'trace') flush();
    };
    const opened = new WorkerDatabase(filename, mode, emit);
    databases.set(id, opened);
    return [opened.interruptId];
  });
}

function handle(request: protocol.Request): void {
  switch (request[0]) {
    case protocol.OPEN:
      open(request[1], request[2], request[3]);
      return;
    case protocol.CLOSE:
      attempt(() => {
        database(request[1]).close();
        databases.delete(request[1]);
        return [];
      });
      return;
    case protocol.EXEC:
      attempt(() => {
        database(request[1]).exec(request[2]);
        return [];
      });
      return;
    case protocol.CONFIGURE:
      databases.get(request[1])?.configure(request[2], request[3]);
      return;
    case protocol.PREPARE:
      prepare(request[1], request[2], request[3]);
      return;
    case protocol.RESET:
      resetStatement(request[1], request[2]);
      return;
    case protocol.FINALIZE:
      databases.get(request[1])?.finalize(request[2]);
      return;
    case protocol.ABANDON:
      databases.get(request[1])?.abandon();
      databases.delete(request[1]);
      return;
    case protocol.BACKUP_BEGIN:
      attempt(() => {
        const [, databaseId, id, file, schema, fileIsTarget] = request;
        if (fileIsTarget === 0) throw new Error('a database takes nothing from a file by a backup: open the file instead');
        database(databaseId).beginBackup(id, file, schema);
        return [];
      });
      return;
    case protocol.BACKUP_STEP:
      answer(...database(request[1]).stepBackup(request[2], request[3], request[4]));
      return;
    case protocol.BACKUP_FINISH:
      attempt(() => {
        database(request[1]).finishBackup(request[2]);
        return [];
      });
      return;
    default:
      onStatement(request as StatementRequest);
  }
}

/** That it went well is told with the answer to what the statement is for, which mostly follows at once. */
function prepare(databaseId: number, id: number, sql: string): void {
  try {
    database(databaseId).prepare(id, sql);
  } catch (error) {
    const { errno, message } = failureOf(error);
    answer(errno, message);
    return;
  }
  outbox.push([protocol.ANSWER, RESULT.OK, '']);
}

function resetStatement(databaseId: number, id: number): void {
  const statement = database(databaseId).statement(id);
  if (statement === undefined) {
    answer(protocol.DROPPED);
    return;
  }
  statement.reset();
  answer(RESULT.OK);
}

for (;;) {
  const seen = Atomics.load(signal, protocol.MESSAGES);
  for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
    for (const request of received.message as protocol.Request[]) handle(request);
    flush();
  }
  Atomics.wait(signal, protocol.MESSAGES, seen);
}
