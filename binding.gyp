# For prebuildify and node-gyp: the addon is built by cargo. It stays in the repository: with this file in the package,
# npm would want a compiler when it installs.
{
  'targets': [
    {
      'target_name': 'pluresdb',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cargo',
          'inputs': ['scripts/build-release.mjs', 'Cargo.lock'],
          'outputs': ['<(PRODUCT_DIR)/pluresdb.node'],
          'action': ['node', 'scripts/build-release.mjs', '--file', '<(PRODUCT_DIR)/pluresdb.node'],
        },
      ],
    },
  ],
}
