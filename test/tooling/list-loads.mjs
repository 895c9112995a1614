// Preloaded into a built program (node --import): when it ends, what it loaded is written as JSON to
// the file that ZMINT_LOADS names: files that it read, and Node's built-in modules.
import fs from 'node:fs';
import { resolve } from 'node:path';

const report = process.env.ZMINT_LOADS;
const before = new Set(process.moduleLoadList);
// The program's own file is read by Node itself.
const files = [resolve(process.argv[1])];
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (typeof path === 'string') files.push(resolve(path));
  return readFileSync(path, ...rest);
};
process.on('exit', () => {
  const builtins = process.moduleLoadList.filter((name) => !before.has(name));
  fs.writeFileSync(report, JSON.stringify({ files, builtins }));
});
