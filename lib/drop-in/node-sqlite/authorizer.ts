/** `database.setAuthorizer(callback)`: the application decides what statements may do, while they are prepared. */
import { isInt32 } from './arguments.ts';
import { invalidArgType } from './errors.ts';

/** As the addon asks. */
export type Ask = (
  code: number,
  first: string | null,
  second: string | null,
  database: string | null,
  context: string | null,
) => number;

const MOST = 2;

/** A callback whose answers are checked; null for none. */
export function checkAuthorizer(callback: unknown): Ask | null {
  if (callback === null) return null;
  if (typeof callback !== 'function') throw invalidArgType('The "callback" argument must be a function or null.');
  return (...args) => {
    const answer: unknown = Reflect.apply(callback, undefined, args);
    if (!isInt32(answer)) throw new TypeError('Authorizer callback must return an integer authorization code');
    if (answer < 0 || answer > MOST) throw new RangeError('Authorizer callback returned a invalid authorization code');
    return answer;
  };
}
