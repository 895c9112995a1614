import type { Certificate } from '../x509/certificate.js';
import type { GeneralName } from '../x509/general-name.js';
import type { NameConstraints } from '../x509/name-constraints.js';
import { alternativeNamesOf, pathExtensionsOf } from '../x509/path-extensions.js';
import { matchSubtree } from './match-subtree.js';
import type { Fault } from './path-problem.js';
import type { Work } from './work.js';

const known = new WeakMap<Certificate, readonly GeneralName[]>();

/**
 * What is wrong with the names of a certificate below a CA with name constraints (RFC 5280 §6.1.3
 * (b) and (c)); undefined: nothing, or there are no constraints. Undefined as well when the budget
 * is used up, which `work` then says.
 */
export function nameConstraintFault(
  certificate: Certificate,
  authority: Certificate,
  work: Work,
): Fault | undefined {
  const constraints = pathExtensionsOf(authority).nameConstraints;
  if (constraints === undefined) return undefined;
  const names = constrainedNames(certificate);
  const subtrees = constraints.permitted.length + constraints.excluded.length;
  if (!work.spend('nameComparisons', names.length * subtrees)) return undefined;
  for (const name of names) {
    const why = reasonAgainst(name, constraints);
    if (why === undefined) continue;
    const fact = `has the name ${textOf(name)}, which ${why} the name constraints of "${authority.subject.text}"`;
    return { code: 'name-constraints', rfc: 'RFC 5280 §4.2.1.10', fact };
  }
  return undefined;
}

/** Subject, subject alternative names, and e-mail addresses in the subject (§4.2.1.6, §4.2.1.10). */
function constrainedNames(certificate: Certificate): readonly GeneralName[] {
  const found = known.get(certificate);
  if (found !== undefined) return found;
  const { subject } = certificate;
  const addresses = subject.attributes.filter(({ type }) => type === 'emailAddress');
  const names: readonly GeneralName[] = [
    ...(subject.attributes.length === 0 ? [] : [{ kind: 'directory', name: subject } as const]),
    ...alternativeNamesOf(certificate),
    ...addresses.map(({ value }) => ({ kind: 'email', text: value }) as const),
  ];
  known.set(certificate, names);
  return names;
}

function reasonAgainst(name: GeneralName, constraints: NameConstraints): string | undefined {
  const excluded = constraints.excluded.filter(({ kind }) => kind === name.kind);
  const permitted = constraints.permitted.filter(({ kind }) => kind === name.kind);
  for (const base of excluded) {
    const match = matchSubtree(name, base, 'some');
    if (match === 'inside') return 'is excluded by';
    if (match === 'undecided') return 'cannot be held against';
  }
  if (permitted.length === 0) return undefined;
  const matches = permitted.map((base) => matchSubtree(name, base, 'all'));
  if (matches.includes('inside')) return undefined;
  return matches.includes('undecided') ? 'cannot be held against' : 'is not permitted by';
}

function textOf(name: GeneralName): string {
  if (name.kind === 'directory') return `"${name.name.text}"`;
  if ('text' in name) return `"${name.text}"`;
  return name.kind === 'ip' ? `address ${name.octets.join('.')}` : `(${name.kind})`;
}
