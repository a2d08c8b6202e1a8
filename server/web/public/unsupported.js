/* SPDX-License-Identifier: Apache-2.0 */
/* Where a browser does not know what the pages are written in, it says so instead of showing nothing. Written in ES3. What is
   asked for came with Chrome 85, Firefox 79 and Safari 14.1, after all of the language that the build leaves in. */
(function () {
  var isNew = 'noModule' in document.createElement('script') && !!String.prototype.replaceAll && !!window.WeakRef;
  if (isNew) return;
  var styles = document.createElement('link');
  styles.rel = 'stylesheet';
  styles.href = '/unsupported.css';
  document.getElementsByTagName('head')[0].appendChild(styles);
  document.getElementById('unsupported').removeAttribute('hidden');
  document.getElementById('unsupported-address').value = location.href;
})();
