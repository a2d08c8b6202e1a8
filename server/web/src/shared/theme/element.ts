// SPDX-License-Identifier: Apache-2.0
// The styles of the components in use, one by one: the whole of them is nearly twice as large.
import 'element-plus/es/components/base/style/css';
import 'element-plus/es/components/alert/style/css';
import 'element-plus/es/components/button/style/css';
import 'element-plus/es/components/dialog/style/css';
import 'element-plus/es/components/input/style/css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import './base.css';
