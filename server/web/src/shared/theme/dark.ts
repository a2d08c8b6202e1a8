// SPDX-License-Identifier: Apache-2.0
// Light or dark as the system says; Element Plus goes by a class.
const wish = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark', wish.matches);
follow();
wish.addEventListener('change', follow);
