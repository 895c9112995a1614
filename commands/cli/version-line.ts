/** What `zmint --version` prints. */
export function versionLine(version: string): string {
  return `zmint ${version}\n`;
}
