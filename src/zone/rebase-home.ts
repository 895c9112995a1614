/**
 * The home of a member in a zone that is restored to another place: what lay in the zone home lies in
 * the new one, everything else stays where it is.
 */
export function rebaseHome(home: string, from: string, to: string): string {
  return home.startsWith(`${from}/servers/`) ? `${to}${home.slice(from.length)}` : home;
}
