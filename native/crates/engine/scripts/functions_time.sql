# Times as text, parts of them, differences.
> SELECT time('12:34:56.789'), time('2024-02-29 01:02'), time(0.5), time('25:00'), time(NULL), time('12:00', '+90 minutes')
'12:34:56' | '01:02:00' | '00:00:00' | NULL | NULL | '13:30:00'
> SELECT strftime('%Y-%m-%d %H:%M:%S %f', '2024-02-29 12:34:56.789'), strftime('%j %w %W %u %U %G %g %V', '2024-12-30')
'2024-02-29 12:34:56 56.789' | '365 1 53 1 52 2025 25 01'
> SELECT strftime('%s %J', '1970-01-02'), strftime('%e %k %l %I %p %P %R %T %F', '2024-02-03 04:05:06'), strftime('%%', 'now')
'86400 2440588.5' | ' 3  4  4 04 AM am 04:05 04:05:06 2024-02-03' | '%'
> SELECT strftime('%Q', '2024-01-01'), strftime('%', '2024-01-01'), strftime(NULL, 'now'), strftime('x'), strftime('%d', 'x')
NULL | NULL | NULL | 'x' | NULL
> SELECT timediff('2024-03-01', '2024-02-29'), timediff('2023-02-15 10:00', '2024-03-15 08:30:15.5'), timediff('x', 'now'), timediff(NULL, 'now')
'+0000-00-01 00:00:00.000' | '-0001-00-27 22:30:15.500' | NULL | NULL
> SELECT timediff('2000-01-01', '-4713-11-24')
NULL
> SELECT current_date = date(), current_time = time(), current_timestamp = datetime(), typeof(current_date)
1 | 1 | 1 | 'text'
> SELECT length(current_date), length(current_time), length(current_timestamp)
10 | 8 | 19
> SELECT date('2024-01-31', '+1 month'), date('2024-01-31', '+1 month', 'floor'), date('2024-01-31', '+1 month', 'ceiling')
'2024-03-02' | '2024-02-29' | '2024-03-02'
> SELECT date('2024-02-29', 'weekday 0'), date('2024-02-29', 'start of year'), datetime(0, 'unixepoch'), datetime(2460000, 'auto'), datetime(1e10, 'auto')
'2024-03-03' | '2024-01-01' | '1970-01-01 00:00:00' | '2023-02-24 12:00:00' | '2286-11-20 17:46:40'
> SELECT unixepoch('2024-01-01'), unixepoch('2024-01-01 00:00:00.5', 'subsec'), julianday('2000-01-01 12:00')
1704067200 | 1704067200.5 | 2451545.0
