# Functions that few scripts use: text, chance, the library itself.
> SELECT soundex('Robert'), soundex('Rupert'), soundex(''), soundex(NULL), soundex('123'), soundex('ab c')
'R163' | 'R163' | '?000' | '?000' | '?000' | 'A120'
> SELECT unistr('\0041\u00e9\U0001F600\+00263a'), unistr('a\\b'), unistr(NULL), unistr('plain')
'Aé😀☺' | 'a\b' | NULL | 'plain'
> SELECT unistr('\00')
error SQLITE_ERROR: invalid Unicode escape
> SELECT unistr('\q')
error SQLITE_ERROR: invalid Unicode escape
> SELECT unistr_quote('a' || char(10) || 'b'), unistr_quote('plain'), unistr_quote(NULL), unistr_quote(1.5), unistr_quote(x'00')
'unistr(''a\u000ab'')' | '''plain''' | 'NULL' | '1.5' | 'X''00'''
> SELECT typeof(random()), typeof(randomblob(4)), length(randomblob(4)), length(randomblob(0)), length(randomblob(-5)), length(randomblob(NULL))
'integer' | 'blob' | 4 | 1 | 1 | 1
> SELECT sqlite_version(), sqlite_source_id()
'3.54.1' | '2026-10-16 14:45:20 555e07ef33f69a0957d24d8e555b702464a131d6f1607f4c3c1e4551e8e6ca76'
> SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS'), sqlite_compileoption_used('SQLITE_ENABLE_FTS5'), sqlite_compileoption_used('NOSUCH'), sqlite_compileoption_used(NULL)
1 | 1 | 0 | NULL
> SELECT typeof(sqlite_compileoption_get(0)), sqlite_compileoption_get(100000), sqlite_compileoption_get(-1)
'text' | NULL | NULL
> SELECT sqlite_log(1, 'told')
NULL
> SELECT load_extension('nosuch')
error SQLITE_ERROR: not authorized
> SELECT load_extension('nosuch', 'entry')
error SQLITE_ERROR: not authorized
> SELECT octet_length('é'), octet_length(x'0102'), octet_length(12.5), octet_length(NULL)
2 | 2 | 4 | NULL
> SELECT likelihood(1, 0.5), likely(2), unlikely(3)
1 | 2 | 3
> SELECT likelihood(1, 2)
error SQLITE_ERROR: second argument to likelihood() must be a constant between 0.0 and 1.0
> SELECT length(zeroblob(3)), hex(zeroblob(2)), typeof(zeroblob(0)), zeroblob(-1), zeroblob(NULL)
3 | '0000' | 'blob' | x'' | x''
> SELECT subtype('x'), subtype(json('[1]')), subtype(NULL)
0 | 74 | 0
> SELECT 'abc' MATCH 'b'
error SQLITE_ERROR: unable to use function MATCH in the requested context
> SELECT match('a', 'b')
error SQLITE_ERROR: unable to use function MATCH in the requested context
> SELECT 'abc' REGEXP 'b'
error SQLITE_ERROR: no such function: REGEXP
