// Preloaded into zmint by the guide's chapters: the clock shows ZMINT_GUIDE_SHIFT seconds more.
const shift = Number(process.env.ZMINT_GUIDE_SHIFT) * 1000;
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + shift] : given));
  }
  static now() {
    return Real.now() + shift;
  }
};
