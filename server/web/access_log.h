/* Writes down who has opened whose timeline (desk/guard/access.h), by a worker. On the loop. */
#pragma once

struct access_log;
struct server;

struct access_log *access_log_new(struct server *s);
void access_log_free(struct access_log *x); /* after the last job */

void access_log_write(struct access_log *x); /* what waits, unless that is under way: twice a second, and at the end */
