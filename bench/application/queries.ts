/** Queries as applications ask them, each with what it shows. Orders are total, so that every engine answers alike. */

export interface Query {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  /** How often it is asked in one round. */
  readonly times: number;
}

const once = (name: string, title: string, sql: string): Query => ({ name, title, sql, times: 1 });
/** Of those that find a few rows. */
const often = (name: string, title: string, sql: string): Query => ({ name, title, sql, times: 100 });

export const QUERIES: readonly Query[] = [
  once(
    'related-json',
    'related rows as JSON, 301 users',
    `select id, name, (select json_group_array(json_array(p.id, p.title)) from (select * from posts where author_id = users.id limit 10) p) as posts from users where id between 100 and 400`,
  ),
  once(
    'page-with-authors',
    'newest page with its authors',
    `select p.*, u.name, u.email from posts p join users u on u.id=p.author_id where p.published=1 order by p.created desc limit 20 offset 40`,
  ),
  often('posts-by-author', 'rows of one parent', `select * from posts where author_id=77 order by created desc`),
  once(
    'many-to-many',
    'counts over m:n',
    `select t.name, count(*) c from post_tags pt join tags t on t.id=pt.tag_id group by t.id order by c desc limit 10`,
  ),
  often(
    'many-to-many-one',
    'm:n of one tag',
    `select p.* from posts p join post_tags pt on pt.post_id=p.id join tags t on t.id=pt.tag_id where t.name='tag7' order by p.id limit 50`,
  ),
  once('not-in', 'NOT IN a query', `select count(*) from users where id not in (select author_id from posts where published=1)`),
  once(
    'left-join-null',
    'rows without a child',
    `select u.id from users u left join posts p on p.author_id=u.id where p.id is null`,
  ),
  once(
    'count-per-user',
    'children counted per parent',
    `select u.id, u.name, count(p.id) n from users u left join posts p on p.author_id=u.id group by u.id order by n desc, u.id limit 20`,
  ),
  often(
    'correlated-count',
    'a count for each of 2,000 rows',
    `select u.id, (select count(*) from posts p where p.author_id=u.id) n from users u where u.id<2000`,
  ),
  once(
    'json-groups',
    'groups by a JSON path',
    `select meta->>'$.addr.city' city, count(*), avg(meta->>'$.age') from users group by city order by 1`,
  ),
  once(
    'json-each',
    'elements of JSON arrays counted',
    `select e.value, count(*) from users, json_each(users.meta,'$.tags') e group by e.value`,
  ),
  once('json-where', 'a JSON path in WHERE', `select id from users where json_extract(meta,'$.age')>80`),
  often('like', 'LIKE with a limit', `select id,title from posts where title like '%rust%' limit 100`),
  once('like-prefix-nocase', 'LIKE by a prefix', `select count(*) from posts where title like 'title 1%'`),
  once('glob', 'GLOB', `select count(*) from posts where title glob '*7*cats'`),
  once(
    'substrings',
    'length, substr, instr',
    `select sum(length(body)), max(substr(title,1,8)), sum(instr(title,'sql')) from posts`,
  ),
  once('replaced-texts', 'different texts after replace', `select count(distinct lower(replace(title,' ','_'))) from posts`),
  once('date', 'groups by month', `select strftime('%Y-%m',created) m, count(*) from posts group by m order by m`),
  once('date-range', 'a range of dates', `select count(*) from users where date(created) between '2024-03-01' and '2024-05-30'`),
  once(
    'cte-chain',
    'a chain of CTEs',
    `with a as (select author_id, count(*) n from posts group by author_id), b as (select n, count(*) c from a group by n) select * from b order by n`,
  ),
  once(
    'recursive-tree',
    'a tree from its root',
    `with recursive t(id,d) as (select 1,0 union all select tree.id,d+1 from tree join t on tree.parent=t.id) select count(*), max(d) from t`,
  ),
  once(
    'recursive-series',
    'a series of 100,000',
    `with recursive c(x) as (select 1 union all select x+1 from c where x<100000) select sum(x) from c`,
  ),
  often(
    'generate-path',
    'a path to the root',
    `with recursive p(id,parent,path) as (select id,parent,name from tree where id=19999 union all select t.id,t.parent,t.name||'/'||p.path from tree t join p on t.id=p.parent) select path from p order by length(path) desc limit 1`,
  ),
  once('union', 'UNION', `select name from users where id<5000 union select title from posts where id<5000`),
  once(
    'union-all-agg',
    'an aggregate over UNION ALL',
    `select sum(n) from (select count(*) n from users union all select count(*) from posts union all select length(title) from posts)`,
  ),
  once('except', 'EXCEPT', `select id from users except select author_id from posts`),
  once('intersect', 'INTERSECT', `select name from users intersect select 'Name '||(id%500) from posts`),
  once(
    'window-top1',
    'newest row of each group',
    `select * from (select author_id, id, row_number() over (partition by author_id order by created desc, id) rn from posts) where rn=1`,
  ),
  once('window-running', 'a running sum', `select id, sum(published) over (order by id) from posts`),
  once('window-lag', 'differences to the row before', `select id, at - lag(at) over (order by at) from log`),
  often(
    'window-page',
    'first rows of a window in the order of an index',
    `select id, at, row_number() over (order by at), at - lag(at) over (order by at) from log limit 20`,
  ),
  often(
    'groups-page',
    'first groups of an index',
    `select author_id, count(*) from posts group by author_id order by author_id limit 20`,
  ),
  once(
    'pairs-filter',
    'a condition on a table WITHOUT ROWID',
    `select count(*), max(post_id) from post_tags where tag_id % 10 = 3`,
  ),
  once('group-concat', 'texts joined per group', `select author_id, group_concat(title,', ') from posts group by author_id`),
  often('having', 'HAVING', `select author_id, count(*) c from posts group by author_id having c>10`),
  once('distinct', 'DISTINCT pairs', `select distinct author_id, published from posts order by 1, 2`),
  once('distinct-order', 'first of DISTINCT texts', `select distinct name from users order by name limit 100`),
  once('order-by-text', '50,000 rows by a text', `select id,title from posts order by title, id`),
  once('order-three', '1,000 rows by three columns', `select id from posts order by published desc, created, id limit 1000`),
  often('in-list', 'IN a list of ids', `select * from users where id in (5,77,300,4000,9999,12,13,14,15,16,17,18,19,20)`),
  often(
    'in-list-text',
    'IN a list of texts',
    `select * from users where email in ('user5@example.org','user77@example.org','user9000@example.org')`,
  ),
  often('or', 'OR of two keys', `select * from users where id=5 or email='user77@example.org'`),
  once(
    'between-time',
    'groups of a range',
    `select level, count(*) from log where at between 1700100000 and 1700300000 group by level`,
  ),
  once('time-bucket', 'groups by hour', `select at/3600*3600 h, level, count(*), min(msg) from log group by 1,2 order by 1,2`),
  once('case', 'sums of CASE', `select sum(case level when 'error' then 1 else 0 end), sum(case when at%2 then 1 end) from log`),
  often(
    'row-values',
    'a keyset page by row values',
    `select id from posts where (author_id, created) > (5000, '2024-05') order by author_id, created limit 20`,
  ),
  often(
    'row-values-rowid',
    'a keyset page by a column and the rowid',
    `select id, at, level from log where (at, id) < (1700200000, 300) order by at desc, id desc limit 20`,
  ),
  once(
    'keyset-page',
    'a keyset page by OR',
    `select id, created from posts where created < '2024-05-15' or (created='2024-05-15' and id<3000) order by created desc, id desc limit 20`,
  ),
  once('self-join', 'pairs of one parent', `select count(*) from posts a join posts b on a.author_id=b.author_id and a.id<b.id`),
  once(
    'three-joins',
    'counts over three tables',
    `select u.name, count(distinct pt.tag_id) from users u join posts p on p.author_id=u.id join post_tags pt on pt.post_id=p.id group by u.name order by 2 desc limit 10`,
  ),
  once(
    'nonequi-join',
    'a join by a range',
    `select count(*) from users a join users b on a.score between b.score and b.score+0.5 where a.id<300`,
  ),
  once('full-join', 'FULL JOIN', `select count(*) from tags t full join post_tags p on p.tag_id=t.id`),
  once('printf', 'printf', `select printf('%05d-%s-%.2f', id, name, score) from users`),
  once('hex-quote', 'hex and quote of blobs', `select quote(v), hex(v) from kv limit 2000`),
  often('kv-range', 'a range of texts', `select k, length(v) from kv where k>='key:5' and k<'key:6'`),
  once('min-max', 'min and max of a text', `select min(created), max(created) from posts`),
  once('min-per-group', 'the row of each minimum', `select author_id, min(created), title from posts group by author_id`),
  often(
    'scalar-sub-in-where',
    'the newest row of one parent',
    `select id from posts where id=(select max(id) from posts where author_id=500)`,
  ),
  once('agg-filter', 'FILTER', `select count(*) filter (where level='error'), total(at) filter (where id%3=0) from log`),
  often(
    'values-join',
    'a join with VALUES',
    `with v(a,b) as (values (1,'x'),(2,'y'),(3,'z')) select * from v join users u on u.id=v.a`,
  ),
  once(
    'view-like',
    'a filter on a subquery',
    `select * from (select u.*, (select max(created) from posts where author_id=u.id) last from users u) where last > '2024-09-18' order by last limit 50`,
  ),
  often('count-all', 'count(*) of a partial index', `select count(*) from posts where published=1`),
  often('offset-deep', 'a page far behind', `select id,title from posts order by id limit 20 offset 40000`),
  once('random-expr', 'a computed condition', `select count(*) from posts where abs(id*7919 % 1000) < 10`),
  once('cast', 'a sum of CAST', `select sum(cast(substr(title,7,4) as integer)) from posts`),
  once('coalesce', 'coalesce and nullif', `select count(*) from users where coalesce(nullif(name,'Name 5'),'x')='x'`),
  once('text-group', 'groups by a text', `select msg, count(*), max(at) from log group by msg order by 2 desc limit 5`),
  once(
    'json-build',
    'JSON of 5,000 rows',
    `select json_group_array(json_object('id',id,'title',title,'pub',published)) from posts where id<=5000`,
  ),
  once('json-set', 'json_set', `select sum(length(json_set(meta,'$.x',id))) from users`),
  once('newest-unindexed', 'newest rows without an index', `select * from log order by at*2 desc, id limit 20`),
  often('page-back', 'a page backwards', `select * from log where id<60000 order by id desc limit 100`),
  often('prefix', 'texts by a prefix', `select k, length(v) from kv where k glob 'key:77*'`),
  once('index-like', 'LIKE over an index', `select id from users where email like '%77%'`),
  once('distinct-indexed', 'DISTINCT by an index', `select distinct tag_id from post_tags`),
  once('distinct-few', 'DISTINCT of few texts', `select distinct level from log`),
  once(
    'left-join-limit',
    'first rows of a LEFT JOIN',
    `select t.id, p.name from tree t left join tree p on p.id=t.parent limit 500`,
  ),
  once('concat-limit', 'texts put together', `select name||' <'||email||'>' from users limit 500`),
];
