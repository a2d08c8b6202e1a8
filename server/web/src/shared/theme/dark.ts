// SPDX-License-Identifier: Apache-2.0
// Light or dark as the system says, and light on paper; Element Plus goes by a class.
const wish = matchMedia('screen and (prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark', wish.matches);
follow();
wish.addEventListener('change', follow);
