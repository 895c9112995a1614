/** Processor time of this process so far, in milliseconds: what a busy machine does not stretch. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
