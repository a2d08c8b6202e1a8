// SPDX-License-Identifier: Apache-2.0
// Back is where one was. What a page shows comes a moment after the page: it is scrolled once it is long enough, unless the
// person has begun to move by himself.
import type { RouterScrollBehavior } from 'vue-router';

const patience_ms = 3_000;
const moves = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

const isLongEnough = (top: number) => document.documentElement.scrollHeight - window.innerHeight >= top - 1;

function longEnough(top: number): Promise<boolean> {
  return new Promise((resolve) => {
    const watcher = new ResizeObserver(() => { if (isLongEnough(top)) end(true); });
    const stop = () => end(false);
    const timer = setTimeout(() => end(true), patience_ms); // shorter than it was: as far as it goes
    function end(is: boolean) {
      watcher.disconnect();
      clearTimeout(timer);
      moves.forEach((move) => window.removeEventListener(move, stop));
      resolve(is);
    }
    moves.forEach((move) => window.addEventListener(move, stop, { passive: true }));
    watcher.observe(document.body);
  });
}

export const placeOf: RouterScrollBehavior = async (to, from, saved) => {
  if (!saved) return to.path === from.path ? false : { top: 0 };
  return saved.top === 0 || (await longEnough(saved.top)) ? saved : false;
};
