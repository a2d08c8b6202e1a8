/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat Pay's platform certificates change by themselves: looked for at start, each wechat.certificate_hours and after
 * a reload; believed when the answer is signed with a key that is known already and they open under the APIv3 key; kept
 * in the database, where every web process finds them. */
#pragma once

#include "jobs/jobs.h"

struct certificates;

struct certificates *certificates_new(struct jobs *jobs);
/* Now; while one look is under way, again after it. */
void certificates_look(struct certificates *certificates);
void certificates_free(struct certificates *certificates); /* NULL is fine */
