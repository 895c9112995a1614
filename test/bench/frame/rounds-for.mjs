/**
 * So many servers are copied and reminted in all: a hundred thousand of them fill 15 GB and 4
 * million inodes.
 */
const SERVERS_IN_ALL = 200_000;

/** How many of the rounds there is room for on the disk, with nothing deleted before the end. */
export function roundsFor(size, rounds) {
  return Math.max(1, Math.min(rounds, Math.floor(SERVERS_IN_ALL / size)));
}
