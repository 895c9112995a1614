import { ANY_POLICY } from '../x509/certificate-policies.js';
import type { Certificate } from '../x509/certificate.js';
import { EXTENSION } from '../x509/extension-oid.js';
import { pathExtensionsOf, type PathExtensions } from '../x509/path-extensions.js';
import { isSelfIssued } from './identity.js';
import type { PolicyInput } from './path-input.js';
import { problemOf, type PathProblem } from './path-problem.js';
import {
  addPolicies,
  applyMappings,
  constrainedPolicies,
  isNull,
  rootGraph,
  type PolicyGraph,
} from './policy-graph.js';

/** What policy processing comes to: what is wrong, and the policies that the path is valid for. */
export interface PolicyOutcome {
  readonly problems: readonly PathProblem[];
  readonly policies: readonly string[];
}

/** The counters of RFC 5280 §6.1.2 (d) to (f): how many certificates until each begins to hold. */
interface Counters {
  explicit: number;
  mapping: number;
  any: number;
}

const ENTRIES_OF_A_STEP = 20;

/** CPS pointer and user notice (RFC 5280 §4.2.1.4). */
const KNOWN_QUALIFIERS: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']);

/**
 * Policies along a path, leaf first and anchor last, as RFC 5280 §6.1 has it with the graph of RFC
 * 9618. Policies and policy constraints in the anchor's certificate tighten what the user asks for
 * (RFC 5937 §3.2).
 */
export function judgePolicies(
  path: readonly Certificate[],
  given: Partial<PolicyInput> = {},
): PolicyOutcome {
  const [leaf, ...issuers] = path;
  const anchor = issuers.pop();
  const problems = qualifierProblems(path);
  if (leaf === undefined || anchor === undefined) return { problems, policies: [ANY_POLICY] };
  const trusted = pathExtensionsOf(anchor);
  const state = { graph: rootGraph(), counters: initialCounters(path.length - 1, given, trusted) };
  for (const certificate of issuers.reverse()) {
    problems.push(...mappingProblems(certificate));
    if (!descend(state, certificate)) return failed(problems, certificate);
  }
  if (!arrive(state, leaf)) return failed(problems, leaf);
  const initial = initialPolicies(given.initialPolicySet ?? [], trusted);
  const policies = acceptedPolicies(state.graph, initial);
  const wanting = state.counters.explicit === 0 && policies.length === 0;
  return wanting ? failed(problems, leaf) : { problems, policies };
}

interface State {
  graph: PolicyGraph;
  readonly counters: Counters;
}

/** RFC 5280 §6.1.3 (d) to (f) and §6.1.4 for a CA; false: a policy is needed, and none is left. */
function descend(state: State, certificate: Certificate): boolean {
  const { counters } = state;
  const said = pathExtensionsOf(certificate);
  const selfIssued = isSelfIssued(certificate);
  state.graph = addPolicies(state.graph, said.policies, counters.any > 0 || selfIssued);
  if (counters.explicit === 0 && isNull(state.graph)) return false;
  state.graph = applyMappings(state.graph, said.policyMappings ?? [], counters.mapping > 0);
  prepareNext(counters, said, selfIssued);
  return true;
}

/** The same for the last certificate, with §6.1.5 (a) and (b). */
function arrive(state: State, leaf: Certificate): boolean {
  const { counters } = state;
  const said = pathExtensionsOf(leaf);
  state.graph = addPolicies(state.graph, said.policies, counters.any > 0);
  const left = counters.explicit > 0 || !isNull(state.graph);
  wrapUp(counters, said);
  return left;
}

/** How many steps of the budget policies along a path are worth. */
export function policyCost(path: readonly Certificate[]): number {
  const entries = path.map((certificate) => {
    const { policies = [], policyMappings = [] } = pathExtensionsOf(certificate);
    return policies.length + policyMappings.length;
  });
  return Math.ceil(entries.reduce((sum, count) => sum + count, 0) / ENTRIES_OF_A_STEP);
}

