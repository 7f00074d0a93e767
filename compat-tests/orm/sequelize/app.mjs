/** A shop over Sequelize: models and associations, what migrations do, transactions, JSON, upserts, pages, introspection. */
import { DataTypes, Op, QueryTypes, Sequelize } from 'sequelize';
import { dumpThroughSqlite3, runApp } from './harness.mjs';

const plain = (found) => (Array.isArray(found) ? found.map((one) => one.toJSON()) : (found?.toJSON() ?? null));

function define(sequelize) {
  const options = { timestamps: false };
  const Customer = sequelize.define(
    'Customer',
    {
      email: { type: DataTypes.STRING(100), allowNull: false, unique: true, validate: { isEmail: true } },
      name: DataTypes.STRING,
      isActive: { type: DataTypes.BOOLEAN, defaultValue: true },
      settings: DataTypes.JSON,
      joined: DataTypes.DATE,
      birthday: DataTypes.DATEONLY,
      balance: { type: DataTypes.DECIMAL(10, 2), defaultValue: 0 },
      picture: DataTypes.BLOB,
      token: DataTypes.UUID,
      level: { type: DataTypes.ENUM('basic', 'gold'), defaultValue: 'basic' },
    },
    { ...options, indexes: [{ fields: ['name', 'isActive'] }] },
  );
  const Order = sequelize.define(
    'Order',
    { total: DataTypes.FLOAT, placed: DataTypes.DATE, note: DataTypes.TEXT },
    { ...options, paranoid: false },
  );
  const Product = sequelize.define(
    'Product',
    { sku: { type: DataTypes.STRING, primaryKey: true }, price: DataTypes.INTEGER, stock: DataTypes.BIGINT },
    options,
  );
  const Line = sequelize.define('Line', { count: { type: DataTypes.INTEGER, defaultValue: 1 } }, options);
  Customer.hasMany(Order, { as: 'orders', onDelete: 'CASCADE' });
  Order.belongsTo(Customer);
  Order.belongsToMany(Product, { through: Line });
  Product.belongsToMany(Order, { through: Line });
  return { Customer, Order, Product, Line };
}

