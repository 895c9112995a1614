import type { Writer } from '../../../src/adapters/sql/open-zone-store.js';
import { BEGINNING } from '../../support/zone-rows.js';

/** A writer that does not wait for others. */
export const WRITER: Writer = {
  command: 'ssl remint --ca',
  pid: process.pid,
  since: BEGINNING,
  waitSeconds: 0,
};