function acceptedPolicies(
  graph: PolicyGraph,
  initial: readonly string[] | null,
): readonly string[] {
  return initial === null ? [] : [...constrainedPolicies(graph, initial)];
}

function initialCounters(
  length: number,
  given: Partial<PolicyInput>,
  trusted: PathExtensions,
): Counters {
  const until = (now: boolean | undefined): number => (now === true ? 0 : length + 1);
  const counters = {
    explicit: until(given.explicit),
    mapping: until(given.inhibitMapping),
    any: until(given.inhibitAny),
  };
  tighten(counters, trusted);
  return counters;
}

/** The policies of the user as far as the anchor allows them; empty: any; null: none at all. */
function initialPolicies(
  wanted: readonly string[],
  { policies }: PathExtensions,
): readonly string[] | null {
  const allowed = policies?.map(({ policy }) => policy) ?? [];
  if (allowed.length === 0 || allowed.includes(ANY_POLICY)) return wanted;
  if (wanted.length === 0 || wanted.includes(ANY_POLICY)) return allowed;
  const both = wanted.filter((policy) => allowed.includes(policy));
  return both.length === 0 ? null : both;
}

/** RFC 5280 §6.1.4 (h) to (j). */
function prepareNext(counters: Counters, said: PathExtensions, selfIssued: boolean): void {
  if (!selfIssued) {
    counters.explicit = Math.max(0, counters.explicit - 1);
    counters.mapping = Math.max(0, counters.mapping - 1);
    counters.any = Math.max(0, counters.any - 1);
  }
  tighten(counters, said);
}

function tighten(counters: Counters, said: PathExtensions): void {
  const { requireExplicit, inhibitMapping } = said.policyConstraints ?? {};
  counters.explicit = Math.min(counters.explicit, requireExplicit ?? Infinity);
  counters.mapping = Math.min(counters.mapping, inhibitMapping ?? Infinity);
  counters.any = Math.min(counters.any, said.inhibitAnyPolicy ?? Infinity);
}

/** RFC 5280 §6.1.5 (a) and (b). */
function wrapUp(counters: Counters, said: PathExtensions): void {
  counters.explicit = Math.max(0, counters.explicit - 1);
  if (said.policyConstraints?.requireExplicit === 0) counters.explicit = 0;
}

/** RFC 5280 §6.1.4 (a). */
function mappingProblems(certificate: Certificate): readonly PathProblem[] {
  const broad = pathExtensionsOf(certificate).policyMappings?.some(
    ({ issuerPolicy, subjectPolicy }) =>
      issuerPolicy === ANY_POLICY || subjectPolicy === ANY_POLICY,
  );
  if (broad !== true) return [];
  const fact = 'maps anyPolicy, which cannot be mapped';
  return [problemOf(certificate, { code: 'policy', rfc: 'RFC 5280 §6.1.4', fact })];
}

/** RFC 5280 §4.2.1.4: when critical, every qualifier must be understood. */
function qualifierProblems(path: readonly Certificate[]): PathProblem[] {
  return path.flatMap((certificate) => {
    const qualifiers = pathExtensionsOf(certificate).policies?.flatMap((one) => one.qualifiers);
    const strange = qualifiers?.find((kind) => !KNOWN_QUALIFIERS.has(kind));
    const critical = certificate.extensions.some(
      ({ oid, critical: mark }) => oid === EXTENSION.certificatePolicies && mark,
    );
    if (strange === undefined || !critical) return [];
    const fact = `has a critical policy with a qualifier ${strange} that zmint does not know`;
    return [problemOf(certificate, { code: 'policy', rfc: 'RFC 5280 §4.2.1.4', fact })];
  });
}

function failed(problems: readonly PathProblem[], certificate: Certificate): PolicyOutcome {
  const fact = 'is not valid under any policy that is accepted here, and one is required';
  const problem = problemOf(certificate, { code: 'policy', rfc: 'RFC 9618 §5', fact });
  return { problems: [...problems, problem], policies: [] };
}
