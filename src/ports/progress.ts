import type { Seconds } from '../zone/instant.js';

/** What a member can take long to do. */
export type WaitingFor = 'reload' | 'handshake';

/** Events of long work, as values; how they are shown is the terminal's business. */
export type ProgressEvent =
  | {
      readonly type: 'begin';
      readonly step: string;
      readonly total: number;
      /** The step goes on: so many were done in the batches before this one. */
      readonly done?: number;
    }
  | { readonly type: 'advance'; readonly step: string; readonly done: number }
  | { readonly type: 'end'; readonly step: string }
  /** Something takes long; told again and again until it is over. */
  | {
      readonly type: 'waiting';
      readonly step: string;
      readonly what: WaitingFor;
      /** The names of those that are waited for. */
      readonly members: readonly string[];
      /** How long the first of them has taken. */
      readonly seconds: Seconds;
    }
  /** One member's result, worth a line. */
  | {
      readonly type: 'member';
      readonly step: string;
      readonly member: string;
      readonly ok: boolean;
      readonly text: string;
    };

export interface Progress {
  report(event: ProgressEvent): void;
}
