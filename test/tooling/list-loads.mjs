// Preloaded into a built program (node --import): when it ends, what it loaded is written as JSON to
// the file that ZMINT_LOADS names: files of its own, and Node's built-in modules.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';

const report = process.env.ZMINT_LOADS;
const before = new Set(process.moduleLoadList);
const hook = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(${JSON.stringify(report)}, url + '\\n');
    return next(url, context);
  }`;
writeFileSync(report, '');
register(`data:text/javascript,${encodeURIComponent(hook)}`);
process.on('exit', () => {
  const files = readFileSync(report, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'));
  const builtins = process.moduleLoadList.filter((name) => !before.has(name));
  writeFileSync(report, JSON.stringify({ files, builtins }));
});
