/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the edge: listening sockets, and how many connections they may bring in. */
#pragma once

struct edge;

/* Accepts again when there is room below the connection limit. */
void listener_resume(struct edge *edge);
/* Accepts what waits in the backlogs, then closes the sockets. */
void listener_stop_all(struct edge *edge);
void listener_free_all(struct edge *edge);
