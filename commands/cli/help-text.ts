import type { Catalog } from './catalog.js';
import type { Found } from './find-command.js';
import { commandPage, comingPage, nounPage, overviewPage } from './help-page.js';
import type { Surface } from './table.js';

/** The page for what the words mean; loads the command's data, but nothing that it works with. */
export async function helpText(found: Found, catalog: Catalog, surface: Surface): Promise<string> {
  if (found.kind === 'nothing') return overviewPage(catalog, surface);
  if (found.kind === 'noun') return nounPage(catalog, found.noun, surface);
  const { entry } = found;
  if (entry.kind === 'coming') return comingPage(entry);
  return commandPage(entry, await entry.load(), surface);
}
