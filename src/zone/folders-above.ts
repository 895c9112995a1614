/** The folders that a path lies in, the nearest first, without `/`: of `/a/b/c` these are `/a/b` and `/a`. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    folders.push(path.slice(0, end));
  return folders;
}
