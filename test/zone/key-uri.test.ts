import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextKeyUri, parseKeyUri, renderKeyUri, type KeyUri } from '../../src/zone/key-uri.js';

const MODULE = 'module-path=/usr/lib/softhsm/libsofthsm2.so';
const GOOD = `pkcs11:token=zmint;object=ca?${MODULE}`;

describe('the URI of a key in a token (RFC 7512)', () => {
  test('says token, key and module', () => {
    expect(parseKeyUri(GOOD)).toEqual({
      uri: {
        name: { token: 'zmint' },
        object: 'ca',
        id: undefined,
        modulePath: '/usr/lib/softhsm/libsofthsm2.so',
        pinSource: undefined,
      },
    });
  });

  test('escapes are octets, of the id as of text', () => {
    const { uri } = parseKeyUri(
      `PKCS11:serial=1%3B2;manufacturer=SoftHSM%20project;id=%00%ff%0A;object=Z%C3%BCrich;type=private?${MODULE}`,
    );
    expect(uri.name).toEqual({ serial: '1;2', manufacturer: 'SoftHSM project' });
    expect([uri.id, uri.object]).toEqual(['00ff0a', 'Zürich']);
  });

  test.each([
    ['file:/run/pin', '/run/pin'],
    ['file:///run/pin', '/run/pin'],
    ['/run/pin', '/run/pin'],
  ])('pin-source=%s is the file %s', (source, path) => {
    expect(parseKeyUri(`${GOOD}&pin-source=${source}`).uri.pinSource).toBe(path);
  });

  test('a PIN in it is handed out beside it and never rendered', () => {
    const { uri, pin } = parseKeyUri(`${GOOD}&pin-value=12%2634`);
    expect(pin).toBe('12&34');
    expect(renderKeyUri(uri)).not.toMatch(/pin|12/u);
  });

  test.each([
    ['none', 'begins with pkcs11:'],
    ['pkcs11:', 'names no token'],
    [`pkcs11:token=zmint?${MODULE}`, 'names no key'],
    [`pkcs11:object=ca?${MODULE}`, 'names no token'],
    ['pkcs11:token=zmint;object=ca', 'where the PKCS#11 module is'],
    ['pkcs11:token=zmint;object=ca?module-path=lib.so', 'where the PKCS#11 module is'],
    [`${GOOD}?x`, 'one question mark'],
    [`pkcs11:token=zmint;slot-id=3;object=ca?${MODULE}`, 'slots are numbered anew'],
    [`pkcs11:token=zmint;token=a;object=ca?${MODULE}`, 'token: it is there twice'],
    [`pkcs11:token=zmint;object=ca;type=cert?${MODULE}`, 'no private key'],
    [`pkcs11:token=zmint;object=ca;x-vendor=1?${MODULE}`, 'zmint goes by no attribute'],
    [`pkcs11:token=zmint;object=%4?${MODULE}`, 'object: its value cannot be read'],
    [`pkcs11:token=zmint;object=?${MODULE}`, 'object: its value cannot be read'],
    [`pkcs11:token=zmint;object=%ff?${MODULE}`, 'object: its value is no text'],
    [`pkcs11:token=zmint;object=a%0Ab?${MODULE}`, 'control characters'],
    [`${GOOD}&pin-source=|command`, 'pin-source: it must be a file'],
    [`${GOOD}&module-name=softhsm2`, 'zmint goes by no attribute'],
  ])('%s is refused as usage', (text, reason) => {
    const refused = (): unknown => parseKeyUri(text);
    expect(refused).toThrow(reason);
    expect(refused).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test('no refusal repeats a PIN', () => {
    for (const text of [`${GOOD}&pin-value=4711&x=1`, `pkcs11:token=z?pin-value=4711`]) {
      expect(() => parseKeyUri(text)).toThrow(/^(?!.*4711)/u);
    }
  });

  test('what is rendered reads back as it was, whatever names hold', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((one) => !/\p{Cc}/u.test(one));
    const uris = fc.record({
      name: fc.record({ token: text, serial: text }),
      object: text,
      id: fc.option(fc.constantFrom('00', 'ff10'), { nil: undefined }),
      modulePath: text.map((name) => `/${name}`),
      pinSource: fc.option(
        text.map((name) => `/${name.replace(/^\/+/u, 'x')}`),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(uris, (uri: KeyUri) => {
        expect(parseKeyUri(renderKeyUri(uri)).uri).toEqual(uri);
        expect(renderKeyUri(uri)).toMatch(/^pkcs11:[\w;=%.~/?&:-]+$/u);
      }),
    );
  });

  test('the next generation has a label of its own, and no id', () => {
    const { uri } = parseKeyUri(`pkcs11:token=zmint;object=ca;id=%01?${MODULE}`);
    const second = nextKeyUri(uri, 2);
    expect([second.object, second.id]).toEqual(['ca-g2', undefined]);
    expect(nextKeyUri(second, 3).object).toBe('ca-g3');
    expect(nextKeyUri({ ...uri, object: undefined }, 2).object).toBe('ca-g2');
  });
});
