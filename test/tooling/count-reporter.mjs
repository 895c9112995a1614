// A Jest reporter that ends the run with one plain line for scripts: `N passed, N failed`.

/** Prints after all other reporters when it is the last in the list. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const failed = results.numFailedTests + broken;
    process.stderr.write(`${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
