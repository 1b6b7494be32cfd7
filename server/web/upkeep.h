/* What is done from time to time, by a worker that has time: whose snooze is over, what nobody has seen yet, what is too old to
 * keep. On the loop. */
#pragma once

struct server;
struct upkeep;

struct upkeep *upkeep_new(struct server *s);
void upkeep_free(struct upkeep *u); /* after the last job */

void upkeep_tick(struct upkeep *u); /* each second */
