import {
  ANY_POLICY,
  type PolicyInformation,
  type PolicyMapping,
} from '../x509/certificate-policies.js';

/** A policy at one depth: which ones further down stand for it, and which ones above it comes from. */
interface PolicyNode {
  readonly policy: string;
  readonly expected: ReadonlySet<string>;
  readonly parents: ReadonlySet<PolicyNode>;
}

type Level = ReadonlyMap<string, PolicyNode>;

/**
 * The policy graph of RFC 9618 §5.1: at each depth one node a policy, so that it grows with the
 * policies in the certificates and not with their combinations. No levels: it is NULL.
 */
export interface PolicyGraph {
  readonly levels: readonly Level[];
}

/** The graph before the first certificate: anyPolicy alone (RFC 9618 §5.2). */
export function rootGraph(): PolicyGraph {
  return { levels: [levelOf([nodeOf(ANY_POLICY, [ANY_POLICY], [])])] };
}

/** Whether no policy is left. */
export function isNull(graph: PolicyGraph): boolean {
  return (graph.levels.at(-1)?.size ?? 0) === 0;
}

/** RFC 9618 §5.3, steps (d) and (e): what the policies of the next certificate leave of the graph. */
export function addPolicies(
  graph: PolicyGraph,
  policies: readonly PolicyInformation[] | undefined,
  anyPolicyCounts: boolean,
): PolicyGraph {
  const above = graph.levels.at(-1);
  if (policies === undefined || above === undefined || above.size === 0) return { levels: [] };
  const parentsOf = expectingNodes(above);
  const any = above.get(ANY_POLICY);
  const named = policies
    .filter(({ policy }) => policy !== ANY_POLICY)
    .map(({ policy }) =>
      nodeOf(policy, [policy], parentsOf.get(policy) ?? (any === undefined ? [] : [any])),
    )
    .filter(({ parents }) => parents.size > 0);
  const saysAny = policies.some(({ policy }) => policy === ANY_POLICY);
  const others = anyPolicyCounts && saysAny ? expectedNodes(parentsOf, named) : [];
  const nodes = [...named, ...others];
  return nodes.length === 0 ? { levels: [] } : { levels: [...graph.levels, levelOf(nodes)] };
}

/** What anyPolicy stands for: everything expected that has no node of its own yet. */
function expectedNodes(
  parentsOf: ReadonlyMap<string, readonly PolicyNode[]>,
  named: readonly PolicyNode[],
): readonly PolicyNode[] {
  const taken = new Set(named.map(({ policy }) => policy));
  return [...parentsOf]
    .filter(([policy]) => !taken.has(policy))
    .map(([policy, parents]) => nodeOf(policy, [policy], parents));
}

/** RFC 9618 §5.4, step (b): mappings of a CA, counted when `allowed`; else the mapped policies end. */
export function applyMappings(
  graph: PolicyGraph,
  mappings: readonly PolicyMapping[],
  allowed: boolean,
): PolicyGraph {
  const last = graph.levels.at(-1);
  if (last === undefined) return graph;
  const level = new Map(last);
  for (const [issuerPolicy, subjectPolicies] of groupMappings(mappings)) {
    if (!allowed) level.delete(issuerPolicy);
    else mapPolicy(level, issuerPolicy, subjectPolicies);
  }
  return level.size === 0 ? { levels: [] } : { levels: [...graph.levels.slice(0, -1), level] };
}

/** RFC 9618 §5.5, step (g): the policies of the user, empty: any, for which the path is valid. */
export function constrainedPolicies(
  graph: PolicyGraph,
  initial: readonly string[],
): ReadonlySet<string> {
  const authority = authorityPolicies(graph);
  if (initial.length === 0 || initial.includes(ANY_POLICY)) return authority;
  if (authority.has(ANY_POLICY)) return new Set(initial);
  return new Set(initial.filter((policy) => authority.has(policy)));
}

/** Policies in the words of the first CA: those that hang on anyPolicy and reach to the last depth. */
function authorityPolicies(graph: PolicyGraph): ReadonlySet<string> {
  const found = new Set<string>();
  let reached: ReadonlySet<PolicyNode> = new Set(graph.levels.at(-1)?.values());
  for (const node of reached) {
    if (node.policy === ANY_POLICY) found.add(ANY_POLICY);
  }
  for (let depth = graph.levels.length; depth > 1; depth -= 1) {
    const above = new Set<PolicyNode>();
    for (const node of reached) {
      const fromAny = [...node.parents].some(({ policy }) => policy === ANY_POLICY);
      if (node.policy !== ANY_POLICY && fromAny) found.add(node.policy);
      for (const parent of node.parents) above.add(parent);
    }
    reached = above;
  }
  return found;
}

function mapPolicy(
  level: Map<string, PolicyNode>,
  policy: string,
  subjectPolicies: ReadonlySet<string>,
): void {
  const node = level.get(policy);
  if (node !== undefined) {
    level.set(policy, { ...node, expected: subjectPolicies });
    return;
  }
  const any = level.get(ANY_POLICY);
  if (any !== undefined)
    level.set(policy, { policy, expected: subjectPolicies, parents: any.parents });
}

function expectingNodes(level: Level): ReadonlyMap<string, readonly PolicyNode[]> {
  const found = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const nodes = found.get(policy);
      if (nodes === undefined) found.set(policy, [node]);
      else nodes.push(node);
    }
  }
  return found;
}

function groupMappings(
  mappings: readonly PolicyMapping[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { issuerPolicy, subjectPolicy } of mappings) {
    const group = groups.get(issuerPolicy);
    if (group === undefined) groups.set(issuerPolicy, new Set([subjectPolicy]));
    else group.add(subjectPolicy);
  }
  return groups;
}

function nodeOf(
  policy: string,
  expected: readonly string[],
  parents: readonly PolicyNode[],
): PolicyNode {
  return { policy, expected: new Set(expected), parents: new Set(parents) };
}

function levelOf(nodes: readonly PolicyNode[]): Level {
  return new Map(nodes.map((node) => [node.policy, node]));
}
