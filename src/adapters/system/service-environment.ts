/** What a service's control program may need; none of these holds a secret. */
const PASSED = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'TZ',
  // For `systemctl --user`.
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
] as const;

const SYSTEM_PATH = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
] as const;

/**
 * The environment of a reload command: a short list of names, so that no passphrase, credential or
 * loader setting gets through. To `PATH` the system's folders are added, since cron leaves out those
 * of administrators.
 */
export function serviceEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const given = (from.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const environment: Record<string, string> = {
    PATH: [...new Set([...given, ...SYSTEM_PATH])].join(':'),
  };
  for (const name of PASSED) {
    const value = from[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
