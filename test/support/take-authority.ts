import { createFormatContext } from '../../bin/format-context.js';
import { executeAuthorityImport } from '../../src/operations/execute-authority-import.js';
import { planAuthorityImport } from '../../src/operations/plan-authority-import.js';
import type { OperationContext } from '../../src/ports/context.js';
import { NOON } from './test-zone.js';

/** Imports the certificate that the CA of a zone waits for, without a backup. */
export async function takeAuthority(ctx: OperationContext, bytes: Uint8Array): Promise<void> {
  const files = [{ name: 'ca.pem', bytes, passphrases: [], server: null }];
  const request = { files, activateAt: null, freshBackup: false };
  const plan = await planAuthorityImport(ctx, createFormatContext(), request, NOON);
  if (plan !== undefined) await executeAuthorityImport(ctx, plan);
}
