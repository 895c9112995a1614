import {
  renderInstant,
  renderMoment,
  type AdministratorPlan,
  type AdministratorRow,
  type OffsetAt,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { renderTable, type Surface } from '../cli/table.js';
import { wrapFields } from '../cli/wrap-fields.js';

const MAY: Readonly<Record<AdministratorPlan['privilege'], string>> = {
  admin: 'everything',
  operator: 'everything but the key of the CA, trust and administrators',
};

/** What is about to be done to an administrator. */
export function renderAdministratorPlan(
  verb: string,
  plan: AdministratorPlan,
  { width, effect }: { readonly width: number; readonly effect: string },
): string {
  const fields = wrapFields(
    [
      ['Privilege', `${plan.privilege}: ${MAY[plan.privilege]}`],
      ['Effect', effect],
    ],
    width,
  );
  return `Plan: ${verb} ${plan.name}\n\n${fields}`;
}

/** Administrators in a line each; nothing of their passwords. */
export function renderAdministrators(
  rows: readonly AdministratorRow[],
  surface: Surface,
  offsetAt: OffsetAt,
): string {
  if (rows.length === 0) return 'There is no administrator: zmint admin add NAME --privilege admin';
  return renderTable(
    [
      { title: 'Name', whole: true },
      { title: 'Privilege', whole: true },
      { title: 'Added' },
      { title: 'Password set' },
    ],
    rows.map(({ name, privilege, addedAt, passwordSetAt }) => [
      name,
      privilege,
      renderMoment(addedAt, offsetAt),
      renderMoment(passwordSetAt, offsetAt),
    ]),
    surface,
  );
}

/** An administrator in a list, for scripts. */
export function administratorRowJson(row: AdministratorRow): JsonDocument {
  const { name, privilege, addedAt, passwordSetAt } = row;
  return {
    name,
    privilege,
    addedAt: renderInstant(addedAt),
    passwordSetAt: renderInstant(passwordSetAt),
  };
}
