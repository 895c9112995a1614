/** A step of the schema, as each database records those that were applied to it. */
export interface SchemaStep {
  /** 1, 2, 3 … without a gap. */
  readonly version: number;
  /** SHA-256 of its number, name and statements (`stepOf`), in hex. */
  readonly digest: string;
}

/**
 * The steps of `migrations.ts` by their digests: what is laid never changes, and whoever opens a
 * database needs neither the statements nor to hash them.
 */
export const SCHEMA_STEPS: readonly SchemaStep[] = [
  step(1, 'ed12c52e8104579c2d982ab35a33b1f35a2ecfc0781455179a5d1e7dae9ced3b'),
  step(2, 'e8b4f2b94e7f5a462ab0c670edfd31e91bf74eef669e4cbf1ac8cccfe9d76936'),
  step(3, '57f88643426bb10a42b4942fccd8dd38987c2a3d072a35ecd483d36b582d929e'),
  step(4, '2d2ed528a76623a3878437a56b7061f49a63f3ec51152c66cc2eac6d123065ac'),
  step(5, '078f0c29e105940e88acc559e848c6e32b5a7bf239dd4f8ebd89d6e8fbed56fa'),
  step(6, 'b5aa38039f2736c38654e0c4bbcf7e2c11b810a388bb7ce5ad3b42f44656f7a2'),
  step(7, '8e3766f1889f6357d02cf1ec77ea31422137775b0e3d8a82181b139aaa40c6c4'),
  step(8, 'a2555413c34d3ece441aea4742ae3a71a5a3bf58946ea1ce98e7fc3fe1fdd54a'),
  step(9, 'a1dd66ceafb79bab35ed7f4ebc3a8706433bbf7baf94f8524ad2449a9db8e060'),
  step(10, 'd2ae5b5caadcaf04572f7b42aa736f4e5c9b89a67fab1c4c26b34121b3b1acb8'),
  step(11, '33eaf8e01dbceb0ceb62a5bfc100c5fe2e18fe45dd73450476f209d446f43bab'),
  step(12, '51ae51a6a85f410fbd8c21ca0e812b4ec5f871faab51e23b6c21c414857274cd'),
  step(13, '8869ccac5139ea93db1bfaa1b7f839fa4e26a24806c6559bb7ffa88c444e1a0a'),
  step(14, '069c9ca70346349be0e56695da5035fc9c06e1897febe310adaddf120b41285f'),
];

function step(version: number, digest: string): SchemaStep {
  return { version, digest };
}
