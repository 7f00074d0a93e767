# Actions fire the children's triggers, before the parent's AFTER triggers.
> CREATE TABLE log(n INTEGER PRIMARY KEY, what)
> CREATE TABLE p(id INTEGER PRIMARY KEY, n)
> CREATE TABLE c(id INTEGER PRIMARY KEY, x REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TRIGGER p_bd BEFORE DELETE ON p BEGIN INSERT INTO log(what) VALUES ('before p ' || old.id); END
> CREATE TRIGGER p_ad AFTER DELETE ON p BEGIN INSERT INTO log(what) VALUES ('after p ' || old.id); END
> CREATE TRIGGER c_bd BEFORE DELETE ON c BEGIN INSERT INTO log(what) VALUES ('before c ' || old.id); END
> CREATE TRIGGER c_ad AFTER DELETE ON c BEGIN INSERT INTO log(what) VALUES ('after c ' || old.id); END
> CREATE TRIGGER p_au AFTER UPDATE ON p BEGIN INSERT INTO log(what) VALUES ('p ' || old.id || ' to ' || new.id); END
> CREATE TRIGGER c_au AFTER UPDATE OF x ON c BEGIN INSERT INTO log(what) VALUES ('c ' || old.x || ' to ' || new.x); END
> INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'c')
changes 3
> INSERT INTO c VALUES (10, 1), (11, 1), (12, 2), (13, 3)
changes 4
> DELETE FROM p WHERE id = 1
changes 1
> SELECT changes(), total_changes(), last_insert_rowid()
1 | 16 | 13
> SELECT * FROM log
1 | 'before p 1'
2 | 'before c 10'
3 | 'after c 10'
4 | 'before c 11'
5 | 'after c 11'
6 | 'after p 1'
> DELETE FROM log
changes 6
> UPDATE p SET id = 20 WHERE id = 2
changes 1
> UPDATE p SET n = 'z' WHERE id = 3
changes 1
> SELECT * FROM log
1 | 'c 2 to 20'
2 | 'p 2 to 20'
3 | 'p 3 to 3'
> DELETE FROM log
changes 3
> REPLACE INTO p VALUES (20, 'new')
changes 1
> SELECT * FROM log
1 | 'before c 12'
2 | 'after c 12'
> PRAGMA recursive_triggers = ON
> REPLACE INTO p VALUES (3, 'new')
changes 1
> SELECT * FROM log
1 | 'before c 12'
2 | 'after c 12'
3 | 'before p 3'
4 | 'before c 13'
5 | 'after c 13'
6 | 'after p 3'
> PRAGMA recursive_triggers = OFF
# A trigger that mends what the statement broke, and one that breaks.
> CREATE TABLE mp(id INTEGER PRIMARY KEY)
> CREATE TABLE mc(x REFERENCES mp)
> CREATE TRIGGER mc_ai AFTER INSERT ON mc WHEN new.x < 100 BEGIN INSERT OR IGNORE INTO mp VALUES (new.x); END
> INSERT INTO mc VALUES (5)
changes 1
> INSERT INTO mc VALUES (105)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM mp
5
> CREATE TRIGGER mp_bd BEFORE DELETE ON mp BEGIN DELETE FROM mc WHERE x = old.id; END
> DELETE FROM mp WHERE id = 5
changes 1
> SELECT count(*) FROM mc
0
> CREATE TRIGGER mp_ad AFTER DELETE ON mp BEGIN INSERT INTO mc VALUES (old.id + 100); END
> INSERT INTO mc VALUES (6)
changes 1
> DELETE FROM mp WHERE id = 6
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM mc
6
# RAISE in a child's trigger.
> CREATE TABLE rp(id INTEGER PRIMARY KEY)
> CREATE TABLE rc(x REFERENCES rp ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TABLE rd(x REFERENCES rp ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)
> CREATE TRIGGER rc_bd BEFORE DELETE ON rc BEGIN SELECT RAISE(IGNORE); END
> INSERT INTO rp VALUES (1), (2), (3)
changes 3
> INSERT INTO rc VALUES (1)
changes 1
> DELETE FROM rp WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DROP TRIGGER rc_bd
> CREATE TRIGGER rd_bd BEFORE DELETE ON rd BEGIN SELECT RAISE(IGNORE); END
> INSERT INTO rd VALUES (2)
changes 1
> DELETE FROM rp WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> BEGIN
> DELETE FROM rp WHERE id = 2
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ROLLBACK
> DROP TRIGGER rd_bd
> CREATE TRIGGER rc_bd BEFORE DELETE ON rc BEGIN SELECT RAISE(ABORT, 'not this one'); END
> DELETE FROM rp WHERE id = 1
error SQLITE_CONSTRAINT_TRIGGER: not this one
> DROP TRIGGER rc_bd
# A trigger that moves the child away before the action comes.
> CREATE TABLE ap(id INTEGER PRIMARY KEY)
> CREATE TABLE ac(id INTEGER PRIMARY KEY, x REFERENCES ap ON DELETE SET NULL)
> CREATE TRIGGER ap_bd BEFORE DELETE ON ap BEGIN UPDATE ac SET x = 2 WHERE x = old.id; END
> INSERT INTO ap VALUES (1), (2), (3)
changes 3
> INSERT INTO ac VALUES (1, 1), (2, 3)
changes 2
> DELETE FROM ap WHERE id = 1
changes 1
> SELECT * FROM ac
1 | 2
2 | 3
> DELETE FROM ap WHERE id = 2
changes 1
> SELECT * FROM ac
1 | NULL
2 | 3
> DROP TRIGGER ap_bd
> DELETE FROM ap WHERE id = 2
> SELECT * FROM ac
1 | NULL
2 | 3
# A trigger on the child that writes the parent again.
> CREATE TABLE bp(id INTEGER PRIMARY KEY)
> CREATE TABLE bc(id INTEGER PRIMARY KEY, x REFERENCES bp ON DELETE SET DEFAULT DEFAULT 7)
> CREATE TRIGGER bc_bu BEFORE UPDATE ON bc BEGIN INSERT OR IGNORE INTO bp VALUES (7); END
> INSERT INTO bp VALUES (1)
changes 1
> INSERT INTO bc VALUES (1, 1)
changes 1
> DELETE FROM bp
changes 1
> SELECT * FROM bp
7
> SELECT * FROM bc
1 | 7
# Circles of actions and triggers.
> CREATE TABLE k1(id INTEGER PRIMARY KEY, x REFERENCES k2 ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TABLE k2(id INTEGER PRIMARY KEY, x REFERENCES k1 ON DELETE CASCADE ON UPDATE SET NULL)
> INSERT INTO k1 VALUES (1, NULL), (2, NULL)
changes 2
> INSERT INTO k2 VALUES (1, 1), (2, 2)
changes 2
> UPDATE k1 SET x = id
changes 2
> UPDATE k2 SET id = 10 WHERE id = 1
changes 1
> UPDATE k1 SET id = 20 WHERE id = 2
changes 1
> SELECT * FROM k1
1 | 10
20 | 2
> SELECT * FROM k2
2 | NULL
10 | 1
> DELETE FROM k1 WHERE id = 1
changes 1
> SELECT * FROM k1
20 | 2
> SELECT * FROM k2
2 | NULL
> DELETE FROM k2
changes 1
> SELECT * FROM k1
# An INSERT whose triggers or RETURNING make it more than one row's.
> CREATE TABLE ip(id INTEGER PRIMARY KEY)
> CREATE TABLE ic(a REFERENCES ip, b REFERENCES ip DEFERRABLE INITIALLY DEFERRED)
> CREATE TRIGGER ic_ai AFTER INSERT ON ic BEGIN INSERT OR IGNORE INTO ip VALUES (new.a); END
> INSERT INTO ic VALUES (1, 1)
changes 1
> BEGIN
> INSERT INTO ic VALUES (2, 3)
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO ip VALUES (3)
changes 1
> COMMIT
> SELECT * FROM ip
1
2
3
