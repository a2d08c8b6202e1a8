// SPDX-License-Identifier: Apache-2.0
// Choices that follow from a seed alone (mulberry32).
export class Pick {
  #state;
  constructor(seed) { this.#state = seed >>> 0; }
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n) { return this.next() % n; }
  chance(percent) { return this.below(100) < percent; }
  of(list) { return list[this.below(list.length)]; }
  // Mostly one of the preferred, when there is any.
  mostly(percent, preferred, otherwise) {
    return preferred.length > 0 && this.chance(percent) ? this.of(preferred) : this.of(otherwise);
  }
}
