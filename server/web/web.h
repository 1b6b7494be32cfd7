/* The server's outside: one loop thread that owns every mutable object of this folder. Other threads reach it by
 * loop_post alone. Only this folder knows libwebsockets and libuv. */
#pragma once

#include "base/config.h"
#include "db/db.h"
#include "desk/ground/desk.h"

/* Runs until SIGTERM or SIGINT; true when it ended in order. `desk` and `db` live as long. */
bool web_run(const struct config *config, const struct desk *desk, const struct db_config *db, struct error *err);
