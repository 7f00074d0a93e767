/** `Session`: records what changes in a database; and `applyChangeset`, which makes the same changes elsewhere. */
import { binding } from '../../native/load.ts';
import { functionOption, isInt32, isObject, requireFunction, requireObject, requireString, toNul } from './arguments.ts';
import type { Connection, Opened } from './connection.ts';
import { invalidArgType, invalidState, type NodeError, native, plainSqliteError, sqliteError, translated } from './errors.ts';
import { nodeClass, receiverAs, refuse, refuseClones } from './face.ts';

let isSession: (value: object) => boolean;
let recordingOf: (receiver: unknown) => Recording;

/** Ends what nobody can ask for any more. */
const finalizer = new FinalizationRegistry<() => void>((end) => end());

/** What is recorded, on one opening of the database. */
class Recording {
  readonly #connection: Connection;
  readonly #opened: Opened;
  readonly #recorder: number;
  #isOpen = true;

  constructor(connection: Connection, database: string, table: string | null) {
    const opened = connection.ready;
    this.#connection = connection;
    this.#opened = opened;
    const recorder = native(() => binding.beginRecording(opened.handle, database, table));
    this.#recorder = recorder;
    const end = (): void => {
      if (connection.isCurrent(opened)) binding.endRecording(opened.handle, recorder);
    };
    finalizer.register(this, end, this);
  }

  #requireOpen(): void {
    void this.#connection.opened;
    if (!this.#isOpen || !this.#connection.isCurrent(this.#opened)) throw invalidState('session is not open');
    this.#opened.requireUsable();
  }

  changes(asPatchset: boolean): Uint8Array {
    this.#requireOpen();
    try {
      return Uint8Array.from(binding.recordedChanges(this.#opened.handle, this.#recorder, asPatchset));
    } catch (error) {
      throw withoutWords(translated(error));
    }
  }

  close(): void {
    this.#requireOpen();
    if (this.#opened.isInCallback) throw invalidState('session cannot be closed while in a callback');
    this.#isOpen = false;
    finalizer.unregister(this);
    native(() => binding.endRecording(this.#opened.handle, this.#recorder));
  }

  closeQuietly(): void {
    if (this.#isOpen && this.#connection.isCurrent(this.#opened) && !this.#opened.isInCallback) this.close();
  }
}

/** What the session itself refuses, Node asks the connection about, and that has no error. */
function withoutWords(error: unknown): unknown {
  const isSchema = isObject(error) && (error as NodeError).errcode === 17;
  return isSchema ? sqliteError('not an error', 'SQLITE_OK') : error;
}

export class Session {
  readonly #recording: Recording;

  static {
    isSession = (value) => #recording in value;
    recordingOf = (receiver) => receiverAs<Session>(receiver, isSession).#recording;
  }

  constructor(recording: Recording) {
    refuseClones(this);
    this.#recording = recording;
  }

  changeset(..._args: unknown[]): Uint8Array {
    return recordingOf(this).changes(false);
  }

  patchset(..._args: unknown[]): Uint8Array {
    return recordingOf(this).changes(true);
  }

  close(..._args: unknown[]): void {
    recordingOf(this).close();
  }

  [Symbol.dispose](..._args: unknown[]): void {
    recordingOf(this).closeQuietly();
  }
}

// Named by its key: a bundler renames what shares its name with a class, and V8 shows the name in its own messages.
const named = {
  Session: function (..._args: unknown[]): void {
    refuse(new.target);
  },
};

/** What users see. */
export const SessionFace = nodeClass(Session.prototype, named.Session);

function ownString(options: Readonly<Record<string, unknown>>, key: string): string | undefined {
  return Object.hasOwn(options, key) ? requireString(options[key], `options.${key}`) : undefined;
}

/** `database.createSession(options)` */
export function createSession(connection: Connection, args: readonly unknown[]): Session {
  void connection.opened;
  const options = args.length > 0 ? requireObject(args[0], 'options') : {};
  const table = toNul(ownString(options, 'table') ?? '');
  const database = toNul(ownString(options, 'db') ?? 'main');
  return new Session(new Recording(connection, database, table === '' ? null : table));
}

const ABORT = 2;
/** SQLITE_ABORT */
const ABORT_CODE = 4;
/** SQLITE_CONSTRAINT */
const CONSTRAINT_CODE = 19;
/** SQLITE_CHANGESET_FOREIGN_KEY */
const FOREIGN_KEY = 5;
/** No answer that there is. */
const NONE = -1;

/** `database.applyChangeset(changeset, options)`: false when a conflict ended it. */
export function applyChangeset(connection: Connection, args: readonly unknown[]): boolean {
  const { opened } = connection;
  const [changeset, given] = args;
  if (!(changeset instanceof Uint8Array)) throw invalidArgType('The "changeset" argument must be a Uint8Array.');
  const options = given === undefined ? {} : requireObject(given, 'options');
  const onConflict = functionOption(options, 'onConflict');
  const filter = Object.hasOwn(options, 'filter') ? requireFunction(options['filter'], 'options.filter') : undefined;
  opened.requireUsable();
  const takes = (table: string): number => (filter === undefined ? 1 : Number(Boolean(Reflect.apply(filter, null, [table]))));
  let isOfKeys = false;
  const answer = (kind: number): number => {
    isOfKeys = kind === FOREIGN_KEY;
    if (onConflict === undefined) return ABORT;
    const said = Reflect.apply(onConflict, null, [kind]);
    return isInt32(said) ? said : NONE;
  };
  try {
    binding.applyChangeset(opened.handle, changeset, takes, answer);
    return true;
  } catch (thrown) {
    const error = translated(thrown);
    if (!isObject(error) || (error as NodeError).errcode === undefined) {
      // Keys that stay violated are an error of their own, whatever was thrown about them.
      if (isOfKeys) throw Object.assign(plainSqliteError('constraint failed'), { errcode: CONSTRAINT_CODE });
      throw error;
    }
    const { errcode, errstr } = error as NodeError;
    if (errcode === ABORT_CODE) return false;
    throw Object.assign(plainSqliteError(String(errstr)), { errcode });
  }
}
