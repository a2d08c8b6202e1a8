/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

struct api_server;
struct json;

/* The platforms served here: id, name in both languages, hotline. */
struct json *platform_names_json(const struct api_server *server);
