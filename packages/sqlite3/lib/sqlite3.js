/** What `require('sqlite3')` finds where this package has taken its place. */
module.exports = require('pluresdb/sqlite3');
