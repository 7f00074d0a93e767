// What `require('better-sqlite3')` gives once this package stands in its place.
module.exports = require('pluresdb/better-sqlite3');
