/**
 * A contract suite: what an API promises, member by member and rule by rule, as calls whose outcomes are noted.
 *
 *     member('Statement.get()', {
 *       'a miss is undefined': ({ db, note }) => {
 *         note(() => db.prepare('SELECT 1 WHERE 0').get());
 *       },
 *     });
 *
 * A check says nothing about what is right. The original says it: both sides run the same calls in the same run, and the
 * notes must be equal (`run.ts`).
 */

/** What a check is given beside the API's own things. */
export interface Notes {
  /** Notes what a call returns or throws, at once or later. */
  note: <T>(call: () => T) => T | undefined;
  /** A folder of its own, empty. */
  readonly folder: string;
}

export interface Check<Side> {
  readonly member: string;
  readonly rule: string;
  readonly body: (side: Side) => void | Promise<void>;
}

/** One implementation of an API. */
export interface Implementation<Side> {
  readonly name: string;
  begin(notes: Notes): Side;
  end(side: Side): void | Promise<void>;
}

type Rules<Side> = Readonly<Record<string, Check<Side>['body']>>;

/** The rules of one member. */
export function member<Side>(name: string, rules: Rules<Side>): Check<Side>[] {
  return Object.entries(rules).map(([rule, body]) => ({ member: name, rule, body }));
}

/** How a check is called in reports, in recordings and among the known differences. */
export const titleOf = ({ member: name, rule }: Pick<Check<never>, 'member' | 'rule'>): string => `${name}: ${rule}`;
