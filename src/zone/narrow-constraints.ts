import { ZmintError } from '../errors.js';
import { containsSubtree } from '../path/contains-subtree.js';
import type { Certificate } from '../x509/certificate.js';
import type { GeneralName } from '../x509/general-name.js';
import { generalNameWords } from '../x509/general-name-words.js';
import type { ConstrainedNames, Subtree } from '../x509/name-constraints-content.js';
import { pathExtensionsOf } from '../x509/path-extensions.js';

/**
 * The constraints of a CA below others that are constrained themselves. Theirs hold for it anyway, as
 * path validation adds them up; they are written into its certificate too, since some validators pass
 * over those of a root. Throws `policy` for a subtree that it is to be permitted and that none of them
 * would let through.
 *
 * @param path - the CAs above it, its issuer first, the root last
 */
export function narrowConstraints(
  wanted: ConstrainedNames,
  path: readonly Certificate[],
): ConstrainedNames {
  return path.reduce(narrowBy, wanted);
}

function narrowBy(wanted: ConstrainedNames, authority: Certificate): ConstrainedNames {
  const constraints = pathExtensionsOf(authority).nameConstraints;
  if (constraints === undefined) return wanted;
  const { permitted, excluded } = constraints;
  for (const subtree of wanted.permitted) {
    const within = permitted.filter(({ kind }) => kind === subtree.kind);
    const outside = within.length > 0 && !within.some((base) => containsSubtree(base, subtree));
    if (outside || excluded.some((base) => containsSubtree(base, subtree)))
      throw refusal(subtree, authority);
  }
  return {
    permitted: [...wanted.permitted, ...permitted.filter(isWritten).filter(isSilent(wanted))],
    excluded: [
      ...wanted.excluded,
      ...excluded
        .filter(isWritten)
        .filter((base) => !wanted.excluded.some((own) => containsSubtree(own, base))),
    ],
  };
}

/** Whether nothing is said yet of the kind of a subtree: neither what is permitted nor that all is excluded. */
function isSilent({ permitted, excluded }: ConstrainedNames): (base: Subtree) => boolean {
  return (base) =>
    !permitted.some(({ kind }) => kind === base.kind) &&
    !excluded.some((own) => containsSubtree(own, base));
}

/** Other kinds of names are constrained by the CA above alone. */
function isWritten(base: GeneralName): base is Subtree {
  return base.kind === 'ip' || 'text' in base;
}

function refusal(subtree: Subtree, authority: Certificate): ZmintError {
  return new ZmintError(
    'policy',
    `${authority.subject.text} may not issue for ${generalNameWords(subtree)} itself (RFC 5280 §4.2.1.10)`,
    { hint: 'permit what its own name constraints permit: zmint cert inspect on its certificate' },
  );
}
