/**
 * The program of the thread that writes sets (`fs-lane.ts`); the build puts it here. Empty: sets are
 * written by the thread that made them.
 */
export const FS_LANE_CODE = '';
