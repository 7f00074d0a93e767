/** What can be seen without calling anything that works: names, properties, prototypes, constructors, constants. */
import { inspect } from 'node:util';
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** Properties with what they are and how they may be changed. */
function tellProperties({ note }: Side, make: () => object): void {
  note(() => {
    const object = make();
    // Some of V8's versions give functions of their own `arguments` and `caller`.
    const keys = Reflect.ownKeys(object).filter((key) => key !== 'arguments' && key !== 'caller');
    return keys.map((key) => {
      const found = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
      const { value, get, set, enumerable, configurable, writable } = found;
      const kind = get === undefined ? (typeof value === 'function' ? `${value.name}(${value.length})` : typeof value) : 'getter';
      return [String(key), kind, set === undefined, enumerable, configurable, writable];
    });
  });
}

const OBJECTS: Readonly<Record<string, (side: Side) => object>> = {
  DatabaseSync: ({ api }) => api.DatabaseSync,
  'DatabaseSync.prototype': ({ api }) => api.DatabaseSync.prototype,
  'a database': ({ db }) => db,
  StatementSync: ({ api }) => api.StatementSync,
  'StatementSync.prototype': ({ api }) => api.StatementSync.prototype,
  'a statement': ({ db }) => db.prepare('SELECT 1'),
  Session: ({ api }) => api.Session,
  'Session.prototype': ({ api }) => api.Session.prototype,
  'a session': ({ db }) => db.createSession(),
  'SQLTagStore.prototype': ({ db }) => Object.getPrototypeOf(db.createTagStore()),
  'a tag store': ({ db }) => db.createTagStore(),
  "an iterator's prototype": ({ db }) => Object.getPrototypeOf(db.prepare('SELECT 1').iterate()),
  'an iterator': ({ db }) => db.prepare('SELECT 1').iterate(),
  limits: ({ db }) => db.limits,
  constants: ({ api }) => api.constants,
};

const properties = Object.entries(OBJECTS).flatMap(([name, make]) =>
  rulesOf(name, {
    'its properties': (side) => tellProperties(side, () => make(side)),
    'its class': ({ note, ...side }) => {
      note(() => Object.prototype.toString.call(make({ note, ...side })));
      note(
        () => (Object.getPrototypeOf(make({ note, ...side })) as { constructor?: { name: string } } | null)?.constructor?.name,
      );
    },
    'as util.inspect shows it': ({ note, ...side }) => {
      // Older Nodes say less of iterators.
      note(() => inspect(make({ note, ...side })).replace(' [Iterator]', ''));
    },
  }),
);

const RECEIVERS = [undefined, null, {}, 5, () => 1];

function tellReceivers({ note }: Side, owner: object): void {
  for (const key of Reflect.ownKeys(owner)) {
    if (key === 'constructor') continue;
    for (const receiver of RECEIVERS) {
      note(() => {
        const outcome = Reflect.apply((owner as Record<PropertyKey, () => unknown>)[key] as () => unknown, receiver, []);
        return [String(key), outcome];
      });
    }
  }
}

export const surfaceChecks: readonly SideCheck[] = [
  ...properties,
  ...rulesOf('module', {
    'what it exports': ({ api, note }) => {
      note(() => Object.keys(api).filter((name) => name !== 'default' && name !== 'module.exports'));
    },
    'the names of before are the classes of now': ({ api, note }) => {
      note(() => [api.Database === api.DatabaseSync, api.Statement === api.StatementSync]);
    },
    'the values of constants': ({ api, note }) => {
      note(() => ({ ...api.constants }));
    },
    'constants can be changed or not': ({ api, note }) => {
      note(() => [Object.isFrozen(api.constants), Object.isSealed(api.constants), Object.isExtensible(api.constants)]);
    },
  }),
  ...rulesOf('new DatabaseSync()', {
    'without new': ({ api, note }) => {
      note(() => Reflect.apply(wrong(api.DatabaseSync), undefined, [':memory:']));
    },
    'as a base class': ({ api, note }) => {
      class Mine extends api.DatabaseSync {
        readonly mark = 1;
        twice(): unknown {
          return this.prepare('SELECT 2 AS two').get();
        }
      }
      note(() => {
        const mine = new Mine(':memory:');
        const seen = [mine instanceof api.DatabaseSync, mine.mark, mine.twice(), mine.constructor.name, Object.keys(mine)];
        mine.close();
        return seen;
      });
    },
  }),
  ...rulesOf('constructors', {
    'nobody makes statements, sessions and tag stores': ({ api, db, note }) => {
      note(() => new (wrong(api.StatementSync))());
      note(() => new (wrong(api.StatementSync))(db, 'SELECT 1'));
      note(() => Reflect.apply(wrong(api.StatementSync), undefined, []));
      note(() => new (wrong(api.Session))());
      note(() => new (wrong(db.createTagStore().constructor))());
      note(() => new (wrong(db.prepare('SELECT 1').iterate().constructor))());
    },
  }),
  ...rulesOf('instances', {
    'cannot be cloned': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const instance of [db, statement, statement.iterate(), db.createSession(), db.createTagStore()]) {
        note(() => structuredClone(instance));
      }
    },
  }),
  ...rulesOf('receivers', {
    'of the methods of a database': (side) => tellReceivers(side, side.api.DatabaseSync.prototype),
    'of the methods of a statement': (side) => tellReceivers(side, side.api.StatementSync.prototype),
    'of the methods of a session': (side) => tellReceivers(side, side.api.Session.prototype),
    'of the methods of a tag store': (side) => tellReceivers(side, Object.getPrototypeOf(side.db.createTagStore())),
    'of getters': ({ db, note }) => {
      const objects = [db, db.prepare('SELECT 1'), db.createTagStore()];
      for (const object of objects) {
        for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
          if (get === undefined) continue;
          for (const receiver of [undefined, {}, 5, db]) note(() => [key, typeof Reflect.apply(get, receiver, [])]);
        }
      }
    },
  }),
  ...rulesOf('getters', {
    'cannot be assigned': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const value of ODD_VALUES.slice(0, 3)) {
        note(() => {
          wrong(db).isOpen = value;
        });
        note(() => {
          wrong(statement).sourceSQL = value;
        });
        note(() => {
          wrong(db.createTagStore()).size = value;
        });
      }
      note(() => [db.isOpen, statement.sourceSQL]);
    },
    'cannot be deleted': ({ db, note }) => {
      note(() => delete wrong(db).isOpen);
      note(() => delete wrong(db).limits);
      note(() => delete wrong(db.prepare('SELECT 1')).expandedSQL);
    },
  }),
];
