import { ZmintError } from '../errors.js';

/** The name of a zone without spaces around it: 1 to 58 printable characters, no slash. Throws `usage`. */
export function checkZoneName(text: string): string {
  const name = text.trim();
  const fits = name.length > 0 && name.length <= 58;
  if (fits && !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069/]/u.test(name)) return name;
  throw new ZmintError(
    'usage',
    'the name of a zone has 1 to 58 printable characters and no slash',
    { hint: 'zmint init --name Example --server ca1 --dns ca1.example.com' },
  );
}
