// SPDX-License-Identifier: Apache-2.0
// When somebody last did something here: what he holds is kept for him while he works, and no longer.
let at = Date.now();
const worked = () => { at = Date.now(); };
window.addEventListener('keydown', worked, { passive: true });
window.addEventListener('pointerdown', worked, { passive: true });

export const activeAt = () => at;
