/**
 * Which functions there are and what each takes, one letter per argument:
 *
 *     n number · t text · s small integer, z one that stays small · x anything · p probability
 *     f printf format, w one that takes a width · d time · m its modifier · F strftime format
 *     j JSON document · P path into one; J, Q, v: the same and a value, such that nothing fails
 */

export type FunctionGroup = 'core' | 'format' | 'math' | 'date' | 'json';

export interface CallShape {
  readonly name: string;
  readonly args: string;
}

const shapes = (text: string): readonly CallShape[] =>
  [...text.matchAll(/([a-z0-9_]+)\((\w*)\)/g)].map(([, name = '', args = '']) => ({ name, args }));

export const CALLS: Readonly<Record<FunctionGroup, readonly CallShape[]>> = {
  core: shapes(`
    abs(n) char(ss) coalesce(xx) coalesce(xxx) concat(xx) concat_ws(txx) glob(tt) hex(x) ifnull(xx) iif(xxx) iif(xxxxx) if(xx)
    instr(tt) length(x) like(tt) likelihood(xp) likely(x) lower(t) ltrim(t) ltrim(tt) max(xx) max(xxx) min(xx) min(xxx)
    nullif(xx) octet_length(x) quote(x) replace(ttt) round(n) round(ns) rtrim(t) rtrim(tt) sign(n) soundex(t) substr(ts)
    substr(tss) substring(tss) trim(t) trim(tt) typeof(x) unhex(t) unhex(tt) unicode(t) unistr(t) unistr_quote(x) unlikely(x)
    upper(t) zeroblob(z)`),
  format: shapes('format(fxx) printf(fx) printf(fnn) printf(wzx)'),
  math: shapes(`
    acos(n) acosh(n) asin(n) asinh(n) atan(n) atan2(nn) atanh(n) ceil(n) ceiling(n) cos(n) cosh(n) degrees(n) exp(n) floor(n)
    ln(n) log(n) log(nn) log10(n) log2(n) mod(nn) pi() pow(nn) power(nn) radians(n) sin(n) sinh(n) sqrt(n) tan(n) tanh(n)
    trunc(n)`),
  date: shapes(`
    date(d) date(dm) date(dmm) time(d) time(dm) datetime(d) datetime(dm) datetime(dmm) julianday(d) julianday(dm) unixepoch(d)
    unixepoch(dm) strftime(Fd) strftime(Fdm) strftime(Fdmm) timediff(dd)`),
  json: shapes(`
    json(j) jsonb(j) json_array(xx) jsonb_array(xx) json_array_insert(jPx) jsonb_array_insert(jPx) json_array_length(j)
    json_array_length(jP) json_error_position(j) json_extract(jP) json_extract(jPP) jsonb_extract(jP) json_insert(jPx)
    jsonb_insert(jPx) json_object(tx) jsonb_object(tx) json_patch(jj) jsonb_patch(jj) json_pretty(j) json_pretty(jt) json_quote(x)
    json_remove(jP) jsonb_remove(jP) json_replace(jPx) jsonb_replace(jPx) json_set(jPx) json_set(jPxPx) jsonb_set(jPx)
    json_type(j)
    json_type(jP) json_valid(j) json_valid(js) json_valid(x)`),
};

/** Calls that some arguments make fail; everything of JSON's comes on top. */
const MAY_FAIL = new Set(['abs', 'char', 'like', 'glob', 'unistr', 'zeroblob', 'printf', 'format', 'likelihood']);

const SAFE_JSON = shapes(`
  json(J) json_array(vv) json_array_length(J) json_array_length(JQ) json_extract(JQ) json_extract(JQQ) json_insert(JQv)
  json_object(vv) json_patch(JJ) json_pretty(J) json_quote(v) json_remove(JQ) json_replace(JQv) json_set(JQv) json_type(J)
  json_type(JQ) json_valid(x) jsonb(J) jsonb_array(vv) jsonb_set(JQv) jsonb_extract(JQ) jsonb_object(vv)`);

/** The calls of these groups; `neverFails` leaves out what may fail while running. */
export function callsOf(groups: readonly FunctionGroup[], neverFails: boolean): readonly CallShape[] {
  const key = `${groups.join()} ${neverFails}`;
  let calls = known.get(key);
  if (calls === undefined) {
    calls = groups.flatMap((name) => {
      if (!neverFails) return CALLS[name];
      return name === 'json' ? SAFE_JSON : CALLS[name].filter((call) => !MAY_FAIL.has(call.name));
    });
    known.set(key, calls);
  }
  return calls;
}

const known = new Map<string, readonly CallShape[]>();
