import type { Certificate } from './certificate.js';

/** The common name in the subject, the last one where there are several; the whole subject without one. */
export function certificateName({ subject }: Pick<Certificate, 'subject'>): string {
  return subject.attributes.findLast(({ type }) => type === 'CN')?.value ?? subject.text;
}
