import { userInfo } from 'node:os';

const USER_NAME = /^[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,63}\$?$/u;

/**
 * Who runs this process, for the audit log: `anna`, `root (sudo by anna)`, `uid 1234` for a user
 * without a name. `SUDO_USER` counts only for root, as anybody else can set it at will.
 */
export function currentActor(environment: NodeJS.ProcessEnv = process.env): string {
  const uid = process.geteuid?.() ?? -1;
  const name = userName(uid);
  const sudoUser = environment.SUDO_USER;
  if (uid !== 0 || sudoUser === undefined || !USER_NAME.test(sudoUser)) return name;
  return `${name} (sudo by ${sudoUser})`;
}

function userName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    // A uid that is not in the user database, as in many containers.
    return `uid ${uid}`;
  }
}
