# What names, ordinals, aggregates, windows and row values may stand for, and in which words SQLite refuses them.
> create table t(a,b)
> create table u(x,y)
> with c as (select * from c) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 union all select (select 1 from c)) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 from c union all select 2) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 union all select 1 from (select * from c)) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 union select 1 from c where 1 in (select * from c)) select * from c
error SQLITE_ERROR: multiple recursive references: c
> with c as (select 1 intersect select 1 from c) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 except select (select 1 from c)) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select (select 1 from c)) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (select 1 intersect select 2 union all select 3 from c limit 10) select * from c
> with c as (select 1 from c union all select 3 from c limit 10) select * from c
error SQLITE_ERROR: circular reference: c
> with c as (values(1) union all select 3 from c union select 4 limit 10) select * from c
error SQLITE_ERROR: circular reference: c
> with c(x) as (values(1) union all select x+1 from c order by x limit 5) select * from c
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> with c(x) as (select 1 y union all select x+1 from c order by y desc limit 5) select * from c
1
2
3
4
5
> with c(x) as (select 1 y union all select x+1 as z from c order by z desc limit 5) select * from c
1
2
3
4
5
> with d as (select 1 union all select * from c), c as (select * from d) select * from c
error SQLITE_ERROR: circular reference: c
> with c(x) as (select 1 union all select sum(x)+1 from c limit 5) select * from c
error SQLITE_ERROR: recursive aggregate queries not supported
> with c(x) as (select 1 union all select x+1 from c group by x limit 5) select * from c
error SQLITE_ERROR: recursive aggregate queries not supported
> with c(x) as (select 1 union all select distinct x+1 from c limit 5) select * from c
1
2
3
4
5
> with c(x,y) as (select 1 union all select x+1,2 from c limit 5) select * from c
error SQLITE_ERROR: table c has 1 values for 2 columns
> with c(x,y) as (select 1,2 union all select x+1 from c limit 5) select * from c
error SQLITE_ERROR: SELECTs to the left and right of UNION ALL do not have the same number of result columns
> with c as (select 1 a union all select x+1 from c limit 5) select * from c
error SQLITE_ERROR: no such column: x
> with c as (select 1 a union all select a+1 from c cc limit 3) select * from c
1
2
3
> with c as (select 1 a union all select a+1 from c cc join (select 2) limit 3) select * from c
1
2
3
> with c as (select 1 a union all select a+1 from (c) limit 3) select * from c
1
2
3
> with c as (select 1 a union all select a+1 from main.c limit 3) select * from c
error SQLITE_ERROR: no such table: main.c
> select a from t union select x from u order by t.a
> select a from t union select x from u order by u.x
> select a from t union select x from u order by x
> select a from t union select x+1 from u order by x+1
> select a from t union select x+1 from u order by u.x+1
> select a,count(*) from t union select x,y from u order by count(*)
NULL | 0
> select * from t union select x,y from u order by b
> values(1) union select 2 order by column1
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> values(1),(2) order by column1
error SQLITE_ERROR: near "order": syntax error
> select column1 from (values(3),(2)) order by column1
2
3
> select 1 as z union select 2 order by z collate nocase desc
2
1
> select 'A' union select 'a' collate nocase order by 1
'a'
> create table t(a,b)
error SQLITE_ERROR: table t already exists
> insert into t values(1,'x'),(2,'y'),('A','z')
changes 3
> select rowid, key from json_each('[5,6]')
0 | 0
1 | 1
> select _rowid_,oid, key from json_tree('{"a":[5,6]}')
0 | 0 | NULL
1 | 1 | 'a'
2 | 2 | 0
3 | 3 | 1
> select rowid, * from pragma_table_info('t')
1 | 0 | 'a' | '' | 0 | NULL | 0
2 | 1 | 'b' | '' | 0 | NULL | 0
> select rowid, * from pragma_database_list
1 | 0 | 'main' | ''
> select j.rowid from t, json_each('[1,2]') j
0
1
0
1
0
1
> select rowid from (select * from json_each('[1]'))
error SQLITE_ERROR: no such column: rowid
> select * from json_each('[5,6]') where rowid=1
1 | 6 | 'integer' | 6 | 3 | NULL | '$[1]' | '$'
> select max(rowid) from json_each('[5,6,7]')
2
> create table ck(a, check(main.ck.a>0), check(xyz.ck.a<10))
> create index ix on t(a) where main.t.a>1
> create index ix2 on t(a) where zz.t.a>1
> create index ix3 on t(main.t.a)
error SQLITE_ERROR: the "." operator prohibited in index expressions
> create table gc(a, b as (main.gc.a))
error SQLITE_ERROR: the "." operator prohibited in generated columns
> insert into ck values(20)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: xyz.ck.a<10
> create table tr(a check(a in (select 1)))
error SQLITE_ERROR: subqueries prohibited in CHECK constraints
> values(count(*))
1
> values(max(1)),(2)
error SQLITE_ERROR: misuse of aggregate: max()
> values(count(*) over ()),(2)
1
2
> select * from (values(1,count(*) over ()),(2,row_number() over()))
1 | 1
2 | 1
> insert into t values(3,sum(5) over ())
error SQLITE_ERROR: misuse of window function sum()
> insert into t values(3,sum(5)),(4,4)
error SQLITE_ERROR: misuse of aggregate: sum()
> insert into t values(3,sum(5))
error SQLITE_ERROR: misuse of aggregate function sum()
> select 'a' in ('A' collate nocase)
0
> select 'a' in ('A' collate nocase,'b')
0
> select a in ('1') from t
0
0
0
> select a not in ('1') from t
1
1
1
> select a in (cast(1 as text)) from t
0
0
0
> select a in (cast(1 as text),2) from t
0
1
0
> select nosuch in ()
0
> select nosuch not in ()
1
> select (1,2) in ()
0
> select a in (null) from t
NULL
NULL
NULL
> select a in (1,null) from t
1
NULL
NULL
> select 1 in ((select a from t))
1
> select (1,2) in ((1,2),(3,4))
1
> select (1,2) in ((1,2))
1
> select (1,2) in ((select 1,2))
1
> select (1,2) in (select 1,2)
1
> select (select 1,2) in (select 1,2)
1
> select (select 1,2) in ((1,2))
error SQLITE_ERROR: row value misused
> select 1 in ((1,2))
error SQLITE_ERROR: row value misused
> select 1 in (2,(1,2))
error SQLITE_ERROR: row value misused
> select (1,2),nosuch
error SQLITE_ERROR: no such column: nosuch
> select (1,2)+1
error SQLITE_ERROR: row value misused
> select abs((1,2))
error SQLITE_ERROR: row value misused
> select abs((select 1,2))
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select case (select 1,2) when 1 then 2 end
error SQLITE_ERROR: row value misused
> select (select 1,2) is null
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select (1,2) is null
error SQLITE_ERROR: row value misused
> select (1,2) between (1,1) and (1,3)
1
> select 1 between (1,1) and 2
error SQLITE_ERROR: row value misused
> select not (1,2)
error SQLITE_ERROR: row value misused
> select -(select 1,2)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select (select 1,2) collate nocase
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select cast((select 1,2) as text)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select (1,2)=(select 1,2,3)
error SQLITE_ERROR: row value misused
> select (1,2)=1
error SQLITE_ERROR: row value misused
> select 1=(select 1,2)
error SQLITE_ERROR: row value misused
> select 1 where (1,2)
error SQLITE_ERROR: row value misused
> select * from t where (select 1,2)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select * from t order by (select 1,2)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select * from t order by (1,2)
error SQLITE_ERROR: row value misused
> select * from t group by (1,2)
error SQLITE_ERROR: row value misused
> select * from t limit (1,2)
error SQLITE_ERROR: row value misused
> select * from t limit (select 1,2)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> select max((1,2)) from t
error SQLITE_ERROR: row value misused
> select a from t where exists(select 1,2)
1
2
'A'
> select a from t order by +2
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> select a from t order by +1, - -1
1
2
'A'
> select a,b from t order by -(-2)
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by (2) desc
'A' | 'z'
2 | 'y'
1 | 'x'
> select a,b from t group by +1
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by +3
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 2
> select a,b from t order by likely(2)
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by unlikely(3)
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by 2 collate nocase
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by (1 isnull)
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 2
> select a,b from t order by 1 isnull
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 2
> select a,b from t order by (1 notnull)
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by (2 notnull) desc
'A' | 'z'
2 | 'y'
1 | 'x'
> select a,b from t order by not 0
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by 1 is not null
1 | 'x'
2 | 'y'
'A' | 'z'
> select a,b from t order by 'a' isnull
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 2
> select a,b from t order by null isnull
1 | 'x'
2 | 'y'
'A' | 'z'
> select max(x) in () from u
0
> select count(*)>nosuch in () from u
error SQLITE_ERROR: no such column: nosuch
> select a from t where a in () and nosuch
> create table w(a,b,d)
> insert into w values(1,65,5.4),(2,null,5.55),(3,null,8.0),(4,67,10.25),(5,66,10.26),(6,'x',null),(7,x'01',null)
changes 7
> select a, sum(a) over (order by b nulls last range between 6 following and unbounded following) from w order by a
1 | 18
2 | 5
3 | 5
4 | 18
5 | 18
6 | 18
7 | 12
> select a, sum(a) over (order by b nulls last range between 1 preceding and 2 preceding) from w order by a
1 | NULL
2 | 5
3 | 5
4 | NULL
5 | NULL
6 | 6
7 | 7
> select a, group_concat(a) over (order by b desc nulls first range between 2 preceding and 2 following) from w order by a
1 | '4,5,1'
2 | '2,3'
3 | '2,3'
4 | '4,5,1'
5 | '4,5,1'
6 | '6'
7 | '7'
> select a, group_concat(a) over (order by b desc nulls last range between 2 preceding and 2 following) from w order by a
1 | '4,5,1'
2 | '2,3'
3 | '2,3'
4 | '4,5,1'
5 | '4,5,1'
6 | '6'
7 | '7'
> select a, group_concat(a) over (order by b range between 2 preceding and 1 preceding) from w order by a
1 | NULL
2 | '2,3'
3 | '2,3'
4 | '1,5'
5 | '1'
6 | '6'
7 | '7'
> select a, group_concat(a,'') over (order by d desc nulls first range between 2.50 preceding and 2.25 following) from w order by +d desc nulls first, +a
6 | '67'
7 | '67'
5 | '54'
4 | '543'
3 | '543'
2 | '321'
1 | '21'
> select a, min(a) over (order by b nulls last range between 1000 preceding and 2 preceding) from w
1 | NULL
5 | NULL
4 | 1
6 | 6
7 | 7
2 | 2
3 | 2
> select count(*) over (order by a rows between a preceding and current row) from w
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> select count(*) over (order by a rows between 1 preceding and a following) from w
error SQLITE_ERROR: frame ending offset must be a non-negative integer
> select count(*) over (order by a rows between abs(1) preceding and current row) from w
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> select count(*) over (order by a rows between 1+1 preceding and current row) from w
1
2
3
3
3
3
3
> select count(*) over (order by a rows between (select 1) preceding and current row) from w
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> select count(*) over (order by a rows between true preceding and current row) from w
1
2
2
2
2
2
2
> select count() over (), sum(a) over (order by b), first_value(a) over (order by d) from w
7 | 5 | 6
7 | 5 | 6
7 | 6 | 6
7 | 11 | 6
7 | 15 | 6
7 | 21 | 6
7 | 28 | 6
> select sum(a) over (order by d desc), row_number() over (order by a desc) from w
5 | 3
9 | 4
12 | 5
14 | 6
15 | 7
28 | 1
28 | 2
> select row_number() over (partition by b is null order by a desc), rank() over (order by typeof(b)) from w
1 | 1
2 | 7
3 | 2
4 | 2
5 | 2
1 | 5
2 | 5
> select a from w order by row_number() over (order by a desc)
7
6
5
4
3
2
1
> select count(*) as n from w where n>1
error SQLITE_ERROR: misuse of aggregate: count()
> select count(*) as n from w having n>1
7
> select a as n, count(*) over () as c from w where c>1
error SQLITE_ERROR: misuse of aliased window function c
> select a, sum(a) over () as m from w order by (select m)
error SQLITE_ERROR: misuse of aliased window function m
> select a from w order by min(a)
error SQLITE_ERROR: misuse of aggregate: min()
> select a from w where min(a)>1
error SQLITE_ERROR: misuse of aggregate function min()
> select max(a) from w where min(a)>1
error SQLITE_ERROR: misuse of aggregate: min()
> select max(a) from w group by min(a)
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> select max((select count(a) from t)) from w
3
> select max((select count(w.a) from t)) from w
error SQLITE_ERROR: misuse of aggregate: count()
> select max(count(a)) from w
error SQLITE_ERROR: misuse of aggregate function count()
> select a, b+1 as c from w left join t on c=t.a
error SQLITE_ERROR: ambiguous column name: a
> select w.a from w left join t on nosuch=1 where other=2
error SQLITE_ERROR: no such column: other
> select w.a, third from w left join t on nosuch=1 where other=2
error SQLITE_ERROR: no such column: third
> select max(b collate nocase)='X' from w
0
> select max(b collate nocase) in (select 'X') from w
0
> select a from w group by a order by max(b collate nocase)||''
2
3
7
1
5
4
6
> select group_concat(b collate nocase) over () = 'X' from w
0
0
0
0
0
0
0
> select * from t t1 join t t1 using(a,b) where t1.a=1
1 | 'x'
> select * from t t1 join t t1 using(a) where t1.b=1
error SQLITE_ERROR: ambiguous column name: main.t1.b
> select 'abc' match 'def'
error SQLITE_ERROR: unable to use function MATCH in the requested context
> select match('a','b')
error SQLITE_ERROR: unable to use function MATCH in the requested context
> select match(1,2,3)
error SQLITE_ERROR: wrong number of arguments to function match()
> select match(a,b) from t where 0
> select 1 group by (1 isnull)
error SQLITE_ERROR: 1st GROUP BY term out of range - should be between 1 and 1
> values(2),(3),(count(*) over ()),(4)
2
3
1
4
> select (select 1,2) in (select 1,2 union select 3,4)
1
> select (select 3,4 union select 1,2 order by 1) in (select 1,2)
1
> select (values(1,2)) in ((1,2))
error SQLITE_ERROR: row value misused
> select * from t t1, t t1 where t1.b=1
error SQLITE_ERROR: ambiguous column name: main.t1.a
> select t1.* from t t1, t t1
error SQLITE_ERROR: ambiguous column name: main.t1.a
> select main.t.b from t, t
error SQLITE_ERROR: ambiguous column name: main.t.b
> select * from t t1 join t t2 using(a) order by b
1 | 'x' | 'x'
2 | 'y' | 'y'
'A' | 'z' | 'z'
> select t2.*, t1.* from t t1 join t t2 using(a) order by b
1 | 'x' | 1 | 'x'
2 | 'y' | 2 | 'y'
'A' | 'z' | 'A' | 'z'
> select a as b, * from t order by b
1 | 1 | 'x'
2 | 2 | 'y'
'A' | 'A' | 'z'
> select *, a as b from t order by b
1 | 'x' | 1
2 | 'y' | 2
'A' | 'z' | 'A'
> select nosuch and 0 from t
0
0
0
> select 0 and nosuch
0
> select false and nosuch from t
error SQLITE_ERROR: no such column: nosuch
> select nosuch and 0.0 from t
error SQLITE_ERROR: no such column: nosuch
> select nosuch and (0) from t
0
0
0
> select abs(nosuch) and 0 from t
error SQLITE_ERROR: no such column: nosuch
> select (select nosuch) and 0 from t
0
0
0
> select nosuch or 1
error SQLITE_ERROR: no such column: nosuch
> select nosuch like 'a' and 0
error SQLITE_ERROR: no such column: nosuch
> select a from t where b and nosuch and 0
> select a from t where 0 and b and nosuch
> select nosuch and 1=0
error SQLITE_ERROR: no such column: nosuch
> select 1 or (0 and nosuch) and 2
1
> select max(a) and 0 from u
error SQLITE_ERROR: no such column: a
> select abs(nosuch) in () from t
error SQLITE_ERROR: no such column: nosuch
