import { memberHome, renderInstant, type AddPlan, type AddReport } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { memberJson } from './member-json.js';

/** What was added and what was not. */
export function addReportJson(report: AddReport): JsonDocument {
  return {
    dryRun: false,
    added: report.added.map(({ member, home, notAfter }) => ({
      ...memberJson(member),
      home,
      live: home === null || notAfter === null ? null : `${home}/security/live`,
      notAfter: notAfter === null ? null : renderInstant(notAfter),
    })),
    failed: report.failed.map(({ member, error }) => ({
      name: member.name,
      path: member.path,
      code: error.code,
      message: error.message,
    })),
  };
}

/** What is about to be added. */
export function addPlanJson(plan: AddPlan, zoneHome: string): JsonDocument {
  return {
    mint: plan.mint,
    members: plan.members.map((member) => ({
      ...memberJson(member),
      home: memberHome(zoneHome, member),
    })),
  };
}