await runApp(
  async ({ file, note, noteError }) => {
    const sequelize = new Sequelize({ dialect: 'sqlite', storage: file, logging: false });
    try {
      await sequelize.authenticate();
      const { Customer, Order, Product, Line } = define(sequelize);
      await sequelize.sync();
      const query = sequelize.getQueryInterface();
      note('tables', (await query.showAllTables()).sort());
      note('customer columns', await query.describeTable('Customers'));
      note('line columns', await query.describeTable('Lines'));
      note(
        'indexes',
        (await query.showIndex('Customers')).map(({ name, unique, fields }) => [name, unique, fields]),
      );
      note('references', await query.getForeignKeyReferencesForTable('Orders'));

      const joined = new Date('2024-02-29T12:34:56.789Z');
      const ann = await Customer.create({
        email: 'ann@example.org',
        name: 'Ann',
        settings: { theme: 'dark', sizes: [1, 2] },
        joined,
        birthday: '2000-01-31',
        picture: Buffer.from('png'),
        token: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      });
      note('created', plain(ann));
      note(
        'many',
        (
          await Customer.bulkCreate(
            Array.from({ length: 12 }, (_, at) => ({
              email: `c${at}@example.org`,
              name: `Customer ${at}`,
              isActive: at % 2 === 0,
              balance: at * 1.25,
              level: at % 4 ? 'basic' : 'gold',
            })),
          )
        ).length,
      );
      await Product.bulkCreate([
        { sku: 'A', price: 10, stock: '9007199254740991' },
        { sku: 'B', price: 20, stock: 5 },
        { sku: 'C', price: 30, stock: 0 },
      ]);
      const order = await ann.createOrder({ total: 12.5, placed: joined, note: 'first' });
      await order.addProduct('A', { through: { count: 3 } });
      await order.addProducts(['B', 'C']);
      await Order.bulkCreate([1, 2, 3].map((at) => ({ total: at * 10, placed: new Date(at * 1000), CustomerId: at })));

      note('found', plain(await Customer.findByPk(1)));
      note('missed', plain(await Customer.findOne({ where: { name: 'Nobody' } })));
      note(
        'included',
        plain(
          await Customer.findOne({
            where: { id: 1 },
            include: [{ model: Order, as: 'orders', include: [{ model: Product }] }],
            order: [
              [{ model: Order, as: 'orders' }, 'id', 'ASC'],
              [{ model: Order, as: 'orders' }, Product, 'sku', 'ASC'],
            ],
          }),
        ),
      );
      note(
        'page',
        await Customer.findAndCountAll({ where: { isActive: true }, order: [['id', 'DESC']], limit: 3, offset: 2 }).then(
          ({ count, rows }) => [count, plain(rows)],
        ),
      );
      note(
        'operators',
        plain(
          await Customer.findAll({
            attributes: ['id', 'name'],
            where: { [Op.or]: [{ name: { [Op.like]: '%1%' } }, { balance: { [Op.between]: [2, 4] } }], id: { [Op.notIn]: [2] } },
            order: ['id'],
          }),
        ),
      );
      note('json', plain(await Customer.findAll({ attributes: ['id'], where: { settings: { theme: 'dark' } } })));
      note(
        'groups',
        await Customer.findAll({
          attributes: [
            'level',
            [sequelize.fn('COUNT', sequelize.col('id')), 'n'],
            [sequelize.fn('SUM', sequelize.col('balance')), 'sum'],
          ],
          group: ['level'],
          order: ['level'],
          raw: true,
        }),
      );
      note('aggregates', [
        await Customer.count(),
        await Customer.max('balance'),
        await Customer.sum('balance', { where: { isActive: false } }),
      ]);
      note(
        'raw',
        await sequelize
          .query('SELECT :a + ? AS x', { replacements: { a: 1 }, type: QueryTypes.SELECT })
          .catch((error) => error.message),
      );
      note(
        'replaced',
        await sequelize.query('SELECT :a AS a, :b AS b', { replacements: { a: "it's", b: null }, type: QueryTypes.SELECT }),
      );
      note('bound', await sequelize.query('SELECT $1 AS a, $2 AS b', { bind: [1, 'two'], type: QueryTypes.SELECT }));

      note('updated', await Customer.update({ name: 'Updated' }, { where: { id: [2, 3] } }));
      ann.balance = 7.5;
      note('saved', plain(await ann.save()));
      note('incremented', [await ann.increment({ balance: 2 }).then(() => 'done'), plain(await ann.reload())]);
      note('upserted', [
        await Product.upsert({ sku: 'A', price: 11 }).then(([one]) => plain(one)),
        plain(await Product.findAll({ order: ['sku'] })),
      ]);
      note(
        'found or created',
        await Customer.findOrCreate({ where: { email: 'new@example.org' }, defaults: { name: 'New' } }).then(([one, isNew]) => [
          plain(one),
          isNew,
        ]),
      );
      note(
        'found, not created',
        await Customer.findOrCreate({ where: { email: 'new@example.org' }, defaults: { name: 'Other' } }).then(([one, isNew]) => [
          one.name,
          isNew,
        ]),
      );
      note(
        'bulk with duplicates',
        plain(
          await Product.bulkCreate(
            [
              { sku: 'B', price: 21 },
              { sku: 'D', price: 40 },
            ],
            { updateOnDuplicate: ['price'] },
          ),
        ),
      );

      await noteError('unique', () => Customer.create({ email: 'ann@example.org' }));
      await noteError('not null', () => Customer.create({ name: 'no mail' }));
      await noteError('not an address', () => Customer.create({ email: 'x' }));
      await noteError('foreign key', () => Order.create({ CustomerId: 9999 }));
      await noteError('no such column', () => sequelize.query('SELECT nothing FROM Customers'));
      await noteError('a transaction that fails', () =>
        sequelize.transaction(async (transaction) => {
          await Customer.create({ email: 'gone@example.org' }, { transaction });
          note('seen within', await Customer.count({ where: { email: 'gone@example.org' }, transaction }));
          throw new Error('no');
        }),
      );
      note('is not there', await Customer.count({ where: { email: 'gone@example.org' } }));
      await sequelize.transaction(async (transaction) => {
        await Customer.create({ email: 'kept@example.org' }, { transaction });
        await Order.update({ note: 'kept' }, { where: {}, transaction });
      });
      note('kept', [
        await Customer.count({ where: { email: 'kept@example.org' } }),
        await Order.count({ where: { note: 'kept' } }),
      ]);
      const manual = await sequelize.transaction({ type: 'IMMEDIATE' });
      await Product.destroy({ where: { sku: 'D' }, transaction: manual });
      await manual.rollback();
      note('rolled back', await Product.count());

      // What a migration does, up and down.
      await query.createTable('Reviews', {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        text: { type: DataTypes.TEXT, defaultValue: 'none' },
        sku: { type: DataTypes.STRING, references: { model: 'Products', key: 'sku' }, onUpdate: 'CASCADE', onDelete: 'SET NULL' },
      });
      await query.bulkInsert('Reviews', [
        { text: 'good', sku: 'A' },
        { text: 'bad', sku: 'B' },
      ]);
      await query.addColumn('Reviews', 'stars', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 3 });
      await query.renameColumn('Reviews', 'text', 'body');
      await query.changeColumn('Reviews', 'stars', { type: DataTypes.FLOAT, defaultValue: 1 });
      await query.addIndex('Reviews', ['sku', 'stars'], { unique: true, name: 'reviews_once' });
      await query.addConstraint('Reviews', { fields: ['body'], type: 'unique', name: 'body_once' });
      note('reviews', [
        await query.describeTable('Reviews'),
        await sequelize.query('SELECT * FROM Reviews ORDER BY id', { type: QueryTypes.SELECT }),
      ]);
      note(
        'review schema',
        await sequelize.query("SELECT sql FROM sqlite_master WHERE tbl_name = 'Reviews' ORDER BY name", {
          type: QueryTypes.SELECT,
        }),
      );
      await query.removeIndex('Reviews', 'reviews_once');
      await query.removeColumn('Reviews', 'stars');
      await query.renameTable('Reviews', 'Opinions');
      note('after going down', [await query.describeTable('Opinions'), (await query.showAllTables()).sort()]);
      await query.dropTable('Opinions');
      note('destroyed', [await Customer.destroy({ where: { id: 2 } }), await Order.count(), await Line.count()]);
    } finally {
      await sequelize.close();
    }
  },
  { dumpWith: dumpThroughSqlite3 },
);
