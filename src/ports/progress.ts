/** Events of long work, as values; how they are shown is the terminal's business. */
export type ProgressEvent =
  | { readonly type: 'begin'; readonly step: string; readonly total: number }
  | { readonly type: 'advance'; readonly step: string; readonly done: number }
  | { readonly type: 'end'; readonly step: string }
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
