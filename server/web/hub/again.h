/* Reading again: pushes may have been missed, so every screen is told to read from the version it has; some at a time, or all
 * would ask the database at once. All on the loop. */
#pragma once

struct again;
struct loop;
struct screen;
struct screens;

struct again *again_new(struct loop *loop, struct screens *screens); /* borrowed */
void again_free(struct again *a);                                    /* after the loop has run out */

void again_note(struct again *a, struct screen *k); /* it is new, and has missed nothing */
void again_begin(struct again *a);                  /* a round under way is ended first */
