/* SPDX-License-Identifier: Apache-2.0 */
/* Runs only where modules are not known: old cores. Written in ES3. */
document.getElementById('unsupported').removeAttribute('hidden');
document.getElementById('unsupported-address').value = location.href;
