import type { InstallPlan, OutsideContext } from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';
import type { ExportInput } from './export-options.js';

type Store = ReturnType<OutsideContext['stores']['system']>;

/** Puts the zone's roots into a store of this machine, or takes them out; returns what it did. */
export async function installRoots(
  session: Session,
  input: ExportInput,
  kind: 'system' | 'nss',
): Promise<Outcome> {
  const { planInstall, executeInstall } = await import('../../src/index.js');
  const store = storeOf(session, await session.outside(), input);
  const request = { kind, store, undo: input.undo };
  const decision = await runPlanned<InstallPlan>(session, {
    command: 'truststore export',
    plan: async (ctx, now) => {
      const plan = await planInstall(ctx, request, now);
      // Before the audit log says that it was begun.
      if (plan !== undefined && !session.dryRun) await session.requirePlace(plan.place, 'folder');
      return plan;
    },
    show: (plan) => ({
      plan: renderPlan(plan, session.terminal.width),
      question: plan.undo
        ? `Take the roots of the zone out of ${plan.place}?`
        : `Let every program that reads ${plan.place} trust the roots of the zone?`,
    }),
  });
  if (decision.answer === 'nothing') {
    const fact = input.undo ? 'holds no root of the zone' : 'holds the roots of the zone';
    return {
      json: { dryRun: session.dryRun, place: store.place, added: [], removed: [] },
      text: `${escapeText(store.place)} ${fact}.`,
    };
  }
  const json = planJson(decision.plan, decision.answer === 'dry-run');
  if (decision.answer === 'dry-run') {
    return { json, text: 'Nothing was changed: this was a dry run.' };
  }
  await executeInstall(decision.ctx, store, decision.plan);
  return { json, text: doneLines(decision.plan) };
}

function storeOf(session: Session, { stores }: OutsideContext, input: ExportInput): Store {
  if (input.db === undefined) return stores.system(session.absolute(input.root ?? '/'));
  const password = input.dbPasswordFile;
  return stores.nss(
    session.absolute(input.db),
    password === undefined ? undefined : session.absolute(password),
  );
}

function renderPlan(plan: InstallPlan, width: number): string {
  const head = plan.undo
    ? `Plan: take the roots of the zone out of ${escapeText(plan.place)}`
    : `Plan: trust the roots of the zone in ${escapeText(plan.place)}`;
  const fields = wrapFields(
    [
      ['Comes in', plan.add.map(({ anchor }) => anchor.alias).join(', ')],
      ['Goes', plan.remove.join(', ')],
      ['Stays', plan.kept === 0 ? '' : counted(plan.kept, 'root')],
    ],
    width,
  );
  return `${head}\n\n${fields}`;
}

function doneLines({ add, remove, place }: InstallPlan): string {
  const lines = [
    ...add.map(({ anchor, name }) => `Added ${anchor.alias} as ${name}.`),
    ...remove.map((name) => `Removed ${name}.`),
  ];
  return [...lines, `${escapeText(place)} is up to date.`].join('\n');
}

function planJson(plan: InstallPlan, dryRun: boolean): JsonDocument {
  return {
    dryRun,
    place: plan.place,
    added: plan.add.map(({ name, anchor }) => ({
      name,
      alias: anchor.alias,
      sha256: anchor.certificate,
    })),
    removed: plan.remove,
  };
}
